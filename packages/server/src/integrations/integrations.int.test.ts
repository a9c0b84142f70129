import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { type IntegrationId, newId } from '@baton/kernel';
import type { BatonStateBody, IntegrationBody } from '@baton/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import { TestDuty } from '../testing/duty.ts';
import type { TestAccount } from '../testing/organisation.ts';
import {
  isSignedWith,
  type OutsideServer,
  type Received,
  startOutsideServer,
} from '../testing/outside-world.ts';
import {
  type Answer,
  call,
  codeOf,
  expectOk,
  startTestServer,
  TestPractice,
  type TestServer,
} from '../testing/practice.ts';
import { TestSocket } from '../testing/sync-client.ts';

// Outside systems (docs/protocol/batons.md §7): a token of their own, batons without a message, signed webhooks in order.

let postgres: TemporaryPostgres;
let receiver: OutsideServer;
let server: TestServer;
let practice: TestPractice;
let duty: TestDuty;
let doctor: TestAccount;

interface Made {
  readonly integration: IntegrationBody;
  readonly token: string;
  readonly webhookSecret: string;
}

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  receiver = await startOutsideServer({ tls: false });
  server = await startTestServer(await postgres.createDatabase('integrations'), {
    outside: { noticeChannels: [], pushHosts: [], loopbackWebhooks: true },
  });
  practice = await TestPractice.create(server);
  doctor = await practice.join(['physician']);
  duty = await TestDuty.create(practice);
});
afterAll(async () => {
  await server.stop();
  await receiver.stop();
  await postgres.stop();
});

async function make(webhook: string | null = null, who?: TestAccount): Promise<Made> {
  const admin = who ?? (await practice.freshAdmin());
  return expectOk<never>(practice.post('/v1/integrations', { name: 'Laboratory', webhook }, admin));
}

function open(token: string, changes: Record<string, unknown> = {}): Promise<Answer> {
  const body = { to: doctor.account, contract: 'stat', withinMs: 300_000, reference: 'ref-1', ...changes };
  return call(server.url, 'POST', '/v1/integrations/batons', { token, body });
}

const dataOf = (received: Received): { type: string; timestamp: string; data: BatonStateBody } =>
  JSON.parse(received.body.toString()) as never;

/** Requests at one path of the receiver, once there are so many. */
async function untilAt(path: string, count: number): Promise<Received[]> {
  for (let total = receiver.received.length; ; total++) {
    const found = receiver.received.filter((received) => received.path === path);
    if (found.length >= count) return found;
    await receiver.until(Math.max(total, receiver.received.length) + 1, 20_000);
  }
}

