import { ALARM_CODES } from '../../understanding/codes.ts';
import { answerOf, branchesOf, pickBranch } from '../branches.ts';
import type { Protocol, Question } from '../protocol.ts';
import { partsOf } from '../protocol-parts.ts';
import type { RunOut } from '../run-output.ts';
import type { RunState } from '../run-state.ts';
import { type RunStep, startRun } from '../start-run.ts';
import { stepRun } from '../step-run.ts';
import { isUnspoken } from '../turn.ts';
import { type AnswerClass, classesAt } from './answer-classes.ts';
import { type Beginning, beginningsOf } from './beginnings.ts';
import { checkDocument } from './check-document.ts';
import type { DialogueLine, Exploration, ExplorationChecks, ExplorationProblem } from './exploration.ts';
import { countPaths, findCycle } from './path-graph.ts';
import { stateKey } from './state-key.ts';

/** More than any protocol needs; beyond it the document is refused rather than half looked at. */
const MOST_STATES = 60_000;

interface Place {
  readonly state: RunState;
  readonly from: number | null;
  /** What led here: the beginning, or the answer. */
  readonly by: Beginning | AnswerClass;
}

/**
 * Goes through every dialogue that a patient can have: from every beginning, every class of answer at every open question, until nothing new is reached. States that cannot
 * be told apart by anything that follows are one (`stateKey`). A protocol without problems ends each dialogue in advice, an owned task, a re-ask with a
 * time, or its end, and answers everything that can be said to it.
 */
export function exploreProtocol(protocol: Protocol, checks: ExplorationChecks): Exploration {
  return new Explorer(protocol, checks).explore();
}

/** The states that an exploration stands for, by key: one of each. */
export function exploredStates(protocol: Protocol, checks: ExplorationChecks): ReadonlyMap<string, RunState> {
  const explorer = new Explorer(protocol, checks);
  explorer.explore();
  return explorer.states();
}

