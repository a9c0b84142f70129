import type { DutyRow, DutySpan, Finding, LadderPreview, Owner, Person } from '@baton/client';
import type { AccountId, OwnerId, RoleId, TimestampMs } from '@baton/kernel';
import type { Cover, Ladder, OrgPolicy, Queue, Schedule, StepTarget, Unit } from '@baton/wire';
import { weeklySpans } from '../src/features/on-call/schedule/weekly-spans.ts';
import { KEYS } from './duty-data.ts';
import { findMember, ME, peopleCell, REMINDERS, rolesCell } from './people.ts';

const DAY = 86_400_000;

/** What the gallery's organisation has recorded. */
export interface Book {
  readonly schedules: readonly Schedule[];
  readonly covers: readonly Cover[];
  readonly ladders: readonly Ladder[];
  readonly units: readonly Unit[];
  readonly queues: readonly Queue[];
  readonly policy: OrgPolicy | null;
}

function person(id: AccountId): Person {
  return peopleCell.read().find((one) => one.id === id) ?? ME;
}

export function ownerOf(book: Book, id: OwnerId): Owner | null {
  const queue = book.queues.find((one) => one.queue === id);
  if (queue !== undefined)
    return { kind: 'queue', id: queue.queue, name: queue.name, defaultOwner: findMember(queue.defaultOwner) };
  return findMember(id as AccountId);
}

/** Spans of the schedule, with covers cut in. */
export function spansOf(
  book: Book,
  role: RoleId,
  from: TimestampMs,
  until: TimestampMs,
): readonly DutySpan[] {
  const schedule = book.schedules.find((one) => one.role === role && one.active);
  let spans: { account: AccountId; from: number; until: number; by: 'schedule' | 'cover' }[] =
    schedule === undefined
      ? []
      : weeklySpans(schedule, from, until).map((span) => ({ ...span, by: 'schedule' as const }));
  for (const cover of book.covers.filter((one) => one.role === role && one.active)) {
    if (cover.until <= from || cover.from >= until) continue;
    spans = spans.flatMap((span) => {
      if (span.account !== cover.instead || span.until <= cover.from || span.from >= cover.until)
        return [span];
      return [
        { ...span, until: cover.from },
        { ...span, from: cover.until },
      ].filter((piece) => piece.until > piece.from);
    });
    spans.push({
      account: cover.account,
      from: Math.max(from, cover.from),
      until: Math.min(until, cover.until),
      by: 'cover',
    });
  }
  return spans.sort((a, b) => a.from - b.from).map((span) => ({ ...span, name: person(span.account).name }));
}

function onDutyAt(book: Book, owner: OwnerId, at: TimestampMs): readonly Person[] {
  const queue = book.queues.find((one) => one.queue === owner);
  if (queue !== undefined) return onDutyAt(book, queue.defaultOwner, at);
  const role = rolesCell.read().find((one) => one.id === owner);
  if (role === undefined) {
    const one = findMember(owner as AccountId);
    return one === null || one.kind === 'role' ? [] : [one];
  }
  if (!book.schedules.some((one) => one.role === role.id && one.active)) return role.holders;
  const accounts = spansOf(book, role.id, at, at + 1).map(({ account }) => account);
  return [...new Set(accounts)].map(person);
}

