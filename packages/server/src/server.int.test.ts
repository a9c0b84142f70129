import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { call, expectOk, startTestServer, TestPractice, type TestServer } from './testing/practice.ts';

let postgres: TemporaryPostgres;
let server: TestServer;
beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  server = await startTestServer(await postgres.createDatabase('slice'));
});
afterAll(async () => {
  await server.stop();
  await postgres.stop();
});

it('answers healthz, readyz, openapi and docs', async () => {
  await expectOk(call(server.url, 'GET', '/healthz'));
  await expectOk(call(server.url, 'GET', '/readyz'));
  const document = await expectOk<{ openapi: string; paths: object }>(
    call(server.url, 'GET', '/openapi.json'),
  );
  expect(document.openapi).toBe('3.1.0');
  expect(Object.keys(document.paths).length).toBeGreaterThan(25);
  const docs = await call(server.url, 'GET', '/docs/');
  expect(docs.status).toBe(200);
  expect(docs.headers.get('content-security-policy')).toContain("script-src 'self'");
});

it('sets up an organisation, invites, converses and sends', async () => {
  const practice = await TestPractice.create(server);
  const nurse = await practice.join(['nurse']);
  const conversation = await practice.converse(nurse, [practice.admin, nurse]);
  const sent = await expectOk<{ seq: number; replay: boolean }>(practice.send(conversation, nurse));
  expect(sent).toMatchObject({ seq: 2, replay: false });
  const items = await expectOk<{ items: unknown[]; newest: number }>(
    practice.get(`/v1/conversations/${conversation.conv}/items?after=0`),
  );
  expect(items.newest).toBe(2);
  expect(items.items).toHaveLength(2);
});
