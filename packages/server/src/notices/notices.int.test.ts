import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import type { AccountId, BatonId } from '@baton/kernel';
import type { BatonState } from '@baton/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createOutbound } from '../adapters/outbound.ts';
import { nodePorts } from '../adapters/node-ports.ts';
import { type Attempt, listAttempts } from '../store/attempts.ts';
import { type Database, openDatabase } from '../store/database.ts';
import type { TestConversation } from '../testing/conversation.ts';
import { TestDuty } from '../testing/duty.ts';
import type { TestAccount } from '../testing/organisation.ts';
import {
  isPushSignedBy,
  type OutsideServer,
  startOutsideServer,
  TestBrowser,
} from '../testing/outside-world.ts';
import {
  call,
  codeOf,
  expectOk,
  startTestServer,
  TestPractice,
  type TestServer,
} from '../testing/practice.ts';
import { TestSocket } from '../testing/sync-client.ts';

// How a person is reached (docs/protocol/batons.md §6): open sockets, web push, a notice; until a device confirms or the baton is in somebody's hands.

let postgres: TemporaryPostgres;
let service: OutsideServer;
let server: TestServer;
let db: Database;
let practice: TestPractice;
let duty: TestDuty;
let nurse: TestAccount;
let conversation: TestConversation;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  service = await startOutsideServer({ tls: true });
  server = await startTestServer(await postgres.createDatabase('notices'), {
    outside: { noticeChannels: ['file'], pushHosts: [service.host], loopbackWebhooks: false },
    surroundings: { addressFactor: 1000, outbound: createOutbound({ ca: service.certificate }) },
  });
  db = await openDatabase({ databaseUrl: server.config.databaseUrl, onError: () => {} });
  practice = await TestPractice.create(server);
  nurse = await practice.join(['nurse']);
  duty = await TestDuty.create(practice);
  await setTimes(150, 300);
});
afterAll(async () => {
  await db.close();
  await server.stop();
  await service.stop();
  await postgres.stop();
});

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => void nodePorts.timers.after(ms, resolve));

/** The policy again, with these times for all contracts. */
async function setTimes(pushMs: number, textMs: number): Promise<void> {
  await duty.name(duty.supervisor!.role, {}, { pushMs, textMs });
}

async function ask(owner: TestAccount, contract: 'reply' | 'talk' | 'stat' = 'stat'): Promise<BatonState> {
  conversation ??= await practice.converse(nurse, [nurse, practice.admin]);
  const made = duty.ask(conversation, nurse, { to: [owner.account], contract });
  await expectOk(duty.send(conversation, nurse, made));
  return duty.until(nurse, made.batons[0]!);
}

const attemptsOf = (baton: BatonId): Promise<Attempt[]> =>
  db.inOrg(practice.org.org, (trx) => listAttempts(trx, baton));

async function untilSettled(baton: BatonId, channel: 'push' | 'text', account: AccountId): Promise<Attempt> {
  for (let round = 0; round < 1200; round++) {
    const found = (await attemptsOf(baton)).find((row) => row.channel === channel && row.account === account);
    if (found !== undefined && found.state !== 'due' && found.state !== 'sending') return found;
    await pause(25);
  }
  throw new Error(`the ${channel} attempt did not settle`);
}

const statesOf = async (
  baton: BatonId,
  account: AccountId,
): Promise<Record<string, [string, string | null]>> =>
  Object.fromEntries(
    (await attemptsOf(baton))
      .filter((row) => row.account === account)
      .map((row) => [row.channel, [row.state, row.outcome]]),
  );

function sentNotices(): { phone: string; text: string; voice: boolean; segments: number }[] {
  const text = readFileSync(join(server.config.dataDir, 'notices.jsonl'), { encoding: 'utf8', flag: 'a+' });
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ReturnType<typeof sentNotices>[number]);
}

function put(path: string, body: unknown, who: TestAccount) {
  return call(server.url, 'PUT', path, { token: who.token, body });
}

async function subscribe(who: TestAccount): Promise<TestBrowser> {
  const browser = new TestBrowser();
  await expectOk(put('/v1/push', browser.subscription(service), who));
  return browser;
}

