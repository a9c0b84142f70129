import type { AccountId, BatonId } from '@baton/kernel';
import { type Selectable, sql } from 'kysely';
import type { OrgTransaction } from './database.ts';
import type { AttemptChannel, AttemptRow } from './outside-schema.ts';

// Attempts to reach somebody (docs/protocol/batons.md §6). A row is written before anything is sent and stays.

export type NewAttempt = Pick<
  AttemptRow,
  'org' | 'baton' | 'n' | 'account' | 'channel' | 'contract' | 'addressed' | 'opener' | 'unit' | 'due_at'
>;

/** The hint on open sockets goes out with the commit itself, so its rows are `sent` from the start. Repeating it changes nothing. */
export async function insertAttempts(trx: OrgTransaction, attempts: readonly NewAttempt[]): Promise<void> {
  if (attempts.length === 0) return;
  const column = <K extends keyof NewAttempt>(name: K): NewAttempt[K][] => attempts.map((row) => row[name]);
  await sql`INSERT INTO attempts (org, baton, n, account, channel, contract, addressed, opener, unit, due_at, state, begun_at)
    SELECT u.*, CASE WHEN u.channel = 'socket' THEN 'sent' ELSE 'due' END,
      CASE WHEN u.channel = 'socket' THEN u.due_at END
    FROM unnest(${column('org')}::text[], ${column('baton')}::text[], ${column('n')}::bigint[],
      ${column('account')}::text[], ${column('channel')}::text[], ${column('contract')}::text[],
      ${column('addressed')}::text[], ${column('opener')}::text[], ${column('unit')}::text[],
      ${column('due_at')}::bigint[]
    ) AS u (org, baton, n, account, channel, contract, addressed, opener, unit, due_at)
    ON CONFLICT DO NOTHING`.execute(trx);
}

export interface Cancellation {
  readonly baton: BatonId;
  /** That person only; null: everybody. */
  readonly account: AccountId | null;
  readonly atMs: number;
  readonly outcome: string;
}

/** Nothing more is tried: the baton is in somebody's hands or has ended, or the person has it before their eyes. */
export async function cancelAttempts(trx: OrgTransaction, what: readonly Cancellation[]): Promise<void> {
  if (what.length === 0) return;
  await sql`UPDATE attempts a SET state = 'cancelled', ended_at = u.at, outcome = u.outcome
    FROM unnest(${what.map(({ baton }) => baton)}::text[], ${what.map(({ account }) => account)}::text[],
      ${what.map(({ atMs }) => atMs)}::bigint[], ${what.map(({ outcome }) => outcome)}::text[]
    ) AS u (baton, account, at, outcome)
    WHERE a.baton = u.baton AND (u.account IS NULL OR a.account = u.account)
      AND a.state IN ('due', 'sending')`.execute(trx);
}

/** A device of the account has shown these batons up to event `n`: what was sent has arrived, what is due is not needed. */
export async function confirmAttempts(
  trx: OrgTransaction,
  what: { account: AccountId; batons: readonly { baton: BatonId; n: number }[]; atMs: number },
): Promise<void> {
  const names = what.batons.map(({ baton }) => baton);
  const positions = what.batons.map(({ n }) => n);
  await sql`UPDATE attempts a
    SET state = CASE WHEN a.state = 'sent' THEN 'confirmed' ELSE 'cancelled' END,
      ended_at = ${what.atMs}, outcome = 'confirmed'
    FROM unnest(${names}::text[], ${positions}::bigint[]) AS shown (baton, n)
    WHERE a.baton = shown.baton AND a.n <= shown.n AND a.account = ${what.account}
      AND a.state IN ('due', 'sending', 'sent')`.execute(trx);
}

export type Attempt = Selectable<AttemptRow>;

/** Ways that are tried after the hint on open sockets; each is looked after by itself. */
export type SentChannel = Exclude<AttemptChannel, 'socket'>;

/**
 * Takes what is due and writes down that it is being tried, until `leaseUntilMs`: whoever dies with it leaves it to the next one, marked as
 * `repeated`, because nobody can know whether it went out.
 */
export async function claimAttempts(
  trx: OrgTransaction,
  what: { channel: SentChannel; atMs: number; leaseUntilMs: number; limit: number },
): Promise<Attempt[]> {
  const { rows } = await sql<Attempt>`UPDATE attempts a
    SET state = 'sending', begun_at = ${what.atMs}, due_at = ${what.leaseUntilMs}, tries = a.tries + 1,
      repeated = a.repeated OR a.state = 'sending'
    FROM (
      SELECT org, baton, n, account, channel FROM attempts
      WHERE state IN ('due', 'sending') AND channel = ${what.channel} AND due_at <= ${what.atMs}
      ORDER BY due_at LIMIT ${what.limit} FOR UPDATE SKIP LOCKED
    ) AS due
    WHERE a.org = due.org AND a.baton = due.baton AND a.n = due.n AND a.account = due.account
      AND a.channel = due.channel
    RETURNING a.*`.execute(trx);
  return rows;
}

/** What came of one try. `due`: it did not work and is tried again at `dueAtMs`. */
export interface TriedAttempt {
  readonly attempt: Attempt;
  readonly state: 'sent' | 'failed' | 'none' | 'due';
  readonly outcome: string;
  readonly dueAtMs: number;
}

/** Writes down what came of them. A row that was cancelled or confirmed meanwhile keeps that. */
export async function settleAttempts(
  trx: OrgTransaction,
  atMs: number,
  tried: readonly TriedAttempt[],
): Promise<void> {
  const rows = tried.map(({ attempt }) => attempt);
  await sql`UPDATE attempts a SET state = u.state, outcome = u.outcome, due_at = u.due_at,
      ended_at = CASE WHEN u.state = 'due' THEN NULL ELSE ${atMs}::bigint END
    FROM unnest(${rows.map(({ baton }) => baton)}::text[], ${rows.map(({ n }) => n)}::bigint[],
      ${rows.map(({ account }) => account)}::text[], ${rows.map(({ channel }) => channel)}::text[],
      ${tried.map(({ state }) => state)}::text[], ${tried.map(({ outcome }) => outcome)}::text[],
      ${tried.map(({ dueAtMs }) => dueAtMs)}::bigint[]
    ) AS u (baton, n, account, channel, state, outcome, due_at)
    WHERE a.baton = u.baton AND a.n = u.n AND a.account = u.account AND a.channel = u.channel
      AND a.state = 'sending'`.execute(trx);
}

/** When the next one is due by this way; null: nothing waits. */
export async function nextAttemptAt(trx: OrgTransaction, channel: SentChannel): Promise<number | null> {
  const row = await trx
    .selectFrom('attempts')
    .select('due_at')
    .where('state', 'in', ['due', 'sending'])
    .where('channel', '=', channel)
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst();
  return row?.due_at ?? null;
}

/** All attempts of a baton, oldest event first. */
export async function listAttempts(trx: OrgTransaction, baton: BatonId): Promise<Attempt[]> {
  return trx
    .selectFrom('attempts')
    .selectAll()
    .where('baton', '=', baton)
    .orderBy('n')
    .orderBy('account')
    .orderBy('due_at')
    .execute();
}
