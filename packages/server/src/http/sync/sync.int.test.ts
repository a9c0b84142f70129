import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { encodeUtf8 } from '@baton/kernel';
import { hashObject, LABELS } from '@baton/ledger';
import type { ChangesAnswer, Item, ItemsAnswer, MarksAnswer, ServerFrame } from '@baton/wire';
import { encodeCanonical, watermarkCodec } from '@baton/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePorts } from '../../adapters/node-ports.ts';
import type { TestConversation } from '../../testing/conversation.ts';
import type { TestAccount } from '../../testing/organisation.ts';
import { call, expectOk, startTestServer, TestPractice, type TestServer } from '../../testing/practice.ts';
import { signBody } from '../../testing/signing.ts';
import { type Reply, TestSocket } from '../../testing/sync-client.ts';

let postgres: TemporaryPostgres;
let server: TestServer;
let other: TestServer;
let practice: TestPractice;
let nurse: TestAccount;
let doctor: TestAccount;
beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  const databaseUrl = await postgres.createDatabase('sync');
  server = await startTestServer(databaseUrl);
  other = await startTestServer(databaseUrl, { dataDir: server.config.dataDir });
  practice = await TestPractice.create(server);
  nurse = await practice.join(['nurse']);
  doctor = await practice.join(['physician']);
});
afterAll(async () => {
  await other.stop();
  await server.stop();
  await postgres.stop();
});

type ItemsFrame = Extract<ServerFrame, { t: 'items' }>;
function itemsOf(socket: TestSocket, conversation: TestConversation): Item[] {
  return socket.frames
    .filter((frame): frame is ItemsFrame => frame.t === 'items' && frame.conv === conversation.conv)
    .flatMap(({ items }) => items);
}
function answerOf<T>(reply: Reply): T {
  if (reply.t !== 'ok') throw new Error(JSON.stringify(reply));
  return reply.a as T;
}

it('pushes what is committed to members on both servers, contiguous, and to nobody else', async () => {
  const conversation = await practice.converse(nurse, [nurse, practice.admin]);
  const [sender, near, far, stranger] = await Promise.all([
    TestSocket.join(server.url, nurse),
    TestSocket.join(server.url, practice.admin),
    TestSocket.join(other.url, practice.admin),
    TestSocket.join(server.url, doctor),
  ]);
  const count = 30;
  await Promise.all(
    Array.from({ length: count }, () => sender.append(conversation.conv, conversation.envelope(nurse))),
  );
  for (const socket of [sender, near, far]) {
    await socket.until(() => itemsOf(socket, conversation).length >= count);
    expect(itemsOf(socket, conversation).map(({ seq }) => seq)).toEqual(
      Array.from({ length: count }, (_, index) => index + 2),
    );
  }
  expect(itemsOf(stranger, conversation)).toEqual([]);
  for (const socket of [sender, near, far, stranger]) socket.close();
});

it('closes a gap by changes and pull, page by page', async () => {
  const conversations = await Promise.all([1, 2, 3].map(() => practice.converse(nurse, [nurse, doctor])));
  const before = await TestSocket.join(server.url, doctor);
  const start = answerOf<ChangesAnswer>(await before.ask({ t: 'changes', after: 0, limit: 1000 })).upTo;
  before.close();
  for (const conversation of conversations) {
    await expectOk(practice.send(conversation, nurse));
    await expectOk(practice.send(conversation, nurse));
  }
  const socket = await TestSocket.join(other.url, doctor, start);
  const seen: string[] = [];
  let after = start;
  for (;;) {
    const page = answerOf<ChangesAnswer>(await socket.ask({ t: 'changes', after, limit: 1 }));
    seen.push(...page.changes.map(({ conv }) => conv));
    after = page.upTo;
    if (!page.more) break;
  }
  expect(seen.sort()).toEqual(conversations.map(({ conv }) => conv).sort());
  const conv = conversations[0]!.conv;
  const pulled = answerOf<ItemsAnswer>(await socket.ask({ t: 'pull', conv, after: 1, limit: 1 }));
  expect([pulled.items.map(({ seq }) => seq), pulled.newest]).toEqual([[2], 3]);
  const back = answerOf<ItemsAnswer>(await socket.ask({ t: 'pull-back', conv, before: 3, limit: 1 }));
  expect(back.items.map(({ seq }) => seq)).toEqual([2]);
  socket.close();
});

