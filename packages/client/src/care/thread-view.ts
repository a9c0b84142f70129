import type { AccountId, OwnerId, TimestampMs } from '@baton/kernel';
import type { DeskThread, PatientRecord, Reach, TextingSettings } from '@baton/wire';
import type { Owner } from '../api/batons.ts';
import type { CareThread } from '../api/care.ts';
import type { ConversationSummary } from '../api/conversations.ts';
import type { Member, Person } from '../api/directory.ts';
import type { ConversationRow } from '../tables/records.ts';
import type { OpenHere } from './open-batons.ts';
import { routeOf } from './routing.ts';

export interface ThreadInput {
  readonly row: ConversationRow;
  readonly summary: Pick<ConversationSummary, 'lastAt' | 'preview' | 'unread'>;
  readonly reach: Reach;
  readonly confidential: boolean;
  readonly record: PatientRecord | null;
  readonly desk: DeskThread | null;
  readonly settings: TextingSettings | null;
  /** Newest message from outside that staff have to know of (`incomingSeqOf`). */
  readonly incomingSeq: number;
  /** In the conversation and in its sidebar. */
  readonly open: OpenHere;
  readonly me: AccountId;
  readonly nowMs: TimestampMs;
  readonly member: (id: NonNullable<DeskThread['assignee']>) => Member | null;
  readonly person: (id: AccountId) => Person;
  readonly owner: (id: OwnerId) => Owner | null;
}

export interface Standing {
  readonly status: CareThread['status'];
  readonly snoozedUntil: TimestampMs | null;
}

/**
 * Where a conversation stands now. What a patient wrote after somebody decided it opens it again, whatever is stored: no closing or snoozing
 * can hide a message that its author had not seen. Closed counts only where nothing is owed any more. Pure.
 */
export function standingOf(
  desk: Pick<DeskThread, 'status' | 'upTo' | 'snoozedUntil'> | null,
  now: { readonly incomingSeq: number; readonly isOwed: boolean; readonly nowMs: TimestampMs },
): Standing {
  const open: Standing = { status: 'open', snoozedUntil: null };
  if (!desk || now.incomingSeq > desk.upTo) return open;
  const { status, snoozedUntil } = desk;
  if (snoozedUntil !== null) return snoozedUntil > now.nowMs ? { status: 'snoozed', snoozedUntil } : open;
  return status === 'closed' && now.isOwed ? open : { status, snoozedUntil: null };
}

/** One line of the shared inbox, joined from everything that says something of it. Pure. */
export function viewThread(input: ThreadInput): CareThread {
  const { row, summary, reach, record, desk, settings, open, me, nowMs, incomingSeq } = input;
  const topic = desk?.topic ?? row.incoming?.topic ?? null;
  const { answering } = desk ?? { answering: null };
  const isAnswering = answering !== null && answering.account !== me && answering.until > nowMs;
  const routed = settings && input.owner(routeOf(settings, record, topic));
  const standing = standingOf(desk, { incomingSeq, isOwed: open.all > 0, nowMs });
  return {
    conversation: row.conv,
    sidebar: reach.sidebar,
    ref: reach.ref,
    name: reach.name,
    confidential: input.confidential,
    ...standing,
    assignee: desk?.assignee ? activeMember(input.member(desk.assignee)) : null,
    owner: open.owner ?? routed ?? (settings && input.owner(settings.askTo)),
    topic,
    lastAt: summary.lastAt,
    preview: summary.preview,
    unread: summary.unread,
    waitingSince: open.waitingSince,
    owed: { all: open.all, mine: open.mine },
    urgent: open.urgent,
    answering: isAnswering ? input.person(answering.account) : null,
    channel: reach.channel,
    language: reach.language,
    doNotContact: reach.doNotContact,
    deceased: reach.deceased || isDeceased(record),
  };
}

/** By urgency, then by who waits longest, then by who wrote last. */
export function byUrgency(a: CareThread, b: CareThread): number {
  const waits = (thread: CareThread): number => thread.waitingSince ?? Number.MAX_SAFE_INTEGER;
  return (
    Number(b.urgent) - Number(a.urgent) ||
    waits(a) - waits(b) ||
    b.lastAt - a.lastAt ||
    (a.conversation < b.conversation ? -1 : 1)
  );
}

export function isDeceased(record: PatientRecord | null): boolean {
  return record !== null && record.deceased !== null && record.deceased !== false;
}

/** Somebody whose account has ended looks after nothing any more. */
export function activeMember(member: Member | null): Member | null {
  return member === null || member.kind === 'role' || member.active ? member : null;
}
