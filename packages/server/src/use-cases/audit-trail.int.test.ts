import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { decodeBase64Url, encodeBase64Url, newId } from '@baton/kernel';
import {
  appendToFrontier,
  auditEventHash,
  auditLeaf,
  checkAuditCheckpoint,
  checkHeadOfLog,
  checkTreeHead,
  conversationHeadValue,
  EMPTY_FRONTIER,
  EMPTY_MAP,
  frontierRoot,
  mapKey,
  setInMap,
  sparseRoot,
} from '@baton/ledger';
import type { AuditEventBody } from '@baton/wire';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import { openServerKeys } from '../adapters/server-keys.ts';
import { codeOf, expectOk, startTestServer, TestPractice, type TestServer } from '../testing/practice.ts';

// What the server signs about the organisation's past, checked as a client would, and with rows changed behind its back.

const { digest, verify } = nodePorts;
let postgres: TemporaryPostgres;
let server: TestServer;
let practice: TestPractice;
beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  server = await startTestServer(await postgres.createDatabase('audit'));
  practice = await TestPractice.create(server, { jobs: ['practice-manager', 'compliance-officer'] });
});
afterAll(async () => {
  await server.stop();
  await postgres.stop();
});

const serverKey = (): Uint8Array => openServerKeys(server.config.dataDir).publicKey;
type Page = { events: AuditEventBody[]; size: number; checkpoint: string };
const readPage = (): Promise<Page> => expectOk<Page>(practice.get('/v1/audit?limit=500'));

/** The root that the events of a page give, up to the checkpoint's size; the page reaches back to the first event. */
async function rootFits(page: Page): Promise<boolean> {
  const check = { digest, verify, org: practice.org.org, serverKey: serverKey() };
  const checkpoint = await checkAuditCheckpoint(decodeBase64Url(page.checkpoint)!, check);
  if (!checkpoint.ok) throw new Error(checkpoint.error.code);
  let frontier = EMPTY_FRONTIER;
  for (const { hash: _, ...event } of [...page.events].reverse().slice(0, checkpoint.value.size)) {
    const record = { v: 1, t: 'audit', org: practice.org.org, ...event } as const;
    frontier = appendToFrontier(digest, frontier, auditLeaf(digest, auditEventHash(digest, record)));
  }
  return Buffer.from(frontierRoot(digest, frontier)).equals(checkpoint.value.root);
}

it('records who did what, refusals included, in a gapless log under a signed tree', async () => {
  const nurse = await practice.join(['nurse']);
  const conversation = await practice.converse(nurse, [nurse, practice.admin]);
  await expectOk(practice.send(conversation, nurse));
  await expectOk(practice.get(`/v1/conversations/${conversation.conv}/items`, nurse));
  await expectOk(practice.get(`/v1/conversations/${conversation.conv}/items?after=1`, nurse));
  expect((await practice.get('/v1/audit', nurse)).status).toBe(403);
  await practice.get(`/v1/conversations/${newId('conversation', nodePorts.rng)}`, nurse);
  // A refusal is answered before it is written down.
  const by = (page: Page) => page.events.filter(({ actor }) => actor === nurse.account);
  const page = await vi.waitFor(
    async () => {
      const now = await readPage();
      expect(by(now).map(({ action, outcome }) => `${action} ${outcome}`)).toEqual(
        expect.arrayContaining([
          'keylog.account ok',
          'conversation.create ok',
          'message.append ok',
          'conversation.read ok',
          'GET /v1/audit refused',
          'GET /v1/conversations/:conv refused',
        ]),
      );
      return now;
    },
    { timeout: 30_000, interval: 100 },
  );
  expect(page.events.map(({ n }) => n)).toEqual(
    page.events.map((_, index) => page.events.length - 1 - index),
  );
  const seen = by(page);
  expect(seen.filter(({ action }) => action === 'conversation.read')).toHaveLength(1);
  const sent = seen.find(({ action }) => action === 'message.append');
  expect(sent).toMatchObject({ object: conversation.conv, session: expect.stringMatching(/^s_/) as string });
  expect(await rootFits(page)).toBe(true);
});

it('shows when a row was changed behind its back', async () => {
  const before = await readPage();
  expect(await rootFits(before)).toBe(true);
  const owner = new pg.Client({ connectionString: server.config.databaseUrl });
  await owner.connect();
  await owner.query('ALTER TABLE baton.audit DISABLE ROW LEVEL SECURITY');
  await owner.query("UPDATE baton.audit SET action = 'message.read' WHERE action = 'message.append'");
  await owner.query('ALTER TABLE baton.audit ENABLE ROW LEVEL SECURITY');
  await owner.end();
  expect(await rootFits(await readPage())).toBe(false);
});

it('signs a head over key log and membership logs with every statement', async () => {
  const nurse = await practice.join(['nurse']);
  const conversation = await practice.converse(nurse, [nurse, practice.admin]);
  await practice.append([practice.org.invite(['nurse']).statement], await practice.freshAdmin());
  const state = await practice.keyLog();
  const page = await expectOk<{ head: string; headSize: number; size: number }>(practice.get('/v1/keylog'));
  expect(page.headSize).toBe(page.size);
  const check = { digest, verify, org: practice.org.org, serverKey: serverKey() };
  const head = await checkTreeHead(decodeBase64Url(page.head)!, check);
  if (!head.ok) throw new Error(head.error.code);
  expect(checkHeadOfLog(state, head.value.head).ok).toBe(true);
  const listed = await expectOk<{ conversations: { conv: string; logN: number; logHead: string }[] }>(
    practice.get('/v1/conversations'),
  );
  let map = EMPTY_MAP;
  for (const { conv, logN, logHead } of listed.conversations)
    map = setInMap(map, mapKey(digest, conv), conversationHeadValue(digest, logN, decodeBase64Url(logHead)!));
  expect(listed.conversations.map(({ conv }) => conv)).toContain(conversation.conv);
  expect(Buffer.from(sparseRoot(digest, map)).equals(head.value.head.convRoot)).toBe(true);
});

it('makes no organisation without an administrator, and lets none go by their own hand', async () => {
  await expect(TestPractice.create(server, { jobs: ['nurse'] })).rejects.toThrow('policy.last_admin');
  const admin = await practice.freshAdmin();
  const leave = practice.org.grant(admin.account, { n: 1, jobs: ['nurse'], active: true });
  const answer = await practice.post('/v1/keylog', { statements: [encodeBase64Url(leave)] }, admin);
  expect([answer.status, codeOf(answer)]).toEqual([403, 'policy.forbidden']);
});
