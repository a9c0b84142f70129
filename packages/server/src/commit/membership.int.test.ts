import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { encodeBase64Url, type MemberId, newId } from '@baton/kernel';
import { CUSTODIAN, type EntryOp } from '@baton/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import {
  entryText,
  sealTo,
  type SignedEntry,
  TestConversation,
  type TestRecipient,
} from '../testing/conversation.ts';
import type { TestAccount } from '../testing/organisation.ts';
import {
  type Answer,
  call,
  codeOf,
  expectOk,
  putFile,
  startTestServer,
  TestPractice,
  type TestServer,
} from '../testing/practice.ts';
import { TestSocket } from '../testing/sync-client.ts';

// Who reaches what, and what membership entries, roles and key-log statements do to it. Two servers share the database throughout.

const { rng } = nodePorts;
let postgres: TemporaryPostgres;
let server: TestServer;
let other: TestServer;
let practice: TestPractice;
let nurse: TestAccount;
let doctor: TestAccount;
beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  const databaseUrl = await postgres.createDatabase('membership');
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

function post(conversation: TestConversation, entry: SignedEntry, author: TestAccount): Promise<Answer> {
  const { entry: b, boxes } = entryText(entry);
  return practice.post(`/v1/conversations/${conversation.conv}/items`, { k: 'entry', b, boxes }, author);
}

/** Commits an entry and moves the conversation on. */
async function change(
  conversation: TestConversation,
  author: TestAccount,
  op: EntryOp,
  options: { recipients: readonly TestRecipient[]; newGeneration: boolean },
): Promise<void> {
  await practice.follow(conversation, author);
  const entry = conversation.entry(author, op, options);
  await expectOk(post(conversation, entry, author));
  conversation.accepted(entry, options.newGeneration);
}

async function sendBy(on: TestServer, conversation: TestConversation, author: TestAccount): Promise<Answer> {
  const b = encodeBase64Url(conversation.envelope(author));
  const path = `/v1/conversations/${conversation.conv}/items`;
  return call(on.url, 'POST', path, { token: author.token, body: { k: 'envelope', b } });
}

it('lets one of two entries for the same place win, tells the other, and takes a repeated one as a repetition', async () => {
  const conversation = await practice.converse(nurse, [practice.admin, nurse, doctor]);
  await practice.follow(conversation, nurse);
  const rotate: EntryOp = { op: 'rotate', reason: 'age' };
  const options = { recipients: sealTo([practice.admin, nurse, doctor]), newGeneration: true };
  const entries = [conversation.entry(nurse, rotate, options), conversation.entry(doctor, rotate, options)];
  const answers = await Promise.all([
    post(conversation, entries[0]!, nurse),
    post(conversation, entries[1]!, doctor),
  ]);
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
  const [lost] = answers.filter(({ status }) => status === 409);
  expect(codeOf(lost!)).toBe('conflict.head');
  const winner = answers[0].status === 200 ? 0 : 1;
  const again = await expectOk(post(conversation, entries[winner]!, [nurse, doctor][winner]!));
  expect(again).toMatchObject({ replay: true });
});

it('refuses a message under old keys by either server, and answers the replay of one that was in time', async () => {
  const conversation = await practice.converse(nurse, [practice.admin, nurse]);
  expect((await sendBy(other, conversation, nurse)).status).toBe(200);
  const inTime = encodeBase64Url(conversation.envelope(nurse));
  const late = conversation.envelope(nurse);
  const path = `/v1/conversations/${conversation.conv}/items`;
  await expectOk(practice.post(path, { k: 'envelope', b: inTime }, nurse));
  const op: EntryOp = { op: 'rotate', reason: 'age' };
  await change(conversation, nurse, op, { recipients: sealTo([practice.admin, nurse]), newGeneration: true });
  for (const on of [server, other]) {
    const answer = await call(on.url, 'POST', path, {
      token: nurse.token,
      body: { k: 'envelope', b: encodeBase64Url(late) },
    });
    expect([answer.status, codeOf(answer)]).toEqual([409, 'conflict.stale_generation']);
  }
  const replay = await expectOk(practice.post(path, { k: 'envelope', b: inTime }, nurse));
  expect(replay).toMatchObject({ replay: true });
  expect((await sendBy(other, conversation, nurse)).status).toBe(200);
});

