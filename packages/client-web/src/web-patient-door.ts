import { createPatientDoor, type PatientDoor, type PhonePlatform, type PhoneSession } from '@baton/client';
import { type AccountId, decodeBase64Url, encodeBase64Url } from '@baton/kernel';
import { API_PREFIX } from '@baton/wire';
import { lazyPasskeys } from './passkeys/lazy-passkeys.ts';
import { createPhoneProfiles, createPinShelf } from './storage/phone-profiles.ts';
import { describeDevice } from './system/device-label.ts';
import { createSoon, webClock, webRng, webTimers } from './system/system-ports.ts';
import { createWebPrimitives } from './system/web-primitives.ts';
import { createTabLocks } from './tabs/tab-locks.ts';
import { createTabPeers } from './tabs/tab-peers.ts';
import { openWebSocket } from './transport/web-socket.ts';
import { createWebTransport } from './transport/web-transport.ts';

const CERTIFICATE_DAYS = 90;
const TAB = 'baton-phone';

/** A patient's client in this page. Call it once a page. */
export async function createWebPatientDoor(
  options: { readonly serverUrl?: string } = {},
): Promise<PatientDoor> {
  const door = createPatientDoor(await createWebPhonePlatform(options.serverUrl ?? location.origin));
  let current: PhoneSession | null = null;
  function enter<T extends PhoneSession | null>(session: T): T {
    current = session;
    return session;
  }
  const reconnect = (): void => current?.reconnect();
  // The network is back, or somebody looks at this page again: waiting for the next turn would show old news.
  addEventListener('online', reconnect);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') reconnect();
  });
  return {
    phone: () => door.phone(),
    switchAccount: () => door.switchAccount(),
    preview: (fragment) => door.preview(fragment),
    tryCode: (fragment, code) => door.tryCode(fragment, code),
    async claim(credential) {
      const claimed = await door.claim(credential);
      enter(claimed.session);
      return claimed;
    },
    unlock: async (pin) => enter(await door.unlock(pin)),
    resume: async () => enter(await door.resume()),
    signIn: async (proof) => enter(await door.signIn(proof)),
    passkeySupport: () => door.passkeySupport(),
  };
}

async function createWebPhonePlatform(origin: string): Promise<PhonePlatform> {
  const primitives = await createWebPrimitives();
  const socketUrl = `${origin.replace(/^http/, 'ws')}${API_PREFIX}/sync`;
  return {
    clock: webClock,
    rng: webRng,
    timers: webTimers,
    soon: createSoon(),
    primitives,
    transport: createWebTransport({
      origin,
      timers: webTimers,
      // The session opens with the account and not with the browser, and leaves a colleague's in the next tab alone.
      cookies: false,
      connect: (token, events) => openWebSocket(socketUrl, webTimers, events, token),
    }),
    profiles: createPhoneProfiles({ primitives, rng: webRng }),
    locks: (of) => createTabLocks(navigator.locks, groupOf(of)),
    peers: (of) => createTabPeers(groupOf(of)),
    passkeys: lazyPasskeys,
    bearer: true,
    device: {
      class: 'personal',
      label: describeDevice(navigator.userAgent),
      certificateDays: CERTIFICATE_DAYS,
    },
    publicUrl: origin,
    pins: createPinShelf(),
    tab: {
      read() {
        const kept = sessionStorage.getItem(TAB);
        return kept === null ? null : decodeBase64Url(kept);
      },
      write(secret) {
        if (secret) sessionStorage.setItem(TAB, encodeBase64Url(secret));
        else sessionStorage.removeItem(TAB);
      },
    },
  };
}

function groupOf(account: AccountId): string {
  return `baton-phone/${account}`;
}
