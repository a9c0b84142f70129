import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { newId } from '@baton/kernel';
import type { BatonState } from '@baton/policy';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import { type Database, openDatabase } from '../store/database.ts';
import { lockOrg } from '../store/organisations.ts';
import type { TestConversation } from '../testing/conversation.ts';
import { createLogger } from '../telemetry/logger.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { TestDuty } from '../testing/duty.ts';
import type { TestAccount } from '../testing/organisation.ts';
import { expectOk, startTestServer, TestPractice, type TestServer } from '../testing/practice.ts';
import { watchAll } from './watchdog.ts';

// What goes wrong around the baton clock and must not make anybody wait: another organisation, the database, the machine's own clock.

const MINUTE_MS = 60_000;
let postgres: TemporaryPostgres;
let databaseUrl: string;
let db: Database;
let owner: pg.Client;
/** The machine's clock, as somebody has set it, and time that really went by. */
let aheadMs = 0;
let passedMs = 0;
const ports = {
  clock: { nowMs: () => nodePorts.clock.nowMs() + aheadMs },
  monotonic: { nowMs: () => nodePorts.clock.nowMs() + passedMs },
};
let server: TestServer;
let practice: TestPractice;
let duty: TestDuty;
let nurse: TestAccount;
let doctor: TestAccount;
let conversation: TestConversation;
let names = 0;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
});
afterAll(() => postgres.stop());
beforeEach(async () => {
  [aheadMs, passedMs] = [0, 0];
  names += 1;
  databaseUrl = await postgres.createDatabase(`clock_faults_${names}`);
  server = await startTestServer(databaseUrl, { surroundings: { ports } });
  db = await openDatabase({ databaseUrl, onError: () => {} });
  owner = new pg.Client({ connectionString: databaseUrl });
  await owner.connect();
  practice = await TestPractice.create(server, { clock: () => ports.clock.nowMs() });
  nurse = await practice.join(['nurse']);
  doctor = await practice.join(['physician']);
  conversation = await practice.converse(nurse, [nurse, doctor]);
  duty = await TestDuty.create(practice, {
    steps: [{ from: 'open', afterMs: 2 * MINUTE_MS, target: 'owner' }],
    repeatMs: 5 * MINUTE_MS,
  });
});
afterEach(async () => {
  await owner.end();
  await db.close();
  await server.stop();
});

async function openOne(): Promise<BatonState> {
  const ask = duty.ask(conversation, nurse, { to: [doctor.account], withinMs: 60 * MINUTE_MS });
  await expectOk(duty.send(conversation, nurse, ask));
  return duty.until(nurse, ask.batons[0]!);
}

const wait = (delayMs: number): Promise<null> =>
  new Promise((resolve) => nodePorts.timers.after(delayMs, () => resolve(null)));

describe('another organisation', () => {
  it('that cannot be read keeps no other waiting, however much of it is overdue', async () => {
    const { baton } = await openOne();
    const broken = newId('org', nodePorts.rng);
    const record = { org: broken, pos: 1, subject: 'policy', version: 1, at: 1 };
    const nothing = new Uint8Array(1);
    await db.inOrg(broken, (trx) =>
      trx
        .insertInto('org_records')
        .values({ ...record, hash: nothing, body: nothing })
        .execute(),
    );
    await db.pool.query(
      `INSERT INTO timers (org, subject, next_at) SELECT $1, 'm_' || g || '.0', g FROM generate_series(1, 100_000) g`,
      [broken],
    );
    aheadMs += 2 * MINUTE_MS + 1000;
    const fired = await duty.until(nurse, baton, ({ steps }) => steps.count === 1);
    expect(fired.reached.has(doctor.account)).toBe(true);
  });
});

describe('the watchdog', () => {
  it('finds a forgotten stat baton whatever is wrong with another organisation', async () => {
    const { baton } = await openOne();
    await owner.query(`INSERT INTO baton.locators (kind, key, org) VALUES ('org', 'x', $1)`, [
      `o_${'A'.repeat(22)}`,
    ]);
    await db.inOrg(practice.org.org, async (trx) => {
      await trx.updateTable('batons').set({ tried_at: 1 }).where('baton', '=', baton).execute();
      await trx.updateTable('attempts').set({ begun_at: 1 }).where('baton', '=', baton).execute();
    });
    // The broken one comes first, or last: it may not matter.
    await owner.query(`UPDATE baton.locators SET org = org WHERE kind = 'org' AND key <> 'x'`);
    const log = createLogger({ level: 'silent' });
    expect(await watchAll({ db, ports: nodePorts, log, metrics: createMetrics() })).toBe(1);
  });
});

describe('a process that stands still', () => {
  it('in the middle of a transaction keeps the organisation for seconds, not for good', async () => {
    const { baton } = await openOne();
    const frozen = await openDatabase({ databaseUrl, onError: () => {} });
    const stands = frozen.inOrg(practice.org.org, async (trx) => {
      await lockOrg(trx, practice.org.org);
      await wait(60_000);
    });
    const ended = stands.then(
      () => 'went on',
      () => 'ended',
    );
    aheadMs += 2 * MINUTE_MS + 1000;
    const fired = await duty.until(nurse, baton, ({ steps }) => steps.count === 1, 40_000);
    expect(fired.reached.has(doctor.account)).toBe(true);
    void ended;
  }, 60_000);
});

describe('a moment in which nothing can be written', () => {
  it('puts no step off by a minute', async () => {
    const { baton } = await openOne();
    await owner.query('ALTER TABLE baton.baton_events ADD CONSTRAINT full_disk CHECK (n < 0) NOT VALID');
    aheadMs += 2 * MINUTE_MS + 1000;
    await wait(800);
    await owner.query('ALTER TABLE baton.baton_events DROP CONSTRAINT full_disk');
    const fired = await duty.until(nurse, baton, ({ steps }) => steps.count === 1);
    expect(fired.reached.has(doctor.account)).toBe(true);
  });
});

describe('a machine whose clock is set back an hour', () => {
  it('fires each step when its time has really gone by', async () => {
    const { baton, openedAt } = await openOne();
    aheadMs -= 60 * MINUTE_MS;
    passedMs += 2 * MINUTE_MS + 1000;
    const fired = await duty.until(nurse, baton, ({ steps }) => steps.count === 1);
    expect(fired.steps.at).toBeGreaterThanOrEqual(openedAt + 2 * MINUTE_MS);
    expect(fired.steps.at).toBeLessThan(openedAt + 3 * MINUTE_MS);
  });
});
