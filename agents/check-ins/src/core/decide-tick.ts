import { planOf, type Protocol, stopOn } from '@baton/clinical';
import type { TimestampMs } from '@baton/kernel';
import type { CheckInRun } from '@baton/wire';
import { daysAfter, instantOn, type LocalDate, localDate } from '../schedule/local-time.ts';
import { inviteAgain, nextInvitation } from './decide-invitation.ts';
import { beginSlot, closeRun, holdRun, stateOf, stepOpen } from './dialogue.ts';
import { dosesNow, dosesOf, isDoseQuestion } from './dose-words.ts';
import type { Draft } from './draft.ts';
import { followUp, nextFollowUp } from './follow-up.ts';
import { goingOnAt, nextOpening, openingsOn } from './openings.ts';
import { sayAdvice } from './say-advice.ts';
import type { View } from './view.ts';

/** Days that are looked back on for dialogues that nobody began. */
const LOOK_BACK_DAYS = 14;
const LOOK_AHEAD_DAYS = 8;

/** Does what is due now. Asked at any time and however often: what was done is not due any more. */
export function decideTick(draft: Draft): void {
  const { view } = draft;
  const today = localDate(view.enrolment.timeZone, view.nowMs);
  followUp(draft);
  if (draft.track.run !== null && draft.run === null) {
    draft.track.run = null;
    draft.touch();
  }
  if (view.enrolment.state === 'ended') {
    holdRun(draft);
    closeTrack(draft);
    return;
  }
  if (today === null) return stopFor(draft, 'time-zone', null);
  const why = whyNothing(view);
  if (why !== null) return stopFor(draft, why, today);
  const { protocol } = view;
  if (draft.track.told !== null) {
    draft.track.told = null;
    draft.touch();
  }
  if (protocol === null) return;
  // Moved to another version: a dialogue of the one before is not gone on with.
  if (isOfAnotherVersion(draft)) holdRun(draft);
  if (!isRunning(view, today)) {
    holdRun(draft);
    setFrom(draft, today);
    if (view.enrolment.state === 'invited') inviteAgain(draft, protocol);
    return;
  }
  resume(draft);
  if (!stop(draft, protocol, today)) goOn(draft, protocol, today);
}

/** When `decideTick` has something to do again; null: never by itself. */
export function nextTick(draft: Draft): TimestampMs | null {
  const { view } = draft;
  const { enrolment, protocol, nowMs, hours } = view;
  const today = localDate(enrolment.timeZone, nowMs);
  const times: (TimestampMs | null)[] = [nextFollowUp(draft)];
  if (today !== null && enrolment.state !== 'ended') {
    // The day is closed when it is over, by the plan that held on it.
    times.push(instantOn(enrolment.timeZone, daysAfter(today, 1), 0));
    if (protocol !== null && whyNothing(view) === null) {
      times.push(goesOnAt(draft));
      if (enrolment.state === 'invited') times.push(nextInvitation(draft));
      times.push(
        nextOpening(protocol, enrolment, { date: today, nowMs, hours, days: LOOK_AHEAD_DAYS })?.atMs ?? null,
      );
    }
  }
  const known = times.filter((time): time is TimestampMs => time !== null);
  return known.length === 0 ? null : Math.min(...known);
}

/** Why nothing may be sent; staff are told once for each reason. null: it may. */
function whyNothing({ standing, enrolment, protocol }: View): string | null {
  // The invitation is what asks for consent; whether a text may announce it is judged with the text.
  const isAsking = enrolment.state === 'invited' && standing === 'no-consent';
  if (standing !== 'may' && !isAsking) return standing;
  return protocol === null ? 'protocol' : null;
}

const TOLD: Readonly<Record<string, string>> = {
  'no-consent': 'there is no consent to check-ins (any more)',
  'opted-out': 'the patient has ended texts',
  'do-not-contact': 'the patient is not to be contacted',
  deceased: 'the patient has died',
  unknown: 'the assistant is not in the patient’s conversation',
  protocol: 'the protocol is not signed by two people for this version, or cannot be read',
  'time-zone': 'the patient’s time zone is not known',
};

function stopFor(draft: Draft, why: string, today: LocalDate | null): void {
  const { view, track } = draft;
  holdRun(draft);
  setFrom(draft, today);
  // Nobody waits for anything while it is paused; if the reason is still there afterwards, it is told then.
  if (track.told === why || view.enrolment.state === 'paused') return;
  track.told = why;
  draft.touch();
  // Nobody asks of somebody who has died, and without the conversation there is nowhere to say it.
  if (why === 'deceased' || why === 'unknown') return;
  const { id, version } = view.enrolment.protocol;
  draft.do({
    t: 'ask',
    id: view.newId('message'),
    contract: 'reply',
    text: `Check-ins of ${id} (version ${version}) are not sent: ${TOLD[why] ?? why}. Please see to it, or end the enrolment.`,
    first: view.enrolment.askTo,
    withinMs: null,
    alert: null,
  });
}

/** Nothing before this date is owed. */
function setFrom(draft: Draft, today: LocalDate | null): void {
  if (today === null || draft.track.from >= today) return;
  draft.track.from = today;
  draft.touch();
}

