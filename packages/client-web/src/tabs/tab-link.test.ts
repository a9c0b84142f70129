import type { Socket, SocketEvents } from '@baton/client';
import { encodeBase64Url } from '@baton/kernel';
import { decodeClientFrame, decodeServerFrame, encodeClientFrame, encodeServerFrame } from '@baton/wire';
import { afterEach, describe, expect, it } from 'vitest';
import { webRng, webTimers } from '../system/system-ports.ts';
import { openTabChannel } from './tab-channel.ts';
import { TabLink, type TabLinkPorts } from './tab-link.ts';

// Web Locks and BroadcastChannel are those of the platform; every link here is a tab of its own.

// Web Locks refuses names that begin with a hyphen.
const newName = () => `n${encodeBase64Url(webRng.bytes(8))}`;
const until = async (what: () => boolean): Promise<void> => {
  const deadline = Date.now() + 15_000;
  while (!what()) {
    if (Date.now() > deadline) throw new Error(`never: ${what.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

/** A server with a socket for each holder; it greets, and answers every ping. */
function fakeServer() {
  const sockets: { isOpen: boolean; hellos: number; close: () => void }[] = [];
  return {
    sockets,
    get open() {
      return sockets.filter((socket) => socket.isOpen);
    },
    connect(events: SocketEvents): Socket {
      const close = () => {
        if (!socket.isOpen) return;
        socket.isOpen = false;
        events.closed();
      };
      const socket = { isOpen: true, hellos: 0, close };
      sockets.push(socket);
      queueMicrotask(() => socket.isOpen && events.open());
      return {
        close,
        send(bytes) {
          const decoded = decodeClientFrame(bytes);
          if (!decoded.ok || !socket.isOpen) return;
          if (decoded.value.t === 'hello') {
            socket.hellos += 1;
            events.message(encodeServerFrame({ t: 'welcome', v: 1, batch: 1, keylog: 1, records: 0, ts: 1 }));
          } else if ('q' in decoded.value) {
            events.message(encodeServerFrame({ t: 'ok', q: decoded.value.q, a: {} }));
          }
        },
      };
    },
  };
}

const links: TabLink[] = [];
afterEach(() => {
  for (const link of links.splice(0)) link.close();
});

function openTab(group: string, connect: TabLinkPorts['connect'], ports: Partial<TabLinkPorts> = {}) {
  const heard: string[] = [];
  const link = new TabLink(
    {
      locks: navigator.locks,
      timers: webTimers,
      monotonicMs: () => performance.now(),
      newName,
      connect,
      ...ports,
    },
    group,
    {
      open() {
        heard.push('open');
        link.send(encodeClientFrame({ t: 'hello', v: 1, cursor: 0 }));
      },
      message(bytes) {
        const decoded = decodeServerFrame(bytes);
        heard.push(decoded.ok ? decoded.value.t : 'malformed');
      },
      closed: () => heard.push('closed'),
    },
  );
  links.push(link);
  return {
    link,
    heard,
    ping: () => link.send(encodeClientFrame({ t: 'ping', q: 3 })),
    isGreeted: () => heard.includes('welcome'),
    isClosed: () => heard.includes('closed'),
  };
}

describe('tabs that share one socket', () => {
  it('open one socket between them, and each has its answers', async () => {
    const server = fakeServer();
    const group = newName();
    const tabs = [1, 2, 3].map(() => openTab(group, server.connect));
    await until(() => tabs.every((tab) => tab.isGreeted()));
    for (const tab of tabs) tab.ping();
    await until(() => tabs.every((tab) => tab.heard.includes('ok')));
    expect(server.sockets).toHaveLength(1);
    expect(server.sockets[0]?.hellos).toBe(1);
    for (const tab of tabs) expect(tab.heard).toEqual(['open', 'welcome', 'ok']);
  });

  it('do not share across accounts', async () => {
    const server = fakeServer();
    const tabs = [openTab(newName(), server.connect), openTab(newName(), server.connect)];
    await until(() => tabs.every((tab) => tab.isGreeted()));
    expect(server.open).toHaveLength(2);
  });

  it('are all closed when the holder closes, and one of them is the next holder', async () => {
    const server = fakeServer();
    const group = newName();
    const first = openTab(group, server.connect);
    await until(first.isGreeted);
    const guests = [openTab(group, server.connect), openTab(group, server.connect)];
    await until(() => guests.every((tab) => tab.isGreeted()));
    first.link.close();
    await until(() => guests.every((tab) => tab.isClosed()));
    const again = guests.map(() => openTab(group, server.connect));
    await until(() => again.every((tab) => tab.isGreeted()));
    expect(server.open).toHaveLength(1);
    expect(server.sockets).toHaveLength(2);
  });

  it('go on when a guest leaves', async () => {
    const server = fakeServer();
    const group = newName();
    const holder = openTab(group, server.connect);
    await until(holder.isGreeted);
    const guest = openTab(group, server.connect);
    await until(guest.isGreeted);
    guest.link.close();
    holder.ping();
    await until(() => holder.heard.includes('ok'));
    expect(guest.heard.filter((what) => what === 'closed')).toHaveLength(1);
    expect(server.open).toHaveLength(1);
  });

  it('are told when the server closes the socket', async () => {
    const server = fakeServer();
    const group = newName();
    const tabs = [openTab(group, server.connect), openTab(group, server.connect)];
    await until(() => tabs.every((tab) => tab.isGreeted()));
    server.sockets[0]?.close();
    await until(() => tabs.every((tab) => tab.isClosed()));
    expect(server.open).toHaveLength(0);
  });

  it('take the socket from a holder that does not answer', async () => {
    const server = fakeServer();
    const group = newName();
    // A frozen page: it has the lock and says nothing.
    const frozen = { wasRobbed: false };
    const held = navigator.locks
      .request(`${group}/socket`, () => new Promise<void>(() => {}))
      .catch(() => {
        frozen.wasRobbed = true;
      });
    const soonTimers = { after: (ms: number, task: () => void) => webTimers.after(ms / 100, task) };
    const tab = openTab(group, server.connect, { timers: soonTimers });
    await until(tab.isGreeted);
    await held;
    expect(frozen.wasRobbed).toBe(true);
    const guest = openTab(group, server.connect);
    await until(guest.isGreeted);
    expect(server.open).toHaveLength(1);
  });

  it('close when the socket is taken from them', async () => {
    const server = fakeServer();
    const group = newName();
    const holder = openTab(group, server.connect);
    await until(holder.isGreeted);
    const guest = openTab(group, server.connect);
    await until(guest.isGreeted);
    await navigator.locks.request(`${group}/socket`, { steal: true }, () => {});
    await until(() => holder.isClosed() && guest.isClosed());
    expect(server.open).toHaveLength(0);
  });

  it('notice a guest whose page died without a word', async () => {
    const server = fakeServer();
    const group = newName();
    const holder = openTab(group, server.connect);
    await until(holder.isGreeted);
    const said: unknown[] = [];
    const channel = openTabChannel(`${group}/socket`, (data) => said.push((data as { t: string }).t));
    await navigator.locks.request(`${group}/tab/guest`, async () => {
      channel.post({ t: 'seek', tab: 'guest' });
      await until(() => said.length === 2);
    });
    await until(() => said.length === 3);
    channel.close();
    expect(said).toEqual(['admitted', 'open', 'end']);
  });

  it('pass over what is not theirs on the channel', async () => {
    const server = fakeServer();
    const group = newName();
    const tab = openTab(group, server.connect);
    await until(tab.isGreeted);
    const stranger = openTabChannel(`${group}/socket`, () => {});
    for (const noise of [null, 'x', { t: 'end' }, { t: 'down', hub: 'x', tab: 'y', frame: 'text' }])
      stranger.post(noise);
    tab.ping();
    await until(() => tab.heard.includes('ok'));
    stranger.close();
    expect(tab.isClosed()).toBe(false);
  });
});
