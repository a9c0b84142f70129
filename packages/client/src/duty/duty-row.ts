import type { AccountId, TimestampMs } from '@baton/kernel';
import {
  type BatonFacts,
  coversOf,
  type DutyOrg,
  dutySpans,
  type DutySpan,
  type RecordBook,
  scheduleOf,
} from '@baton/policy';
import type { DutyRow } from '../api/duty.ts';
import type { Person, Role } from '../api/directory.ts';

/** So far ahead is looked for who comes next. */
const AHEAD_MS = 14 * 86_400_000;

export interface DutyRowInput {
  readonly role: Role;
  readonly book: RecordBook;
  readonly org: DutyOrg;
  readonly facts: BatonFacts;
  readonly me: AccountId;
  readonly nowMs: TimestampMs;
  readonly person: (id: AccountId) => Person;
  readonly may: { readonly hold: boolean; readonly schedule: boolean };
}

/** A role with who holds it now, until when, and who comes next. Pure. */
export function describeDuty(input: DutyRowInput): DutyRow {
  const { role, book, org, facts, me, nowMs, person, may } = input;
  const onDuty = facts.holders(role.id, nowMs);
  const keyring = role.holders.filter(({ kind }) => kind === 'person');
  const schedule = scheduleOf(book, role.id);
  const covers = coversOf(book, role.id).filter(({ active, until }) => active && until > nowMs);
  const isPlanned = schedule?.active === true || covers.length > 0;
  const spans = isPlanned ? dutySpans(role.id, nowMs, nowMs + AHEAD_MS, { book, org }) : [];
  const change = nextChange(spans, nowMs);
  // Who keeps the keys without ever having been on the plan (whoever set the role up) is not leaving.
  const planned = new Set([
    ...(schedule?.weekly ?? []).map(({ account }) => account),
    ...coversOf(book, role.id).map(({ account }) => account),
  ]);
  const keys = new Set(keyring.map(({ id }) => id));
  const mine = onDuty.includes(me);
  const isCovered = covers.some(({ from, account }) => from <= nowMs && onDuty.includes(account));
  return {
    role,
    onDuty: onDuty.map(person),
    spans: onDuty.map((id) => ({ person: person(id), ...spanOf(id, spans, nowMs) })),
    until: change?.at ?? null,
    next: (change?.next ?? []).map(person),
    by: isCovered ? 'cover' : schedule?.active === true ? 'schedule' : 'keyring',
    withoutKeys: onDuty.filter((id) => !keys.has(id)).map(person),
    leaving: isPlanned ? keyring.filter(({ id }) => planned.has(id) && !onDuty.includes(id)) : [],
    schedule,
    covers,
    mine: mine || role.heldByMe,
    can: {
      take: may.hold && !(mine && keys.has(me)),
      give: may.schedule || mine || role.heldByMe || facts.inChargeOf(me, role.id, nowMs),
      schedule: may.schedule,
    },
    agent: role.holders.find(({ kind, active }) => kind === 'agent' && active) ?? null,
  };
}

/** Until when this person is on duty without a break. What lasts as far as is looked ahead has no end in sight. */
function spanOf(
  id: AccountId,
  spans: readonly DutySpan[],
  nowMs: TimestampMs,
): { readonly until: TimestampMs | null; readonly by: DutySpan['by'] } {
  const own = spans.filter(({ account }) => account === id);
  const now = own.find(({ from, until }) => from <= nowMs && nowMs < until);
  if (!now) return { until: null, by: 'keyring' };
  let end = now.until;
  // The same person may go on by another reason.
  for (const { from, until } of own) if (from <= end && until > end) end = until;
  return { until: end >= nowMs + AHEAD_MS ? null : end, by: now.by };
}

/** The first moment at which other people are on duty, and who. */
function nextChange(
  spans: readonly DutySpan[],
  nowMs: TimestampMs,
): { readonly at: TimestampMs; readonly next: readonly AccountId[] } | null {
  const at = (moment: TimestampMs): AccountId[] => [
    ...new Set(
      spans.filter(({ from, until }) => from <= moment && moment < until).map(({ account }) => account),
    ),
  ];
  const now = at(nowMs).sort().join();
  const moments = [...new Set(spans.flatMap(({ from, until }) => [from, until]))].sort((a, b) => a - b);
  for (const moment of moments) {
    if (moment <= nowMs || moment >= nowMs + AHEAD_MS) continue;
    const then = at(moment);
    if ([...then].sort().join() !== now) return { at: moment, next: then };
  }
  return null;
}
