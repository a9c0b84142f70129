import { ok, type Result, type Rng, Secret } from '@baton/kernel';
import { parseWords, type WordsError, wordsAt } from './word-list.ts';

/** 8 words of 11 bits: 88 bits, above the 77 that the protocol asks of anything that may be guessed at offline (threat T42). */
export const PASSPHRASE_WORDS = 8;

/** A passphrase that nobody chose. Words separated by single spaces. */
export function generatePassphrase(rng: Rng): Secret<string> {
  const random = rng.bytes(2 * PASSPHRASE_WORDS);
  const positions = Array.from({ length: PASSPHRASE_WORDS }, (_, word) => {
    const high = random[2 * word] as number;
    // 2,048 divides 2^16: the low 11 bits are uniform.
    return ((high << 8) | (random[2 * word + 1] as number)) & 2047;
  });
  random.fill(0);
  return Secret.of(wordsAt(positions).join(' '));
}

/** The canonical words of a typed passphrase. */
export function parsePassphrase(text: string): Result<Secret<string>, WordsError> {
  const positions = parseWords(text, PASSPHRASE_WORDS);
  return positions.ok ? ok(Secret.of(wordsAt(positions.value).join(' '))) : positions;
}
