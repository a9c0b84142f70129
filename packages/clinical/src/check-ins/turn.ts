import type { AlertKind, Band, Protocol, Question } from './protocol.ts';
import { BANDS } from './protocol.ts';
import { partsOf, type ProtocolParts } from './protocol-parts.ts';
import type { RunAlert, RunOut, SayPrompt } from './run-output.ts';
import type { RunState } from './run-state.ts';
import { callBackOf, fillText } from './texts.ts';

type Draft = { -readonly [K in keyof RunState]: RunState[K] };

/** One step of a run: a draft of the next state, and what comes out. */
export class Turn {
  readonly draft: Draft;
  readonly out: RunOut[] = [];
  readonly parts: ProtocolParts;
  readonly protocol: Protocol;
  readonly atMs: number;
  readonly #said = new Set<string>();
  #raised = false;

  constructor(protocol: Protocol, state: RunState, atMs: number) {
    this.protocol = protocol;
    this.parts = partsOf(protocol);
    this.draft = { ...state };
    this.atMs = atMs;
  }

  /** Whether an alert was raised in this step. */
  get raised(): boolean {
    return this.#raised;
  }

  /** Opens a question and waits for its answer. */
  ask(id: string): void {
    const question = this.parts.questions.get(id);
    if (question === undefined) return;
    const { draft } = this;
    draft.question = id;
    draft.asked = draft.asked.includes(id) ? draft.asked : [...draft.asked, id];
    draft.queue = draft.queue.filter((queued) => queued !== id);
    draft.unclear = false;
    this.#saySoon(question, 'ask', question.text);
    this.#wait('asked', this.protocol.silence.reAskMinutes);
  }

  /** The open question again: as it was, after silence or a wait; in other words where the answer was not understood. */
  askAgain(question: Question, why: 'silence' | 'wait' | 'unclear'): void {
    if (why === 'unclear') this.draft.unclear = true;
    this.#saySoon(question, 're-ask', why === 'unclear' ? question.again : question.text);
    const { reAskMinutes, giveUpMinutes } = this.protocol.silence;
    if (why === 'silence') this.#wait('re-asked', giveUpMinutes);
    else this.#wait('asked', reAskMinutes);
  }

  /** Leaves the question open and asks it again after this time. */
  waitFor(minutes: number): void {
    this.#wait('waiting', minutes);
  }

  #saySoon(question: Question, kind: 'ask' | 're-ask', words: Question['text']): void {
    const { language, fill } = this.draft;
    const text = fillText(words, language, fill);
    this.out.push({ t: 'say', kind, node: question.id, text, prompt: this.#promptOf(question) });
  }

  #promptOf(question: Question): SayPrompt {
    const { reAskMinutes, giveUpMinutes } = this.protocol.silence;
    return {
      asks: asksOf(question),
      choices: question.choices.map(({ key, label }) => ({ key, label: label[this.draft.language] })),
      untilMs: this.atMs + (reAskMinutes + giveUpMinutes) * 60_000,
    };
  }

