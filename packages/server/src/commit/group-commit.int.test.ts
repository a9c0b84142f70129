import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { decodeBase64Url, encodeBase64Url, newId } from '@baton/kernel';
import { checkReceipt, verifyRow } from '@baton/ledger';
import { type AppendAnswer, type Item, signedCodec } from '@baton/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import { openServerKeys } from '../adapters/server-keys.ts';
import type { TestConversation } from '../testing/conversation.ts';
import type { TestAccount } from '../testing/organisation.ts';
import { codeOf, expectOk, startTestServer, TestPractice, type TestServer } from '../testing/practice.ts';
import { type Reply, TestSocket } from '../testing/sync-client.ts';

// Group commit by real sockets, one server and two: gapless, each once, in each author's order, receipts that hold.

const { digest, verify, rng } = nodePorts;
let postgres: TemporaryPostgres;
let first: TestServer;
let second: TestServer;
let practice: TestPractice;
let nurse: TestAccount;
beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  const databaseUrl = await postgres.createDatabase('commits');
  first = await startTestServer(databaseUrl);
  second = await startTestServer(databaseUrl, { dataDir: first.config.dataDir });
  practice = await TestPractice.create(first);
  nurse = await practice.join(['nurse']);
});
afterAll(async () => {
  await second.stop();
  await first.stop();
  await postgres.stop();
});

function committed(reply: Reply): AppendAnswer {
  if (reply.t !== 'ok' || !('receipt' in reply.a)) throw new Error(JSON.stringify(reply));
  return reply.a as AppendAnswer;
}

async function pullAll(conversation: TestConversation): Promise<Item[]> {
  const items: Item[] = [];
  for (;;) {
    const after = items.length;
    const page = await expectOk<{ items: (Omit<Item, 'b'> & { b: string })[]; newest: number }>(
      practice.get(`/v1/conversations/${conversation.conv}/items?after=${after}&limit=200`),
    );
    for (const item of page.items) items.push({ ...item, b: decodeBase64Url(item.b) ?? new Uint8Array() });
    if (page.items.length === 0) return items;
  }
}

async function expectReceipt(
  conversation: TestConversation,
  b: Uint8Array,
  answer: AppendAnswer,
): Promise<void> {
  const { publicKey } = openServerKeys(first.config.dataDir);
  const checked = await checkReceipt(answer.receipt, {
    digest,
    verify,
    org: practice.org.org,
    serverKey: publicKey,
  });
  if (!checked.ok) throw new Error(checked.error.code);
  const { receipt } = checked.value;
  expect(receipt).toMatchObject({ batch: answer.batch, ts: answer.ts });
  const row = { conv: conversation.conv, seq: answer.seq, itemHash: digest(b) };
  const inBatch = verifyRow(digest, receipt, { row, index: answer.index, path: answer.path });
  expect(inBatch.ok).toBe(true);
}

it('commits what 16 sockets of two servers send at once: gapless, each once, in order, with receipts', async () => {
  const hot = await practice.converse(nurse, [practice.admin, nurse]);
  const cool = await practice.converse(nurse, [practice.admin, nurse]);
  const batches = new Map<number, number>();
  const sent = await Promise.all(
    Array.from({ length: 16 }, async (_, index) => {
      const server = index % 2 === 0 ? first : second;
      const author = index % 4 < 2 ? nurse : practice.admin;
      const socket = await TestSocket.join(server.url, author);
      const conversation = index % 3 === 0 ? cool : hot;
      const bodies = Array.from({ length: 25 }, () => conversation.envelope(author));
      const answers = await Promise.all(bodies.map((b) => socket.append(conversation.conv, b)));
      socket.close();
      return bodies.map((b, n) => ({ conversation, b, answer: committed(answers[n]!) }));
    }),
  );
  const all = sent.flat();
  for (const one of sent) {
    const seqs = one.map(({ answer }) => answer.seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));
  }
  for (const { answer } of all) batches.set(answer.batch, (batches.get(answer.batch) ?? 0) + 1);
  expect(Math.max(...batches.values())).toBeGreaterThan(1);
  for (const conversation of [hot, cool]) {
    const items = await pullAll(conversation);
    expect(items.map(({ seq }) => seq)).toEqual(items.map((_, index) => index + 1));
    const own = all.filter((one) => one.conversation === conversation);
    expect(items).toHaveLength(own.length + 1);
    for (const { b, answer } of own) expect(Buffer.from(items[answer.seq - 1]!.b).equals(b)).toBe(true);
    const stamps = items.map(({ batch, ts }) => [batch, ts] as const);
    for (let i = 1; i < stamps.length; i++) {
      expect(stamps[i]![0]).toBeGreaterThanOrEqual(stamps[i - 1]![0]);
      expect(stamps[i]![1]).toBeGreaterThanOrEqual(stamps[i - 1]![1]);
    }
  }
  for (const { conversation, b, answer } of all.slice(0, 40)) await expectReceipt(conversation, b, answer);
});

