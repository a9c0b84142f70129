import { encodeRunState, type RunAlert, type RunOut, type RunState } from '@baton/clinical';
import { isId, type MessageId, type OwnerId, type TimestampMs } from '@baton/kernel';
import { type CheckInAlert, type CheckInRun, programmesKey, type Prompt } from '@baton/wire';
import { alertText } from './alert-text.ts';
import type { Draft } from './draft.ts';
import { withLetters } from './say-advice.ts';
import type { Inbound } from './view.ts';

/** An advice without a question: until then it may still go. */
const WORTH_MS = 24 * 3_600_000;
/** Shortest and longest time between two reminders of one call-back. */
const NUDGE_MS = { least: 15 * 60_000, most: 24 * 3_600_000 } as const;
const MOST_RECENT = 60;
const DAY_MS = 24 * 3_600_000;

export interface Step {
  readonly state: RunState;
  readonly out: readonly RunOut[];
}

/** Turns a step of the engine into what is written and done. `cause`: the message that it answers. */
export function takeOutputs(draft: Draft, { state, out }: Step, cause: Inbound | null): void {
  const { run } = draft;
  if (run === null) return;
  const key = programmesKey(run);
  const isLeft = out.some(({ t }) => t === 'leave');
  const isEmergency = out.some(
    (one) => (one.t === 'say' && one.kind === 'emergency') || (one.t === 'alert' && one.kind === 'red-flag'),
  );
  for (const one of out) takeOne(draft, { one, key, cause, isEmergency });
  run.state = encodeRunState(state);
  run.band = state.band;
  draft.track.ambers = { date: run.date, questions: [...state.ambers].slice(0, 60) };
  draft.touch();
  const ended = out.find((one) => one.t === 'end');
  if (ended) end(draft, state, ended.stops);
  draft.write({ ...run });
  if (draft.run?.outcome !== 'open') draft.run = null;
  if (cause !== null && !isLeft && cause.answers !== null) draft.do({ t: 'settle', message: cause.id });
}

interface One {
  readonly one: RunOut;
  readonly key: string;
  readonly cause: Inbound | null;
  readonly isEmergency: boolean;
}

function takeOne(draft: Draft, { one, key, cause, isEmergency }: One): void {
  const at = draft.view.nowMs;
  switch (one.t) {
    case 'say': {
      const id = draft.view.newId('message');
      const isQuestion = one.kind === 'ask' || one.kind === 're-ask';
      const prompt = promptOf(draft, one, key);
      draft.do({
        t: 'say',
        id,
        text: withLetters(one.text, prompt.choices),
        prompt,
        replyTo: cause?.id ?? null,
        urgent: isEmergency,
        run: isQuestion ? key : null,
        sinceMs: cause?.at ?? at,
        notAfter: prompt.until,
      });
      if (isQuestion) draft.addPrompt({ id, run: key, node: one.node, choice: null });
      const kind = isQuestion ? (one.kind === 'ask' ? 'ask' : 're-ask') : 'advise';
      draft.addStep({ at, node: one.node, kind, message: id, value: null, grade: null });
      return;
    }
    case 'alert':
      raise(draft, { alert: one, key, cause });
      return;
    case 'note':
      draft.addStep({
        at,
        node: one.node,
        kind: one.kind,
        message: cause?.id ?? null,
        value: one.value,
        grade: one.grade,
      });
      if (one.value !== null) remember(draft, `${one.node}:${one.value.code}`);
      return;
    case 'later':
      draft.track.later = { atMs: one.atMs, what: one.what };
      return;
    case 'urgency': {
      // Its clock may have stopped: somebody was fast.
      const { newest } = draft.track;
      if (newest?.run === key) draft.do({ t: 'patient-says', alert: newest.alert, says: one.says });
      return;
    }
    case 'leave':
    case 'end':
      return;
  }
}

function promptOf(draft: Draft, said: Extract<RunOut, { t: 'say' }>, key: string): Prompt {
  const { prompt, node } = said;
  return {
    kind: 'check-in',
    about: key,
    step: node,
    choices: (prompt?.choices ?? []).map(({ key: letter, label }) => ({ key: letter, label })),
    asks: prompt?.asks ?? 'none',
    until: prompt?.untilMs ?? draft.view.nowMs + WORTH_MS,
    short: null,
    visit: null,
  };
}

