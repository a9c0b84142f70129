import { randomInt } from 'node:crypto';
import type { Conversation, TimelineMessage } from '@baton/client';
import { encodeHex } from '@baton/kernel';
import { afterEach, expect, it } from 'vitest';
import { createSeededRng } from './chance/seeded-rng.ts';
import { type FaultProxy, startFaultProxy } from './network/fault-proxy.ts';
import { createPractice, type Device, type Practice } from './practice.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from './until.ts';

let server: TestServer;
let practice: Practice;
let proxy: FaultProxy;

afterEach(async () => {
  await practice?.close();
  await proxy?.close();
  await server?.stop();
});

async function start(people: number, seed: number): Promise<Device[]> {
  server = await startTestServer();
  proxy = await startFaultProxy({ target: server.url, seed });
  practice = await createPractice(server, {
    people: Array.from({ length: people }, (_, index) => ({
      name: `Nurse ${index + 1}`,
      jobs: ['nurse'] as const,
    })),
    urlOf: () => proxy.url,
  });
  return [...practice.people];
}

const say = (thread: Conversation, text: string) =>
  thread.send({ text, files: [], mentions: [], replyTo: null, as: null });

function textsOf(thread: Conversation): string[] {
  return thread.timeline
    .read()
    .items.filter((item): item is TimelineMessage => item.type === 'message')
    .map(({ text }) => text);
}

it('sends once and in order what was written offline, also after a restart', async () => {
  const [maria, james] = (await start(2, 1)) as [Device, Device];
  const thread = await maria.session.conversations.startDirect(james.account);
  await say(thread, 'online');
  await until(james.session.conversations.list, (rows) => rows[0]?.preview?.text === 'online');
  proxy.setOffline(true);
  await until(maria.session.connection, ({ state }) => state === 'offline');
  for (const text of ['one', 'two', 'three']) await say(thread, text);
  const taken = await say(thread, 'taken back');
  expect(await thread.unsend(taken)).toBe(true);
  await until(maria.session.connection, (shown) => shown.state === 'offline' && shown.unsent === 3);
  await maria.session.close();
  const again = await practice.reopen(maria, proxy.url);
  const reopened = await again.session.conversations.open(thread.id);
  expect(textsOf(reopened)).toEqual(['online', 'one', 'two', 'three']);
  await say(reopened, 'four');
  proxy.setOffline(false);
  const forJames = await james.session.conversations.open(thread.id);
  await until(forJames.timeline, () => textsOf(forJames).length === 5, { withinMs: 40_000 });
  expect(textsOf(forJames)).toEqual(['online', 'one', 'two', 'three', 'four']);
  await until(
    reopened.timeline,
    ({ items }) => items.every((item) => item.type !== 'message' || item.seq !== null),
    {
      withinMs: 20_000,
    },
  );
  expect(textsOf(reopened)).toEqual(['online', 'one', 'two', 'three', 'four']);
}, 90_000);

it('loses, doubles and reorders nothing on a bad network', async () => {
  const seed = randomInt(2 ** 31);
  const devices = await start(3, seed);
  const thread = await devices[0]!.session.conversations.startGroup({
    title: 'Storm',
    members: devices.slice(1).map(({ account }) => account),
  });
  for (const { session } of devices) await until(session.conversations.list, (rows) => rows.length === 1);
  const threads = await Promise.all(devices.map(({ session }) => session.conversations.open(thread.id)));
  proxy.setFaults({
    delayMs: [0, 8],
    chances: { dropFrame: 0.03, duplicateFrame: 0.05, holdFrame: 0.05, cutAtFrame: 0.01, loseAnswer: 0.05 },
  });
  const each = 20;
  await Promise.all(
    threads.map(async (mine, who) => {
      for (let count = 1; count <= each; count++) await say(mine, `${who}:${count}`);
    }),
  );
  await new Promise((resolve) => setTimeout(resolve, 8000));
  proxy.setFaults({});
  for (const mine of threads)
    await until(
      mine.timeline,
      ({ items }) => items.filter((item) => item.type === 'message' && item.seq !== null).length === 3 * each,
      {
        withinMs: 60_000,
        show: () => ({ seed, texts: textsOf(mine) }),
      },
    );
  const order = textsOf(threads[0]!);
  for (const mine of threads) expect(textsOf(mine), `seed ${seed}`).toEqual(order);
  for (const who of [0, 1, 2])
    expect(
      order.filter((text) => text.startsWith(`${who}:`)),
      `seed ${seed}`,
    ).toEqual(Array.from({ length: each }, (_, index) => `${who}:${index + 1}`));
  for (const { session } of devices) expect(session.alarms.read(), `seed ${seed}`).toEqual([]);
}, 120_000);

it('converges to one head when eight change one conversation at the same time', async () => {
  const seed = randomInt(2 ** 31);
  const rng = createSeededRng(seed);
  const devices = await start(8, seed);
  const accounts = devices.map(({ account }) => account);
  const first = devices[0]!;
  const thread = await first.session.conversations.startGroup({ title: 'Eight', members: accounts.slice(1) });
  for (const { session } of devices) await until(session.conversations.list, (rows) => rows.length === 1);
  const threads = await Promise.all(devices.map(({ session }) => session.conversations.open(thread.id)));
  await Promise.all(
    threads.map(async (mine, who) => {
      for (let step = 0; step < 6; step++) {
        const target = accounts[rng.between(1, 7)]!;
        const choice = rng.between(0, 3);
        // Refusals are part of the storm: somebody was removed meanwhile, or had no right to.
        if (choice === 0) await mine.removeMember(target).catch(() => {});
        else if (choice === 1) await mine.addMembers([target], { history: step % 2 === 0 }).catch(() => {});
        else await say(mine, `${who}:${step}`);
      }
    }),
  );
  for (const account of accounts) await threads[0]!.addMembers([account], { history: true }).catch(() => {});
  const headOf = ({ session }: Device): string => {
    const state = session.parts.logs.peek(thread.id)?.state;
    return state ? `${state.n}:${encodeHex(state.head)}` : 'none';
  };
  await expect
    .poll(() => new Set(devices.map(headOf)).size, { timeout: 30_000, message: `seed ${seed}` })
    .toBe(1);
  await say(threads[0]!, 'the end');
  for (const { session } of devices)
    await until(session.conversations.list, (rows) => rows[0]?.preview?.text === 'the end', {
      withinMs: 20_000,
      show: () => ({ seed, alarms: session.alarms.read() }),
    });
  for (const { session } of devices) expect(session.alarms.read(), `seed ${seed}`).toEqual([]);
}, 120_000);