describe('an outside system', () => {
  it('opens a baton without a message, once for each reference, and sees how it ends', async () => {
    const { token, integration } = await make();
    const opened = await expectOk<BatonStateBody>(open(token));
    expect(opened).toMatchObject({
      reference: 'ref-1',
      contract: 'stat',
      state: 'open',
      owner: doctor.account,
      endedBy: null,
      reason: null,
      endedAt: null,
    });
    expect(opened.deadline - opened.openedAt).toBe(300_000);
    expect(await expectOk(open(token))).toEqual(opened);
    const other = await open(token, { contract: 'talk' });
    expect([other.status, codeOf(other)]).toEqual([409, 'conflict.exists']);

    const state = await duty.until(doctor, opened.baton);
    expect(state.opener).toBe(integration.integration);
    await expectOk(duty.act(doctor, state, { op: 'acknowledge', readBack: false }));
    const acknowledged = await duty.until(doctor, opened.baton, ({ status }) => status === 'acknowledged');
    await expectOk(duty.act(doctor, acknowledged, { op: 'close', reason: 'done' }));
    const path = `/v1/integrations/batons/${opened.baton}`;
    expect(await expectOk(call(server.url, 'GET', path, { token }))).toMatchObject({
      state: 'closed',
      endedBy: doctor.account,
      reason: 'done',
    });
    const [listed] = (await expectOk<{ integrations: IntegrationBody[] }>(practice.get('/v1/integrations')))
      .integrations;
    expect(listed).toMatchObject({ name: 'Laboratory', webhook: null, pending: 0, lastFailure: null });
    expect(listed?.lastUsedAt).toBeGreaterThan(0);
    expect(JSON.stringify(listed)).not.toContain(token);
  });

  it('leaves in the audit log what it opened, once', async () => {
    const officer = await practice.join(['compliance-officer']);
    const { token } = await make();
    const { baton } = await expectOk<BatonStateBody>(open(token, { reference: 'audited' }));
    await expectOk(open(token, { reference: 'audited' }));
    const { events } = await expectOk<{ events: { action: string; object: string | null }[] }>(
      practice.get('/v1/audit?limit=500', officer),
    );
    const opened = events.filter(({ action, object }) => action === 'integration.baton' && object === baton);
    expect(opened).toHaveLength(1);
  });

  it('sees its own batons only', async () => {
    const first = await make();
    const second = await make();
    const { baton } = await expectOk<BatonStateBody>(open(first.token, { reference: 'mine' }));
    // The same reference of somebody else is another baton.
    expect((await expectOk<BatonStateBody>(open(second.token, { reference: 'mine' }))).baton).not.toBe(baton);
    const foreign = await call(server.url, 'GET', `/v1/integrations/batons/${baton}`, {
      token: second.token,
    });
    const absent = await call(server.url, 'GET', `/v1/integrations/batons/${newId('event', nodePorts.rng)}`, {
      token: second.token,
    });
    expect([foreign.status, foreign.body]).toEqual([404, absent.body]);
  });

  it('asks nobody who cannot be held accountable, and says nothing but ids', async () => {
    const { token } = await make();
    const nobody = await open(token, { to: newId('role', nodePorts.rng), reference: 'nobody' });
    expect([nobody.status, codeOf(nobody)]).toEqual([422, 'baton.owner']);
    for (const reference of ['Jane Doe', 'x'.repeat(65), ''])
      expect((await open(token, { reference })).status).toBe(400);
  });

  it('is let in by administrators with a fresh proof of presence only', async () => {
    const body = { name: 'x', webhook: null };
    expect((await practice.post('/v1/integrations', body, doctor)).status).toBe(403);
    expect((await practice.get('/v1/integrations', doctor)).status).toBe(403);
    for (const webhook of [
      'http://hooks.example/x',
      'https://10.0.0.1/x',
      'https://user:pass@hooks.example/x',
      'file:///etc/passwd',
    ]) {
      const refused = await practice.post(
        '/v1/integrations',
        { name: 'x', webhook },
        await practice.freshAdmin(),
      );
      expect([webhook, refused.status]).toEqual([webhook, 400]);
    }
  });

  it('is out at once when it is ended', async () => {
    const { token, integration } = await make();
    const path = `/v1/integrations/${integration.integration}`;
    const admin = await practice.freshAdmin();
    expect((await call(server.url, 'DELETE', path, { token: doctor.token })).status).toBe(403);
    await expectOk(call(server.url, 'DELETE', path, { token: admin.token }));
    expect((await open(token)).status).toBe(401);
    expect((await call(server.url, 'DELETE', path, { token: admin.token })).status).toBe(404);
  });

  it("reaches another organisation's with neither its token nor an administrator", async () => {
    const theirs = await TestPractice.create(server);
    const { integration, token } = await make();
    const path = `/v1/integrations/${integration.integration}`;
    expect((await call(server.url, 'DELETE', path, { token: theirs.admin.token })).status).toBe(404);
    const owner = await open(token, { to: theirs.admin.account, reference: 'foreign' });
    expect([owner.status, codeOf(owner)]).toEqual([422, 'baton.owner']);
  });

  it('opens no door but its own two, and no session opens those', async () => {
    const { token } = await make();
    const document = await expectOk<{ paths: Record<string, Record<string, unknown>> }>(
      call(server.url, 'GET', '/openapi.json'),
    );
    const own = new Set(['POST /v1/integrations/batons', 'GET /v1/integrations/batons/{baton}']);
    let tried = 0;
    for (const [path, methods] of Object.entries(document.paths))
      for (const name of Object.keys(methods)) {
        const method = name.toUpperCase();
        const filled = path.replaceAll(/\{\w+\}/g, 'x');
        const isOwn = own.has(`${method} ${path}`);
        const withSession = isOwn
          ? await call(server.url, method, filled, { token: practice.admin.token })
          : null;
        if (withSession !== null) expect([path, withSession.status]).toEqual([path, 401]);
        if (isOwn) continue;
        const anonymous = await call(server.url, method, filled);
        const answer = await call(server.url, method, filled, { token });
        // An open route answers as it answers to nobody; every other asks for a session.
        expect([method, path, answer.status]).toEqual([method, path, anonymous.status]);
        if (anonymous.status === 401) tried += 1;
      }
    expect(tried).toBeGreaterThan(40);
    const socket = await TestSocket.open(server.url, { token });
    expect(socket.frames[0]).toEqual({ t: 'bye', code: 'auth.required' });
  });
});

