import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TestAccount } from '../testing/organisation.ts';
import { codeOf, startTestServer, TestPractice, type TestServer } from '../testing/practice.ts';

// A signed-in account whose program has gone wrong does not fill the organisation's logs, and does not hold its lock for ever.

let postgres: TemporaryPostgres;
let server: TestServer;
let practice: TestPractice;
let nurse: TestAccount;
let doctor: TestAccount;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  server = await startTestServer(await postgres.createDatabase('own_limits'));
  practice = await TestPractice.create(server);
  nurse = await practice.join(['nurse']);
  doctor = await practice.join(['physician']);
});
afterAll(async () => {
  await server.stop();
  await postgres.stop();
});

it('refuses records beyond the limit of an account, and of that account alone', async () => {
  const body = { records: ['AAAA'] };
  const codes = new Map<string, number>();
  for (let sent = 0; sent < 310; sent += 10)
    for (const answer of await Promise.all(
      Array.from({ length: 10 }, () => practice.post('/v1/records', body, nurse)),
    )) {
      const code = codeOf(answer) ?? 'ok';
      codes.set(code, (codes.get(code) ?? 0) + 1);
    }
  expect(codes.get('limit.rate')).toBe(10);
  expect(codeOf(await practice.post('/v1/records', body, doctor))).not.toBe('limit.rate');
}, 30_000);
