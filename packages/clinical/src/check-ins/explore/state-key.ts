import type { Protocol, Question } from '../protocol.ts';
import { partsOf } from '../protocol-parts.ts';
import type { RunState } from '../run-state.ts';
import { isUnspoken } from '../turn.ts';

/**
 * What the rest of a dialogue can depend on. Two states with one key behave alike from here on, whatever times, counters of timers and words they hold: what was asked
 * and cannot be asked again, what was counted for a question that is done, thresholds of questions that are over. A test walks at random to see that they do.
 */
export function stateKey(protocol: Protocol, state: RunState): string {
  const { outcome, question, alerts } = state;
  const isTold = alerts.some(({ kind }) => kind !== 'stale-plan' && kind !== 'silence');
  const bits = [
    alerts.length > 0,
    alerts.some(({ band }) => band === 'red'),
    isTold,
    state.stops,
    state.followed,
    state.emergency,
    state.answered,
    // Whoever has got no advice by then gets the closing text.
    !isTold && state.advised && !partsOf(protocol).advice.has(protocol.closing),
    state.unclear,
    isUnspoken(state),
  ];
  const head = `${outcome};${question ?? ''};${state.phase};${bits.map(Number).join('')}`;
  if (outcome !== 'open' || question === null) return head;
  const silence = state.answered
    ? isTold
      ? ''
      : state.openKinds.join()
    : `${state.silent}${state.openKinds.join()}`;
  if (state.followed) return `${head};${silence}`;
  const ahead = lookAhead(protocol, state);
  const { questions } = partsOf(protocol);
  const coming = ahead.questions;
  const items = new Set(coming.map((id) => questions.get(id)?.item));
  const ambers = state.ambers.map((item) => (items.has(item) ? item : '*')).sort();
  const counts = Object.entries(state.counts).filter(([key]) =>
    coming.some((id) => key.startsWith(`${id}:`)),
  );
  const settings = coming.some((id) => usesSettings(questions.get(id))) ? Object.values(state.settings) : [];
  const asked = state.asked.filter((id) => ahead.targets.has(id)).sort();
  const own = alerts.filter(({ key }) => key.startsWith(`${question}/`)).map(({ key }) => key);
  const isDosed = state.start === 'doses' && coming.some((id) => questions.get(id)?.kind === 'dose');
  return [
    head,
    silence,
    asked,
    state.queue,
    ambers,
    counts.map(([key, count]) => `${key}=${count}`).sort(),
    settings,
    own,
    isDosed,
  ].join(';');
}

interface Ahead {
  /** Questions that can still come, the open one included. */
  readonly questions: readonly string[];
  /** Questions that an answer can still name. */
  readonly targets: ReadonlySet<string>;
}

const known = new WeakMap<Protocol, Map<string, Ahead>>();

function lookAhead(protocol: Protocol, { question, queue, asked }: RunState): Ahead {
  let of = known.get(protocol);
  if (of === undefined) {
    of = new Map();
    known.set(protocol, of);
  }
  const key = `${question} ${queue.join()} ${asked.join()}`;
  let ahead = of.get(key);
  if (ahead === undefined) {
    ahead = follow(protocol, [question ?? '', ...queue], asked);
    of.set(key, ahead);
  }
  return ahead;
}

/** A question that was asked and is done leads nowhere any more. */
function follow(protocol: Protocol, from: readonly string[], asked: readonly string[]): Ahead {
  const { questions } = partsOf(protocol);
  const symptoms = Object.values(protocol.symptoms).flat();
  const targets = new Set(symptoms);
  const coming = new Set(from);
  const open = [...from, ...symptoms.filter((id) => !asked.includes(id))];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    coming.add(id);
    for (const { asks } of questions.get(id)?.branches ?? [])
      for (const ask of asks) {
        targets.add(ask);
        if (!coming.has(ask) && !asked.includes(ask)) open.push(ask);
      }
  }
  return { questions: [...coming], targets };
}

const settingsUse = new WeakMap<Question, boolean>();

function usesSettings(question: Question | undefined): boolean {
  if (question === undefined) return false;
  let uses = settingsUse.get(question);
  if (uses === undefined) {
    uses = question.branches.some(({ when }) => JSON.stringify(when).includes('"setting"'));
    settingsUse.set(question, uses);
  }
  return uses;
}