describe('webhooks', () => {
  it('tell each change once, signed, in order, with ids and states only', async () => {
    const { token, webhookSecret } = await make(`${receiver.url}/ordered`);
    // The first does not arrive: what comes after it waits.
    receiver.answers.push(500);
    const { baton } = await expectOk<BatonStateBody>(open(token, { reference: 'hook-1' }));
    const state = await duty.until(doctor, baton);
    await expectOk(duty.act(doctor, state, { op: 'acknowledge', readBack: true }));
    const next = await duty.until(doctor, baton, ({ status }) => status === 'acknowledged');
    await expectOk(duty.act(doctor, next, { op: 'close', reason: 'handled-elsewhere' }));
    const received = await untilAt('/ordered', 4);
    expect(received.map((each) => dataOf(each).type)).toEqual([
      'baton.opened',
      'baton.opened',
      'baton.acknowledged',
      'baton.closed',
    ]);
    const ids = received.map(({ headers }) => headers['webhook-id']);
    expect(ids[0]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(3);
    for (const each of received) expect(isSignedWith(webhookSecret, each)).toBe(true);
    expect(isSignedWith('whsec_AAAA', received[0]!)).toBe(false);
    const forged = {
      ...received[3]!,
      body: Buffer.from(received[3]!.body.toString().replace('closed', 'opened')),
    };
    expect(isSignedWith(webhookSecret, forged)).toBe(false);
    expect(dataOf(received[3]!).data).toEqual({
      baton,
      reference: 'hook-1',
      contract: 'stat',
      state: 'closed',
      owner: doctor.account,
      endedBy: doctor.account,
      reason: 'handled-elsewhere',
      openedAt: state.openedAt,
      deadline: state.deadline,
      acknowledgedAt: next.acknowledged?.at,
      endedAt: expect.any(Number) as number,
      step: 0,
    });
    const ageS = nodePorts.clock.nowMs() / 1000 - Number(received[3]!.headers['webhook-timestamp']);
    expect(Math.abs(ageS)).toBeLessThan(30);
  });

  it('that fail are shown to administrators, and hold up no other baton', async () => {
    const { token, integration } = await make(`${receiver.url}/failing`);
    receiver.answers.push(500);
    const failing = await expectOk<BatonStateBody>(open(token, { reference: 'fails' }));
    await untilAt('/failing', 1);
    await expectOk(open(token, { reference: 'arrives' }));
    const received = await untilAt('/failing', 2);
    expect(received.map((each) => dataOf(each).data.reference)).toEqual(['fails', 'arrives']);
    const listed = await expectOk<{ integrations: IntegrationBody[] }>(practice.get('/v1/integrations'));
    const found = listed.integrations.find((each) => each.integration === integration.integration);
    expect(found).toMatchObject({ pending: 1 });
    expect((await untilAt('/failing', 3)).map((each) => dataOf(each).data.baton)[2]).toBe(failing.baton);
  });

  it('that are gone are not tried again', async () => {
    const { token, integration } = await make(`${receiver.url}/gone`);
    receiver.answers.push(410);
    await expectOk(open(token, { reference: 'gone' }));
    await untilAt('/gone', 1);
    await expect
      .poll(async () => {
        const { integrations } = await expectOk<{ integrations: IntegrationBody[] }>(
          practice.get('/v1/integrations'),
        );
        const found = integrations.find((each) => each.integration === integration.integration);
        return [found?.pending, found?.lastFailure];
      })
      .toEqual([0, 'status 410']);
  });

  it('are not sent after the integration was ended', async () => {
    const { token, integration } = await make(`${receiver.url}/ended`);
    receiver.answers.push(503);
    await expectOk(open(token, { reference: 'ended' }));
    await untilAt('/ended', 1);
    const admin = await practice.freshAdmin();
    const id: IntegrationId = integration.integration;
    await expectOk(call(server.url, 'DELETE', `/v1/integrations/${id}`, { token: admin.token }));
    await new Promise((resolve) => nodePorts.timers.after(6000, () => resolve(null)));
    expect(receiver.received.filter(({ path }) => path === '/ended')).toHaveLength(1);
  });
});