it('shuts a removed member out at once on both servers, with the answer of what does not exist', async () => {
  const conversation = await practice.converse(nurse, [practice.admin, nurse, doctor]);
  expect((await sendBy(other, conversation, doctor)).status).toBe(200);
  const socket = await TestSocket.join(other.url, doctor);
  await change(
    conversation,
    nurse,
    { op: 'remove', members: [doctor.account], because: null },
    { recipients: sealTo([practice.admin, nurse]), newGeneration: true },
  );
  const absent = newId('conversation', rng);
  for (const on of [server, other]) {
    for (const path of ['', '/items?after=0', '/entries', '/boxes']) {
      const own = await call(on.url, 'GET', `/v1/conversations/${conversation.conv}${path}`, doctor);
      const none = await call(on.url, 'GET', `/v1/conversations/${absent}${path}`, doctor);
      expect([own.status, own.body]).toEqual([404, none.body]);
    }
    const write = await sendBy(on, conversation, doctor);
    expect([write.status, codeOf(write)]).toEqual([404, 'request.not_found']);
  }
  await expectOk(sendBy(server, conversation, nurse));
  // Of all that is pushed, only the entry that removed them.
  await socket.until((frame) => frame.t === 'items' && frame.conv === conversation.conv);
  await socket.ask({ t: 'ping' });
  const pushed = socket.frames.flatMap((frame) =>
    frame.t === 'items' && frame.conv === conversation.conv ? frame.items : [],
  );
  expect(pushed.map(({ seq, k }) => [seq, k])).toEqual([[3, 'entry']]);
  socket.close();
});

it('knows at once on the second server who joined by the first, and answers an outsider as if nothing were there', async () => {
  await TestSocket.join(other.url, nurse);
  const newcomer = await practice.join(['physician']);
  const conversation = await practice.converse(nurse, [practice.admin, nurse]);
  await expectOk(sendBy(other, conversation, nurse));
  expect((await sendBy(other, conversation, newcomer)).status).toBe(404);
  const entry = (target: TestConversation): SignedEntry =>
    target.entry(newcomer, { op: 'rotate', reason: 'age' }, { recipients: [], newGeneration: true });
  const absent = new TestConversation(practice.org);
  Object.assign(absent, { n: conversation.n, head: conversation.head, gen: conversation.gen });
  const refused = [
    await post(conversation, entry(conversation), newcomer),
    await post(absent, entry(absent), newcomer),
  ];
  conversation.n += 5;
  refused.push(await post(conversation, entry(conversation), newcomer));
  conversation.n -= 5;
  for (const answer of refused) expect([answer.status, codeOf(answer)]).toEqual([404, 'request.not_found']);
  await change(
    conversation,
    nurse,
    { op: 'add', members: [{ m: newcomer.account, hist: true }], because: null },
    { recipients: [{ m: newcomer.account, g: 1, h: true }], newGeneration: false },
  );
  expect((await sendBy(other, conversation, newcomer)).status).toBe(200);
});

it('gives boxes to their recipient and nobody else', async () => {
  const conversation = await practice.converse(nurse, [practice.admin, nurse, doctor]);
  const { boxes } = await expectOk<{ boxes: { to: string; gen: number }[] }>(
    practice.get(`/v1/conversations/${conversation.conv}/boxes`, doctor),
  );
  expect(boxes).toEqual([{ to: doctor.account, gen: 1, box: expect.any(String) as string }]);
});

