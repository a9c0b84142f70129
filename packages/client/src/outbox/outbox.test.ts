import { describe, expect, it } from 'vitest';
import { ClientError } from '../failure.ts';
import { idOf } from '../fixtures/ids.ts';
import { createManualTime, settle } from '../fixtures/manual-time.ts';
import { createMemoryStore } from '../fixtures/memory-store.ts';
import type { PeerNote } from '../ports/platform.ts';
import { Lanes } from '../sync/lanes.ts';
import type { OutboxRow } from '../tables/records.ts';
import { type Committed, Outbox } from './outbox.ts';

const CONV = idOf('conversation', 1);

/** Two tabs share store, locks and notes; each has an outbox of its own. */
function createDevice() {
  const store = createMemoryStore();
  const time = createManualTime();
  const lanes = new Lanes();
  const listeners = new Set<(note: PeerNote) => void>();
  const delivered: { id: string; tab: number; text: string }[] = [];
  let online = true;
  let answer: (row: OutboxRow) => Promise<Committed> = async () => ({ seq: delivered.length, ts: 5 });
  const openTab = (tab: number) => {
    const own = (note: PeerNote): void => {
      for (const listener of [...listeners]) if (listener !== mine) listener(note);
    };
    let mine: (note: PeerNote) => void = () => {};
    return new Outbox({
      store,
      clock: time,
      timers: time,
      locks: { run: (name, task) => lanes.run(name, task) },
      peers: {
        post: own,
        subscribe: (listener) => {
          mine = listener;
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
        close: () => {},
      },
      isOnline: () => online,
      deliver: async (row) => {
        delivered.push({ id: row.id, tab, text: row.content.t === 'message' ? row.content.text : '' });
        return answer(row);
      },
      changed: () => {},
      followUp: () => [],
      followed: () => {},
    });
  };
  return {
    store,
    time,
    delivered,
    openTab,
    setOnline: (value: boolean) => {
      online = value;
    },
    answerWith: (next: typeof answer) => {
      answer = next;
    },
  };
}

function draft(number: number, holdMs = 0, nowMs = 1_000_000): Parameters<Outbox['add']>[0] {
  return {
    id: idOf('message', number),
    conv: CONV,
    createdAt: nowMs,
    notBefore: nowMs + holdMs,
    class: { kind: 'message', contract: 'fyi', to: [], withinMs: null, replyTo: null },
    as: null,
    content: {
      t: 'message',
      text: `m${number}`,
      attachments: [],
      mentions: [],
      quote: null,
      template: null,
      request: null,
    },
    files: [],
    asked: null,
    answers: [],
  };
}

describe('the outbox', () => {
  it('stores before it sends: a message that could not be stored is not sent', async () => {
    const device = createDevice();
    const outbox = device.openTab(1);
    device.store.failNext();
    await expect(outbox.add(draft(1), [])).rejects.toThrow('disk full');
    await settle();
    expect(device.delivered).toEqual([]);
    expect(outbox.of(CONV)).toEqual([]);
  });

  it('keeps the order of a conversation, also when the first attempt of one fails', async () => {
    const device = createDevice();
    const outbox = device.openTab(1);
    let failures = 2;
    device.answerWith(async (row) => {
      if (row.id === idOf('message', 1) && failures-- > 0)
        throw new ClientError('limit.busy', 'sync', { retryMs: 100 });
      return { seq: 1, ts: 1 };
    });
    for (const number of [1, 2, 3]) await outbox.add(draft(number), []);
    await device.time.advance(1000);
    expect(device.delivered.map(({ text }) => text)).toEqual(['m1', 'm1', 'm1', 'm2', 'm3']);
    expect(outbox.unsent).toBe(0);
  });

  it('goes on after a refusal, which is shown and can be tried again', async () => {
    const device = createDevice();
    const outbox = device.openTab(1);
    device.answerWith(async (row) => {
      if (row.id === idOf('message', 1)) throw new ClientError('policy.forbidden', 'x');
      return { seq: 1, ts: 1 };
    });
    await outbox.add(draft(1), []);
    await outbox.add(draft(2), []);
    await settle();
    expect(outbox.find(idOf('message', 1))?.failure?.code).toBe('policy.forbidden');
    expect(outbox.find(idOf('message', 2))?.committed).not.toBeNull();
    device.answerWith(async () => ({ seq: 2, ts: 2 }));
    await outbox.retry(idOf('message', 1));
    await settle();
    expect(outbox.find(idOf('message', 1))?.committed).toEqual({ seq: 2, ts: 2 });
  });

  it('takes back what waits, and nothing that may have gone out', async () => {
    const device = createDevice();
    const outbox = device.openTab(1);
    await outbox.add(draft(1, 5000), []);
    expect(device.delivered).toEqual([]);
    expect(await outbox.take(idOf('message', 1))).toBe(true);
    await device.time.advance(6000);
    expect(device.delivered).toEqual([]);
    device.answerWith(async () => {
      throw new ClientError('limit.busy', 'sync', { retryMs: 60_000 });
    });
    await outbox.add(draft(2), []);
    await settle();
    expect(await outbox.take(idOf('message', 2))).toBe(false);
  });

  it('sends after a restart what an earlier life left behind', async () => {
    const device = createDevice();
    device.setOnline(false);
    const before = device.openTab(1);
    await before.add(draft(1), []);
    before.stop();
    device.setOnline(true);
    const after = device.openTab(2);
    await after.load();
    after.kickAll();
    await settle();
    expect(device.delivered.map(({ tab, text }) => `${tab}:${text}`)).toEqual(['2:m1']);
  });

  it('is sent by one tab when two are open, and by the other when the first is closed', async () => {
    const device = createDevice();
    const [one, two] = [device.openTab(1), device.openTab(2)];
    await one.add(draft(1), []);
    await settle();
    await settle();
    expect(device.delivered).toHaveLength(1);
    expect(two.find(idOf('message', 1))).not.toBeNull();
    device.setOnline(false);
    await one.add(draft(2), []);
    one.stop();
    device.setOnline(true);
    two.kickAll();
    await settle();
    expect(device.delivered.map(({ tab, text }) => `${tab}:${text}`)).toEqual(['1:m1', '2:m2']);
  });

  it('forgets a message together with its files in one write', async () => {
    const device = createDevice();
    device.setOnline(false);
    const outbox = device.openTab(1);
    const file = { name: 'a.jpg', mime: 'image/jpeg', width: 1, height: 1 };
    await outbox.add({ ...draft(1), files: [file] }, [new Uint8Array([1])]);
    expect(device.store.rows()).toBe(2);
    await device.store.write(outbox.removal(idOf('message', 1)));
    outbox.forget(idOf('message', 1));
    expect(device.store.rows()).toBe(0);
    expect(outbox.of(CONV)).toEqual([]);
  });
});