it('answers a replay with the first commit and the same receipt, from either server', async () => {
  const conversation = await practice.converse(nurse, [practice.admin, nurse]);
  const b = conversation.envelope(nurse);
  const [one, other] = await Promise.all([
    TestSocket.join(first.url, nurse),
    TestSocket.join(second.url, nurse),
  ]);
  const answers = await Promise.all([
    one.append(conversation.conv, b),
    other.append(conversation.conv, b),
    one.append(conversation.conv, b),
  ]);
  const made = answers.map(committed);
  expect(made.filter(({ replay }) => !replay)).toHaveLength(1);
  for (const answer of made) {
    expect({ ...answer, replay: true }).toEqual({ ...made[0]!, replay: true });
    await expectReceipt(conversation, b, answer);
  }
  expect(await pullAll(conversation)).toHaveLength(2);
  one.close();
  other.close();
});

it('refuses other bytes under an id that is taken', async () => {
  const conversation = await practice.converse(nurse, [practice.admin, nurse]);
  const id = newId('message', rng);
  await expectOk(practice.send(conversation, nurse, conversation.envelope(nurse, { id })));
  const again = await practice.send(conversation, nurse, conversation.envelope(nurse, { id }));
  expect([again.status, codeOf(again)]).toEqual([409, 'conflict.exists']);
});

it('refuses one of two messages of one id that arrive together in two conversations, and none of their neighbours', async () => {
  const conversations = await Promise.all(
    [1, 2, 3].map(() => practice.converse(nurse, [practice.admin, nurse])),
  );
  const [one, two, neighbour] = conversations as [TestConversation, TestConversation, TestConversation];
  const id = newId('message', rng);
  const socket = await TestSocket.join(first.url, nurse);
  const replies = await Promise.all([
    socket.append(one.conv, one.envelope(nurse, { id })),
    socket.append(two.conv, two.envelope(nurse, { id })),
    socket.append(neighbour.conv, neighbour.envelope(nurse)),
  ]);
  expect(committed(replies[2]).replay).toBe(false);
  const [kept, refused] = replies[0].t === 'ok' ? [replies[0], replies[1]] : [replies[1], replies[0]];
  expect(committed(kept).replay).toBe(false);
  expect(refused).toMatchObject({ t: 'no', code: 'conflict.exists' });
  socket.close();
});

it('refuses bytes whose signature does not fit, whoever sends them, and stores nothing', async () => {
  const conversation = await practice.converse(nurse, [practice.admin, nurse]);
  const good = conversation.envelope(nurse);
  const forged = conversation.envelope({
    ...nurse,
    device: { ...nurse.device, key: practice.admin.device.key },
  });
  expect(codeOf(await practice.send(conversation, nurse, forged))).toBe('ledger.bad_signature');
  expect(codeOf(await practice.send(conversation, practice.admin, good))).toBe('ledger.wrong_purpose');
  const elsewhere = await practice.converse(nurse, [practice.admin, nurse]);
  expect(codeOf(await practice.send(elsewhere, nurse, good))).toBe('ledger.wrong_purpose');
  const garbled = good.slice();
  garbled[garbled.length - 1]! ^= 1;
  const answer = await practice.send(conversation, nurse, garbled);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(await pullAll(conversation)).toHaveLength(1);
});

it('does not let a header claim a membership log that this conversation never had', async () => {
  const conversation = await practice.converse(nurse, [practice.admin, nurse]);
  const forked = conversation.envelope(nurse, { logHead: new Uint8Array(32).fill(7) });
  expect(codeOf(await practice.send(conversation, nurse, forked))).toBe('ledger.fork');
});

it('gives the same receipt again after the rows were read back from the database', async () => {
  const conversation = await practice.converse(nurse, [practice.admin, nurse]);
  const b = conversation.envelope(nurse);
  const body = { k: 'envelope', b: encodeBase64Url(b) };
  const path = `/v1/conversations/${conversation.conv}/items`;
  const before = await expectOk<{ receipt: string; path: string[] }>(practice.post(path, body, nurse));
  const after = await expectOk<{ receipt: string; path: string[] }>(practice.post(path, body, nurse));
  expect(after).toEqual({ ...before, replay: true });
  expect(signedCodec.decode(decodeBase64Url(after.receipt)!).ok).toBe(true);
});
