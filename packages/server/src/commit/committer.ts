import type { ConversationId, MessageId, OrgId } from '@baton/kernel';
import type { AppendAnswer, Item } from '@baton/wire';
import type { Ports } from '../ports.ts';
import {
  type AppendRow,
  appendBatch,
  appendEntry,
  type EntryAppend,
  type EntryOutcome,
  type RowOutcome,
} from '../store/appends.ts';
import type { Database } from '../store/database.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Receipts } from './receipts.ts';

/** Rows of a batch in commit order, as other devices get them. */
export interface CommittedBatch {
  readonly org: OrgId;
  readonly batch: number;
  readonly rows: readonly { readonly conv: ConversationId; readonly item: Item }[];
}

export type Committed<Refusal> =
  | { readonly done: true; readonly answer: AppendAnswer }
  | { readonly done: false; readonly outcome: Refusal };

/**
 * Group commit: one queue per organisation, one batch of at most 128 rows in flight, so that the cost of making a commit durable is
 * shared by all who wait for it (docs/protocol/server.md §4).
 */
export interface Committer {
  /** `keyLogSize`: the key log that the row was judged by. Rows of one caller commit in the order in which they were handed in. */
  append(
    org: OrgId,
    row: AppendRow,
    keyLogSize: number,
  ): Promise<Committed<Exclude<RowOutcome, 'new' | 'replay'>>>;
  appendEntry(org: OrgId, entry: JudgedEntry): Promise<Committed<Exclude<EntryOutcome, 'new' | 'replay'>>>;
  /** Resolves when nothing is queued or in flight. */
  drain(): Promise<void>;
}

const MAX_ROWS = 128;
/** Bodies of one batch; a message has at most 256 KiB. */
const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** `onCommitted` runs before anybody is told. */
export interface JudgedEntry {
  readonly append: EntryAppend;
  readonly keyLogSize: number;
  readonly onCommitted: () => void;
}

interface RowJob {
  readonly type: 'row';
  readonly row: AppendRow;
  readonly keyLogSize: number;
  resolve(result: Committed<Exclude<RowOutcome, 'new' | 'replay'>>): void;
  reject(error: unknown): void;
}
interface EntryJob {
  readonly type: 'entry';
  readonly entry: JudgedEntry;
  resolve(result: Committed<Exclude<EntryOutcome, 'new' | 'replay'>>): void;
  reject(error: unknown): void;
}
interface Queue {
  readonly jobs: (RowJob | EntryJob)[];
  running: boolean;
}

export interface CommitterNeeds {
  readonly db: Database;
  readonly ports: Ports;
  readonly receipts: Receipts;
  readonly metrics: Metrics;
  /** Told of each batch in commit order, before its authors are answered. */
  readonly publish: (batch: CommittedBatch) => void;
  /** Told of committed messages that ask for something: their batons are to be opened. */
  readonly openBatons: (org: OrgId, messages: readonly MessageId[]) => void;
}

export function createCommitter(needs: CommitterNeeds): Committer {
  const queues = new Map<OrgId, Queue>();
  const drained: (() => void)[] = [];

  function enqueue(org: OrgId, job: RowJob | EntryJob): void {
    let queue = queues.get(org);
    if (queue === undefined) {
      queue = { jobs: [], running: false };
      queues.set(org, queue);
    }
    queue.jobs.push(job);
    if (queue.running) return;
    queue.running = true;
    // One turn later, so that whatever arrived with this message shares its commit.
    const started = queue;
    needs.ports.soon(() => void run(org, started));
  }

  async function run(org: OrgId, queue: Queue): Promise<void> {
    for (;;) {
      const first = queue.jobs[0];
      if (first === undefined) break;
      if (first.type === 'entry') {
        queue.jobs.shift();
        await commitEntry(needs, org, first).catch(first.reject);
      } else {
        const jobs = takeRows(queue.jobs);
        await commitRows(needs, org, jobs).catch((error: unknown) => {
          for (const job of jobs) job.reject(error);
        });
      }
    }
    queue.running = false;
    queues.delete(org);
    if (queues.size === 0) for (const resolve of drained.splice(0)) resolve();
  }

  return {
    append: (org, row, keyLogSize) =>
      new Promise((resolve, reject) => enqueue(org, { type: 'row', row, keyLogSize, resolve, reject })),
    appendEntry: (org, entry) =>
      new Promise((resolve, reject) => enqueue(org, { type: 'entry', entry, resolve, reject })),
    drain: () =>
      queues.size === 0 ? Promise.resolve() : new Promise<void>((resolve) => drained.push(resolve)),
  };
}

/** The longest run of rows from the front that can be judged together: no id and no collection key twice. */
function takeRows(jobs: (RowJob | EntryJob)[]): RowJob[] {
  const taken: RowJob[] = [];
  const seen = new Set<string>();
  let bytes = 0;
  for (const job of jobs) {
    if (job.type !== 'row' || taken.length === MAX_ROWS) break;
    const { conv, id, put, body } = job.row;
    bytes += body.length;
    if (taken.length > 0 && bytes > MAX_BATCH_BYTES) break;
    const names = put === null ? [id] : [id, `${conv}#${put.key}`];
    if (names.some((name) => seen.has(name))) break;
    for (const name of names) seen.add(name);
    taken.push(job);
  }
  jobs.splice(0, taken.length);
  return taken;
}

