import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { type BatonId, decodeBase64Url, encodeBase64Url, newId } from '@baton/kernel';
import { openBatonEvent } from '@baton/ledger';
import type { BatonState } from '@baton/policy';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import { encodeBaton } from '../batons/baton-codec.ts';
import { openDatabase } from '../store/database.ts';
import type { TestConversation } from '../testing/conversation.ts';
import { TestDuty, type TestRole } from '../testing/duty.ts';
import type { TestAccount } from '../testing/organisation.ts';
import { call, expectOk, startTestServer, TestPractice, type TestServer } from '../testing/practice.ts';

// The baton clock with a clock that the test steps: two processes fire each step once, a stopped server catches up, a change of the organisation
// is seen (docs/protocol/batons.md §4).

const MINUTE_MS = 60_000;
let postgres: TemporaryPostgres;
let databaseUrl: string;
let aheadMs = 0;
const ports = { clock: { nowMs: () => nodePorts.clock.nowMs() + aheadMs } };
let servers: TestServer[] = [];
let practice: TestPractice;
let duty: TestDuty;
let nurse: TestAccount;
let doctor: TestAccount;
let conversation: TestConversation;
let dataDir: string;
let names = 0;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  aheadMs = 0;
  names += 1;
  databaseUrl = await postgres.createDatabase(`clock_${names}`);
  const first = await startTestServer(databaseUrl, { surroundings: { ports } });
  dataDir = first.config.dataDir;
  servers = [first, await startTestServer(databaseUrl, { dataDir, surroundings: { ports } })];
  practice = await TestPractice.create(first, { clock: () => ports.clock.nowMs() });
  nurse = await practice.join(['nurse']);
  doctor = await practice.join(['physician']);
  conversation = await practice.converse(nurse, [nurse, doctor]);
  duty = await TestDuty.create(practice, {
    steps: [
      { from: 'open', afterMs: 2 * MINUTE_MS, target: 'owner' },
      { from: 'open', afterMs: 4 * MINUTE_MS, target: 'supervisor' },
    ],
    repeatMs: 5 * MINUTE_MS,
  });
});
afterEach(async () => {
  for (const server of servers.reverse()) await server.stop();
});

async function openOne(to: Parameters<TestDuty['ask']>[2]['to'] = [doctor.account]): Promise<BatonState> {
  const ask = duty.ask(conversation, nurse, { to, withinMs: 60 * MINUTE_MS });
  await expectOk(duty.send(conversation, nurse, ask));
  return duty.until(nurse, ask.batons[0]!);
}

const opsOf = async (baton: BatonId): Promise<string[]> => {
  const found = (await duty.batons(nurse)).get(baton);
  return (found?.body.events ?? []).map(({ event }) => {
    const opened = openBatonEvent(nodePorts.digest, decodeBase64Url(event) ?? new Uint8Array());
    return opened.ok ? opened.value.body.op.op : opened.error.code;
  });
};

async function until(holds: () => Promise<boolean>): Promise<void> {
  const endMs = nodePorts.clock.nowMs() + 10_000;
  while (!(await holds())) {
    if (nodePorts.clock.nowMs() > endMs) throw new Error('it did not come to be');
    await new Promise((resolve) => nodePorts.timers.after(50, () => resolve(null)));
  }
}

describe('with two processes on one database', () => {
  it('fires each step once, in time', async () => {
    const batons = await Promise.all(Array.from({ length: 6 }, () => openOne()));
    aheadMs += 2 * MINUTE_MS + 1000;
    for (const { baton } of batons) await duty.until(nurse, baton, ({ steps }) => steps.count === 1);
    aheadMs += 2 * MINUTE_MS;
    for (const { baton } of batons) {
      const state = await duty.until(nurse, baton, ({ owner }) => owner === duty.supervisor?.role);
      expect(state.reached.has(practice.admin.account)).toBe(true);
      expect(await opsOf(baton)).toEqual(['open', 'step', 'step', 'reassign']);
    }
  });
});

describe('a server that was away', () => {
  it('does what is overdue when it comes back, once and in order', async () => {
    const { baton } = await openOne();
    for (const server of servers.splice(0).reverse()) await server.running.stop();
    aheadMs += 60 * MINUTE_MS;
    servers = [
      await startTestServer(databaseUrl, { dataDir, surroundings: { ports } }),
      await startTestServer(databaseUrl, { dataDir, surroundings: { ports } }),
    ];
    practice = practice.on(servers[0]!);
    nurse = { ...nurse, token: await signIn(nurse) };
    duty = duty.on(practice);
    const state = await duty.until(nurse, baton, ({ owner }) => owner === duty.supervisor?.role);
    const ops = await opsOf(baton);
    expect(ops.slice(0, 3)).toEqual(['open', 'step', 'step']);
    expect(ops.filter((op) => op === 'reassign')).toHaveLength(1);
    await new Promise((resolve) => nodePorts.timers.after(600, () => resolve(null)));
    expect((await duty.until(nurse, baton)).n).toBe(state.n);
  });
});

async function signIn(who: TestAccount): Promise<string> {
  const body = {
    login: who.login,
    proof: encodeBase64Url(who.proof),
    totp: null,
    bearer: true,
  };
  const session = await expectOk<{ token: string }>(
    call(servers[0]!.url, 'POST', '/v1/auth/recovery', { body }),
  );
  return session.token;
}

