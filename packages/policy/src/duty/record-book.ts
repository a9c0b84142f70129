import {
  type AccountId,
  type Bytes,
  encodeHex,
  equalBytes,
  type LadderId,
  ok,
  type QueueId,
  type Result,
  type RoleId,
  type TimestampMs,
} from '@baton/kernel';
import {
  type Availability,
  type Cover,
  type Job,
  type Ladder,
  type OrgPolicy,
  type OrgRecord,
  type Queue,
  type RecordBodyOf,
  type RecordKind,
  recordSubject,
  type Schedule,
  type Unit,
} from '@baton/wire';
import { can } from '../permissions/can.ts';
import { deny, type PolicyError } from '../policy-error.ts';
import { findShapeProblem } from './record-shape.ts';

/** A record at its place in the organisation's log. */
export interface PlacedRecord {
  readonly record: OrgRecord;
  /** Hash of the Signed record's body. */
  readonly hash: Bytes;
  /** Commit time. */
  readonly at: TimestampMs;
  /** Counts from 1, without gaps. */
  readonly pos: number;
}

/** Who signed a record, at the moment of its commit. */
export interface RecordActor {
  readonly account: AccountId;
  readonly jobs: readonly Job[];
  readonly active: boolean;
  onDutyIn(role: RoleId): boolean;
  /** On duty in the charge role of the unit that the role belongs to. */
  inChargeOf(role: RoleId): boolean;
}

/**
 * What the organisation's records say after the first `size` of them. Immutable: books of one log have one store in common that only grows, and
 * each sees its own part, so a book after every record costs nothing.
 */
export interface RecordBook {
  readonly size: number;
  /** Commit time of the newest record. */
  readonly at: TimestampMs;
  readonly store: RecordStore;
}

/** Every version of every subject. Only this file changes one. */
export interface RecordStore {
  readonly log: PlacedRecord[];
  readonly bySubject: Map<string, PlacedRecord[]>;
  readonly byHash: Map<string, PlacedRecord>;
  /** Subjects by kind, and covers by role: to list without reading everything. */
  readonly subjects: Map<string, Set<string>>;
}

export function emptyRecordBook(): RecordBook {
  return { size: 0, at: 0, store: emptyStore() };
}

function emptyStore(): RecordStore {
  return { log: [], bySubject: new Map(), byHash: new Map(), subjects: new Map() };
}

/**
 * The book with one record more, or why it cannot be: place and version chain, the author's right, and the shape that needs no other record to
 * judge (docs/protocol/batons.md §2). Server and clients run it alike; what depends on accounts and roles is `checkRecordBody`'s, before commit.
 */
export function applyRecord(
  book: RecordBook,
  placed: PlacedRecord,
  actor: RecordActor,
): Result<RecordBook, PolicyError> {
  const { record, at, pos } = placed;
  if (pos !== book.size + 1) return deny('ledger.bad_chain', 'pos');
  if (at < book.at) return deny('ledger.bad_chain', 'at');
  const before = newest(book, recordSubject(record.body));
  const version = (before?.record.version ?? 0) + 1;
  if (record.version !== version) return deny('conflict.version', 'version');
  if (before === null ? record.prev !== null : record.prev === null || !equalBytes(record.prev, before.hash))
    return deny('ledger.bad_chain', 'prev');
  const right = judgeAuthor(record, actor, before?.record.body ?? null);
  if (!right.ok) return right;
  const problem = findShapeProblem(record.body);
  if (problem !== null) return deny('duty.record', `body.${problem.code}`);
  return ok(append(book, placed));
}

function judgeAuthor(
  { author, body }: OrgRecord,
  actor: RecordActor,
  before: OrgRecord['body'] | null,
): Result<null, PolicyError> {
  const { account, jobs, active } = actor;
  const person = { kind: 'user' as const, active, jobs };
  const forbidden = deny('policy.forbidden', 'author');
  if (account !== author || !active) return forbidden;
  switch (body.kind) {
    case 'policy':
    case 'ladder':
    case 'unit':
    case 'queue':
      return can(person, 'duty.policy') ? ok(null) : forbidden;
    case 'schedule':
      return can(person, 'duty.schedule') ? ok(null) : forbidden;
    case 'cover':
      // A cover of one role does not become one of another: who may sign it is judged by the role.
      if (before?.kind === 'cover' && before.role !== body.role) return deny('duty.record', 'body.role');
      if (can(person, 'duty.schedule')) return ok(null);
      if (!can(person, 'role.hold')) return forbidden;
      return actor.onDutyIn(body.role) || actor.inChargeOf(body.role) ? ok(null) : forbidden;
    case 'availability': {
      const isOwn = body.account === account && can(person, 'duty.availability.own');
      return isOwn || can(person, 'duty.policy') ? ok(null) : forbidden;
    }
  }
}

