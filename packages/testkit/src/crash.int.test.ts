import { randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Conversation, TimelineMessage } from '@baton/client';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@baton/embedded-postgres';
import type { ConversationId, MessageId } from '@baton/kernel';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSeededRng } from './chance/seeded-rng.ts';
import { createPractice, type Device, type Practice } from './practice.ts';
import { type ServerProcess, startServerProcess } from './process/server-process.ts';
import { until } from './until.ts';

// Threats T10: an acknowledged message is never lost. The server's process dies without warning again and again, twice its database
// too, while fifty devices send; what any of them was told is committed must be there for everybody.

const ACCOUNTS = 10;
const DEVICES = 50;
const SERVER_KILLS = 6;
/** After these server kills the database dies, with the server running. */
const DATABASE_KILLS_AFTER = [2, 6];
/** Each of three accounts with five devices. */
const GROUPS = 5;
/** A device stops at so many: what is sent must also be opened fifteen times, on two cores. */
const MOST_MESSAGES = 12;
const PAUSE_MS = { least: 200, most: 3000 };

const seed = randomInt(2 ** 31);
const rng = createSeededRng(seed);

let folder: string;
let postgres: EmbeddedPostgres;
let server: ServerProcess;
let practice: Practice;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'baton-crash-'));
  postgres = await startEmbeddedPostgres({ dataDir: folder, log: () => {} });
  server = await startServerProcess({ databaseUrl: postgres.url, dataDir: join(folder, 'server') });
  practice = await createPractice(server, {
    people: Array.from({ length: ACCOUNTS - 1 }, (_, index) => ({
      name: `Nurse ${index + 1}`,
      jobs: ['nurse'] as const,
    })),
  });
});