class Explorer {
  readonly #protocol: Protocol;
  readonly #checks: ExplorationChecks;
  readonly #places: Place[] = [];
  readonly #next: number[][] = [];
  readonly #known = new Map<string, number>();
  readonly #problems = new Map<string, ExplorationProblem>();
  readonly #reached = {
    questions: new Map<string, number>(),
    texts: new Map<string, number>(),
    branches: new Set<string>(),
  };
  readonly #ends = { advice: 0, task: 0, reAsk: 0, end: 0 };
  #steps = 0;

  constructor(protocol: Protocol, checks: ExplorationChecks) {
    this.#protocol = protocol;
    this.#checks = checks;
  }

  explore(): Exploration {
    const roots = this.#begin();
    for (let at = 0; at < this.#places.length && at < MOST_STATES; at += 1) this.#expand(at);
    if (this.#places.length >= MOST_STATES)
      this.#report(
        { rule: 'too-large', at: this.#protocol.id, words: `More than ${MOST_STATES} states` },
        null,
      );
    const cycle = findCycle(this.#next, roots);
    if (cycle !== null)
      this.#report(
        {
          rule: 'loop',
          at: this.#places[cycle]?.state.question ?? '',
          words: 'The dialogue comes back to where it was',
        },
        cycle,
      );
    this.#findUnreached();
    for (const { rule, at, words, near } of checkDocument(this.#protocol, this.#checks))
      this.#report({ rule, at, words }, near === null ? null : this.#whereIs(near));
    return {
      paths: cycle === null ? countPaths(this.#next, roots) : Number.POSITIVE_INFINITY,
      states: this.#places.length,
      steps: this.#steps,
      ends: { ...this.#ends },
      problems: [...this.#problems.values()],
    };
  }

  states(): ReadonlyMap<string, RunState> {
    return new Map(
      [...this.#known].flatMap(([key, at]) => {
        const place = this.#places[at];
        return place === undefined ? [] : [[key, place.state] as const];
      }),
    );
  }

  #begin(): readonly number[] {
    const beginnings = beginningsOf(this.#protocol);
    if (beginnings.length === 0)
      this.#report(
        { rule: 'settings', at: this.#protocol.id, words: 'No values can be given to its settings' },
        null,
      );
    const roots = new Set<number>();
    for (const beginning of beginnings) {
      const step = startRun(this.#protocol, beginning.input);
      const at = this.#arrive(step, null, beginning);
      roots.add(at);
      this.#look(step, at);
    }
    return [...roots];
  }

  #expand(at: number): void {
    const { state } = this.#places[at] as Place;
    const question =
      state.question === null ? undefined : partsOf(this.#protocol).questions.get(state.question);
    if (state.outcome !== 'open' || question === undefined) return;
    for (const answer of classesAt(this.#protocol, question, state)) {
      this.#steps += 1;
      const step = stepRun(this.#protocol, state, answer.event);
      const to = this.#arrive(step, at, answer);
      this.#next[at]?.push(to);
      this.#look(step, to);
      this.#judge({ question, answer, step, before: state, at });
    }
  }

  #arrive({ state }: RunStep, from: number | null, by: Beginning | AnswerClass): number {
    const key = stateKey(this.#protocol, state);
    let at = this.#known.get(key);
    if (at === undefined) {
      at = this.#places.length;
      this.#known.set(key, at);
      this.#places.push({ state, from, by });
      this.#next.push([]);
      if (state.question !== null && !this.#reached.questions.has(state.question))
        this.#reached.questions.set(state.question, at);
      if (state.outcome !== 'open') this.#countEnd(state, at);
    }
    return at;
  }

  #countEnd(state: RunState, at: number): void {
    const hasClosing = partsOf(this.#protocol).advice.has(this.#protocol.closing);
    if (state.alerts.length > 0) this.#ends.task += 1;
    else if (state.stops || state.outcome === 'held') this.#ends.end += 1;
    else if (state.outcome === 'advised') this.#ends.advice += 1;
    // What a patient wrote unasked, and nobody understood, is owed by whoever looks after the conversation.
    else if (isUnspoken(state)) this.#ends.task += 1;
    // Nobody answered, or not to the end: the next dialogue of the schedule asks again.
    else if (state.outcome === 'silent' || hasClosing) this.#ends.reAsk += 1;
    else {
      const last = state.asked.at(-1) ?? state.slot;
      this.#report(
        { rule: 'no-ending', at: last, words: 'The dialogue ends, and the patient is left with nothing' },
        at,
      );
    }
  }

  /** What every step has to keep to, whatever led to it. */
  #look({ out }: RunStep, at: number): void {
    for (const one of out) {
      if (one.t !== 'say') continue;
      if (!this.#reached.texts.has(one.node)) this.#reached.texts.set(one.node, at);
      if (one.text.includes('{'))
        this.#report(
          { rule: 'empty-place', at: one.node, words: `A place in the text has no value: ${one.text}` },
          at,
        );
    }
  }

  #judge({
    question,
    answer,
    step,
    before,
    at,
  }: {
    question: Question;
    answer: AnswerClass;
    step: RunStep;
    before: RunState;
    at: number;
  }): void {
    const { event } = answer;
    if (event.t !== 'answer' || !event.understood.sure || event.understood.flags.length > 0) return;
    const branch = pickBranch(question, answerOf(question, event.understood), before);
    if (branch === null) {
      this.#report(
        { rule: 'unhandled', at: question.id, words: `No branch takes this answer: ${answer.words}` },
        at,
        answer,
      );
      return;
    }
    const fitting = branchesOf(question, answerOf(question, event.understood), before.settings);
    if (fitting.length > 1) {
      const names = fitting.map(({ id }) => id).join(', ');
      this.#report(
        { rule: 'overlap', at: question.id, words: `More than one branch takes ${answer.words}: ${names}` },
        at,
        answer,
      );
    }
    this.#reached.branches.add(`${question.id}/${branch.id}`);
    const { code } = event.understood;
    const ended = step.state.outcome !== 'open';
    if (ALARM_CODES.has(code) && ended && step.state.alerts.length === 0)
      this.#report(
        {
          rule: 'alarm-ignored',
          at: `${question.id}/${branch.id}`,
          words: `"${code}" ends without anybody being told`,
        },
        at,
        answer,
      );
  }

  #findUnreached(): void {
    for (const { id, branches } of this.#protocol.questions) {
      if (!this.#reached.questions.has(id)) {
        this.#report({ rule: 'unreachable', at: id, words: 'No dialogue gets to this question' }, null);
        continue;
      }
      for (const branch of branches)
        if (!this.#reached.branches.has(`${id}/${branch.id}`))
          this.#report(
            { rule: 'unreachable', at: `${id}/${branch.id}`, words: 'No answer leads to this branch' },
            this.#whereIs(id),
          );
    }
  }

  #whereIs(node: string): number | null {
    return this.#reached.texts.get(node) ?? this.#reached.questions.get(node) ?? null;
  }

  /** Once for each rule and place: the first found is the shortest. */
  #report(
    { rule, at, words }: Omit<ExplorationProblem, 'dialogue'>,
    place: number | null,
    then?: AnswerClass,
  ): void {
    const key = `${rule} ${at} ${rule === 'unhandled' || rule.startsWith('text') ? words : ''}`;
    if (this.#problems.has(key)) return;
    this.#problems.set(key, {
      rule,
      at,
      words,
      dialogue: place === null ? [] : this.#dialogueTo(place, then),
    });
  }

  /** The dialogue that gets to a place, replayed. */
  #dialogueTo(place: number, then?: AnswerClass): readonly DialogueLine[] {
    const way: (Beginning | AnswerClass)[] = then === undefined ? [] : [then];
    for (let at: number | null = place; at !== null; ) {
      const one: Place | undefined = this.#places[at];
      if (one === undefined) break;
      way.unshift(one.by);
      at = one.from;
    }
    const lines: DialogueLine[] = [];
    let state: RunState | null = null;
    for (const by of way) {
      lines.push('input' in by ? { who: 'time', words: by.words } : { who: by.who, words: by.words });
      const step: RunStep | null =
        'input' in by
          ? startRun(this.#protocol, by.input)
          : state && stepRun(this.#protocol, state, renumber(by, state));
      if (step === null) break;
      state = step.state;
      lines.push(...step.out.flatMap(lineOf));
    }
    return lines;
  }
}

/** A place is reached by many ways, and its timers are counted along each. */
function renumber({ event }: AnswerClass, state: RunState): AnswerClass['event'] {
  return event.t === 'due' ? { ...event, what: String(state.seq) } : event;
}

function lineOf(out: RunOut): readonly DialogueLine[] {
  if (out.t === 'say') return [{ who: 'programme', words: out.text }];
  if (out.t === 'alert') return [{ who: 'team', words: `${out.band}: ${out.reason}` }];
  if (out.t === 'end') return [{ who: 'time', words: `end: ${out.outcome}` }];
  return [];
}
