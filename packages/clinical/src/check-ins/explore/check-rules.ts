import type { Protocol, Question } from '../protocol.ts';
import { partsOf } from '../protocol-parts.ts';
import type { DocumentProblem } from './document-problem.ts';

/** What a protocol must keep to, whatever its content is (docs/protocol/programmes.md §5). */
export function checkRules(protocol: Protocol): readonly DocumentProblem[] {
  return [
    ...protocol.questions.flatMap((question) => checkQuestion(protocol, question)),
    ...checkEscalations(protocol),
    ...checkSilence(protocol),
    ...checkRegimen(protocol),
    ...checkHolds(protocol),
    ...findLoops(protocol),
  ];
}

function checkQuestion(protocol: Protocol, question: Question): readonly DocumentProblem[] {
  const { escalations } = partsOf(protocol);
  const { id, kind, choices, branches, range } = question;
  const problems: DocumentProblem[] = [];
  const add = (rule: string, at: string, words: string) => problems.push({ rule, at, words, near: id });
  if (new Set(choices.map(({ key }) => key)).size !== choices.length)
    add('twice', id, 'A letter is offered twice');
  const isNumber = kind === 'count' || kind === 'temperature' || kind === 'blood-pressure';
  if (isNumber && range === null) add('no-range', id, 'A number needs a range of what is believed');
  if (isNumber && choices.some(({ key }) => /^\d/.test(key)))
    add('ambiguous-key', id, 'A figure that chooses cannot be told from the number that is asked for');
  if (kind === 'choice' && choices.length === 0) add('no-choices', id, 'A choice needs choices');
  for (const { id: branch, band, alert, asks, next } of branches) {
    const at = `${id}/${branch}`;
    const isOver = next.t === 'end' || next.t === 'stop';
    // What is signed must be what happens.
    if (band === 'red' && !isOver) add('unasked', at, 'A red answer ends the questions: nothing goes on');
    if (isOver && asks.length > 0)
      add('unasked', at, `The dialogue ends, and would never ask: ${asks.join(', ')}`);
    if (band === 'green') continue;
    const escalation = alert === null ? undefined : escalations.get(alert.escalation);
    if (alert === null) add('untold', at, `A ${band} answer tells nobody`);
    else if (escalation !== undefined && escalation.band !== band)
      add('wrong-band', at, `A ${band} answer goes to an ${escalation.band} escalation`);
  }
  return problems;
}

function checkEscalations(protocol: Protocol): readonly DocumentProblem[] {
  const problems: DocumentProblem[] = [];
  const add = (at: string, words: string) => problems.push({ rule: 'wrong-band', at, words, near: null });
  for (const { id, band, contract } of protocol.escalations)
    if ((band === 'red') !== (contract === 'stat'))
      add(id, band === 'red' ? 'Red asks stat' : 'Amber asks for a reply');
  const { escalations } = partsOf(protocol);
  const { ambers, emergency } = protocol;
  for (const [at, { escalation }] of Object.entries({ ambers, emergency }))
    if (escalations.get(escalation)?.band === 'amber') add(at, 'Goes to an escalation that is not red');
  return problems;
}

function checkSilence({ silence, risk }: Protocol): readonly DocumentProblem[] {
  const problems: DocumentProblem[] = [];
  const add = (words: string) => problems.push({ rule: 'silence', at: 'silence', words, near: null });
  const ladder = silence.ladder.toSorted((left, right) => left.after - right.after);
  const last = ladder.at(-1);
  if (last?.t === 'last-check') add('After the last check comes nothing');
  if (risk === 'high' && ladder.some(({ t }) => t === 'stop'))
    add('A programme of high risk does not end by itself when nobody answers');
  if (risk === 'high' && silence.unfinished === null)
    add('A programme of high risk tells somebody where a dialogue was not ended');
  if (new Set(ladder.map(({ t, after }) => `${t === 'last-check'} ${after}`)).size !== ladder.length)
    add('Two rungs come at the same time');
  return problems;
}

function checkRegimen(protocol: Protocol): readonly DocumentProblem[] {
  const { regimen, slots, doseWords, stops } = protocol;
  const problems: DocumentProblem[] = [];
  const add = (at: string, words: string) => problems.push({ rule: 'regimen', at, words, near: null });
  const needs = regimen === 'required';
  for (const { id, starts, doses, days } of slots) {
    if (!needs && (doses !== null || !('usual' in starts) || days.t === 'cycle-days'))
      add(id, 'Speaks of tablets or of a cycle, and the protocol has no regimen');
    if (doses !== null && 'usual' in starts) add(id, 'Says nothing of days off, on hold or without a plan');
    if ('usual' in starts) continue;
    const dosed = new Set(starts.doses.asks);
    for (const part of ['off', 'held', 'stale'] as const)
      for (const ask of starts[part].asks)
        if (dosed.has(ask) && partsOf(protocol).questions.get(ask)?.kind === 'dose')
          add(id, `Asks "${ask}" about a dose on a day without one (${part})`);
  }
  if (needs && !slots.some(({ starts }) => !('usual' in starts) && starts.stale.alert !== null))
    add('slots', 'Nobody is told of a plan that nobody stands for');
  if (needs && doseWords === null) add('doseWords', 'A regimen needs words for its doses');
  if (!needs && stops.some(({ t }) => t === 'cycles-done')) add('stops', 'There are no cycles');
  return problems;
}

/** A text that holds a dose is said only where somebody is told at once, or where the plan itself is on hold. */
function checkHolds(protocol: Protocol): readonly DocumentProblem[] {
  const { advice } = partsOf(protocol);
  const isHold = (id: string) => advice.get(id)?.hold === true;
  const problems: DocumentProblem[] = [];
  const add = (at: string, near: string | null) =>
    problems.push({ rule: 'dose-change', at, words: 'Holds a dose, and nobody is called', near });
  for (const { id, branches } of protocol.questions)
    for (const branch of branches)
      if (branch.advise.some(isHold) && (branch.alert === null || branch.band !== 'red'))
        add(`${id}/${branch.id}`, id);
  for (const { id, starts } of protocol.slots)
    for (const [name, { advise }] of Object.entries(starts))
      if (name !== 'held' && advise.some(isHold)) add(id, null);
  const elsewhere = [
    protocol.closing,
    protocol.emergency.say,
    ...protocol.invite.welcome,
    protocol.invite.declined,
    ...protocol.escalations.map(({ tell }) => tell),
    ...protocol.stops.map(({ say }) => say),
    ...protocol.silence.ladder.flatMap((rung) => (rung.t === 'stop' ? [rung.say] : [])),
  ];
  for (const id of elsewhere) if (isHold(id)) add(id, id);
  return problems;
}

/** Questions that ask for one another in a ring: the second time round it would be left out, which nobody meant. */
function findLoops({ questions }: Protocol): readonly DocumentProblem[] {
  const asks = new Map(questions.map(({ id, branches }) => [id, branches.flatMap((branch) => branch.asks)]));
  return questions.flatMap(({ id }) => {
    const seen = new Set<string>();
    const open = [...(asks.get(id) ?? [])];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (at === id)
        return [{ rule: 'loop', at: id, words: 'Its answers lead back to it without a time', near: id }];
      if (seen.has(at)) continue;
      seen.add(at);
      open.push(...(asks.get(at) ?? []));
    }
    return [];
  });
}
