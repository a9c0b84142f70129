import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { newId } from '@baton/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import type { TestAccount } from '../testing/organisation.ts';
import { codeOf, expectOk, startTestServer, TestPractice, type TestServer } from '../testing/practice.ts';
import { TestSocket } from '../testing/sync-client.ts';

// What administrators see of an agent, and that it reads nothing further once it is deactivated.

let postgres: TemporaryPostgres;
let server: TestServer;
let practice: TestPractice;
let agent: TestAccount;
let nurse: TestAccount;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  server = await startTestServer(await postgres.createDatabase('agents'));
  practice = await TestPractice.create(server);
  nurse = await practice.join(['nurse']);
  agent = await practice.join(['agent'], { kind: 'agent' });
});
afterAll(async () => {
  await server.stop();
  await postgres.stop();
});

describe("an agent's activity", () => {
  const path = (who: TestAccount): string => `/v1/agents/${who.account}/activity`;

  it('is shown to administrators: where it is a member, when it was seen, what it did', async () => {
    const admin = await practice.freshAdmin();
    await practice.get(`/v1/conversations/${newId('conversation', nodePorts.rng)}`, agent);
    await expect
      .poll(async () => {
        const body = await expectOk<{ events: { action: string }[] }>(practice.get(path(agent), admin));
        return body.events.map(({ action }) => action);
      })
      .toContain('GET /v1/conversations/:conv');
    const body = await expectOk(practice.get(`${path(agent)}?limit=1`, admin));
    expect(body).toMatchObject({ conversations: [], lastSeenAt: expect.any(Number) as number });
    expect(body['events']).toMatchObject([{ outcome: 'refused', hash: expect.any(String) as string }]);
  });

  it('is nobody else\u2019s business, and people have none', async () => {
    expect((await practice.get(path(agent), nurse)).status).toBe(403);
    expect((await practice.get(path(agent), agent)).status).toBe(403);
    const person = await practice.get(path(nurse));
    const absent = await practice.get(`/v1/agents/${newId('account', nodePorts.rng)}/activity`);
    expect([person.status, person.body]).toEqual([404, absent.body]);
    const theirs = await TestPractice.create(server);
    expect((await practice.get(path(agent), theirs.admin)).body).toEqual(absent.body);
  });
});

it('reads nothing further once it is deactivated: sessions, sockets and device end at once', async () => {
  const socket = await TestSocket.join(server.url, agent);
  expect((await practice.get('/v1/conversations', agent)).status).toBe(200);
  const { org } = practice;
  const ended = org.sign(org.enroller, {
    v: 1,
    t: 'grant',
    org: org.org,
    ts: org.now,
    account: agent.account,
    n: 1,
    name: 'Test agent',
    jobs: ['agent'],
    active: false,
    manifest: nodePorts.rng.bytes(32),
  });
  await practice.append([ended.body], await practice.freshAdmin());
  const bye = await socket.until((frame) => frame.t === 'bye');
  expect(bye).toEqual({ t: 'bye', code: 'ledger.revoked' });
  expect(await socket.closed).toBe(1008);
  const paths = ['/v1/conversations', '/v1/keylog', '/v1/batons?after=0', '/v1/records?after=0', '/v1/me'];
  for (const path of paths) {
    const answer = await practice.get(path, agent);
    expect([path, answer.status >= 400, codeOf(answer)]).toEqual([path, true, 'ledger.revoked']);
  }
  const again = await TestSocket.open(server.url, { token: agent.token });
  expect(again.frames).toEqual([{ t: 'bye', code: 'ledger.revoked' }]);
});
