import { parseRecoveryWords, wordsLogin } from '@baton/crypto';
import { ClientError } from '../failure.ts';
import type { Rest } from '../rest/rest.ts';
import { type SignedIn, signIn } from '../sign-in/sign-in.ts';
import type { PhonePlatform } from './phone-ports.ts';

/** Proves whose account it is, by what opens it anywhere. */
export function proveWayIn(
  { primitives, passkeys, bearer }: PhonePlatform,
  rest: Rest,
  proof: { readonly kind: 'passkey' } | { readonly kind: 'words'; readonly words: string },
): Promise<SignedIn> {
  const ports = { primitives, passkeys, bearer, rest };
  if (proof.kind === 'passkey') return signIn(ports, proof);
  const words = parseRecoveryWords(proof.words);
  if (!words.ok)
    throw new ClientError('auth.failed', 'words', {
      sentence: 'These are not the twelve words. Check each word and try again.',
    });
  const login = wordsLogin(primitives, words.value);
  return signIn(ports, { kind: 'recovery', login, words: words.value.reveal() });
}
