import { type Bytes, encodeUtf8, type RoleId, type Secret } from '@baton/kernel';
import { encodeUint64 } from '@baton/ledger';
import type { GenerationKeys } from '../generations/generation-keys.ts';
import { SECRET_LABELS } from '../labels.ts';

/**
 * Seed of a role's box key for one generation of its keyring (sealing.md §6): HKDF-Expand(GK_g, label || role || g, 32). Whoever holds the
 * role derives it from the keyring, and earlier ones by walking the keyring's history. Its public key goes into a `rolekey` statement.
 */
export function deriveRoleBoxSeed(input: {
  readonly keyring: GenerationKeys;
  readonly role: RoleId;
}): Secret<Bytes> {
  const { keyring, role } = input;
  return keyring.expand(SECRET_LABELS.roleBox, [encodeUtf8(role), encodeUint64(keyring.gen)]);
}