afterAll(async () => {
  await practice?.close();
  await server?.stop();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** One device in one conversation, and what it was told. */
class Sender {
  readonly sent: { readonly id: MessageId; readonly text: string }[] = [];
  /** Position of each message from the moment that it was first shown as committed. */
  readonly acknowledged = new Map<MessageId, number>();
  readonly name: string;
  readonly device: Device;
  readonly thread: Conversation;
  /** A position that was taken back, a message that was called lost. */
  readonly broken: string[] = [];

  constructor(name: string, device: Device, thread: Conversation) {
    this.name = name;
    this.device = device;
    this.thread = thread;
    thread.timeline.subscribe(() => this.look());
  }

  look(): void {
    for (const message of messagesOf(this.thread)) {
      if (!message.text.startsWith(`${this.name} #`)) continue;
      if (message.state === 'failed') this.broken.push(`${message.text}: ${message.failure?.code}`);
      if (message.seq === null) continue;
      const before = this.acknowledged.get(message.id);
      if (before === undefined) this.acknowledged.set(message.id, message.seq);
      else if (before !== message.seq) this.broken.push(`${this.name}: ${before} became ${message.seq}`);
    }
  }

  async send(): Promise<void> {
    const text = `${this.name} #${this.sent.length}`;
    const id = await this.thread.send({ text, files: [], mentions: [], replyTo: null, as: null });
    this.sent.push({ id, text });
  }
}

function messagesOf(thread: Conversation): TimelineMessage[] {
  return thread.timeline.read().items.filter((item): item is TimelineMessage => item.type === 'message');
}

async function makeSenders(): Promise<Sender[]> {
  const people = [practice.admin, ...practice.people];
  const groups: ConversationId[] = [];
  const membersOf: Device[][] = [];
  for (let group = 0; group < GROUPS; group += 1) {
    const members = [0, 1, 2].map((offset) => people[(group * 2 + offset) % ACCOUNTS] as Device);
    const [first, ...others] = members as [Device, ...Device[]];
    const thread = await first.session.conversations.startGroup({
      title: `Group ${group}`,
      members: others.map(({ account }) => account),
    });
    groups.push(thread.id);
    membersOf.push(members);
  }
  const devices = [...people];
  while (devices.length < DEVICES)
    devices.push(await practice.addDevice((people[devices.length % ACCOUNTS] as Device).link));
  return Promise.all(
    devices.map(async (device, index) => {
      const own = groups.filter((_, group) =>
        membersOf[group]?.some(({ account }) => account === device.account),
      );
      const id = own[Math.floor(index / ACCOUNTS) % own.length] as ConversationId;
      await until(device.session.conversations.list, (rows) => rows.some((row) => row.id === id));
      return new Sender(`device ${index}`, device, await device.session.conversations.open(id));
    }),
  );
}

async function killDatabase(): Promise<void> {
  const pid = Number.parseInt(readFileSync(join(folder, 'postgres', 'data', 'postmaster.pid'), 'utf8'), 10);
  const ended = new Promise<void>((resolve) => postgres.onExit(() => resolve()));
  process.kill(pid, 'SIGKILL');
  await ended;
}

async function causeChaos(): Promise<void> {
  for (let kill = 1; kill <= SERVER_KILLS; kill += 1) {
    await delay(rng.between(400, 1500));
    await server.kill();
    await delay(rng.between(0, 300));
    await server.start();
    if (!DATABASE_KILLS_AFTER.includes(kill)) continue;
    await delay(rng.between(200, 900));
    await killDatabase();
    await databaseIsBack();
    expect(server.isRunning()).toBe(true);
  }
}

async function databaseIsBack(): Promise<void> {
  for (;;) {
    const client = new pg.Client(postgres.superuserUrl);
    client.on('error', () => {});
    const isBack = await client.connect().then(
      () => true,
      () => false,
    );
    await client.end().catch(() => {});
    if (isBack) return;
    await delay(50);
  }
}

/** Everything that a device can read of a conversation, oldest first. */
async function readAll(device: Device, conv: ConversationId): Promise<Conversation> {
  await until(device.session.conversations.list, (rows) => rows.some((row) => row.id === conv), {
    withinMs: 20_000,
  });
  const thread = await device.session.conversations.open(conv);
  for (let page = 0; thread.timeline.read().hasOlder; page += 1) {
    if (page > 100) throw new Error('no end of older pages');
    await thread.loadOlder();
  }
  return thread;
}

it('loses, repeats and reorders nothing while server and database are killed', async () => {
  console.log(`seed ${seed}`);
  const senders = await makeSenders();
  const chaos = new AbortController();
  const startedMs = performance.now();
  const sending = Promise.all(
    senders.map(async (sender) => {
      const own = createSeededRng(`${seed} ${sender.name}`);
      while (!chaos.signal.aborted && sender.sent.length < MOST_MESSAGES) {
        await sender.send();
        await delay(own.between(PAUSE_MS.least, PAUSE_MS.most));
      }
    }),
  );
  await causeChaos().finally(() => chaos.abort());
  await sending;
  const chaosMs = performance.now() - startedMs;
  const toldBefore = senders.map((sender) => sender.acknowledged.size).reduce((a, b) => a + b);

  // All of it goes out in the end, by itself; a person who looks at the screen need not wait for the next try.
  for (const { device } of senders) device.session.reconnect();
  for (const sender of senders) {
    await until(sender.thread.timeline, () => messagesOf(sender.thread).every(({ seq }) => seq !== null), {
      withinMs: 40_000,
      show: () => messagesOf(sender.thread).filter(({ seq }) => seq === null),
    });
  }
  const sent = senders.flatMap((sender) => sender.sent.length).reduce((a, b) => a + b);
  console.log(
    `${sent} messages of ${DEVICES} devices in ${(chaosMs / 1000).toFixed(1)} s of chaos, ${toldBefore} acknowledged by its end`,
  );
  expect(sent).toBeGreaterThan(DEVICES * 3);
  expect(toldBefore).toBeGreaterThan(0);
  expect(senders.flatMap((sender) => sender.broken)).toEqual([]);

  // It has seen the database die, and lived.
  expect(server.isRunning()).toBe(true);
  await checkDatabase(senders);
  for (const conv of new Set(senders.map(({ thread }) => thread.id))) await checkConversation(conv, senders);
  const alarms = senders.flatMap(({ name, device }) =>
    device.session.alarms.read().map((alarm) => ({ name, ...alarm })),
  );
  expect(alarms).toEqual([]);
}, 180_000);

/** Committed once each, at the position that was told, and no hole between them. */
async function checkDatabase(senders: readonly Sender[]): Promise<void> {
  const client = new pg.Client(postgres.superuserUrl);
  await client.connect();
  try {
    const { rows } = await client.query<{ conv: string; seq: string; item_id: string; kind: number }>(
      'SELECT conv, seq, item_id, kind FROM baton.items ORDER BY conv, seq',
    );
    const holes = await client.query(
      `SELECT conv, count(*), min(seq), max(seq) FROM baton.items GROUP BY conv
       HAVING count(*) <> max(seq) OR min(seq) <> 1`,
    );
    expect(holes.rows).toEqual([]);
    const places = new Map<string, number[]>();
    for (const row of rows) {
      const key = `${row.conv}/${row.item_id}`;
      places.set(key, [...(places.get(key) ?? []), Number(row.seq)]);
    }
    for (const { thread, sent, acknowledged, name } of senders) {
      for (const { id, text } of sent)
        expect(places.get(`${thread.id}/${id}`), `${name}: ${text}`).toEqual([acknowledged.get(id)]);
    }
  } finally {
    await client.end();
  }
}

/** Another member, and a device that was not there, read the same: everything, in each sender's order, once. */
async function checkConversation(conv: ConversationId, senders: readonly Sender[]): Promise<void> {
  const authors = senders.filter(({ thread }) => thread.id === conv);
  const first = authors[0] as Sender;
  const other = authors.find(({ device }) => device.account !== first.device.account) as Sender;
  const fresh = await practice.addDevice(other.device.link);
  for (const reader of [first.device, other.device, fresh]) {
    const thread = await readAll(reader, conv);
    const expected = authors.reduce((count, { sent }) => count + sent.length, 0);
    await until(thread.timeline, () => messagesOf(thread).length >= expected, {
      withinMs: 20_000,
      show: () => [expected, messagesOf(thread).length],
    });
    const { items } = thread.timeline.read();
    expect(items.filter((item) => item.type === 'problem')).toEqual([]);
    const messages = messagesOf(thread);
    expect(messages).toHaveLength(expected);
    expect(messages.map(({ seq }) => seq)).toEqual(
      messages.map(({ seq }) => seq as number).sort((a, b) => a - b),
    );
    for (const { name, sent, acknowledged } of authors) {
      const theirs = messages.filter(({ text }) => text.startsWith(`${name} #`));
      expect(theirs.map(({ id, text }) => ({ id, text }))).toEqual(sent);
      for (const { id, seq } of theirs) expect(seq).toBe(acknowledged.get(id));
    }
  }
}
