import type { MessageId } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { ClientError } from '../failure.ts';
import { idOf } from '../fixtures/ids.ts';
import { createManualTime, settle } from '../fixtures/manual-time.ts';
import { createMemoryStore } from '../fixtures/memory-store.ts';
import type { PeerNote } from '../ports/platform.ts';
import { Lanes } from '../sync/lanes.ts';
import type { OutboxRow } from '../tables/records.ts';
import { PIECE_BYTES, pieceKey } from '../files/file-rows.ts';
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
  let uploader: (id: MessageId, isWanted: () => boolean) => Promise<void> = async () => {};
  const takenBack: MessageId[] = [];
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
      upload: async (id, isWanted) => uploader(id, isWanted),
      takenBack: (row) => void takenBack.push(row.id),
      changed: () => {},
      followUp: () => [],
      followed: () => {},
    });
  };
  return {
    store,
    time,
    delivered,
    takenBack,
    uploadBy: (next: typeof uploader) => {
      uploader = next;
    },
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

function pending(sealedBytes: number) {
  return { sealedBytes, uploaded: false, restarts: 0 };
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
    const id = idOf('message', 1);
    const pieces = [0, 1].map((piece) => ({
      table: 'files' as const,
      key: pieceKey(id, 0, piece),
      value: new Uint8Array([1]),
    }));
    await outbox.add({ ...draft(1), files: [pending(PIECE_BYTES + 1)] }, pieces);
    expect(device.store.rows()).toBe(3);
    await device.store.write(outbox.removal(idOf('message', 1)));
    outbox.forget(idOf('message', 1));
    expect(device.store.rows()).toBe(0);
    expect(outbox.of(CONV)).toEqual([]);
  });

  describe('with files', () => {
    const MIB = 1024 * 1024;
    const asking = { kind: 'message', contract: 'stat', to: [], withinMs: 1, replyTo: null } as const;
    const uploadedBy = (outbox: Outbox) => async (id: MessageId) => {
      await outbox.update(id, (row) => ({
        ...row,
        files: row.files.map((file) => ({ ...file, uploaded: true })),
      }));
    };
    const texts = (device: ReturnType<typeof createDevice>) => device.delivered.map(({ text }) => text);

    it('sends a message when its files are there, and words after a photo after it', async () => {
      const device = createDevice();
      const outbox = device.openTab(1);
      let letGo = (): void => {};
      const held = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      device.uploadBy(async (id) => {
        await held;
        await uploadedBy(outbox)(id);
      });
      await outbox.add({ ...draft(1), files: [pending(2 * MIB)] }, []);
      await outbox.add(draft(2), []);
      await settle();
      expect(texts(device)).toEqual([]);
      letGo();
      await outbox.idle();
      expect(texts(device)).toEqual(['m1', 'm2']);
    });

    it('lets pass what asks for something, and everything where the file is long', async () => {
      const device = createDevice();
      const outbox = device.openTab(1);
      device.uploadBy(() => new Promise(() => {}));
      await outbox.add({ ...draft(1), files: [pending(2 * MIB)] }, []);
      await outbox.add(draft(2), []);
      await outbox.add({ ...draft(3), class: { ...asking, to: [] } }, []);
      await settle();
      expect(texts(device)).toEqual(['m3']);
      const other = createDevice();
      const second = other.openTab(1);
      other.uploadBy(() => new Promise(() => {}));
      await second.add({ ...draft(1), files: [pending(90 * MIB)] }, []);
      await second.add(draft(2), []);
      await settle();
      expect(texts(other)).toEqual(['m2']);
    });

    it('goes on uploading when the connection is back, and shows a refusal', async () => {
      const device = createDevice();
      const outbox = device.openTab(1);
      let tries = 0;
      device.uploadBy(async (id) => {
        tries += 1;
        if (tries < 3) throw new ClientError('limit.busy', 'files', { retryMs: 100 });
        if (id === idOf('message', 2)) throw new ClientError('policy.closed', 'conv');
        await uploadedBy(outbox)(id);
      });
      await outbox.add({ ...draft(1), files: [pending(10)] }, []);
      await device.time.advance(1000);
      expect(texts(device)).toEqual(['m1']);
      await outbox.add({ ...draft(2), files: [pending(10)] }, []);
      await settle();
      expect(outbox.find(idOf('message', 2))?.failure?.code).toBe('policy.closed');
    });

    it('takes back a message while its files go up, and tells the server', async () => {
      const device = createDevice();
      const outbox = device.openTab(1);
      let wanted = (): boolean => false;
      device.uploadBy((_id, isWanted) => {
        wanted = isWanted;
        return new Promise(() => {});
      });
      await outbox.add({ ...draft(1), files: [pending(10)] }, []);
      await settle();
      expect(wanted()).toBe(true);
      expect(await outbox.take(idOf('message', 1))).toBe(true);
      expect(wanted()).toBe(false);
      expect(device.takenBack).toEqual([idOf('message', 1)]);
      expect(await outbox.update(idOf('message', 1), (row) => row)).toBeNull();
      expect(device.store.rows()).toBe(0);
    });

    it('uploads again what the server dropped before the message was committed, but not for ever', async () => {
      const device = createDevice();
      const outbox = device.openTab(1);
      let uploads = 0;
      device.uploadBy(async (id) => {
        uploads += 1;
        await uploadedBy(outbox)(id);
      });
      device.answerWith(async () => {
        throw new ClientError('request.invalid', 'h.blobs');
      });
      await outbox.add({ ...draft(1), files: [pending(10)] }, []);
      await outbox.idle();
      await outbox.idle();
      expect(uploads).toBe(3);
      expect(outbox.find(idOf('message', 1))?.failure?.code).toBe('request.invalid');
    });
  });
});
