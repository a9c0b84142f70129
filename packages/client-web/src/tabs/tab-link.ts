import type { Socket, SocketEvents } from '@baton/client';
import type { Bytes, Timers } from '@baton/kernel';
import { SocketHub } from './socket-hub.ts';
import { openTabChannel, type TabChannel } from './tab-channel.ts';
import type { LockPort } from './tab-locks.ts';
import { readTabMessage, type TabMessage } from './tab-messages.ts';

/** A holder that does not answer for so long is frozen or stuck: the socket is taken from it. */
const SEEK_TIMEOUT_MS = 5000;
/** A holder opens its socket within 15 s or gives up; a guest that has heard nothing by then seeks anew. */
const GREETING_TIMEOUT_MS = 20_000;

export interface TabLinkPorts {
  readonly locks: LockPort;
  readonly timers: Timers;
  readonly monotonicMs: () => number;
  /** A fresh random name. */
  readonly newName: () => string;
  /** A socket of this tab's own. */
  readonly connect: (events: SocketEvents) => Socket;
}

/**
 * One tab's connection through the socket that all tabs of `group` share. Who holds the Web Lock `<group>/socket` holds the socket; the
 * others are its guests over a BroadcastChannel. When the holder goes, for whatever reason, the browser frees the lock: every guest's
 * connection closes, and the first to connect again is the next holder. One link is one connection; it is not used again after `closed`.
 */
export class TabLink implements Socket {
  readonly #ports: TabLinkPorts;
  readonly #group: string;
  readonly #events: SocketEvents;
  readonly #tab: string;
  readonly #channel: TabChannel;
  readonly #abort = new AbortController();
  #release: () => void = () => {};
  readonly #released: Promise<void>;
  /** The lock by which a holder sees that this link lives is held. */
  #isAnnounced = false;
  #role: Seeking | Holding | Visiting | Closed;

