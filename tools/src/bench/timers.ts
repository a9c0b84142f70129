import { randomBytes } from 'node:crypto';
import type { LiveSession } from '@baton/client';
import type { OwnerId } from '@baton/kernel';
import { defaultLadders } from '@baton/policy';
import { until } from '@baton/testkit';
import type { BatonStateBody } from '@baton/wire';
import pg from 'pg';
import { quantile } from './statistics.ts';
import type { Surroundings } from './surroundings.ts';

// Timers of open batons: the real clock of the real server on 100,000 of them. One baton is opened through the API; the others are its copies under
// names of their own, put into the database directly, each with its due time. A step is the event at position 1 of its baton.

export interface TimersFigures {
  readonly open: number;
  /** Due over a minute, one after the other. */
  readonly steady: Fired & { readonly seconds: number };
  /** Due in one moment. */
  readonly burst: Fired;
  /** Due over a quarter of a minute, with the server killed and started again in the middle. */
  readonly killed: Fired & { readonly awayMs: number };
  readonly lost: number;
  readonly repeated: number;
  /** Rows of the same size written in batches as large, without policy, signatures or anybody told. */
  readonly barePerSecond: number;
}

interface Fired {
  readonly batons: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const OPEN = 100_000;
const STEADY_S = 60;
const BURST = 20_000;
const KILLED = 20_000;
const KILLED_S = 16;
/** Until the first one is due: the copies are in place by then. */
const LEAD_MS = 3000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BATCH = 200;
const PATIENCE_MS = 120_000;

export async function benchTimers(
  at: Surroundings,
  admin: LiveSession,
  progress: (line: string) => void,
): Promise<TimersFigures> {
  const { admin: db } = at;
  await prepareCopies(db);
  const supervisor = await nameLadder(admin);
  const { integration, token } = await admin.integrations.create({ name: 'Bench', webhook: null });
  await openSample(at, { token, to: supervisor });
  progress(`timers: ${OPEN} open batons, due over ${STEADY_S} s`);
  const steady = await run(db, { name: 's', count: OPEN, spreadMs: STEADY_S * 1000 });
  progress(`timers: ${BURST} due in one moment`);
  const burst = await run(db, { name: 'b', count: BURST, spreadMs: 0 });
  progress(`timers: ${KILLED} due over ${KILLED_S} s, the server killed in the middle`);
  let awayMs = 0;
  const killed = await run(db, { name: 'k', count: KILLED, spreadMs: KILLED_S * 1000 }, async () => {
    awayMs = await at.killAndRestart();
  });
  progress('timers: the bare writing of as many rows');
  const barePerSecond = await writeBare(at.limitsUrl, BURST);
  await admin.integrations.remove(integration.integration);
  const { rows } = await db.query<{ lost: number; repeated: number }>(
    `SELECT count(*) FILTER (WHERE e.steps = 0)::integer AS lost, coalesce(sum(e.steps) FILTER (WHERE e.steps > 1), 0)::integer
       AS repeated
     FROM bench.due d CROSS JOIN LATERAL (
       SELECT count(*) AS steps FROM baton.baton_events x WHERE x.org = d.org AND x.baton = d.baton AND x.n > 0
     ) e`,
  );
  return {
    open: OPEN,
    steady: { ...steady, seconds: STEADY_S },
    burst,
    killed: { ...killed, awayMs },
    lost: rows[0]?.lost ?? Number.NaN,
    repeated: rows[0]?.repeated ?? Number.NaN,
    barePerSecond,
  };
}

/** A stat ladder whose first step is due at once and whose second is a day away, so that each copy has one step in the run. */
async function nameLadder(admin: LiveSession): Promise<OwnerId> {
  await admin.duty.establish();
  await until(admin.duty.policy, (known) => known !== null);
  const policy = admin.duty.policy.read();
  if (policy === null) throw new Error('no duty supervisor was named');
  await admin.duty.saveLadder({
    ...defaultLadders().stat,
    steps: [
      { from: 'open', afterMs: 2000, target: 'owner' },
      { from: 'open', afterMs: DAY_MS, target: 'supervisor' },
    ],
    repeatMs: DAY_MS,
  });
  // What tells people outside comes later than the run ends: it is measured by nobody here.
  const times = { pushMs: HOUR_MS, textMs: 2 * HOUR_MS };
  await admin.duty.savePolicy({ ...policy, notices: { stat: times, talk: times, reply: times } });
  return policy.supervisor;
}

async function openSample(at: Surroundings, who: { token: string; to: OwnerId }): Promise<void> {
  const response = await fetch(`${at.serverUrl}/v1/integrations/batons`, {
    method: 'POST',
    headers: { authorization: `Bearer ${who.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ to: who.to, contract: 'stat', withinMs: 6 * DAY_MS, reference: 'bench' }),
  });
  if (response.status !== 200) throw new Error(`the sample was not opened: ${response.status}`);
  const { baton } = (await response.json()) as BatonStateBody;
  await at.admin.query('INSERT INTO bench.sample SELECT * FROM baton.batons WHERE baton = $1 AND n = 0', [
    baton,
  ]);
  await at.admin.query(
    'INSERT INTO bench.opened SELECT * FROM baton.baton_events WHERE baton = $1 AND n = 0',
    [baton],
  );
  const { rows } = await at.admin.query('SELECT 1 FROM bench.sample');
  if (rows.length !== 1) throw new Error('the sample had its step already');
}

async function prepareCopies(db: pg.Client): Promise<void> {
  await db.query(`CREATE SCHEMA bench;
    CREATE TABLE bench.sample (LIKE baton.batons);
    CREATE TABLE bench.opened (LIKE baton.baton_events);
    CREATE TABLE bench.due (org text COLLATE "C", baton text COLLATE "C", kind text, i integer, at bigint, PRIMARY KEY (org, baton))`);
}

/** Copies the sample, sets the times, waits until every copy has had its step. `midway` runs when half of the times have passed. */
async function run(
  db: pg.Client,
  what: { name: string; count: number; spreadMs: number },
  midway?: () => Promise<void>,
): Promise<Fired> {
  const { name, count, spreadMs } = what;
  await copySample(db, name, count);
  await db.query('VACUUM ANALYZE baton.batons, baton.timers, baton.baton_events');
  const startMs = Date.now() + LEAD_MS;
  await db.query(
    'UPDATE bench.due SET at = $2::bigint + (i::bigint * $3::bigint) / $4::bigint WHERE kind = $1',
    [name, startMs, spreadMs, count],
  );
  await db.query(
    `INSERT INTO baton.timers (org, subject, next_at) SELECT org, baton, at FROM bench.due WHERE kind = $1`,
    [name],
  );
  if (midway !== undefined) {
    await sleep(startMs + spreadMs / 2 - Date.now());
    await midway();
  }
  await sleep(startMs + spreadMs - Date.now());
  const endMs = Date.now() + PATIENCE_MS;
  while ((await countWaiting(db, name)) > 0 && Date.now() < endMs) await sleep(250);
  const { rows } = await db.query<{ late: number; at: number }>(
    `SELECT (e.at - d.at)::float8 AS late, e.at::float8 AS at FROM bench.due d
     JOIN baton.baton_events e ON e.org = d.org AND e.baton = d.baton AND e.n = 1 WHERE d.kind = $1`,
    [name],
  );
  const late = rows.map((row) => row.late);
  const lastMs = rows.reduce((last, { at }) => Math.max(last, at), 0);
  return {
    batons: rows.length,
    perSecond: rows.length / ((lastMs - startMs) / 1000),
    p50Ms: quantile(late, 0.5),
    p99Ms: quantile(late, 0.99),
    maxMs: quantile(late, 1),
  };
}

/** Those that have had no step yet. */
async function countWaiting(db: pg.Client, name: string): Promise<number> {
  const { rows } = await db.query<{ waiting: number }>(
    `SELECT count(*)::integer AS waiting FROM bench.due d JOIN baton.batons b USING (org, baton) WHERE d.kind = $1 AND b.n = 0`,
    [name],
  );
  return rows[0]?.waiting ?? 0;
}

/** The sample under new names: in its state and its event the name is text of the same length. */
async function copySample(db: pg.Client, name: string, count: number): Promise<void> {
  // Positions of the feed are given out under the organisation's lock, here as in the server.
  await db.query('BEGIN; SELECT 1 FROM baton.orgs FOR UPDATE');
  await db.query(
    `INSERT INTO bench.due (org, baton, kind, i, at)
     SELECT s.org, 'e_' || rpad($1, 1) || lpad(i::text, 20, '0') || 'A', $1, i, 0
     FROM bench.sample s, generate_series(0, $2::integer - 1) i`,
    [name, count],
  );
  const renamed = (column: string): string =>
    `decode(replace(encode(${column}, 'hex'), encode(convert_to(s.baton, 'UTF8'), 'hex'), encode(convert_to(d.baton, 'UTF8'), 'hex')), 'hex')`;
  await db.query(
    `INSERT INTO baton.batons (org, baton, n, head, state, conv, message, opener, reference, owner, offered, contract, status,
       opened_at, at, tried_at, pos)
     SELECT s.org, d.baton, 0, s.head, ${renamed('s.state')}, NULL, NULL, s.opener, NULL, s.owner, NULL, s.contract, s.status,
       s.opened_at, s.at, s.tried_at + ${DAY_MS}, o.baton_pos + d.i + 1
     FROM bench.sample s JOIN baton.orgs o USING (org), bench.due d WHERE d.kind = $1`,
    [name],
  );
  await db.query(
    `INSERT INTO baton.baton_events (org, baton, n, hash, body, at, pos)
     SELECT s.org, d.baton, 0, s.hash, ${renamed('s.body')}, s.at, o.baton_pos + d.i + 1
     FROM bench.opened s JOIN baton.orgs o USING (org), bench.due d WHERE d.kind = $1`,
    [name],
  );
  await db.query('UPDATE baton.orgs SET baton_pos = baton_pos + $1', [count]);
  await db.query('COMMIT');
}

/** What the same rows cost when nothing is decided: a step's event, attempts, state and timer, in batches as large, one at a time. */
async function writeBare(databaseUrl: string, count: number): Promise<number> {
  const db = new pg.Client(databaseUrl);
  await db.connect();
  await db.query(`CREATE TABLE events (baton text, n bigint, body bytea, at bigint, PRIMARY KEY (baton, n));
    CREATE TABLE states (baton text PRIMARY KEY, state bytea, pos bigint);
    CREATE TABLE timers (baton text PRIMARY KEY, next_at bigint);
    CREATE INDEX ON timers (next_at);
    CREATE TABLE attempts (baton text, n bigint, channel integer, due_at bigint, PRIMARY KEY (baton, n, channel));`);
  await db.query(
    `INSERT INTO states SELECT 'e_' || lpad(i::text, 21, '0') || 'A', $1, i FROM generate_series(0, $2::integer - 1) i`,
    [randomBytes(700), count],
  );
  await db.query('INSERT INTO timers SELECT baton, pos FROM states');
  const body = randomBytes(480);
  const state = randomBytes(760);
  const startedMs = performance.now();
  for (let from = 0; from < count; from += BATCH) {
    const names = Array.from({ length: BATCH }, (_, i) => `e_${String(from + i).padStart(21, '0')}A`);
    await db.query({
      name: 'bare',
      text: `WITH given AS (SELECT unnest($1::text[]) AS baton),
        event AS (INSERT INTO events SELECT baton, 1, $2, 0 FROM given),
        attempt AS (INSERT INTO attempts SELECT baton, 1, c, 0 FROM given, generate_series(1, 3) c),
        timer AS (UPDATE timers t SET next_at = next_at + 100000 FROM given g WHERE t.baton = g.baton)
        UPDATE states s SET state = $3, pos = pos + 100000 FROM given g WHERE s.baton = g.baton`,
      values: [names, body, state],
    });
  }
  const seconds = (performance.now() - startedMs) / 1000;
  await db.end();
  return count / seconds;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