/** Answers that the protocol may count in the 24 hours to come. */
function remember(draft: Draft, what: string): void {
  const at = draft.view.nowMs;
  const recent = draft.track.recent.filter((one) => at - one.at < DAY_MS);
  draft.track.recent = [...recent, { at, what }].slice(-MOST_RECENT);
}

function raise(
  draft: Draft,
  { alert, key, cause }: { readonly alert: RunAlert; readonly key: string; readonly cause: Inbound | null },
): void {
  const { view, run } = draft;
  const concern = `${key}/${alert.key}`.slice(0, 260);
  if (run === null || draft.track.alerts.some((one) => one.concern === concern)) return;
  const value = alertValue(draft, run, alert, isAskedBy(alert, cause) ? (cause?.id ?? null) : null);
  draft.write(value);
  draft.track.newest = { run: key, alert: value.id };
  for (const superseded of alert.supersedes) replace(draft, `${key}/${superseded}`);
  // Whom the signed protocol names for this comes before whoever is asked of the patient in general.
  const owner = ownerOf(alert.owner);
  draft.track.alerts = [
    ...draft.track.alerts,
    {
      id: value.id,
      kind: value.kind,
      band: value.band,
      concern,
      callBackBy: value.callBackBy,
      everyMs: Math.min(Math.max(alert.withinMs, NUDGE_MS.least), NUDGE_MS.most),
      nudges: [],
      nudged: 0,
      nudgeFrom: null,
      owner,
    },
  ].slice(-60);
  draft.addStep({
    at: view.nowMs,
    node: alert.escalation,
    kind: 'alert',
    message: null,
    value: null,
    grade: null,
  });
  if (value.message !== null) return;
  draft.do({
    t: 'ask',
    id: view.newId('message'),
    contract: alert.contract,
    text: alertText(view, { value, to: alert.to, quote: cause?.text ?? null }),
    first: owner ?? view.enrolment.askTo,
    withinMs: alert.withinMs,
    alert: value.id,
  });
}

function alertValue(draft: Draft, run: CheckInRun, alert: RunAlert, message: MessageId | null): CheckInAlert {
  const { view } = draft;
  const value: CheckInAlert = {
    t: 'alert',
    id: view.newId('event'),
    enrolment: run.enrolment,
    ref: run.ref,
    date: run.date,
    at: view.nowMs,
    band: alert.band,
    reason: alert.reason.slice(0, 400),
    line: alert.line.slice(0, 200),
    kind: alert.kind,
    message,
    callBackBy: view.nowMs + alert.withinMs,
    act: null,
    patientSays: null,
    nurseSays: null,
    shadow: null,
  };
  return { ...value, shadow: view.shadow(value) };
}

/** Words for an emergency that the patient's phone, or the texting assistant, has asked a clinician about already. */
function isAskedBy({ kind }: RunAlert, cause: Inbound | null): boolean {
  return kind === 'red-flag' && cause?.isStat === true;
}

/** Another alert has taken its place: its clock ends, and what it asked. */
function replace(draft: Draft, concern: string): void {
  const before = draft.track.alerts.find((one) => one.concern === concern);
  if (before === undefined) return;
  draft.track.alerts = draft.track.alerts.filter((one) => one !== before);
  draft.do({ t: 'withdraw-alert', alert: before.id, note: 'Part of a more urgent alert of the same day' });
}

function ownerOf(owner: string | null): OwnerId | null {
  return owner !== null && (isId('role', owner) || isId('queue', owner) || isId('account', owner))
    ? owner
    : null;
}

function end(draft: Draft, state: RunState, stops: boolean): void {
  const { run, track, view } = draft;
  if (run === null) return;
  const at: TimestampMs = view.nowMs;
  run.outcome = state.outcome === 'open' ? 'ended' : state.outcome;
  run.endedAt = at;
  draft.addStep({ at, node: 'end', kind: 'end', message: null, value: null, grade: null });
  track.run = null;
  track.later = null;
  if (run.outcome === 'silent') track.silent += 1;
  else if (state.answered) track.silent = 0;
  if (!stops) return;
  const reason = 'The protocol is done';
  draft.do({ t: 'enrolment', from: ['active', 'held', 'paused'], to: 'ended', reason, at });
}
