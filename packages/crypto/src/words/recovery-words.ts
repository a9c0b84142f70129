import { err, ok, type Result, type Rng, Secret } from '@baton/kernel';
import { entropyToMnemonic, validateMnemonic } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { parseWords, type WordsError, wordsAt } from './word-list.ts';

/** 12 words: 128 random bits and a 4-bit checksum (BIP-39). Only the words are used, not BIP-39's seeds. */
export const RECOVERY_WORDS = 12;
const ENTROPY_BYTES = 16;

/** Words separated by single spaces, to be written down and typed back. */
export function generateRecoveryWords(rng: Rng): Secret<string> {
  const entropy = rng.bytes(ENTROPY_BYTES);
  const words = entropyToMnemonic(entropy, wordlist);
  entropy.fill(0);
  return Secret.of(words);
}

/** The canonical words of typed recovery words; `words.checksum` where one was mistaken for another. */
export function parseRecoveryWords(text: string): Result<Secret<string>, WordsError> {
  const positions = parseWords(text, RECOVERY_WORDS);
  if (!positions.ok) return positions;
  const words = wordsAt(positions.value).join(' ');
  return validateMnemonic(words, wordlist) ? ok(Secret.of(words)) : err({ code: 'words.checksum' });
}
