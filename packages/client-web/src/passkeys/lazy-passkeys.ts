import type { PasskeyPort } from '@baton/client';

/** WebAuthn of this browser; the code for it is loaded when somebody uses it. */
export const lazyPasskeys: PasskeyPort = {
  isAvailable: canUnlockKeys,
  create: async (options, prfSalt) => (await passkeys()).create(options, prfSalt),
  get: async (options, prfSalt) => (await passkeys()).get(options, prfSalt),
};

/** A browser that says of itself that it has no PRF makes passkeys that open nothing: there a PIN is offered. */
async function canUnlockKeys(): Promise<boolean> {
  if (typeof globalThis.PublicKeyCredential !== 'function') return false;
  const asked = PublicKeyCredential.getClientCapabilities as
    | (() => Promise<Readonly<Record<string, boolean>>>)
    | undefined;
  const known = await asked?.call(PublicKeyCredential).catch(() => undefined);
  return known?.['extension:prf'] !== false;
}

async function passkeys(): Promise<PasskeyPort> {
  const { webPasskeys } = await import('./web-passkeys.ts');
  return webPasskeys;
}
