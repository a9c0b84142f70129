import { type AccountId, DAY_MS, isId, type MemberId, type RoleId, type TimestampMs } from '@baton/kernel';
import { type DutyOrg, isActivePerson } from './duty-org.ts';
import { availabilityOf, coversOf, type RecordBook, scheduleOf } from './record-book.ts';
import { slotSpans, slotsAt } from './schedule-spans.ts';

// Who is on duty (docs/protocol/batons.md §2).

export interface DutyContext {
  readonly book: RecordBook;
  readonly org: DutyOrg;
}

/** How far one who is off duty and covered by one who is off duty is followed. */
const MAX_HOPS = 4;
/** A weekly schedule begins anew within this time, daylight saving included. */
const WEEK_MS = 8 * DAY_MS;

/** Accounts on duty in the role, each once; empty where there is nobody. */
export function findOnDuty(role: RoleId, atMs: TimestampMs, context: DutyContext): AccountId[] {
  return holdersOf(role, atMs, context, []);
}

/** The person where on duty, else whoever stands in. */
export function findStandIns(account: AccountId, atMs: TimestampMs, context: DutyContext): AccountId[] {
  return resolve(account, atMs, context, []);
}

type Path = readonly MemberId[];

function holdersOf(role: RoleId, atMs: TimestampMs, context: DutyContext, path: Path): AccountId[] {
  if (context.org.view.role(role)?.active !== true) return [];
  const present = new Set<AccountId>();
  for (const account of nominal(role, atMs, context))
    for (const found of resolve(account, atMs, context, path)) present.add(found);
  return [...present];
}

/** Who holds the role by schedule (or keyring) and covers, whether or not they are active and on duty. */
function nominal(role: RoleId, atMs: TimestampMs, { book, org }: DutyContext): AccountId[] {
  const schedule = scheduleOf(book, role);
  const held = new Set(schedule?.active === true ? slotsAt(schedule, atMs) : org.keyringMembers(role));
  for (const { account, instead, from, until, active } of coversOf(book, role)) {
    if (!active || atMs < from || atMs >= until) continue;
    if (instead !== null) held.delete(instead);
    held.add(account);
  }
  return [...held];
}

function resolve(account: AccountId, atMs: TimestampMs, context: DutyContext, path: Path): AccountId[] {
  if (!isActivePerson(context.org, account)) return [];
  const cover = coverWhileOff(account, atMs, context.book);
  if (cover === undefined) return [account];
  if (cover === null || path.length >= MAX_HOPS || path.includes(cover) || cover === account) return [];
  const next = [...path, account];
  return isId('role', cover)
    ? holdersOf(cover, atMs, context, [...next, cover])
    : resolve(cover, atMs, context, next);
}

/** undefined: on duty. null: off duty, and nobody stands in. */
function coverWhileOff(account: AccountId, atMs: TimestampMs, book: RecordBook): MemberId | null | undefined {
  const availability = availabilityOf(book, account);
  if (availability === null || availability.duty === 'on') return undefined;
  return availability.until !== null && atMs >= availability.until ? undefined : availability.cover;
}

/**
 * The next moment after `atMs` at which the holders may be others by time alone: a slot, a cover or an absence begins or ends. null where nothing
 * of that is in sight. It may be a moment at which nothing changes.
 */
export function nextDutyChange(
  member: MemberId,
  atMs: TimestampMs,
  context: DutyContext,
): TimestampMs | null {
  const times: TimestampMs[] = [];
  const seen = new Set<MemberId>();
  collectChanges(member, atMs, context, { times, seen, hops: 0 });
  return times.length === 0 ? null : Math.min(...times);
}

interface Search {
  readonly times: TimestampMs[];
  readonly seen: Set<MemberId>;
  readonly hops: number;
}

function collectChanges(member: MemberId, atMs: TimestampMs, context: DutyContext, search: Search): void {
  const { times, seen, hops } = search;
  if (seen.has(member) || hops > 2 * MAX_HOPS) return;
  seen.add(member);
  const deeper = { times, seen, hops: hops + 1 };
  const note = (ms: TimestampMs): void => {
    if (ms > atMs) times.push(ms);
  };
  if (!isId('role', member)) {
    const availability = availabilityOf(context.book, member);
    if (availability?.duty !== 'off') return;
    if (availability.until !== null) note(availability.until);
    if (availability.cover !== null) collectChanges(availability.cover, atMs, context, deeper);
    return;
  }
  const schedule = scheduleOf(context.book, member);
  const people = new Set<AccountId>(context.org.keyringMembers(member));
  if (schedule?.active === true) {
    for (const { account, from, until } of nextSlots(schedule, atMs)) {
      people.add(account);
      note(from);
      note(until);
    }
  }
  for (const { account, from, until, active } of coversOf(context.book, member)) {
    if (!active || until <= atMs) continue;
    people.add(account);
    note(from);
    note(until);
  }
  for (const person of people) collectChanges(person, atMs, context, deeper);
}

/** Slots of the next day where one begins or ends in it, else of the week. */
function nextSlots(
  schedule: Parameters<typeof slotSpans>[0],
  atMs: TimestampMs,
): ReturnType<typeof slotSpans> {
  const soon = slotSpans(schedule, atMs, atMs + DAY_MS);
  return soon.length > 0 ? soon : slotSpans(schedule, atMs, atMs + WEEK_MS);
}

export interface DutySpan {
  readonly account: AccountId;
  readonly from: TimestampMs;
  readonly until: TimestampMs;
  /** How it is known: by a slot, by cover (also of one who is off duty), or because they have the keys and there is no schedule. */
  readonly by: 'schedule' | 'cover' | 'keyring';
}

const MAX_CHANGES = 5000;

/** Who is on duty when, in [fromMs, untilMs), cut to it; by beginning. */
export function dutySpans(
  role: RoleId,
  fromMs: TimestampMs,
  untilMs: TimestampMs,
  context: DutyContext,
): DutySpan[] {
  const done: DutySpan[] = [];
  let open = new Map<string, DutySpan>();
  let atMs = fromMs;
  for (let changes = 0; atMs < untilMs && changes < MAX_CHANGES; changes += 1) {
    const until = Math.min(untilMs, nextDutyChange(role, atMs, context) ?? untilMs);
    const now = new Map<string, DutySpan>();
    for (const account of findOnDuty(role, atMs, context)) {
      const by = knownBy(role, account, atMs, context);
      const key = `${account} ${by}`;
      now.set(key, { account, by, from: open.get(key)?.from ?? atMs, until });
    }
    for (const [key, span] of open) if (!now.has(key)) done.push(span);
    open = now;
    atMs = until;
  }
  return [...done, ...open.values()].sort((a, b) => a.from - b.from);
}

function knownBy(
  role: RoleId,
  account: AccountId,
  atMs: TimestampMs,
  { book, org }: DutyContext,
): DutySpan['by'] {
  const schedule = scheduleOf(book, role);
  if (schedule?.active === true) return slotsAt(schedule, atMs).includes(account) ? 'schedule' : 'cover';
  return org.keyringMembers(role).includes(account) ? 'keyring' : 'cover';
}