it('tells a client that does not keep up from where it missed, and goes on after it', async () => {
  const conversation = await practice.converse(nurse, [nurse, doctor]);
  const slow = await TestSocket.join(server.url, doctor);
  const welcome = slow.frames[0] as Extract<ServerFrame, { t: 'welcome' }>;
  slow.send({ t: 'hello', v: 1, cursor: welcome.batch });
  await slow.ask({ t: 'ping' });
  slow.pause();
  const sender = await TestSocket.join(server.url, nurse);
  // More than the queue and the kernel's buffers hold.
  for (let round = 0; round < 12; round++)
    await Promise.all(
      Array.from({ length: 10 }, () =>
        sender.append(conversation.conv, conversation.envelope(nurse, { size: 250_000 })),
      ),
    );
  slow.resume();
  const missed = await slow.until((frame) => frame.t === 'missed');
  const pushed = itemsOf(slow, conversation);
  expect(missed.from).toBeGreaterThanOrEqual(welcome.batch);
  const complete = pushed.filter(({ batch }) => batch > missed.from);
  expect(complete).toEqual([]);
  const { changes } = answerOf<ChangesAnswer>(
    await slow.ask({ t: 'changes', after: missed.from, limit: 10 }),
  );
  expect(changes.map(({ conv }) => conv)).toContain(conversation.conv);
  await sender.append(conversation.conv, conversation.envelope(nurse));
  await slow.until(() => itemsOf(slow, conversation).some(({ seq }) => seq === 122));
  slow.close();
  sender.close();
});