function append(book: RecordBook, placed: PlacedRecord): RecordBook {
  // Somebody else has gone on from this book already: this one goes on with a store of its own.
  const store = book.store.log.length === book.size ? book.store : copyStore(book);
  const { body } = placed.record;
  const subject = recordSubject(body);
  store.log.push(placed);
  const versions = store.bySubject.get(subject);
  if (versions === undefined) store.bySubject.set(subject, [placed]);
  else versions.push(placed);
  store.byHash.set(encodeHex(placed.hash), placed);
  for (const index of body.kind === 'cover' ? ['cover', `cover of ${body.role}`] : [body.kind]) {
    const subjects = store.subjects.get(index);
    if (subjects === undefined) store.subjects.set(index, new Set([subject]));
    else subjects.add(subject);
  }
  return { size: placed.pos, at: placed.at, store };
}

function copyStore(book: RecordBook): RecordStore {
  let copy: RecordBook = { size: 0, at: 0, store: emptyStore() };
  for (const placed of book.store.log.slice(0, book.size)) copy = append(copy, placed);
  return copy.store;
}

function newest(book: RecordBook, subject: string): PlacedRecord | null {
  const versions = book.store.bySubject.get(subject) ?? [];
  for (let index = versions.length - 1; index >= 0; index -= 1) {
    const placed = versions[index];
    if (placed !== undefined && placed.pos <= book.size) return placed;
  }
  return null;
}

function find<K extends RecordKind>(book: RecordBook, kind: K, subject: string): RecordBodyOf<K> | null {
  const body = newest(book, subject)?.record.body;
  return body?.kind === kind ? (body as RecordBodyOf<K>) : null;
}

function list<K extends RecordKind>(book: RecordBook, kind: K, index: string = kind): RecordBodyOf<K>[] {
  const placed = [...(book.store.subjects.get(index) ?? [])]
    .map((subject) => newest(book, subject))
    .filter((found) => found !== null)
    .sort((a, b) => a.pos - b.pos);
  return placed.map(({ record }) => record.body as RecordBodyOf<K>);
}

export function policyOf(book: RecordBook): OrgPolicy | null {
  return find(book, 'policy', 'policy');
}

export function ladderOf(book: RecordBook, id: LadderId): Ladder | null {
  return find(book, 'ladder', `ladder:${id}`);
}

/** The active unit of that name; of two the one committed last. */
export function unitNamed(book: RecordBook, name: string): Unit | null {
  return unitsOf(book).findLast((unit) => unit.active && unit.name === name) ?? null;
}

export function queueOf(book: RecordBook, id: QueueId): Queue | null {
  return find(book, 'queue', `queue:${id}`);
}

/** The role's schedule, active or not. */
export function scheduleOf(book: RecordBook, role: RoleId): Schedule | null {
  return find(book, 'schedule', `schedule:${role}`);
}

/** Covers of the role in the order of their commit, ended and inactive ones among them. */
export function coversOf(book: RecordBook, role: RoleId): Cover[] {
  return list(book, 'cover', `cover of ${role}`);
}

export function availabilityOf(book: RecordBook, account: AccountId): Availability | null {
  return find(book, 'availability', `availability:${account}`);
}

export function laddersOf(book: RecordBook): Ladder[] {
  return list(book, 'ladder');
}

export function unitsOf(book: RecordBook): Unit[] {
  return list(book, 'unit');
}

export function queuesOf(book: RecordBook): Queue[] {
  return list(book, 'queue');
}

export function schedulesOf(book: RecordBook): Schedule[] {
  return list(book, 'schedule');
}

/** The newest version about a subject (wire `recordSubject`), with its place: what a next version follows. */
export function newestRecord(book: RecordBook, subject: string): PlacedRecord | null {
  return newest(book, subject);
}

export function recordByHash(book: RecordBook, hash: Bytes): PlacedRecord | null {
  const placed = book.store.byHash.get(encodeHex(hash));
  return placed !== undefined && placed.pos <= book.size ? placed : null;
}

/** Commit time of the version that replaced this one; null where it is the newest. */
export function replacedAt(book: RecordBook, placed: PlacedRecord): TimestampMs | null {
  const versions = book.store.bySubject.get(recordSubject(placed.record.body)) ?? [];
  const next = versions[placed.record.version];
  return next !== undefined && next.pos <= book.size ? next.at : null;
}
