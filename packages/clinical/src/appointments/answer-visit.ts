import type { AccountId, TimestampMs } from '@baton/kernel';
import type { Appointment, WriteBack } from '@baton/wire';
import { isEndedStatus } from './appointment-status.ts';

export type VisitAnswer = Exclude<Appointment['answer']['state'], 'none'>;

export interface AnswerInput {
  readonly answer: VisitAnswer;
  readonly by: 'patient' | AccountId;
  readonly at: TimestampMs;
  readonly nowMs: TimestampMs;
}

/**
 * The appointment with what the patient said; null: nothing changes, because it is said already, or because the visit has ended. Whoever cannot come
 * has no visit any more. Decided within a compare-and-set of the newest value.
 */
export function answerVisit(
  current: Appointment,
  { answer, by, at, nowMs }: AnswerInput,
): Appointment | null {
  if (isEndedStatus(current.status) || current.answer.state === answer) return null;
  return {
    ...current,
    answer: { state: answer, at, by },
    status: answer === 'declined' ? 'cancelled' : current.status,
    updatedAt: nowMs,
  };
}

/** What the source of a visit should have of a change that was made here; `no-adapter` at once where the visit has no system that it came from. */
export function writeBackOf(changed: Appointment, nowMs: TimestampMs): WriteBack {
  const { id, status, answer, start, end, source } = changed;
  const hasSystem = source.kind === 'fhir' || source.kind === 'hl7v2' || source.system !== null;
  return {
    t: 'write-back',
    appointment: id,
    status,
    answer: answer.state,
    start,
    end,
    at: nowMs,
    state: hasSystem ? 'waiting' : 'no-adapter',
    code: null,
    tries: 0,
  };
}
