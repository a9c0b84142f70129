import { batonOfMessage, encodeBase64Url } from '@baton/kernel';
import type { BatonState, PlacedEvent } from '@baton/policy';
import { describe, expect, it } from 'vitest';
import type { Alarms } from '../alarms/alarms.ts';
import { idOf } from '../fixtures/ids.ts';
import { createMemoryStore } from '../fixtures/memory-store.ts';
import type { Store } from '../ports/store.ts';
import type { Rest } from '../rest/rest.ts';
import { Lanes } from '../sync/lanes.ts';
import { Table } from '../tables/table.ts';
import { BatonFeed } from './baton-feed.ts';
import { batonRowCodec } from './baton-rows.ts';
import type { EventJudge } from './event-judge.ts';

const BATON = batonOfMessage(idOf('message', 1), 0);
const signed = (n: number) => new Uint8Array([n + 1]);

/** A store whose reads and writes take a turn, so that two that do not wait for each other do cross. */
function slowly(store: Store): Store {
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    ...store,
    async get(table, key) {
      const found = await store.get(table, key);
      await turn();
      return found;
    },
    async write(writes) {
      await turn();
      await store.write(writes);
    },
  };
}

/** Two tabs of one account: a store and locks in common, a feed each. The chain is as long as the server shows it to that tab. */
function createDevice() {
  const memory = createMemoryStore();
  const store = slowly(memory);
  const lanes = new Lanes();
  const alarms: string[] = [];
  const openTab = () => {
    let length = 1;
    const feed = new BatonFeed({
      rest: {
        call: async () => ({
          batons: [
            {
              baton: BATON,
              pos: length,
              via: 'owner',
              events: Array.from({ length }, (_, n) => ({ event: encodeBase64Url(signed(n)), at: n })),
            },
          ],
          upTo: length,
          more: false,
        }),
      } as unknown as Rest,
      store,
      locks: { run: (name, task) => lanes.run(name, task) },
      alarms: { raise: ({ code }: { code: string }) => alarms.push(code) } as unknown as Alarms,
      digest: () => new Uint8Array(32),
      judge: {
        judge: async (baton: string, _: unknown, shown: { at: number }) => ({
          ok: true,
          state: { baton, n: shown.at, conv: null } as unknown as BatonState,
          placed: { event: { n: shown.at }, at: shown.at } as unknown as PlacedEvent,
          doubt: null,
          unsure: false,
        }),
      } as unknown as EventJudge,
      changed: () => {},
    });
    return {
      feed,
      /** The server shows this tab so many events from now on. */
      async shows(events: number) {
        length = events;
        await feed.catchUp();
      },
    };
  };
  const stored = async () => {
    const row = await new Table(memory, 'batons', batonRowCodec).get(BATON);
    return { events: row?.events.length, told: row?.told };
  };
  return { openTab, stored, alarms };
}

describe('the stored chain of a baton', () => {
  it('is not shortened by a tab that knows less of it and takes note that the person was told', async () => {
    const device = createDevice();
    const [behind, ahead] = [device.openTab(), device.openTab()];
    await behind.shows(1);
    await ahead.shows(3);
    await behind.feed.saveTold(BATON, 0);
    expect(await device.stored()).toEqual({ events: 3, told: 0 });
  });

  it('keeps what the person was told when a longer chain comes', async () => {
    const device = createDevice();
    const [a, b] = [device.openTab(), device.openTab()];
    await a.shows(2);
    await b.shows(2);
    await a.feed.saveTold(BATON, 1);
    await b.shows(3);
    expect(await device.stored()).toEqual({ events: 3, told: 1 });
  });

  it('survives two tabs that write in the same moment', async () => {
    for (const order of [0, 1]) {
      const device = createDevice();
      const [behind, ahead] = [device.openTab(), device.openTab()];
      await behind.shows(1);
      const writes = [() => behind.feed.saveTold(BATON, 0), () => ahead.shows(4)];
      if (order === 1) writes.reverse();
      await Promise.all(writes.map((write) => write()));
      expect(await device.stored()).toEqual({ events: 4, told: 0 });
      expect(device.alarms).toEqual([]);
    }
  });
});
