import { createDoor, type Door, LiveSession, type Session } from '@baton/client';
import { createWebPlatform, type WebPlatformOptions } from './web-platform.ts';

/** The client in this page. Call it once a page: what it returns holds on to databases, locks and one socket. */
export async function createWebDoor(options: WebPlatformOptions = {}): Promise<Door> {
  const door = createDoor(await createWebPlatform(options));
  let current: LiveSession | null = null;
  function enter<T extends Session | null>(session: T): T {
    current = session instanceof LiveSession ? session : null;
    return session;
  }
  const reconnect = (): void => current?.reconnect();
  // The network is back, or somebody looks at this page again: waiting for the next turn would show old news.
  addEventListener('online', reconnect);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') reconnect();
  });
  return {
    resume: async () => enter(await door.resume()),
    signIn: async (proof) => enter(await door.signIn(proof)),
    serverInfo: () => door.serverInfo(),
    previewInvitation: (fragment) => door.previewInvitation(fragment),
    claimInvitation: async (input) => enter(await door.claimInvitation(input)),
    async setUpOrganisation(input) {
      const made = await door.setUpOrganisation(input);
      enter(made.session);
      return made;
    },
    generatePassphrase: (login) => door.generatePassphrase(login),
    generateRecoveryWords: () => door.generateRecoveryWords(),
    passkeySupport: () => door.passkeySupport(),
  };
}
