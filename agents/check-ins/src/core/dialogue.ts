import {
  type AlertKind,
  type DosePlan,
  decodeRunState,
  type Protocol,
  type RunContext,
  type RunEvent,
  type RunState,
  startRun,
  stepRun,
} from '@baton/clinical';
import { type CheckInRun, programmesKey } from '@baton/wire';
import { localDate } from '../schedule/local-time.ts';
import type { Draft } from './draft.ts';
import { fillOf } from './say-advice.ts';
import { takeOutputs } from './take-outputs.ts';
import type { Inbound } from './view.ts';

const DAY_MS = 24 * 3_600_000;

interface Beginning {
  readonly protocol: Protocol;
  readonly slot: string;
  readonly date: string;
  readonly plan: DosePlan | null;
}

/** Begins a dialogue of the schedule; one that is still open is not waited for any more. */
export function beginSlot(draft: Draft, beginning: Beginning): void {
  closeRun(draft, beginning.protocol);
  openRun(draft, beginning);
  const step = startRun(beginning.protocol, inputOf(draft, beginning));
  takeOutputs(draft, step, null);
}

/**
 * What a patient wrote without being asked: the protocol's own question for that, if what was written says anything to it. Answers whether it did; else it
 * stays with whoever owes it. A dialogue that was open is not gone on with.
 */
export function beginFree(
  draft: Draft,
  protocol: Protocol,
  { message, event }: { readonly message: Inbound; readonly event: RunEvent },
): boolean {
  const { view, track } = draft;
  const date = localDate(view.enrolment.timeZone, view.nowMs);
  if (date === null) return false;
  const beginning = { protocol, slot: `free-${track.free + 1}`, date, plan: null };
  const begun = startRun(protocol, inputOf(draft, beginning));
  const step = stepRun(protocol, begun.state, event);
  const says = step.out.some(({ t }) => t === 'say' || t === 'alert');
  const isUnderstood = step.out.some((one) => one.t === 'note' && one.kind === 'answer');
  if (!says && !isUnderstood) return false;
  holdRun(draft);
  track.free += 1;
  openRun(draft, beginning);
  takeOutputs(draft, { state: step.state, out: [...begun.out, ...step.out] }, message);
  return true;
}

/** Takes an event into the open dialogue; does nothing where there is none, or none that this release can read. */
export function stepOpen(draft: Draft, protocol: Protocol, event: RunEvent, cause: Inbound | null): boolean {
  const state = draft.run && decodeRunState(draft.run.state);
  if (state === null) return false;
  takeOutputs(draft, stepRun(protocol, state, event), cause);
  return true;
}

/** The open dialogue is not waited for any more. */
export function closeRun(draft: Draft, protocol: Protocol | null): void {
  if (draft.run === null) return;
  const closed = protocol !== null && stepOpen(draft, protocol, { t: 'close', atMs: draft.view.nowMs }, null);
  if (closed && draft.run === null) return;
  // Its protocol may not run any more, or its state cannot be read: it ends without a word.
  holdRun(draft);
}

/** Ends the open dialogue without a word: the enrolment is paused or over, nothing may be sent, or the patient speaks of something else. */
export function holdRun(draft: Draft): void {
  const { run, track, view } = draft;
  if (run === null) return;
  run.outcome = outcomeSoFar(decodeRunState(run.state));
  run.endedAt = view.nowMs;
  draft.write({ ...run });
  draft.run = null;
  track.run = null;
  track.later = null;
  draft.touch();
}

function outcomeSoFar(state: RunState | null): CheckInRun['outcome'] {
  if (state === null) return 'held';
  if (state.alerts.length > 0) return 'alerted';
  return state.answered ? 'ended' : 'held';
}

export function stateOf(draft: Draft): RunState | null {
  return draft.run && decodeRunState(draft.run.state);
}

function openRun(draft: Draft, { slot, date }: Beginning): void {
  const { view, track } = draft;
  const { enrolment } = view;
  draft.run = {
    t: 'run',
    enrolment: enrolment.id,
    ref: enrolment.ref,
    date,
    slot,
    protocol: { id: enrolment.protocol.id, version: enrolment.protocol.version },
    startedAt: view.nowMs,
    state: '',
    steps: [],
    outcome: 'open',
    band: null,
    endedAt: null,
  };
  track.run = programmesKey(draft.run);
  track.later = null;
  draft.touch();
}

function inputOf(draft: Draft, { slot, date, plan }: Beginning): Parameters<typeof startRun>[1] {
  const { view } = draft;
  const { language, settings } = view.enrolment;
  return {
    slot,
    date,
    atMs: view.nowMs,
    language,
    settings,
    plan,
    fill: fillOf(view),
    context: contextOf(draft, date),
  };
}

function contextOf({ track, view }: Draft, date: string): RunContext {
  const recent = track.recent.flatMap(({ at, what }) => {
    const [question, code] = what.split(':');
    return view.nowMs - at < DAY_MS && question && code ? [{ question, code }] : [];
  });
  return {
    recent,
    ambers: track.ambers?.date === date ? track.ambers.questions : [],
    silent: track.silent,
    openKinds: [...new Set(track.alerts.map(({ kind }) => kind as AlertKind))].sort(),
  };
}
