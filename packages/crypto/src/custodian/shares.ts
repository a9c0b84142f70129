import { type Bytes, equalBytes, err, ok, type Result, Secret } from '@baton/kernel';
import { combine, split } from 'shamir-secret-sharing';
import { labelled, SECRET_LABELS } from '../labels.ts';
import { CryptoError, requireLength } from '../primitives/crypto-error.ts';
import { type Primitives, XWING_SEED_BYTES } from '../primitives/primitives.ts';
import { BITS_PER_WORD, parseWords, type WordsError, wordsAt } from '../words/word-list.ts';

export const CUSTODIAN_SHARES = 3;
export const CUSTODIAN_THRESHOLD = 2;
/** 32 bytes of the polynomial's value and one byte of its place: 24 words; 33 bits of checksum: 3 words. */
const SHARE_BYTES = XWING_SEED_BYTES + 1;
const SHARE_WORDS = 27;
const CHECKSUM_WORDS = 3;

/**
 * Splits the custodian's box-key seed 2-of-3 (Shamir over GF(256)); one share tells nothing. Each share is printed as 27 words with a
 * checksum. The polynomial's coefficients come from the platform's own secure generator, inside the audited library.
 */
export async function splitCustodianSeed(
  primitives: Primitives,
  seed: Secret<Bytes>,
): Promise<readonly Secret<string>[]> {
  requireLength(seed.reveal(), XWING_SEED_BYTES, 'custodian seed');
  const shares = await split(new Uint8Array(seed.reveal()), CUSTODIAN_SHARES, CUSTODIAN_THRESHOLD);
  return shares.map((share) => Secret.of(printShare(primitives, share)));
}

/** Reads one printed share back. `words.checksum` tells a copying mistake before any share is put together. */
export function parseCustodianShare(primitives: Primitives, text: string): Result<Secret<Bytes>, WordsError> {
  const positions = parseWords(text, SHARE_WORDS);
  if (!positions.ok) return positions;
  const share = unpackBits(positions.value.slice(0, SHARE_WORDS - CHECKSUM_WORDS));
  const checksum = checksumOf(primitives, share);
  const given = positions.value.slice(-CHECKSUM_WORDS);
  if (!given.every((position, index) => position === checksum[index])) return err({ code: 'words.checksum' });
  return ok(Secret.of(share));
}

/**
 * Puts shares together. `publicKey` is the custodian statement's: shares of another split give another key and are refused with
 * `crypto.bad_key`, as are the same share twice and too few.
 */
export async function joinCustodianSeed(
  primitives: Primitives,
  input: { readonly shares: readonly Secret<Bytes>[]; readonly publicKey: Bytes },
): Promise<Secret<Bytes>> {
  const shares = input.shares.map((share) => new Uint8Array(share.reveal()));
  const seed = await combine(shares).catch(() => null);
  if (seed?.length === XWING_SEED_BYTES) {
    const key = await primitives.xwingKeyFromSeed(seed);
    if (equalBytes(key.publicKey, input.publicKey)) return Secret.of(seed);
  }
  throw new CryptoError('crypto.bad_key', 'these shares do not give the custodian key');
}

function printShare(primitives: Primitives, share: Bytes): string {
  requireLength(share, SHARE_BYTES, 'share');
  return wordsAt([...packBits(share), ...checksumOf(primitives, share)]).join(' ');
}

/** First 33 bits of the labelled hash, as three words. */
function checksumOf(primitives: Primitives, share: Bytes): readonly number[] {
  const hash = primitives.sha256(labelled(SECRET_LABELS.share, share));
  return packBits(hash.subarray(0, 5)).slice(0, CHECKSUM_WORDS);
}

/** Groups of 11 bits, most significant first; bits left over at the end are dropped. */
function packBits(bytes: Bytes): readonly number[] {
  const groups: number[] = [];
  let accumulator = 0;
  let bits = 0;
  for (const byte of bytes) {
    accumulator = ((accumulator << 8) | byte) & 0xfffff;
    bits += 8;
    if (bits >= BITS_PER_WORD) {
      bits -= BITS_PER_WORD;
      groups.push((accumulator >> bits) & 2047);
    }
  }
  return groups;
}

function unpackBits(groups: readonly number[]): Bytes {
  const out = new Uint8Array(Math.floor((groups.length * BITS_PER_WORD) / 8));
  let accumulator = 0;
  let bits = 0;
  let offset = 0;
  for (const group of groups) {
    accumulator = ((accumulator << BITS_PER_WORD) | group) & 0x7ffff;
    bits += BITS_PER_WORD;
    while (bits >= 8) {
      bits -= 8;
      out[offset++] = (accumulator >> bits) & 255;
    }
  }
  return out;
}
