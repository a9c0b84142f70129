import type { Language } from '@baton/wire';
import type { DosePlan } from './dose-plan.ts';
import type { AlertKind, Protocol, Slot, SlotStart } from './protocol.ts';
import { partsOf } from './protocol-parts.ts';
import type { RunOut } from './run-output.ts';
import type { RunStart, RunState } from './run-state.ts';
import { planWords } from './texts.ts';
import { Turn } from './turn.ts';

/** What earlier runs and alerts of the enrolment mean for the next one. */
export interface RunContext {
  /** Understood answers of the 24 hours before. */
  readonly recent: readonly { readonly question: string; readonly code: string }[];
  /** Items with an amber answer earlier on this date. */
  readonly ambers: readonly string[];
  /** Silent runs in a row. */
  readonly silent: number;
  /** Kinds of the enrolment's open alerts. */
  readonly openKinds: readonly AlertKind[];
}

export const FRESH_CONTEXT: RunContext = { recent: [], ambers: [], silent: 0, openKinds: [] };

export interface StartInput {
  /** Slot of the schedule; `free-<n>`: the patient wrote first, and nothing is said before that message is stepped. */
  readonly slot: string;
  /** The patient's date. */
  readonly date: string;
  readonly atMs: number;
  readonly language: Language;
  /** As the enrolment has them. */
  readonly settings: Readonly<Record<string, number>>;
  /** `planOf` of this date; null: the protocol has no regimen. */
  readonly plan: DosePlan | null;
  /** Values of the places `name`, `practice`, `phone`, `drug`. */
  readonly fill: Readonly<Record<string, string>>;
  readonly context: RunContext;
}

export interface RunStep {
  readonly state: RunState;
  readonly out: readonly RunOut[];
}

/** Settings that the site has not given, or not as the protocol allows. Nothing may run before this is empty. */
export function missingSettings(
  protocol: Protocol,
  settings: Readonly<Record<string, number>>,
): readonly string[] {
  return protocol.settings
    .filter(({ key, choices, range, above }) => {
      const value = settings[key];
      if (value === undefined || !Number.isFinite(value)) return true;
      if (choices.length > 0 && !choices.some((choice) => choice.value === value)) return true;
      if (range !== null && (value < range.min || value > range.max)) return true;
      return above !== null && !(value > (settings[above] ?? Number.NaN));
    })
    .map(({ key }) => key);
}

/** Begins a dialogue. Write state and outputs before anything of it is sent. */
export function startRun(protocol: Protocol, input: StartInput): RunStep {
  const slot = protocol.slots.find(({ id }) => id === input.slot) ?? null;
  const turn = new Turn(protocol, firstState(protocol, input), input.atMs);
  const { draft } = turn;
  const missing = missingSettings(protocol, input.settings);
  if (missing.length > 0) {
    raiseStale(turn, `No value was given for: ${missing.join(', ')}`);
    turn.end('held');
    return turn.result();
  }
  if (slot === null) {
    draft.start = 'free';
    draft.question = protocol.anyTime;
    draft.phase = 'unasked';
    if (protocol.anyTime === null) turn.end('ended');
    else draft.asked = [protocol.anyTime];
    return turn.result();
  }
  const lastCheck = protocol.silence.ladder.find(
    (rung) => rung.t === 'last-check' && rung.after === input.context.silent,
  );
  const [kind, start] = pickStart(protocol, slot, input, draft);
  draft.start = kind;
  if (lastCheck?.t === 'last-check' && (kind === 'usual' || kind === 'doses' || kind === 'off')) {
    draft.start = 'last-check';
    turn.ask(lastCheck.asks);
    return turn.result();
  }
  begin(turn, slot, start);
  return turn.result();
}

function firstState(protocol: Protocol, input: StartInput): RunState {
  return {
    v: 1,
    slot: input.slot,
    date: input.date,
    language: input.language,
    start: 'usual',
    question: null,
    phase: 'asked',
    unclear: false,
    asked: [],
    queue: [],
    counts: countRecent(protocol, input.context),
    ambers: [...new Set(input.context.ambers)],
    band: null,
    alerts: [],
    openKinds: [...input.context.openKinds],
    answered: false,
    advised: false,
    followed: false,
    emergency: false,
    silent: input.context.silent,
    stops: false,
    seq: 0,
    dueAtMs: null,
    settings: { ...input.settings },
    tablets: null,
    fill: { ...input.fill },
    outcome: 'open',
  };
}

function countRecent(protocol: Protocol, { recent }: RunContext): Record<string, number> {
  const { counted } = partsOf(protocol);
  const counts: Record<string, number> = {};
  for (const { question, code } of recent) {
    const key = `${question}:${code}`;
    const most = counted.get(key);
    if (most !== undefined) counts[key] = Math.min(most, (counts[key] ?? 0) + 1);
  }
  return counts;
}

function pickStart(
  protocol: Protocol,
  slot: Slot,
  input: StartInput,
  draft: Turn['draft'],
): readonly [RunStart, SlotStart] {
  const { starts } = slot;
  if ('usual' in starts) return ['usual', starts.usual];
  const { plan } = input;
  if (plan === null) return ['stale', starts.stale];
  if (plan.t === 'held') return ['held', starts.held];
  if (plan.t === 'off' || plan.t === 'before' || plan.t === 'over') return ['off', starts.off];
  if (plan.t === 'stale') return ['stale', starts.stale];
  if (slot.doses === null) return ['doses', starts.doses];
  const time = plan.times.find(({ id }) => id === slot.doses);
  // Nothing to take at this time of the day is a day off for this slot.
  if (time === undefined) return ['off', starts.off];
  const words = planWords(protocol, time.doses, input.language);
  if (words === null) return ['stale', starts.stale];
  draft.fill = { ...draft.fill, plan: words };
  draft.tablets = time.doses.reduce((sum, { tablets }) => sum + tablets, 0);
  return ['doses', starts.doses];
}

function begin(turn: Turn, slot: Slot, { asks, advise, alert }: SlotStart): void {
  if (alert !== null && !(alert.kind === 'stale-plan' && turn.draft.openKinds.includes('stale-plan'))) {
    turn.raise({
      key: `start:${alert.kind}`,
      escalation: alert.escalation,
      kind: alert.kind,
      reason: alert.about,
      line: `${slot.id}: ${alert.about}`,
      quiet: alert.kind === 'stale-plan',
    });
  }
  for (const id of advise) turn.say(id, 'advise');
  turn.enqueue(asks);
  turn.goOn();
}

/** A task for staff of which the patient is told nothing: nothing has happened to them. */
export function raiseStale(turn: Turn, reason: string): void {
  if (turn.draft.openKinds.includes('stale-plan')) return;
  turn.raise({
    key: 'stale-plan',
    escalation: turn.protocol.unclear.escalation,
    kind: 'stale-plan',
    reason,
    line: reason,
    quiet: true,
  });
}