async function commitRows(needs: CommitterNeeds, org: OrgId, jobs: readonly RowJob[]): Promise<void> {
  const { db, ports, metrics, receipts } = needs;
  const keyLogSize = Math.max(...jobs.map((job) => job.keyLogSize));
  // Judged by an older key log than its neighbours: asked to look again without troubling the database.
  const ready = jobs.filter((job) => job.keyLogSize === keyLogSize);
  for (const job of jobs) if (job.keyLogSize !== keyLogSize) job.resolve({ done: false, outcome: 'stale' });
  const startedMs = ports.clock.nowMs();
  const verdicts = await appendBatch(
    db,
    { org, atMs: startedMs, keyLogSize },
    ready.map((job) => job.row),
  );
  metrics.batch(ready.length, ports.clock.nowMs() - startedMs);
  const fresh = ready.flatMap((job, index) => {
    const verdict = verdicts[index];
    return verdict?.outcome === 'new' ? [{ job, verdict }] : [];
  });
  const asking = fresh.filter(({ job }) => job.row.ask !== null).map(({ job }) => job.row.id as MessageId);
  if (asking.length > 0) needs.openBatons(org, asking);
  const nextTurn = (): Promise<void> => new Promise((resolve) => ports.soon(resolve));
  // In turns of the event loop: the next batch goes to the database, which works meanwhile; then readers get the rows, then authors the
  // receipt, which has to be signed.
  const tell = async (): Promise<void> => {
    await nextTurn();
    const [first] = fresh;
    if (first !== undefined) {
      const rows = fresh.map(({ job, verdict }) => ({ conv: job.row.conv, item: itemOf(job.row, verdict) }));
      needs.publish({ org, batch: first.verdict.batch, rows });
    }
    await nextTurn();
    await answerRows(receipts, org, { jobs: ready, verdicts, fresh });
  };
  tell().catch((error: unknown) => {
    for (const job of ready) job.reject(error);
  });
}

interface Verdict {
  readonly seq: number;
  readonly batch: number;
  readonly ts: number;
}

async function answerRows(
  receipts: Receipts,
  org: OrgId,
  result: {
    jobs: readonly RowJob[];
    verdicts: readonly (Verdict & { readonly outcome: RowOutcome })[];
    fresh: readonly { job: RowJob; verdict: Verdict }[];
  },
): Promise<void> {
  const { jobs, verdicts, fresh } = result;
  for (const [index, job] of jobs.entries()) {
    const verdict = verdicts[index];
    if (verdict === undefined) job.reject(new Error('append_batch left a row unanswered'));
    else if (verdict.outcome === 'replay')
      await answerReplay(receipts, org, { conv: job.row.conv, verdict, job });
    else if (verdict.outcome !== 'new') job.resolve({ done: false, outcome: verdict.outcome });
  }
  const [first] = fresh;
  if (first === undefined) return;
  const { batch, ts } = first.verdict;
  const made = await receipts.make({
    org,
    batch,
    ts,
    rows: fresh.map(({ job, verdict }) => ({ conv: job.row.conv, seq: verdict.seq, body: job.row.body })),
  });
  for (const [index, { job, verdict }] of fresh.entries()) {
    const { seq } = verdict;
    const answer = { seq, batch, ts, receipt: made.receipt, index, path: made.pathOf(index), replay: false };
    job.resolve({ done: true, answer });
  }
}

async function answerReplay(
  receipts: Receipts,
  org: OrgId,
  replay: {
    conv: ConversationId;
    verdict: Verdict;
    job: { resolve(result: { done: true; answer: AppendAnswer }): void };
  },
): Promise<void> {
  const { conv, job } = replay;
  const { seq, batch, ts } = replay.verdict;
  const { receipt, index } = await receipts.derive({ org, batch, ts, conv, seq });
  const path = receipt.pathOf(index);
  job.resolve({
    done: true,
    answer: { seq, batch, ts, receipt: receipt.receipt, index, path, replay: true },
  });
}

async function commitEntry(needs: CommitterNeeds, org: OrgId, job: EntryJob): Promise<void> {
  const { db, ports, metrics, receipts } = needs;
  const { append: entry, keyLogSize, onCommitted } = job.entry;
  const startedMs = ports.clock.nowMs();
  const verdict = await appendEntry(db, { org, atMs: startedMs, keyLogSize }, entry);
  metrics.batch(1, ports.clock.nowMs() - startedMs);
  const { outcome, seq, batch, ts } = verdict;
  if (outcome === 'replay') return answerReplay(receipts, org, { conv: entry.conv, verdict, job });
  if (outcome !== 'new') return job.resolve({ done: false, outcome });
  onCommitted();
  const item: Item = { seq, k: 'entry', b: entry.body, batch, ts };
  needs.publish({ org, batch, rows: [{ conv: entry.conv, item }] });
  const made = await receipts.make({
    org,
    batch,
    ts,
    rows: [{ conv: entry.conv, seq, body: entry.body }],
  });
  const answer = { seq, batch, ts, receipt: made.receipt, index: 0, path: made.pathOf(0), replay: false };
  job.resolve({ done: true, answer });
}

function itemOf(row: AppendRow, verdict: Verdict): Item {
  const { seq, batch, ts } = verdict;
  return { seq, k: row.kind, b: row.body, batch, ts };
}