it('refuses an entry whose recipients, boxes or generation are not what the rules ask for', async () => {
  const conversation = await practice.converse(nurse, [practice.admin, nurse]);
  await practice.follow(conversation, nurse);
  const add: EntryOp = { op: 'add', members: [{ m: doctor.account, hist: true }], because: null };
  const missing = conversation.entry(nurse, add, { recipients: [], newGeneration: false });
  expect(codeOf(await post(conversation, missing, nurse))).toBe('policy.recipients');
  const ghost = { m: practice.admin.account as MemberId, g: 1, h: true };
  const extra = conversation.entry(nurse, add, {
    recipients: [{ m: doctor.account, g: 1, h: true }, ghost],
    newGeneration: false,
  });
  expect(codeOf(await post(conversation, extra, nurse))).toBe('policy.recipients');
  const wrongKey = conversation.entry(nurse, add, {
    recipients: [{ m: doctor.account, g: 2, h: true }],
    newGeneration: false,
  });
  expect(codeOf(await post(conversation, wrongKey, nurse))).toBe('policy.recipients');
  const good = conversation.entry(nurse, add, {
    recipients: [{ m: doctor.account, g: 1, h: true }],
    newGeneration: false,
  });
  const noBox = await post(conversation, { ...good, boxes: [] }, nurse);
  expect(codeOf(noBox)).toBe('ledger.bad_proof');
  await expectOk(post(conversation, good, nurse));
});

it('reaches a conversation through a role while it is held, and no longer', async () => {
  const role = newId('role', rng);
  const keyring = new TestConversation(practice.org);
  await practice.append([practice.org.role(role, keyring.conv)]);
  await practice.follow(keyring);
  const makeKeyring: EntryOp = {
    op: 'create',
    kind: 'keyring',
    members: [
      { m: practice.admin.account, hist: true },
      { m: nurse.account, hist: true },
    ],
    role,
    parent: null,
  };
  const made = keyring.entry(practice.admin, makeKeyring, {
    recipients: sealTo([practice.admin, nurse]),
    newGeneration: true,
  });
  await expectOk(practice.post('/v1/conversations', { conv: keyring.conv, ...entryText(made) }));
  keyring.accepted(made, true);
  await practice.append(
    [practice.org.roleKey(nurse, { role, keyring: keyring.conv, gen: 1, entry: made.hash })],
    nurse,
  );

  const chart = new TestConversation(practice.org);
  await practice.follow(chart, nurse);
  const open: EntryOp = {
    op: 'create',
    kind: 'collection',
    members: [{ m: role, hist: true }],
    role: null,
    parent: null,
  };
  const opened = chart.entry(nurse, open, {
    recipients: [
      { m: role, g: 1, h: true },
      { m: CUSTODIAN, g: 1, h: true },
    ],
    newGeneration: true,
  });
  await expectOk(practice.post('/v1/conversations', { conv: chart.conv, ...entryText(opened) }, nurse));
  chart.accepted(opened, true);

  const path = `/v1/conversations/${chart.conv}/items`;
  const key = rng.bytes(32);
  const put = chart.put(nurse, { key, version: 1, prev: null });
  await expectOk(practice.post(path, { k: 'put', b: encodeBase64Url(put.b) }, nurse));
  expect((await practice.get(path, doctor)).status).toBe(404);
  expect((await practice.get(path, nurse)).status).toBe(200);
  const listed = await expectOk<{ conversations: { conv: string }[] }>(
    practice.get('/v1/conversations', nurse),
  );
  expect(listed.conversations.map(({ conv }) => conv)).toContain(chart.conv);

  // Compare-and-set per key, within one batch as well.
  const rivals = [1, 2].map(() => chart.put(nurse, { key, version: 2, prev: put.hash }));
  const answers = await Promise.all(
    rivals.map(({ b }) => practice.post(path, { k: 'put', b: encodeBase64Url(b) }, nurse)),
  );
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
  expect(codeOf(answers.find(({ status }) => status === 409)!)).toBe('conflict.version');
  const snapshot = await expectOk<{ puts: unknown[]; seq: number }>(
    practice.get(`/v1/conversations/${chart.conv}/snapshot`, nurse),
  );
  expect([snapshot.puts.length, snapshot.seq]).toEqual([1, 3]);

  // The nurse leaves the keyring: out at once, before the role has its next key.
  await change(
    keyring,
    practice.admin,
    { op: 'remove', members: [nurse.account], because: null },
    { recipients: sealTo([practice.admin]), newGeneration: true },
  );
  for (const on of [server, other]) {
    expect((await call(on.url, 'GET', path, nurse)).status).toBe(404);
    const next = chart.put(nurse, { key: rng.bytes(32), version: 1, prev: null });
    const body = { k: 'put', b: encodeBase64Url(next.b) };
    expect((await call(on.url, 'POST', path, { token: nurse.token, body })).status).toBe(404);
  }
  // The role's next key asks its conversations for new keys.
  await practice.append([
    practice.org.roleKey(practice.admin, { role, keyring: keyring.conv, gen: 2, entry: keyring.head! }),
  ]);
  const stale = chart.put(practice.admin, { key: rng.bytes(32), version: 1, prev: null });
  const refused = await practice.post(path, { k: 'put', b: encodeBase64Url(stale.b) });
  expect([refused.status, codeOf(refused)]).toEqual([409, 'conflict.needs_rotate']);
});