describe('reaching somebody', () => {
  it('tries push (T16: kind and chance alone), then a notice, and keeps what came of each', async () => {
    const doctor = await practice.join(['physician']);
    const browser = await subscribe(doctor);
    await expectOk(put('/v1/me/notices', { phone: '+15550100199', voice: false, language: 'es' }, doctor));
    conversation = await practice.converse(nurse, [nurse, practice.admin, doctor]);
    const before = service.received.length;
    const { baton } = await ask(doctor);

    const pushed = (await service.until(before + 1)).at(-1);
    const payload = browser.open(pushed!);
    expect(JSON.parse(payload)).toEqual({
      v: 1,
      kind: 'stat',
      tag: expect.stringMatching(/^[A-Za-z0-9_-]{16}$/) as string,
    });
    expect(payload).toHaveLength(64);
    const { key } = await expectOk<{ key: string }>(practice.get('/v1/push', doctor));
    expect(isPushSignedBy(key, pushed!, service)).toBe(true);
    expect(pushed!.headers).toMatchObject({ urgency: 'high', 'content-encoding': 'aes128gcm' });
    expect(pushed!.headers).not.toHaveProperty('topic');

    expect(await untilSettled(baton, 'text', doctor.account)).toMatchObject({
      state: 'sent',
      repeated: false,
    });
    expect(sentNotices().at(-1)).toMatchObject({
      phone: '+15550100199',
      voice: false,
      segments: 1,
      text: 'Baton: STAT. De Test nurse. Llame al 555 0100. Abra Baton. Esta no es una alarma primaria.',
    });
    expect(await statesOf(baton, doctor.account)).toEqual({
      socket: ['sent', null],
      push: ['sent', 'sent'],
      text: ['sent', 'sent'],
    });
    expect(statSync(join(server.config.dataDir, 'notices.jsonl')).mode & 0o777).toBe(0o600);
  });

  it('stops when a device confirms, for that person and that event only', async () => {
    const doctor = await practice.join(['physician']);
    await subscribe(doctor);
    conversation = await practice.converse(nurse, [nurse, doctor]);
    await setTimes(60_000, 120_000);
    const before = service.received.length;
    const state = await ask(doctor);
    const other = await ask(doctor);
    const socket = await TestSocket.join(server.url, doctor);
    const stranger = await TestSocket.join(server.url, nurse);
    const shown = [{ baton: state.baton, n: 0 }];
    // What somebody else has shown says nothing about this person.
    expect(await stranger.ask({ t: 'reached', batons: shown })).toMatchObject({ t: 'ok' });
    expect((await statesOf(state.baton, doctor.account))['push']).toEqual(['due', null]);
    expect(await socket.ask({ t: 'reached', batons: shown })).toMatchObject({ t: 'ok' });
    expect(await statesOf(state.baton, doctor.account)).toEqual({
      socket: ['confirmed', 'confirmed'],
      push: ['cancelled', 'confirmed'],
      text: ['cancelled', 'confirmed'],
    });
    expect((await statesOf(other.baton, doctor.account))['push']).toEqual(['due', null]);
    // The time of both has come; the third makes the server look.
    await db.inOrg(practice.org.org, (trx) =>
      trx
        .updateTable('attempts')
        .set({ due_at: 1 })
        .where('baton', 'in', [state.baton, other.baton])
        .where('channel', '=', 'push')
        .execute(),
    );
    await setTimes(150, 120_000);
    const third = await ask(doctor);
    for (const { baton } of [other, third]) await untilSettled(baton, 'push', doctor.account);
    expect(service.received).toHaveLength(before + 2);
    expect((await statesOf(state.baton, doctor.account))['push']).toEqual(['cancelled', 'confirmed']);
    socket.close();
    stranger.close();
    await setTimes(150, 300);
  });

  it('stops for everybody when the baton is acknowledged', async () => {
    const doctor = await practice.join(['physician']);
    conversation = await practice.converse(nurse, [nurse, doctor]);
    await setTimes(60_000, 120_000);
    const state = await ask(doctor);
    await expectOk(duty.act(doctor, state, { op: 'acknowledge', readBack: false }));
    expect(await statesOf(state.baton, doctor.account)).toEqual({
      socket: ['sent', null],
      push: ['cancelled', 'acknowledge'],
      text: ['cancelled', 'acknowledge'],
    });
    await setTimes(150, 300);
  });

  it('pushes at once where the policy waits for nothing', async () => {
    const doctor = await practice.join(['physician']);
    await subscribe(doctor);
    conversation = await practice.converse(nurse, [nurse, doctor]);
    await setTimes(0, 120_000);
    const before = service.received.length;
    const { baton } = await ask(doctor);
    await service.until(before + 1);
    await untilSettled(baton, 'push', doctor.account);
    expect((await statesOf(baton, doctor.account))['text']).toEqual(['due', null]);
    await setTimes(150, 300);
  });

  it('says so where there is no way', async () => {
    const doctor = await practice.join(['physician']);
    conversation = await practice.converse(nurse, [nurse, doctor]);
    const { baton } = await ask(doctor, 'talk');
    expect(await untilSettled(baton, 'text', doctor.account)).toMatchObject({
      state: 'none',
      outcome: 'no_address',
    });
    expect(await untilSettled(baton, 'push', doctor.account)).toMatchObject({
      state: 'none',
      outcome: 'no_subscription',
    });
  });
});

