import { type Bytes, concatBytes, equalBytes, type Secret } from '@baton/kernel';
import { encodeUint64 } from '@baton/ledger';
import { sha256 } from '@noble/hashes/sha2.js';
import { labelled, SECRET_LABELS } from '../labels.ts';
import { GCM_TAG_BYTES } from '../primitives/aes-gcm.ts';
import { CryptoError, requireLength } from '../primitives/crypto-error.ts';
import type { AesGcmKey, Primitives } from '../primitives/primitives.ts';
import { padmeLength } from '../sealed/padding.ts';

/** Plaintext bytes of every chunk but the last. */
export const FILE_CHUNK_BYTES = 1024 * 1024;
const SEALED_CHUNK_BYTES = FILE_CHUNK_BYTES + GCM_TAG_BYTES;
const KEY_BYTES = 32;
const COMMITMENT_BYTES = 32;
const MIN_PADDED_BYTES = 256;

/** Bytes that a file of this size takes when sealed. */
export function sealedFileLength(sizeBytes: number): number {
  const padded = paddedFileLength(sizeBytes);
  return COMMITMENT_BYTES + padded + Math.ceil(padded / FILE_CHUNK_BYTES) * GCM_TAG_BYTES;
}

/** A file in pieces of any size: one byte string, a list, or a stream. */
export type FileSource = Iterable<Bytes> | AsyncIterable<Bytes>;

/**
 * The streaming form, for files that do not fit in memory: yields the commitment, then one sealed chunk at a time. `key` must be fresh.
 * The hash of everything yielded is the caller's (`FileHasher`). Throws `crypto.bad_length` when the source has another size.
 */
export async function* sealFileParts(
  primitives: Primitives,
  input: { readonly key: Secret<Bytes>; readonly sizeBytes: number; readonly source: FileSource },
): AsyncGenerator<Bytes> {
  const { aes, commitment } = await fileKeys(primitives, input.key);
  yield commitment;
  const padded = paddedFileLength(input.sizeBytes);
  const zeros = zeroFill(padded - input.sizeBytes);
  let index = 0;
  let total = 0;
  for await (const plaintext of inChunks(followedBy(input.source, zeros), FILE_CHUNK_BYTES)) {
    total += plaintext.length;
    const place = chunkPlace(index, total === padded);
    index += 1;
    if (total > padded) break;
    yield await aes.seal({ ...place, plaintext });
  }
  if (total !== padded) throw new CryptoError('crypto.bad_length', 'the file changed its size');
}

/**
 * Opens chunk by chunk. What it yields before the end is authentic but may not be all: use it only when the generator has finished. The
 * caller compares the hash of the sealed bytes (`FileHasher`) before it shows anything.
 */
export async function* openFileParts(
  primitives: Primitives,
  input: { readonly key: Secret<Bytes>; readonly sizeBytes: number; readonly source: FileSource },
): AsyncGenerator<Bytes> {
  const { aes, commitment } = await fileKeys(primitives, input.key);
  const padded = paddedFileLength(input.sizeBytes);
  let index = 0;
  let total = 0;
  let given: Bytes | null = null;
  for await (const chunk of inChunks(input.source, SEALED_CHUNK_BYTES, COMMITMENT_BYTES)) {
    if (given === null) {
      given = chunk;
      if (!equalBytes(given, commitment)) {
        throw new CryptoError('crypto.bad_commitment', 'sealed under another key');
      }
      continue;
    }
    if (total === padded) throw new CryptoError('crypto.malformed', 'the file goes on after its last chunk');
    const length = chunk.length - GCM_TAG_BYTES;
    const plaintext = await aes.open({ ...chunkPlace(index, total + length === padded), sealed: chunk });
    const start = total;
    index += 1;
    total += length;
    const kept = Math.max(0, Math.min(length, input.sizeBytes - start));
    if (plaintext.subarray(kept).some((byte) => byte !== 0)) {
      throw new CryptoError('crypto.malformed', 'the padding does not fit');
    }
    if (kept > 0) yield plaintext.subarray(0, kept);
  }
  if (total !== padded) throw new CryptoError('crypto.malformed', 'the file ends before its last chunk');
}

/** SHA-256 over pieces. */
export interface FileHasher {
  update(part: Bytes): void;
  finish(): Bytes;
}

export function makeFileHasher(): FileHasher {
  const hash = sha256.create();
  return { update: (part) => void hash.update(part), finish: () => hash.digest() };
}

function paddedFileLength(sizeBytes: number): number {
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0 || sizeBytes >= 2 ** 31) {
    throw new CryptoError('crypto.bad_length', 'not a size of a file');
  }
  return Math.max(MIN_PADDED_BYTES, padmeLength(sizeBytes));
}

/** The commitment keeps one sealed file from opening under two keys to two pictures (threat T7). */
async function fileKeys(
  primitives: Primitives,
  key: Secret<Bytes>,
): Promise<{ readonly aes: AesGcmKey; readonly commitment: Bytes }> {
  const prk = key.reveal();
  requireLength(prk, KEY_BYTES, 'file key');
  const okm = primitives.hkdfExpand({
    prk,
    info: labelled(SECRET_LABELS.file),
    length: KEY_BYTES + COMMITMENT_BYTES,
  });
  const commitment = okm.slice(KEY_BYTES);
  return { aes: await primitives.importAesKey(okm.subarray(0, KEY_BYTES)), commitment };
}

/** Nonce: last flag (1) || zeros (3) || index (8); a key seals one file only, so no nonce repeats. */
function chunkPlace(index: number, last: boolean): { readonly nonce: Bytes; readonly aad: Bytes } {
  const place = encodeUint64(index);
  const flag = Uint8Array.of(last ? 1 : 0);
  return {
    nonce: concatBytes(flag, new Uint8Array(3), place),
    aad: labelled(SECRET_LABELS.file, place, flag),
  };
}

async function* followedBy(source: FileSource, after: Iterable<Bytes>): AsyncGenerator<Bytes> {
  yield* source;
  yield* after;
}

function* zeroFill(length: number): Generator<Bytes> {
  for (let left = length; left > 0; left -= FILE_CHUNK_BYTES) {
    yield new Uint8Array(Math.min(left, FILE_CHUNK_BYTES));
  }
}

/** Regroups pieces into chunks of `size` bytes, the first of `firstSize`; the last may be shorter. Never yields an empty chunk. */
async function* inChunks(source: FileSource, size: number, firstSize = size): AsyncGenerator<Bytes> {
  let chunk = new Uint8Array(firstSize);
  let filled = 0;
  for await (const piece of source) {
    for (let offset = 0; offset < piece.length; ) {
      const taken = piece.subarray(offset, offset + chunk.length - filled);
      chunk.set(taken, filled);
      filled += taken.length;
      offset += taken.length;
      if (filled === chunk.length) {
        yield chunk;
        chunk = new Uint8Array(size);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}
