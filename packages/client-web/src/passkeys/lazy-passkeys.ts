import type { PasskeyPort } from '@baton/client';

/** WebAuthn of this browser; the code for it is loaded when somebody uses it. */
export const lazyPasskeys: PasskeyPort = {
  isAvailable: async () => typeof globalThis.PublicKeyCredential === 'function',
  create: async (options, prfSalt) => (await passkeys()).create(options, prfSalt),
  get: async (options, prfSalt) => (await passkeys()).get(options, prfSalt),
};

async function passkeys(): Promise<PasskeyPort> {
  const { webPasskeys } = await import('./web-passkeys.ts');
  return webPasskeys;
}