  #wait(phase: RunState['phase'], minutes: number): void {
    const { draft } = this;
    draft.phase = phase;
    draft.seq += 1;
    draft.dueAtMs = this.atMs + minutes * 60_000;
    this.out.push({ t: 'later', atMs: draft.dueAtMs, what: String(draft.seq) });
  }

  /** A text of the signed list, once in a step. */
  say(id: string, kind: 'advise' | 'emergency' | 'tell', more: Readonly<Record<string, string>> = {}): void {
    const advice = this.parts.advice.get(id);
    if (advice === undefined || this.#said.has(id)) return;
    this.#said.add(id);
    const { language, fill } = this.draft;
    const text = fillText(advice.text, language, { ...fill, ...more });
    this.out.push({ t: 'say', kind, node: id, text, prompt: null });
    if (kind !== 'tell') this.draft.advised = true;
  }

  /** Asks somebody, and tells the patient what happens next. A key is raised once in a run. */
  raise(alert: {
    readonly key: string;
    readonly escalation: string;
    readonly kind: AlertKind;
    readonly reason: string;
    readonly line: string;
    readonly supersedes?: readonly string[];
    readonly quiet?: boolean;
  }): void {
    const escalation = this.parts.escalations.get(alert.escalation);
    const { draft } = this;
    if (escalation === undefined || draft.alerts.some(({ key }) => key === alert.key)) return;
    const callBack = callBackOf(escalation, draft);
    const { band, contract, to, owner } = escalation;
    const raised: RunAlert = {
      t: 'alert',
      key: alert.key,
      band,
      kind: alert.kind,
      contract,
      reason: alert.reason.slice(0, 400),
      line: alert.line.slice(0, 200),
      escalation: escalation.id,
      to,
      owner,
      withinMs: callBack.withinMs,
      supersedes: alert.supersedes ?? [],
    };
    this.out.push(raised);
    this.#raised = true;
    draft.alerts = [...draft.alerts, { key: alert.key, band, kind: alert.kind }];
    draft.band = worst(draft.band, band);
    if (alert.quiet !== true) this.say(escalation.tell, 'tell', { within: callBack.words });
  }

  /** Puts questions in the queue: each once in a run, in the order of the document. */
  enqueue(ids: readonly string[]): void {
    const { draft, parts } = this;
    // After an alert somebody calls; nothing more is asked.
    if (draft.followed) return;
    const added = ids.filter(
      (id) => parts.questions.has(id) && !draft.asked.includes(id) && !draft.queue.includes(id),
    );
    if (added.length === 0) return;
    const place = (id: string) => parts.order.get(id) ?? 0;
    draft.queue = [...new Set([...draft.queue, ...added])].sort((left, right) => place(left) - place(right));
  }

  /** The next question of the queue, or the end. */
  goOn(): void {
    const next = this.draft.queue[0];
    if (next === undefined) this.finish();
    else this.ask(next);
  }

  /** The end; before it, where somebody was told of a concern, what the patient thinks of that. */
  finish(): void {
    const { draft, protocol } = this;
    const isConcern = draft.alerts.some(({ kind }) => kind !== 'stale-plan' && kind !== 'silence');
    if (isConcern && !draft.followed && !draft.emergency && protocol.afterAlert !== null) {
      draft.followed = true;
      draft.queue = [];
      if (!draft.asked.includes(protocol.afterAlert)) {
        this.ask(protocol.afterAlert);
        return;
      }
    }
    const isTold = draft.alerts.some(({ kind }) => kind !== 'stale-plan');
    if (!draft.advised && !isTold && !draft.stops && !isUnspoken(draft)) this.say(protocol.closing, 'advise');
    this.end(draft.alerts.length > 0 ? 'alerted' : draft.advised ? 'advised' : 'ended');
  }

  end(outcome: 'advised' | 'alerted' | 'silent' | 'ended' | 'held'): void {
    const { draft } = this;
    draft.question = null;
    draft.queue = [];
    draft.dueAtMs = null;
    draft.outcome = outcome;
    this.out.push({ t: 'end', outcome, stops: draft.stops });
  }

  result(): { readonly state: RunState; readonly out: readonly RunOut[] } {
    return { state: this.draft, out: this.out };
  }
}

/** The patient wrote first, and nothing was said to it: whoever owes it answers. */
export function isUnspoken({ start, seq }: Pick<RunState, 'start' | 'seq'>): boolean {
  return start === 'free' && seq === 0;
}

export function asksOf({ kind, choices }: Pick<Question, 'kind' | 'choices'>): SayPrompt['asks'] {
  switch (kind) {
    case 'photo':
      return 'photo';
    case 'count':
    case 'temperature':
    case 'blood-pressure':
      return 'number';
    case 'free':
      return 'text';
    default:
      return choices.length > 0 ? 'choice' : 'text';
  }
}

export function worst(left: Band | null, right: Band): Band {
  if (left === null) return right;
  return BANDS.indexOf(left) >= BANDS.indexOf(right) ? left : right;
}