it('asks for new keys when a device was revoked, and ends its session and socket', async () => {
  const leaver = await practice.join(['nurse']);
  const conversation = await practice.converse(nurse, [nurse, leaver]);
  const socket = await TestSocket.join(other.url, leaver);
  await practice.append([practice.org.revocation(leaver, leaver.device.device)], leaver);
  await socket.until((frame) => frame.t === 'bye' && frame.code === 'ledger.revoked');
  expect(await socket.closed).toBe(1008);
  expect(codeOf(await practice.get('/v1/me', leaver))).toBe('ledger.revoked');
  const refused = await practice.send(conversation, nurse);
  expect([refused.status, codeOf(refused)]).toEqual([409, 'conflict.needs_rotate']);
});

it('ends every session of a deactivated account at once, on both servers', async () => {
  const leaver = await practice.join(['nurse']);
  const conversation = await practice.converse(nurse, [nurse, leaver]);
  const sockets = await Promise.all([
    TestSocket.join(server.url, leaver),
    TestSocket.join(other.url, leaver),
  ]);
  await practice.append([practice.org.grant(leaver.account, { n: 1, jobs: ['nurse'], active: false })]);
  for (const socket of sockets) await socket.until((frame) => frame.t === 'bye');
  for (const on of [server, other]) {
    expect((await call(on.url, 'GET', '/v1/me', leaver)).status).toBe(422);
    expect((await sendBy(on, conversation, leaver)).status).toBe(422);
  }
  const signIn = await call(server.url, 'POST', '/v1/auth/recovery', {
    body: { login: leaver.login, proof: encodeBase64Url(leaver.proof), totp: null, bearer: true },
  });
  expect([signIn.status, codeOf(signIn)]).toEqual([401, 'auth.failed']);
});

it('hands files to members only, each time anew (T30)', async () => {
  const conversation = await practice.converse(nurse, [practice.admin, nurse, doctor]);
  const blob = newId('blob', rng);
  const sealed = rng.bytes(100_000);
  const put = { conv: conversation.conv, blob, sealed, token: nurse.token };
  await expectOk(putFile(server.url, put));
  await expectOk(putFile(server.url, put));
  const changed = await putFile(server.url, { ...put, sealed: rng.bytes(100_000) });
  expect(codeOf(changed)).toBe('conflict.exists');
  const listing = conversation.envelope(nurse, { blobs: [blob as `b_${string}`] });
  await expectOk(practice.send(conversation, nurse, listing));
  const got = await call(other.url, 'GET', `/v1/blobs/${blob}`, doctor);
  expect(Buffer.from(sealed).equals(got.body as Buffer)).toBe(true);
  await change(
    conversation,
    nurse,
    { op: 'remove', members: [doctor.account], because: null },
    { recipients: sealTo([practice.admin, nurse]), newGeneration: true },
  );
  expect((await call(other.url, 'GET', `/v1/blobs/${blob}`, doctor)).status).toBe(404);
  const foreign = conversation.envelope(nurse, { blobs: [newId('blob', rng) as `b_${string}`] });
  expect(codeOf(await practice.send(conversation, nurse, foreign))).toBe('request.invalid');
});

it('refuses what is too large with a code', async () => {
  const conversation = await practice.converse(nurse, [nurse, practice.admin]);
  const blob = newId('blob', rng);
  const path = `/v1/conversations/${conversation.conv}/blobs/${blob}?offset=0&size=${5 * 1024 * 1024}`;
  const raw = new Uint8Array(4 * 1024 * 1024 + 1);
  const answer = await call(server.url, 'PUT', path, { token: nurse.token, raw });
  expect([answer.status, codeOf(answer)]).toEqual([413, 'wire.too_large']);
});