describe('a change of the organisation', () => {
  it('moves on the batons of an owner who is deactivated', async () => {
    const { baton } = await openOne();
    const gone = practice.org.grant(doctor.account, { n: 1, jobs: ['physician'], active: false });
    await practice.append([gone], await practice.freshAdmin());
    const state = await duty.until(nurse, baton, ({ owner }) => owner !== doctor.account);
    expect(state.owner).toBe(duty.supervisor?.role);
    expect(await opsOf(baton)).toContain('reassign');
  });

  it('moves on the batons of one who goes off duty, to whom they name', async () => {
    const { baton } = await openOne();
    await duty.post([
      {
        kind: 'availability',
        account: doctor.account,
        duty: 'off',
        cover: practice.admin.account,
        until: null,
      },
    ]);
    const state = await duty.until(nurse, baton, ({ reached }) => reached.has(practice.admin.account));
    expect(state.status).toBe('open');
  });

  it('goes by the newest ladder: one that is edited under way fires at its new times', async () => {
    const { baton } = await openOne();
    await duty.name(duty.supervisor!.role, {
      steps: [{ from: 'open', afterMs: MINUTE_MS, target: 'supervisor' }],
      repeatMs: 5 * MINUTE_MS,
    });
    aheadMs += MINUTE_MS + 1000;
    const state = await duty.until(nurse, baton, ({ reached }) => reached.has(practice.admin.account));
    expect(state.steps.offsetMs).toBe(MINUTE_MS);
  });

  it('shows the open batons of a role to its new holder', async () => {
    const role: TestRole = await duty.makeRole([practice.admin]);
    const { baton } = await openOne([role.role]);
    expect((await duty.batons(nurse)).has(baton)).toBe(true);
    const relief = await practice.join(['nurse']);
    expect((await duty.batons(relief)).has(baton)).toBe(false);
    // The first look at this owner is past: what follows is a change.
    const db = await openDatabase({ databaseUrl, onError: () => {} });
    await until(async () => {
      const seen = await db.inOrg(practice.org.org, (trx) =>
        trx.selectFrom('duty_seen').selectAll().execute(),
      );
      return seen.some(({ owner }) => owner === role.role);
    });
    await db.close();
    const newest = (await expectOk<{ upTo: number }>(practice.get('/v1/batons', nurse))).upTo;
    await practice.follow(role.keyring);
    const entry = role.keyring.entry(
      practice.admin,
      { op: 'add', members: [{ m: relief.account, hist: true }], because: null },
      { recipients: [{ m: relief.account, g: 1, h: true }], newGeneration: false },
    );
    await expectOk(
      practice.post(`/v1/conversations/${role.keyring.conv}/items`, {
        k: 'entry',
        b: encodeBase64Url(entry.b),
        boxes: entry.boxes.map(encodeBase64Url),
      }),
    );
    // Whoever follows the feed finds it after the position that they had.
    await until(async () => (await duty.batons(relief, newest)).has(baton));
    await until(async () => (await duty.batons(nurse, newest)).has(baton));
  });
});

describe('a baton in a queue', () => {
  it('is shown to who comes to hold a role that may take from it', async () => {
    const role: TestRole = await duty.makeRole([practice.admin]);
    const queue = newId('queue', nodePorts.rng);
    const defaultOwner = duty.supervisor!.role;
    await duty.post([
      { kind: 'queue', queue, name: 'Refills', roles: [role.role], defaultOwner, active: true },
    ]);
    const { baton } = await openOne([queue]);
    const relief = await practice.join(['nurse']);
    expect((await duty.batons(relief)).has(baton)).toBe(false);
    const db = await openDatabase({ databaseUrl, onError: () => {} });
    await until(async () => {
      const seen = await db.inOrg(practice.org.org, (trx) =>
        trx.selectFrom('duty_seen').selectAll().execute(),
      );
      return seen.some(({ owner }) => owner === queue);
    });
    await db.close();
    const newest = (await expectOk<{ upTo: number }>(practice.get('/v1/batons', nurse))).upTo;
    await duty.post([
      {
        kind: 'cover',
        cover: newId('event', nodePorts.rng),
        role: role.role,
        account: relief.account,
        instead: null,
        from: ports.clock.nowMs() - 1000,
        until: ports.clock.nowMs() + 60 * MINUTE_MS,
        active: true,
      },
    ]);
    await until(async () => (await duty.batons(relief, newest)).has(baton));
  });
});

describe('a baton that cannot be read', () => {
  it('keeps no other waiting', async () => {
    const broken = await openOne();
    const sound = await openOne();
    const db = await openDatabase({ databaseUrl, onError: () => {} });
    await db.inOrg(practice.org.org, (trx) =>
      trx
        .updateTable('batons')
        .set({ state: new Uint8Array([1]) })
        .where('baton', '=', broken.baton)
        .execute(),
    );
    aheadMs += 2 * MINUTE_MS + 1000;
    const fired = await duty.until(nurse, sound.baton, ({ steps }) => steps.count === 1);
    expect(fired.reached.has(doctor.account)).toBe(true);
    await db.inOrg(practice.org.org, (trx) =>
      trx
        .updateTable('batons')
        .set({ state: encodeBaton(broken) })
        .where('baton', '=', broken.baton)
        .execute(),
    );
    aheadMs += 61_000;
    const mended = await duty.until(nurse, broken.baton, ({ steps }) => steps.count >= 1);
    expect(mended.n).toBeGreaterThan(0);
    await db.close();
  });
});