function isRunning({ enrolment }: View, today: LocalDate): boolean {
  const { state, resumesOn, regimen } = enrolment;
  if (state === 'active') return true;
  if (state === 'paused') return resumesOn !== null && resumesOn <= today;
  // On hold without a regimen there is nothing that a protocol could say about it.
  return state === 'held' && regimen !== null;
}

export function isOfAnotherVersion({ run, view }: Draft): boolean {
  const { id, version } = view.enrolment.protocol;
  return run !== null && (run.protocol.version !== version || run.protocol.id !== id);
}

/** The day has come until which it was paused. */
function resume(draft: Draft): void {
  const { view } = draft;
  if (view.enrolment.state !== 'paused') return;
  draft.do({ t: 'enrolment', from: ['paused'], to: 'active', reason: null, at: view.nowMs });
}

/** Answers whether the programme is over. */
function stop(draft: Draft, protocol: Protocol, today: LocalDate): boolean {
  const { view } = draft;
  const over = stopOn(protocol, view.enrolment, today);
  if (over === null) return false;
  closeRun(draft, protocol);
  sayAdvice(draft, { protocol, ids: [over.say], cause: null });
  const reason = over.why === 'cycles-done' ? 'All cycles are done' : 'The protocol’s days are over';
  draft.do({ t: 'enrolment', from: ['active', 'held', 'paused'], to: 'ended', reason, at: view.nowMs });
  return true;
}

function goOn(draft: Draft, protocol: Protocol, today: LocalDate): void {
  const { view } = draft;
  meetPlan(draft, protocol, today);
  recordMissed(draft, protocol, today);
  const owedFrom = Math.max(view.enrolment.createdAt, view.enrolment.since);
  for (const opening of openingsOn(protocol, view.enrolment, { date: today, hours: view.hours })) {
    const { slot, atMs, untilMs, plan } = opening;
    if (atMs > view.nowMs || draft.hasSlot(today, slot)) continue;
    draft.setSlot(today, slot);
    if (atMs < owedFrom) continue;
    if (view.nowMs >= untilMs) writeMissed(draft, today, slot);
    else beginSlot(draft, { protocol, slot, date: today, plan });
  }
  const atMs = goesOnAt(draft);
  const { later } = draft.track;
  if (atMs !== null && atMs <= view.nowMs && later !== null)
    stepOpen(draft, protocol, { t: 'due', atMs: view.nowMs, what: later.what }, null);
}

/** A question about tablets is not left open where the plan does not hold any more, or has become another. */
function meetPlan(draft: Draft, protocol: Protocol, today: LocalDate): void {
  const { run, view } = draft;
  const state = stateOf(draft);
  if (run === null || state?.start !== 'doses') return;
  const plan = planOf(view.enrolment, today);
  if (plan?.t === 'held' || plan?.t === 'stale') {
    stepOpen(draft, protocol, { t: 'plan', atMs: view.nowMs, plan: plan.t }, null);
    return;
  }
  if (!isDoseQuestion(protocol, state.question)) return;
  const now = dosesNow(protocol, view.enrolment, { ...run, language: state.language });
  if (now !== dosesOf(state)) holdRun(draft);
}

/** Days that passed while nobody was there to begin anything are written down, and not made up for. */
function recordMissed(draft: Draft, protocol: Protocol, today: LocalDate): void {
  const { view, track } = draft;
  const { enrolment, hours } = view;
  const owedFrom = Math.max(enrolment.createdAt, enrolment.since);
  const first = daysAfter(today, -LOOK_BACK_DAYS);
  for (let date = track.from > first ? track.from : first; date < today; date = daysAfter(date, 1))
    for (const { slot, atMs } of openingsOn(protocol, enrolment, { date, hours }))
      if (atMs >= owedFrom && !draft.hasSlot(date, slot)) writeMissed(draft, date, slot);
  setFrom(draft, today);
}

function writeMissed(draft: Draft, date: LocalDate, slot: string): void {
  const { view } = draft;
  const { id, ref, protocol } = view.enrolment;
  const missed: CheckInRun = {
    t: 'run',
    enrolment: id,
    ref,
    date,
    slot,
    protocol: { id: protocol.id, version: protocol.version },
    startedAt: view.nowMs,
    state: '',
    steps: [],
    outcome: 'held',
    band: null,
    endedAt: view.nowMs,
  };
  draft.write(missed);
}

/** When the open dialogue goes on by itself: a question again, out of quiet hours; the end of waiting, at its time. */
function goesOnAt(draft: Draft): TimestampMs | null {
  const { later } = draft.track;
  const state = stateOf(draft);
  if (later === null || state === null) return null;
  if (state.phase === 're-asked') return later.atMs;
  const asked = draft.run?.steps.findLast(({ kind }) => kind === 'ask' || kind === 're-ask');
  const askedMs = asked?.at ?? draft.run?.startedAt ?? later.atMs;
  const { enrolment, hours } = draft.view;
  return goingOnAt(later.atMs, { timeZone: enrolment.timeZone, askedMs, hours });
}

/** Nothing of what is over is asked for any more; its alerts go on until somebody has acted. */
function closeTrack(draft: Draft): void {
  const { track } = draft;
  if (track.prompts.length === 0 && track.invited === null) return;
  track.prompts = [];
  track.invited = null;
  draft.touch();
}
