import type { Platform, SocketEvents } from '@baton/client';
import { type AccountId, encodeBase64Url } from '@baton/kernel';
import { API_PREFIX } from '@baton/wire';
import { webPasskeys } from './passkeys/web-passkeys.ts';
import { createWebProfiles } from './storage/web-profiles.ts';
import { describeDevice } from './system/device-label.ts';
import { createSoon, webClock, webRng, webTimers } from './system/system-ports.ts';
import { createWebPrimitives } from './system/web-primitives.ts';
import { TabLink, type TabLinkPorts } from './tabs/tab-link.ts';
import { createTabLocks } from './tabs/tab-locks.ts';
import { createTabPeers } from './tabs/tab-peers.ts';
import { openWebSocket } from './transport/web-socket.ts';
import { createWebTransport } from './transport/web-transport.ts';

const CERTIFICATE_DAYS = 90;
const NAME_BYTES = 16;

export interface WebPlatformOptions {
  /** Origin of the server, without a trailing slash; the page's own unless said otherwise. */
  readonly serverUrl?: string;
  /** A workstation is shared: its certificates end with the shift. */
  readonly deviceClass?: 'personal' | 'workstation';
  readonly deviceLabel?: string;
  readonly certificateDays?: number;
}

/** Every port of the client for the page it runs in. Rejects outside a secure context. */
export async function createWebPlatform(options: WebPlatformOptions = {}): Promise<Platform> {
  const origin = options.serverUrl ?? location.origin;
  const primitives = await createWebPrimitives();
  const profiles = createWebProfiles({ primitives, rng: webRng });
  // Tabs share a socket only with tabs of the same account: the socket speaks for the account that was signed in when it was opened.
  let account: AccountId | null = null;
  const socketUrl = `${origin.replace(/^http/, 'ws')}${API_PREFIX}/sync`;
  const linkPorts: TabLinkPorts = {
    locks: navigator.locks,
    timers: webTimers,
    monotonicMs: () => performance.now(),
    newName: () => encodeBase64Url(webRng.bytes(NAME_BYTES)),
    connect: (events) => openWebSocket(socketUrl, webTimers, events),
  };
  return {
    clock: webClock,
    rng: webRng,
    timers: webTimers,
    soon: createSoon(),
    primitives,
    transport: createWebTransport({
      origin,
      timers: webTimers,
      connect: (_token, events: SocketEvents) =>
        account === null ? linkPorts.connect(events) : new TabLink(linkPorts, groupOf(account), events),
    }),
    profiles: {
      ...profiles,
      async open(opened) {
        account = opened;
        return profiles.open(opened);
      },
      async setCurrent(next) {
        const before = await profiles.current();
        await profiles.setCurrent(next);
        // The browser has one session cookie: tabs of another account would go on under a foreign name.
        if (before !== null && next !== null && before !== next) endTabsOf(before);
      },
    },
    locks: (of) => createTabLocks(navigator.locks, groupOf(of)),
    peers: (of) => createTabPeers(groupOf(of)),
    passkeys: webPasskeys,
    bearer: false,
    device: {
      class: options.deviceClass ?? 'personal',
      label: options.deviceLabel ?? describeDevice(navigator.userAgent),
      certificateDays: options.certificateDays ?? CERTIFICATE_DAYS,
    },
    publicUrl: origin,
  };
}

function endTabsOf(account: AccountId): void {
  const peers = createTabPeers(groupOf(account));
  peers.post({ t: 'ended' });
  peers.close();
}

function groupOf(account: AccountId): string {
  return `baton/${account}`;
}