it('answers long pages in parts, and does not gather what a client does not take', async () => {
  const conversation = await practice.converse(nurse, [nurse, doctor]);
  const [sender, greedy] = [
    await TestSocket.join(server.url, nurse),
    await TestSocket.join(server.url, doctor),
  ];
  for (let count = 0; count < 40; count++)
    await sender.append(conversation.conv, conversation.envelope(nurse, { size: 250_000 }));
  const { conv } = conversation;
  const page = (after: number) => greedy.ask({ t: 'pull', conv, after, limit: 200 });
  const first = answerOf<ItemsAnswer>(await page(0));
  const bytes = first.items.reduce((sum, { b }) => sum + b.length, 0);
  expect(first.newest).toBe(41);
  expect(bytes).toBeGreaterThan(4 * 1024 * 1024);
  expect(bytes).toBeLessThan(5 * 1024 * 1024);
  const seen: number[] = [];
  for (let after = 0; after < first.newest; after = seen.at(-1) ?? 0)
    seen.push(...answerOf<ItemsAnswer>(await page(after)).items.map(({ seq }) => seq));
  expect(seen).toEqual(Array.from({ length: 41 }, (_, index) => index + 1));
  const back = answerOf<ItemsAnswer>(await greedy.ask({ t: 'pull-back', conv, before: 42, limit: 200 }));
  expect(back.items.at(-1)?.seq).toBe(41);

  greedy.pause();
  const before = process.memoryUsage().arrayBuffers;
  for (let count = 0; count < 150; count++) void page(0);
  // Whoever takes what they ask for is answered meanwhile: the server has not stood still.
  for (let count = 0; count < 6; count++) {
    await sender.ask({ t: 'pull', conv, after: 0, limit: 200 });
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  // 150 such answers are 600 MiB; eight are under way, and 8 MiB wait in the socket.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * 1024 * 1024);
  greedy.close();
  sender.close();
});

it('does not listen any more to a session that has ended, whatever its socket still says', async () => {
  const leaver = await practice.join(['nurse']);
  const conversation = await practice.converse(nurse, [nurse, leaver]);
  const socket = await TestSocket.join(server.url, leaver);
  // Deaf to the close frame, so that its end of the socket stays open.
  socket.pause();
  await expectOk(call(server.url, 'DELETE', '/v1/session', { token: leaver.token }));
  void socket.append(conversation.conv, conversation.envelope(leaver));
  // What comes after it on another connection is there; it is not.
  for (let round = 0; round < 3; round++) await expectOk(practice.send(conversation, nurse));
  const path = `/v1/conversations/${conversation.conv}/items`;
  const { items } = await expectOk<{ items: { k: string }[] }>(practice.get(path, nurse));
  expect(items.map(({ k }) => k)).toEqual(['entry', 'envelope', 'envelope', 'envelope']);
  socket.resume();
  expect(await socket.closed).toBe(1008);
});

it('answers a poisoned append by itself and nobody notices', async () => {
  const conversation = await practice.converse(nurse, [nurse, doctor]);
  const [poisoner, reader] = await Promise.all([
    TestSocket.join(server.url, nurse),
    TestSocket.join(server.url, doctor),
  ]);
  const good = conversation.envelope(nurse);
  const replies = await Promise.all([
    poisoner.append(conversation.conv, encodeUtf8('no object at all')),
    poisoner.append(conversation.conv, encodeCanonical({ h: 1 })),
    poisoner.append(conversation.conv, good, 'put'),
    poisoner.append(conversation.conv, good, 'entry'),
    poisoner.append(conversation.conv, good),
  ]);
  expect(replies.map((reply) => (reply.t === 'no' ? reply.code : 'ok'))).toEqual([
    'wire.malformed',
    'wire.schema',
    'wire.schema',
    'wire.schema',
    'ok',
  ]);
  await reader.until(() => itemsOf(reader, conversation).length > 0);
  poisoner.sendRaw(encodeUtf8('garbage'));
  await poisoner.until((frame) => frame.t === 'bye' && frame.code === 'wire.malformed');
  await expectOk(practice.send(conversation, nurse));
  await reader.until(() => itemsOf(reader, conversation).length > 1);
  reader.close();
});

describe('the first frame', () => {
  it('of another version is refused by its code', async () => {
    const socket = await TestSocket.join(server.url, nurse);
    socket.send({ t: 'hello', v: 99, cursor: 0 });
    const bye = await socket.until((frame) => frame.t === 'bye');
    expect(bye).toEqual({ t: 'bye', code: 'wire.version' });
  });

  it('without a session is answered by bye', async () => {
    const socket = await TestSocket.open(server.url, { token: 'x'.repeat(43) });
    expect(socket.frames[0]).toEqual({ t: 'bye', code: 'auth.required' });
  });
});

it('shows delivery and signed watermarks to the other members, on both servers', async () => {
  const conversation = await practice.converse(nurse, [nurse, doctor]);
  const [far, reader] = await Promise.all([
    TestSocket.join(other.url, nurse),
    TestSocket.join(server.url, doctor),
  ]);
  const { batch } = await expectOk<{ batch: number }>(practice.send(conversation, nurse));
  reader.send({ t: 'cursor', batch });
  type MarkFrame = Extract<ServerFrame, { t: 'mark' }>;
  const isMark = (frame: ServerFrame): frame is MarkFrame =>
    frame.t === 'mark' && frame.conv === conversation.conv && frame.mark.account === doctor.account;
  const delivered = await far.until(
    (frame): frame is MarkFrame => isMark(frame) && frame.mark.delivered >= batch,
  );
  expect(delivered.mark.opened).toBeNull();

  const body = watermarkCodec.encode({
    v: 1,
    t: 'watermark',
    org: practice.org.org,
    conv: conversation.conv,
    account: doctor.account,
    dk: doctor.device.dk,
    seq: 2,
    ts: practice.org.now,
  });
  const mark = signBody(doctor.device.key, LABELS.watermark, body);
  answerOf(await reader.ask({ t: 'watermark', b: mark }));
  await far.until((frame) => isMark(frame) && frame.mark.opened !== null);
  const marks = answerOf<MarksAnswer>(await far.ask({ t: 'marks', conv: conversation.conv }));
  const own = marks.marks.find(({ account }) => account === doctor.account);
  expect(Buffer.from(own!.opened!).equals(mark)).toBe(true);
  expect(hashObject(nodePorts.digest, LABELS.watermark, body)).toHaveLength(32);

  const forged = signBody(nurse.device.key, LABELS.watermark, body);
  expect(await reader.ask({ t: 'watermark', b: forged })).toMatchObject({
    t: 'no',
    code: 'ledger.bad_signature',
  });
  far.close();
  reader.close();
});

it('tells every client that the key log grew', async () => {
  const sockets = await Promise.all([TestSocket.join(server.url, nurse), TestSocket.join(other.url, nurse)]);
  await practice.append([practice.org.invite(['nurse']).statement]);
  const { size } = (await practice.keyLog()).tree;
  for (const socket of sockets)
    expect(await socket.until((frame) => frame.t === 'keylog')).toEqual({ t: 'keylog', size });
  for (const socket of sockets) socket.close();
});

it('ends its sockets when it stops, and what was acknowledged is there after the next start', async () => {
  const databaseUrl = await postgres.createDatabase('stopping');
  const first = await startTestServer(databaseUrl);
  const own = await TestPractice.create(first);
  const conversation = await own.converse(own.admin, [own.admin]);
  const socket = await TestSocket.join(first.url, own.admin);
  const sent = Array.from({ length: 50 }, () =>
    socket.append(conversation.conv, conversation.envelope(own.admin)),
  );
  const replies = await Promise.all(sent);
  await first.running.stop();
  await socket.closed;
  const second = await startTestServer(databaseUrl, { dataDir: first.config.dataDir });
  const items = await expectOk<{ newest: number }>(
    call(second.url, 'GET', `/v1/conversations/${conversation.conv}/items?after=0`, own.admin),
  );
  expect(items.newest).toBe(1 + replies.filter(({ t }) => t === 'ok').length);
  await second.stop();
  await first.stop();
});
