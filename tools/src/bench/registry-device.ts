import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createNodeDoor } from '@baton/client-node';
import { until } from '@baton/testkit';
import { benchPatient, benchQueries } from './registry-patients.ts';

// A nurse's new device in a process of its own, so that its memory is its own. argv: server url, data folder, fragment of an invitation,
// patients there are. Says what it took when it has done everything once.

const QUERIES = 650;
const PATIENCE_MS = 900_000;

export interface RegistryNote {
  /** From the claim to the whole registry, as far as the role was given at once. */
  readonly syncMs: number;
  /** A device that was closed, until the registry is there again. */
  readonly reloadMs: number;
  readonly listMs: number;
  readonly indexMs: number;
  readonly queries: readonly number[];
  /** One record changed: until it is found, and until the sorted list has it. */
  readonly changeMs: number;
  readonly heapMiB: number;
  readonly rssMiB: number;
  readonly emptyRssMiB: number;
}

const [serverUrl, dataDir, fragment, count] = process.argv.slice(2) as [string, string, string, string];
const patients = Number(count);
const wait = (message: string): Promise<void> =>
  new Promise((resolve) => {
    process.on('message', (told) => {
      if (told === message) resolve();
    });
  });
const took = (since: number): number => performance.now() - since;

const door = await createNodeDoor({ serverUrl, dataDir, deviceLabel: 'Bench', durable: false });
const { session } = await door.claimAsPersona(fragment, 'bench');
const emptyRssMiB = process.memoryUsage().rss / 2 ** 20;
const begins = wait('begin');
process.send?.({ t: 'ready', account: session.me.read().account });
await begins;
const synced = performance.now();
await until(session.patients.state, (state) => state.count === patients, { withinMs: PATIENCE_MS });
const syncMs = took(synced);
await session.close();

const reopened = performance.now();
const again = await (await createNodeDoor({ serverUrl, dataDir, deviceLabel: 'Bench' })).resume();
if (!again) throw new Error('the device did not come back');
await until(again.patients.state, (state) => state.count === patients, { withinMs: PATIENCE_MS });
const reloadMs = took(reopened);

const listed = performance.now();
if (again.patients.rows.read().length !== patients) throw new Error('the list is not complete');
const listMs = took(listed);
const indexed = performance.now();
again.patients.search('warm');
const indexMs = took(indexed);
const queries = benchQueries(patients, QUERIES).map((query) => {
  const asked = performance.now();
  again.patients.search(query);
  return took(asked);
});
await until(again.connection, ({ state }) => state === 'online');
const changed = performance.now();
const record = benchPatient(7);
await again.patients.put({ ...record, family: 'Quetzalcoatl', source: new Uint8Array(32).fill(253) });
if (again.patients.search('quetzalcoatl')[0]?.ref !== record.ref) throw new Error('the change is not found');
again.patients.rows.read();
const changeMs = took(changed);
// What is garbage already is no memory of the registry.
setFlagsFromString('--expose-gc');
(runInNewContext('gc') as () => void)();
const { heapUsed, rss } = process.memoryUsage();
const note: RegistryNote = {
  syncMs,
  reloadMs,
  listMs,
  indexMs,
  queries,
  changeMs,
  heapMiB: heapUsed / 2 ** 20,
  rssMiB: rss / 2 ** 20,
  emptyRssMiB,
};
process.send?.({ t: 'done', note });
await again.close();
process.disconnect();
