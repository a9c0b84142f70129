import { encodeUtf8, type Secret } from '@baton/kernel';
import { encodeBase32 } from '../authenticator/totp-secret.ts';
import { labelled, SECRET_LABELS } from '../labels.ts';
import type { Primitives } from '../primitives/primitives.ts';

/** Characters of the hash that a login keeps: 100 bits. */
const LOGIN_CHARACTERS = 20;

/**
 * The login name that belongs to recovery words, so that the words are all there is to keep (docs/protocol/patients.md §2). `words` in their
 * canonical spelling (`parseRecoveryWords`). The words have 128 random bits: that the name is a hash of them helps nobody to find them.
 */
export function wordsLogin(primitives: Pick<Primitives, 'sha256'>, words: Secret<string>): string {
  const hash = primitives.sha256(labelled(SECRET_LABELS.wordsLogin, encodeUtf8(words.reveal())));
  return `p-${encodeBase32(hash).slice(0, LOGIN_CHARACTERS).toLowerCase()}`;
}
