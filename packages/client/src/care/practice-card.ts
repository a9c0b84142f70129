import { equalBytes, isId, type MemberId, type OwnerId, type TimestampMs } from '@baton/kernel';
import { type BatonFacts, ladderRecipients } from '@baton/policy';
import {
  contentCodec,
  MAX_ESCALATION_BOXES,
  type PatientRecord,
  type PracticeCard,
  type Reach,
  type TextingSettings,
} from '@baton/wire';
import { routeOf } from './routing.ts';

export interface CardInput {
  readonly settings: TextingSettings;
  readonly reach: Reach;
  readonly record: PatientRecord | null;
  readonly facts: BatonFacts;
  readonly nowMs: TimestampMs;
}

const LAST_MINUTE = 1439;

/** What a patient's client has to know of the practice (docs/protocol/patients.md §1). Pure: the same settings, people and time give the same. */
export function makePracticeCard({ settings, reach, record, facts, nowMs }: CardInput): PracticeCard {
  const { practice, phone, replyTime, afterHours, withinMs, urgentTo, urgentWithinMs } = settings;
  const askTo = routeOf(settings, record, null);
  const topics = settings.topics.map(({ id, en, es }) => {
    const to = routeOf(settings, record, id);
    return { id, en, es, askTo: to === askTo ? null : to };
  });
  const answering = [askTo, ...topics.flatMap(({ askTo: to }) => to ?? [])];
  return {
    t: 'card',
    name: practice,
    about: (reach.given[0] ?? reach.name).slice(0, 120),
    phone,
    replyTime,
    hours: {
      timeZone: settings.timeZone,
      open: settings.hours
        .filter(({ from, to }) => from <= LAST_MINUTE && to >= 1)
        .map(({ day, from, to }) => ({ day, from, to })),
    },
    afterHours,
    topics,
    askTo,
    withinMs,
    urgentTo,
    urgentWithinMs,
    boxTo: boxesFor({ answering, urgentTo }, facts, nowMs),
  };
}

export function isSameCard(a: PracticeCard, b: PracticeCard): boolean {
  return equalBytes(contentCodec.encode(a), contentCodec.encode(b));
}

/** Roles of the ladders as they stand; a ladder that changes later is no refusal for a patient (§5). */
function boxesFor(
  to: { readonly answering: readonly OwnerId[]; readonly urgentTo: OwnerId },
  facts: BatonFacts,
  at: TimestampMs,
): MemberId[] {
  const options = { standIns: false };
  const roles = [
    ...ladderRecipients({ to: [to.urgentTo], contract: 'stat', at }, facts, options),
    ...ladderRecipients({ to: to.answering, contract: 'reply', at }, facts, options),
  ].filter((member) => isId('role', member));
  return [...new Set(roles)].slice(0, MAX_ESCALATION_BOXES);
}
