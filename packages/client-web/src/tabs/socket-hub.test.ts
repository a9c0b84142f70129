import type { SocketEvents } from '@baton/client';
import { type Bytes, makeId } from '@baton/kernel';
import {
  type ClientFrame,
  decodeClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  encodeServerFrame,
  type ServerFrame,
} from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { SocketHub } from './socket-hub.ts';

const conv = makeId('conversation', new Uint8Array(16).fill(7));
const welcome: ServerFrame = { t: 'welcome', v: 1, batch: 40, keylog: 9, records: 3, ts: 1_000_000 };
const item = (seq: number, batch: number, size = 10) => ({
  seq,
  k: 'envelope' as const,
  b: new Uint8Array(size).fill(seq),
  batch,
  ts: 5,
});

/** What one tab hears and says. */
function listener() {
  const heard: (ServerFrame | 'malformed')[] = [];
  const state = { opened: 0, closed: 0 };
  const events: SocketEvents = {
    open: () => {
      state.opened += 1;
    },
    message: (frame) => {
      const decoded = decodeServerFrame(frame);
      heard.push(decoded.ok ? decoded.value : 'malformed');
    },
    closed: () => {
      state.closed += 1;
    },
  };
  return { heard, state, events };
}

function setUp() {
  const own = listener();
  const sent: ClientFrame[] = [];
  const clock = { ms: 0 };
  let upstream: SocketEvents | null = null;
  const hub = new SocketHub({
    connect: (events) => {
      upstream = events;
      return {
        send: (frame) => {
          const decoded = decodeClientFrame(frame);
          if (!decoded.ok) throw new Error('a malformed frame left the hub');
          sent.push(decoded.value);
        },
        close: () => events.closed(),
      };
    },
    monotonicMs: () => clock.ms,
    own: own.events,
  });
  const server = upstream as unknown as SocketEvents;
  return {
    hub,
    own,
    sent,
    clock,
    server,
    say: (frame: ServerFrame) => server.message(encodeServerFrame(frame)),
    ask: (frame: ClientFrame) => hub.send(encodeClientFrame(frame)),
    guest(name: string) {
      const tab = listener();
      hub.admit(name, tab.events);
      return { ...tab, ask: (frame: ClientFrame) => hub.fromGuest(name, encodeClientFrame(frame)) };
    },
    greet() {
      server.open();
      hub.send(encodeClientFrame({ t: 'hello', v: 1, cursor: 30 }));
      server.message(encodeServerFrame(welcome));
    },
  };
}