  constructor(ports: TabLinkPorts, group: string, events: SocketEvents) {
    this.#ports = ports;
    this.#group = group;
    this.#events = events;
    this.#tab = ports.newName();
    this.#released = new Promise((resolve) => {
      this.#release = resolve;
    });
    this.#channel = openTabChannel(`${group}/socket`, (data) => {
      const message = readTabMessage(data);
      if (message) this.#receive(message);
    });
    this.#role = { is: 'seeking', cancelTimeout: ports.timers.after(SEEK_TIMEOUT_MS, () => this.#steal()) };
    this.#begin();
  }

  send(frame: Bytes): void {
    const role = this.#role;
    if (role.is === 'holding') role.hub.send(frame);
    else if (role.is === 'visiting') this.#post({ t: 'up', hub: role.hub, tab: this.#tab, frame });
  }

  close(): void {
    const role = this.#role;
    if (role.is === 'closed') return;
    this.#role = { is: 'closed' };
    if (role.is === 'seeking' || role.is === 'visiting') role.cancelTimeout();
    if (role.is === 'visiting') this.#post({ t: 'end', hub: role.hub, tab: this.#tab });
    if (role.is === 'holding') role.hub.close();
    this.#channel.close();
    this.#abort.abort();
    this.#release();
    this.#events.closed();
  }

  #begin(): void {
    // A lock that lives as long as this link: the holder waits for it and so learns that a guest is gone, even if its tab crashed.
    void this.#whileLocked(`${this.#group}/tab/${this.#tab}`, {}, () => {
      this.#isAnnounced = true;
      this.#seek();
    });
    void this.#whileLocked(this.#socketLock, {}, () => this.#hold());
  }

  #seek(): void {
    if (this.#role.is === 'seeking' && this.#isAnnounced) this.#post({ t: 'seek', tab: this.#tab });
  }

  get #socketLock(): string {
    return `${this.#group}/socket`;
  }

  /** Holds a lock from when it is granted until the link closes; closes the link when the lock is taken away. */
  async #whileLocked(name: string, options: { readonly steal?: true }, granted: () => void): Promise<void> {
    try {
      // The two options exclude each other: a steal is never waited for.
      const signal = options.steal ? {} : { signal: this.#abort.signal };
      await this.#ports.locks.request(name, { ...options, ...signal }, () => {
        if (this.#role.is === 'closed') return;
        granted();
        return this.#released;
      });
    } catch {
      this.close();
    }
  }

  /** Has a holder that is silent lose the lock. */
  #steal(): void {
    if (this.#role.is === 'seeking')
      void this.#whileLocked(this.#socketLock, { steal: true }, () => this.#hold());
  }

  #hold(): void {
    // The holder that this link was a guest of has gone: a new connection begins with a greeting of its own.
    if (this.#role.is === 'visiting') return this.close();
    if (this.#role.is !== 'seeking') return;
    this.#role.cancelTimeout();
    const { connect, monotonicMs } = this.#ports;
    const own: SocketEvents = {
      open: () => this.#events.open(),
      message: (frame) => this.#events.message(frame),
      closed: () => this.close(),
    };
    const name = this.#ports.newName();
    this.#role = { is: 'holding', name, hub: new SocketHub({ connect, monotonicMs, own }) };
    this.#post({ t: 'held', hub: name });
  }

  #receive(message: TabMessage): void {
    const role = this.#role;
    if (role.is === 'holding') this.#receiveAsHolder(role, message);
    else if (role.is === 'visiting') this.#receiveAsGuest(role, message);
    else if (role.is === 'seeking') this.#receiveAsSeeker(role, message);
  }

  #receiveAsHolder({ name, hub }: Holding, message: TabMessage): void {
    if (message.t === 'seek') this.#admit(name, hub, message.tab);
    else if (message.t === 'up' && message.hub === name) hub.fromGuest(message.tab, message.frame);
    else if (message.t === 'end' && message.hub === name) hub.dismiss(message.tab);
  }

  #admit(name: string, hub: SocketHub, tab: string): void {
    this.#post({ t: 'admitted', hub: name, tab });
    if (hub.knows(tab)) return;
    hub.admit(tab, {
      open: () => this.#post({ t: 'open', hub: name, tab }),
      message: (frame) => this.#post({ t: 'down', hub: name, tab, frame }),
      closed: () => this.#post({ t: 'end', hub: name, tab }),
    });
    void this.#ports.locks
      .request(`${this.#group}/tab/${tab}`, { signal: this.#abort.signal }, () => hub.dismiss(tab))
      .catch(() => {});
  }

  #receiveAsSeeker(role: Seeking, message: TabMessage): void {
    if (message.t === 'held') this.#seek();
    else if (message.t === 'admitted' && message.tab === this.#tab) {
      role.cancelTimeout();
      const cancelTimeout = this.#ports.timers.after(GREETING_TIMEOUT_MS, () => this.close());
      this.#role = { is: 'visiting', hub: message.hub, cancelTimeout };
    }
  }

  #receiveAsGuest({ hub, cancelTimeout }: Visiting, message: TabMessage): void {
    if (message.t === 'held') return this.close();
    if (!('tab' in message) || message.tab !== this.#tab) return;
    if (message.t === 'seek' || message.hub !== hub) return;
    if (message.t === 'open') this.#events.open();
    else if (message.t === 'end') this.close();
    else if (message.t === 'down') {
      cancelTimeout();
      this.#events.message(message.frame);
    }
  }

  #post(message: TabMessage): void {
    this.#channel.post(message);
  }
}

interface Seeking {
  readonly is: 'seeking';
  readonly cancelTimeout: () => void;
}
interface Holding {
  readonly is: 'holding';
  readonly name: string;
  readonly hub: SocketHub;
}
interface Visiting {
  readonly is: 'visiting';
  /** The holding that it is a guest of. */
  readonly hub: string;
  readonly cancelTimeout: () => void;
}
interface Closed {
  readonly is: 'closed';
}