export function dutyRow(book: Book, roleId: RoleId, at: TimestampMs, rights: DutyRow['can']): DutyRow | null {
  const role = rolesCell.read().find(({ id }) => id === roleId);
  if (role === undefined) return null;
  const schedule = book.schedules.find((one) => one.role === roleId && one.active) ?? null;
  const spans = spansOf(book, roleId, at, at + 8 * DAY);
  const current = spans.filter((span) => span.from <= at);
  const until = current.length === 0 ? null : Math.min(...current.map((span) => span.until));
  const after = spans.find(
    (span) => span.from > at && !current.some(({ account }) => account === span.account),
  );
  const onDuty = onDutyAt(book, roleId, at);
  const keys = KEYS.get(roleId) ?? onDuty.map(({ id }) => id);
  return {
    role,
    onDuty,
    spans: onDuty.map((one) => {
      const own = current.find(({ account }) => account === one.id);
      return { person: one, until: own?.until ?? null, by: own?.by ?? 'keyring' };
    }),
    until: schedule === null ? null : until,
    next: after === undefined ? [] : [person(after.account)],
    by: schedule === null ? 'keyring' : current.some(({ by }) => by === 'cover') ? 'cover' : 'schedule',
    withoutKeys: onDuty.filter(({ id }) => !keys.includes(id)),
    leaving: keys.filter((id) => !onDuty.some((one) => one.id === id)).map(person),
    schedule,
    covers: book.covers.filter((one) => one.role === roleId && one.active && one.until > at),
    mine: onDuty.some(({ id }) => id === ME.id),
    can: rights,
    agent: role.unit === 'Cardiology' ? REMINDERS : null,
  };
}

function targetOf(book: Book, target: StepTarget, to: OwnerId): OwnerId | null {
  const unitName = rolesCell.read().find(({ id }) => id === to)?.unit ?? null;
  const unit = book.units.find(({ name, active }) => active && name === unitName);
  if (target === 'owner') return to;
  if (target === 'backup') return unit?.backup ?? null;
  if (target === 'charge') return unit?.charge ?? null;
  if (target === 'supervisor') return book.policy?.supervisor ?? null;
  return target;
}

export function previewOf(
  book: Book,
  input: {
    readonly to: OwnerId;
    readonly contract: 'reply' | 'talk' | 'stat';
    readonly withinMs: number;
    readonly at: TimestampMs;
    readonly ladder?: Ladder;
  },
): { readonly steps: readonly LadderPreview[]; readonly findings: readonly Finding[] } {
  const { policy } = book;
  if (policy === null) return { steps: [], findings: [] };
  const unitName = rolesCell.read().find(({ id }) => id === input.to)?.unit ?? null;
  const unit = book.units.find(({ name }) => name === unitName);
  const id = unit?.ladders[input.contract] ?? policy.ladders[input.contract];
  const ladder = input.ladder ?? book.ladders.find((one) => one.ladder === id);
  if (ladder === undefined) return { steps: [], findings: [] };
  const findings: Finding[] = [];
  const steps: LadderPreview[] = [];
  const reach = (target: OwnerId | null, at: TimestampMs): void => {
    const owner = target === null ? null : ownerOf(book, target);
    if (target === null || owner === null) return;
    const reaches = onDutyAt(book, target, at);
    steps.push({ at, target: owner, reaches, empty: reaches.length === 0 });
  };
  reach(input.to, input.at);
  for (const step of ladder.steps) {
    const at = input.at + (step.from === 'deadline' ? input.withinMs : 0) + step.afterMs;
    const target = targetOf(book, step.target, input.to);
    if (target === null)
      findings.push({
        severity: 'notice',
        code: `step.no_${String(step.target)}`,
        sentence: `${unitName ?? 'The addressed owner'} names no ${String(step.target)} role: this step is skipped.`,
      });
    else reach(target, at);
  }
  const last = steps.at(-1);
  if (last !== undefined && last.target.id !== policy.supervisor) {
    reach(policy.supervisor, last.at + ladder.repeatMs);
    findings.push({
      severity: 'notice',
      code: 'ladder.supervisor_added',
      sentence: 'The ladder does not name the duty supervisor. It ends there all the same.',
    });
  }
  for (const step of steps) {
    if (!step.empty) continue;
    const name = step.target.name;
    findings.push({
      severity: 'notice',
      code: 'step.empty',
      sentence: `Nobody is on duty for ${name} then.`,
    });
  }
  const offsets = ladder.steps.map(
    ({ from, afterMs }) => (from === 'deadline' ? input.withinMs : 0) + afterMs,
  );
  if (offsets.some((offset, index) => index > 0 && offset <= (offsets[index - 1] ?? 0)))
    findings.push({
      severity: 'problem',
      code: 'steps-order',
      sentence: 'The steps do not follow each other in time.',
    });
  return { steps, findings };
}