describe('one socket for several tabs', () => {
  it('opens a guest when the server has greeted, whether the guest came before or after', () => {
    const { guest, greet, own } = setUp();
    const early = guest('early');
    expect(early.state.opened).toBe(0);
    greet();
    expect(early.state.opened).toBe(1);
    expect(guest('late').state.opened).toBe(1);
    expect(own.heard).toEqual([welcome]);
  });

  it('says hello to the server once, and greets guests with what the server would say now', () => {
    const { guest, greet, sent, say, clock } = setUp();
    greet();
    clock.ms = 2500.4;
    say({ t: 'items', conv, items: [item(1, 44)] });
    const tab = guest('a');
    tab.ask({ t: 'hello', v: 1, cursor: 41 });
    expect(tab.heard).toMatchObject([{ t: 'welcome', v: 1, batch: 44, ts: 1_002_500 }]);
    expect(sent.filter((frame) => frame.t === 'hello')).toHaveLength(1);
  });

  it('never tells a guest less than the guest has stored already', () => {
    const { guest, greet, ask } = setUp();
    greet();
    ask({ t: 'cursor', batch: 60 });
    const tab = guest('a');
    tab.ask({ t: 'hello', v: 1, cursor: 41 });
    const other = guest('b');
    other.ask({ t: 'hello', v: 1, cursor: 75 });
    expect([tab.heard[0], other.heard[0]]).toMatchObject([{ batch: 60 }, { batch: 75 }]);
    // It may have read more of the key log over HTTP than the holder of the socket has heard of.
    const [greeting] = tab.heard;
    expect(greeting !== 'malformed' && greeting?.t === 'welcome' && greeting.keylog).toBeGreaterThan(1e9);
  });

  it('brings every answer to the tab that asked, under the number it used', () => {
    const { guest, greet, ask, say, own, sent } = setUp();
    greet();
    const [a, b] = [guest('a'), guest('b')];
    for (const asker of [{ ask }, a, b]) asker.ask({ t: 'ping', q: 1 });
    const numbers = sent.flatMap((frame) => ('q' in frame ? [frame.q] : []));
    expect(new Set(numbers).size).toBe(3);
    const [ofOwn = 0, ofA = 0, ofB = 0] = numbers;
    say({ t: 'no', q: ofB, code: 'limit.busy', at: 'b', retryMs: 1 });
    say({ t: 'no', q: ofOwn, code: 'limit.busy', at: 'own', retryMs: 1 });
    say({ t: 'ok', q: ofA, a: {} });
    expect(a.heard).toEqual([{ t: 'ok', q: 1, a: {} }]);
    expect(b.heard).toMatchObject([{ t: 'no', q: 1, at: 'b' }]);
    expect(own.heard.slice(1)).toMatchObject([{ t: 'no', q: 1, at: 'own' }]);
  });

  it('brings what the server pushes to all, long or short', () => {
    const { guest, greet, say, own } = setUp();
    greet();
    const a = guest('a');
    const pushes: ServerFrame[] = [
      { t: 'items', conv, items: [item(1, 41), item(2, 42, 20_000)] },
      { t: 'missed', from: 3 },
    ];
    for (const push of pushes) say(push);
    expect(a.heard).toEqual(pushes);
    expect(own.heard.slice(1)).toEqual(pushes);
  });

  it('hands long answers on while no other tab is there', () => {
    const { greet, say, own, ask } = setUp();
    greet();
    ask({ t: 'pull', q: 5, conv, after: 0, limit: 10 });
    const answer: ServerFrame = { t: 'ok', q: 5, a: { items: [item(1, 1, 9000)], newest: 1 } };
    say(answer);
    expect(own.heard.at(-1)).toEqual(answer);
  });

  it('tells the server a cursor only when it is news', () => {
    const { guest, greet, ask, sent } = setUp();
    greet();
    const a = guest('a');
    ask({ t: 'cursor', batch: 50 });
    a.ask({ t: 'cursor', batch: 45 });
    a.ask({ t: 'cursor', batch: 51 });
    expect(sent.filter((frame) => frame.t === 'cursor')).toEqual([
      { t: 'cursor', batch: 50 },
      { t: 'cursor', batch: 51 },
    ]);
  });

  it('closes everybody once when the socket goes, and refuses who comes later', () => {
    const { guest, greet, server, own, hub } = setUp();
    greet();
    const a = guest('a');
    server.closed();
    hub.close();
    expect([a.state.closed, own.state.closed]).toEqual([1, 1]);
    expect(guest('late').state).toEqual({ opened: 0, closed: 1 });
  });

  it('brings the end of the session to every tab', () => {
    const { guest, greet, say, own } = setUp();
    greet();
    const a = guest('a');
    say({ t: 'bye', code: 'auth.expired' });
    expect([a.heard.at(-1), own.heard.at(-1)]).toMatchObject([{ t: 'bye' }, { t: 'bye' }]);
  });

  it('forgets a guest that left: its answer goes nowhere, the others go on', () => {
    const { guest, greet, say, sent, hub, own } = setUp();
    greet();
    const a = guest('a');
    a.ask({ t: 'ping', q: 9 });
    const asked = sent.at(-1) as { q: number };
    hub.dismiss('a');
    say({ t: 'ok', q: asked.q, a: {} });
    say({ t: 'missed', from: 1 });
    expect(a.heard).toEqual([]);
    expect(a.state.closed).toBe(1);
    expect(own.heard).toEqual([welcome, { t: 'missed', from: 1 }]);
  });

  it('dismisses a guest that sends what is no frame, and lets nothing of it out', () => {
    const { guest, greet, hub, sent } = setUp();
    greet();
    const a = guest('a');
    const before = sent.length;
    const garbage: Bytes = Uint8Array.of(1, 2, 3);
    hub.fromGuest('a', garbage);
    expect(a.state.closed).toBe(1);
    expect(sent).toHaveLength(before);
  });

  it('leaves malformed frames of the server to the connection that owns the socket', () => {
    const { guest, greet, server, own } = setUp();
    greet();
    const a = guest('a');
    server.message(Uint8Array.of(0xff));
    expect(own.heard.at(-1)).toBe('malformed');
    expect(a.heard).toEqual([]);
  });
});