describe('push subscriptions', () => {
  it('go when the push service does not know them any more', async () => {
    const doctor = await practice.join(['physician']);
    await subscribe(doctor);
    conversation = await practice.converse(nurse, [nurse, doctor]);
    service.answers.push(410);
    const { baton } = await ask(doctor);
    expect(await untilSettled(baton, 'push', doctor.account)).toMatchObject({ outcome: 'no_subscription' });
    expect(await subscriptionsOf(doctor)).toBe(0);
  });

  it('are tried again when the push service fails', async () => {
    const doctor = await practice.join(['physician']);
    const browser = await subscribe(doctor);
    conversation = await practice.converse(nurse, [nurse, doctor]);
    service.answers.push(503);
    const { baton } = await ask(doctor);
    const settled = await untilSettled(baton, 'push', doctor.account);
    expect(settled).toMatchObject({ state: 'sent', tries: 2, repeated: false });
    expect(browser.open(service.received.at(-1)!)).toContain('"kind":"stat"');
  });

  it('end with the device, with signing out, and when the browser goes to somebody else', async () => {
    const doctor = await practice.join(['physician']);
    const browser = await subscribe(doctor);
    const next = await practice.join(['physician']);
    await expectOk(put('/v1/push', browser.subscription(service), next));
    expect(await subscriptionsOf(doctor)).toBe(0);
    expect(await subscriptionsOf(next)).toBe(1);
    await expectOk(call(server.url, 'DELETE', '/v1/session', { token: next.token }));
    expect(await subscriptionsOf(next)).toBe(0);
    await subscribe(doctor);
    await practice.append(
      [practice.org.grant(doctor.account, { n: 1, jobs: ['physician'], active: false })],
      await practice.freshAdmin(),
    );
    expect(await subscriptionsOf(doctor)).toBe(0);
  });

  it.each([
    'https://127.0.0.1/x',
    'https://10.0.0.1/x',
    'https://localhost/x',
    'https://push.example/x',
    'http://fcm.googleapis.com/x',
    'https://fcm.googleapis.com.example/x',
  ])('are refused for %s', async (endpoint) => {
    const body = { ...new TestBrowser().subscription(service), endpoint };
    const answer = await put('/v1/push', body, nurse);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'request.invalid']);
  });

  it('are refused with keys that are none', async () => {
    const body = new TestBrowser().subscription(service);
    const off = Buffer.from(body.p256dh, 'base64url');
    off[40] = (off[40] ?? 0) ^ 1;
    for (const changes of [{ p256dh: off.toString('base64url') }, { p256dh: 'AAAA' }, { auth: 'AAAA' }])
      expect((await put('/v1/push', { ...body, ...changes }, nurse)).status).toBe(400);
  });

  async function subscriptionsOf(who: TestAccount): Promise<number> {
    const rows = await db.inOrg(practice.org.org, (trx) =>
      trx.selectFrom('push_subscriptions').select('device').where('account', '=', who.account).execute(),
    );
    return rows.length;
  }
});

describe('notice addresses', () => {
  it('are shown to their owner and lie sealed in the database', async () => {
    const body = { phone: '+442071838750', voice: true, language: 'en' };
    expect(await expectOk(put('/v1/me/notices', body, nurse))).toEqual(body);
    expect(await expectOk(practice.get('/v1/me/notices', nurse))).toEqual(body);
    expect(await expectOk(practice.get('/v1/me/notices'))).toMatchObject({ phone: null });
    const rows = await db.inOrg(practice.org.org, (trx) =>
      trx.selectFrom('notice_addresses').selectAll().execute(),
    );
    for (const { sealed } of rows) expect(Buffer.from(sealed).toString('latin1')).not.toContain('2071838750');
    const dialled = { ...body, phone: '02071838750' };
    expect((await put('/v1/me/notices', dialled, nurse)).status).toBe(400);
  });

  it('name role, unit and its number, and the sender only where the unit allows it', async () => {
    const doctor = await practice.join(['physician']);
    await expectOk(put('/v1/me/notices', { phone: '+15550100200', voice: true }, doctor));
    const { role } = await duty.makeRole([doctor, practice.admin], {
      name: 'Cardiology on call',
      unit: '4 West',
    });
    await duty.post([
      {
        kind: 'unit',
        unit: 'u_AAAAAAAAAAAAAAAAAAAAAA' as never,
        name: '4 West',
        backup: null,
        charge: null,
        ladders: { reply: null, talk: null, stat: null },
        callback: '555 0142',
        showSender: { reply: false, talk: false, stat: true },
        active: true,
      },
    ]);
    conversation = await practice.converse(nurse, [nurse, doctor]);
    for (const [contract, text] of [
      ['stat', 'Baton: STAT for Cardiology on call, 4 West. From Test nurse. Call 555 0142.'],
      ['talk', 'Baton: Call requested for Cardiology on call, 4 West. Call 555 0142.'],
    ] as const) {
      const made = duty.ask(conversation, nurse, { to: [role], contract });
      await expectOk(duty.send(conversation, nurse, made));
      const { baton } = await duty.until(nurse, made.batons[0]!);
      await untilSettled(baton, 'text', doctor.account);
      expect(sentNotices().at(-1)?.text).toBe(`${text} Open Baton. This is not a primary alarm.`);
    }
  });
});
