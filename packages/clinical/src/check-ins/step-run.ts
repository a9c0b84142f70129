import { type Answer, answerOf, countKey, pickBranch } from './branches.ts';
import type { Branch, Protocol, Question } from './protocol.ts';
import type { RunEvent } from './run-output.ts';
import type { RunState } from './run-state.ts';
import type { SureUnderstanding, Understanding } from '../understanding/understanding.ts';
import { raiseStale, type RunStep } from './start-run.ts';
import { Turn, worst } from './turn.ts';

/**
 * The next step of a dialogue. Pure and total: the same protocol, state and event give the same step, and every event is answered. An event that no longer
 * fits (a late timer, an answer after the end) changes nothing; such an answer is left to whoever owes it.
 */
export function stepRun(protocol: Protocol, state: RunState, event: RunEvent): RunStep {
  const turn = new Turn(protocol, state, event.atMs);
  const question = state.question === null ? undefined : turn.parts.questions.get(state.question);
  if (state.outcome !== 'open' || question === undefined) {
    if (event.t === 'answer' && event.understood.flags.length > 0) meetEmergency(turn, event.understood);
    else if (event.t === 'answer' || event.t === 'choice' || event.t === 'photo')
      turn.out.push({ t: 'leave' });
    return turn.result();
  }
  switch (event.t) {
    case 'answer':
      takeAnswer(turn, question, event.understood);
      break;
    case 'choice': {
      const choice = question.choices.find(({ key }) => key === event.key);
      takeAnswer(turn, question, choice === undefined ? NOTHING : sureOf(choice.code));
      break;
    }
    case 'photo':
      takeAnswer(turn, question, question.kind === 'photo' ? sureOf('sent') : NOTHING);
      break;
    case 'due':
      if (event.what === String(state.seq)) meetDue(turn, question);
      break;
    case 'close':
      giveUp(turn, question);
      break;
    case 'plan':
      meetPlan(turn, question, event.plan);
      break;
  }
  return turn.result();
}

const NOTHING: Understanding = { sure: false, why: 'nothing', symptoms: [], flags: [] };

function sureOf(code: string): SureUnderstanding {
  return {
    sure: true,
    code,
    number: null,
    second: null,
    unit: null,
    symptoms: [],
    flags: [],
    rule: 'choice',
  };
}

function takeAnswer(turn: Turn, question: Question, understood: Understanding): void {
  if (understood.flags.length > 0) {
    noteBeside(turn, question, understood);
    meetEmergency(turn, understood);
    return;
  }
  if (!understood.sure) {
    meetUnclear(turn, question, understood);
    return;
  }
  const answer = answerOf(question, understood);
  const branch = pickBranch(question, answer, turn.draft);
  if (branch === null) {
    meetUnclear(turn, question, understood);
    return;
  }
  const unasked = turn.draft.phase === 'unasked';
  turn.out.push({
    t: 'note',
    node: question.id,
    kind: 'answer',
    value: answer,
    grade: branch.grade?.grade ?? null,
  });
  // A message that the patient began may say more than the rules read in it; only a reading is a whole.
  if (unasked && answer.number === null) turn.out.push({ t: 'leave' });
  followBranch(turn, question, branch, answer);
  if (question.kind === 'urgency' && (answer.code === 'urgent' || answer.code === 'can-wait'))
    turn.out.push({ t: 'urgency', says: answer.code });
  const goesOn = branch.next.t === 'on' || branch.next.t === 'wait';
  hearSymptoms(turn, understood.symptoms, { question, goesOn, isTold: turn.raised });
  goNext(turn, branch);
}

/** What was understood beside an emergency is kept, and nothing follows from it. */
function noteBeside({ out, draft }: Turn, question: Question, understood: Understanding): void {
  if (!understood.sure) return;
  const value = answerOf(question, understood);
  const grade = pickBranch(question, value, draft)?.grade?.grade ?? null;
  out.push({ t: 'note', node: question.id, kind: 'answer', value, grade });
}

function followBranch(turn: Turn, question: Question, branch: Branch, answer: Answer): void {
  const { draft, protocol } = turn;
  for (const within of ['run', 'day'] as const) {
    const key = countKey(question.id, answer.code, within);
    const most = turn.parts.counted.get(key);
    if (most !== undefined)
      draft.counts = { ...draft.counts, [key]: Math.min(most, (draft.counts[key] ?? 0) + 1) };
  }
  draft.answered = true;
  draft.unclear = false;
  draft.band = worst(draft.band, branch.band);
  const reason = `${branch.about}. Answer: ${wordsOf(question, answer)}`;
  const line = `${question.id}/${branch.id}: ${branch.about}`;
  for (const id of branch.advise) turn.say(id, 'advise');
  if (branch.band === 'amber' && !draft.ambers.includes(question.item))
    draft.ambers = [...draft.ambers, question.item];
  const { red, escalation } = protocol.ambers;
  if (branch.band === 'amber' && draft.ambers.length >= red) {
    turn.raise({
      key: 'ambers',
      escalation,
      kind: branch.alert?.kind ?? 'symptom',
      reason: `${draft.ambers.length} amber answers in one day: ${draft.ambers.join(', ')}. ${reason}`,
      line: `ambers: ${red} ambers of a day are a red`,
      supersedes: draft.alerts.filter(({ band }) => band === 'amber').map(({ key }) => key),
    });
    draft.band = 'red';
  } else if (branch.alert !== null && !isKnownRed(turn, question)) {
    turn.raise({
      key: `${question.id}/${branch.id}`,
      escalation: branch.alert.escalation,
      kind: branch.alert.kind,
      reason,
      line,
    });
  }
  // Signs of an emergency, chosen from a list: nobody is asked whether that can wait.
  if (branch.alert?.kind === 'red-flag') draft.emergency = true;
  turn.enqueue(branch.asks);
}

/** "Urgent" after a red alert says nothing new: somebody is on the way already. */
function isKnownRed({ draft, protocol }: Turn, question: Question): boolean {
  return question.id === protocol.afterAlert && draft.alerts.some(({ band }) => band === 'red');
}

function goNext(turn: Turn, { next }: Branch): void {
  const { draft } = turn;
  // What is red is not talked on about: somebody calls.
  if (turn.raised && draft.band === 'red' && next.t !== 'stop') {
    turn.finish();
    return;
  }
  switch (next.t) {
    case 'on':
      turn.goOn();
      break;
    case 'end':
      draft.queue = [];
      turn.finish();
      break;
    case 'stop':
      draft.queue = [];
      draft.stops = true;
      turn.finish();
      break;
    case 'wait':
      turn.waitFor(next.minutes);
      break;
  }
}

/**
 * Symptoms beside the answer: their questions are asked. Of those of which nothing will be asked (no question covers them, those that do are done, the dialogue
 * ends, or somebody was told and no more is asked) somebody is told, unless somebody was told just now and has the words.
 */
function hearSymptoms(
  turn: Turn,
  symptoms: readonly string[],
  { question, goesOn, isTold }: { readonly question: Question; goesOn: boolean; isTold: boolean },
): void {
  if (symptoms.length === 0) return;
  const { symptoms: led, otherSymptoms } = turn.protocol;
  if (goesOn) turn.enqueue(symptoms.flatMap((symptom) => led[symptom] ?? []));
  const { queue } = turn.draft;
  const isAsked = (id: string) => goesOn && (id === question.id || queue.includes(id));
  const others = symptoms.filter((symptom) => led[symptom]?.some(isAsked) !== true);
  if (others.length === 0 || isTold) return;
  turn.out.push({ t: 'leave' });
  turn.raise({
    key: `other-symptoms/${others.join()}`.slice(0, 120),
    escalation: otherSymptoms.escalation,
    kind: 'symptom',
    reason: `The patient also wrote of: ${others.join(', ')}`,
    line: 'other symptoms: what no question covers goes to somebody',
  });
}

function meetUnclear(turn: Turn, question: Question, understood: Understanding): void {
  const { draft, protocol } = turn;
  const unasked = draft.phase === 'unasked';
  turn.out.push({ t: 'note', node: question.id, kind: 'unclear', value: null, grade: null }, { t: 'leave' });
  // Whoever writes is not silent, understood or not.
  draft.answered = true;
  if (unasked) {
    // Whoever looks after the conversation reads it in any case.
    hearSymptoms(turn, understood.symptoms, { question, goesOn: true, isTold: true });
    turn.goOn();
    return;
  }
  if (!draft.unclear) {
    hearSymptoms(turn, understood.symptoms, { question, goesOn: true, isTold: false });
    turn.askAgain(question, 'unclear');
    return;
  }
  if (question.id === protocol.afterAlert)
    hearSymptoms(turn, understood.symptoms, { question, goesOn: false, isTold: false });
  else
    turn.raise({
      key: `unclear:${question.id}`,
      escalation: protocol.unclear.escalation,
      kind: 'unclear',
      reason: `An answer was not understood twice: ${question.id}`,
      line: 'unclear: not understood twice goes to somebody',
    });
  draft.queue = [];
  turn.finish();
}

function meetEmergency(turn: Turn, { flags }: Understanding): void {
  const { draft, protocol } = turn;
  const rules = [...new Set(flags.map(({ rule }) => rule))].join(', ');
  turn.out.push({ t: 'leave' });
  turn.say(protocol.emergency.say, 'emergency');
  turn.raise({
    key: 'red-flag',
    escalation: protocol.emergency.escalation,
    kind: 'red-flag',
    reason: `Words that can mean an emergency: ${rules}`,
    line: `red flag: ${rules}`,
  });
  draft.emergency = true;
  draft.band = 'red';
  draft.answered = true;
  if (draft.outcome === 'open') turn.end('alerted');
  else draft.outcome = 'alerted';
}

function meetDue(turn: Turn, question: Question): void {
  if (turn.draft.phase === 'waiting') turn.askAgain(question, 'wait');
  else if (turn.draft.phase === 'asked') turn.askAgain(question, 'silence');
  else giveUp(turn, question);
}

/** Nobody answered. Somebody who is waited for in vain is a person's matter, or the end, as the ladder says. */
function giveUp(turn: Turn, question: Question): void {
  const { draft, protocol } = turn;
  draft.queue = [];
  if (draft.phase === 'unasked' || question.id === protocol.afterAlert) {
    turn.end(draft.alerts.length > 0 ? 'alerted' : 'ended');
    return;
  }
  if (draft.answered) {
    const { unfinished } = protocol.silence;
    const told = draft.alerts.some(({ kind }) => kind !== 'stale-plan');
    if (unfinished !== null && !told) raiseSilence(turn, unfinished, 'began and did not end');
    turn.end(draft.alerts.length > 0 ? 'alerted' : 'ended');
    return;
  }
  climb(turn, draft.silent + 1);
  turn.end('silent');
}

function climb(turn: Turn, silent: number): void {
  const { ladder } = turn.protocol.silence;
  const top = ladder.findLast((rung) => rung.t !== 'last-check' && rung.after <= silent);
  const rung = ladder.find((one) => one.t !== 'last-check' && one.after === silent) ?? top;
  if (rung === undefined) return;
  if (rung.t === 'stop') {
    turn.say(rung.say, 'advise');
    turn.draft.stops = true;
  } else if (rung.t === 'task')
    raiseSilence(turn, rung.escalation, `has not answered ${silent} times in a row`);
}

function raiseSilence(turn: Turn, escalation: string, words: string): void {
  if (turn.draft.openKinds.includes('silence')) return;
  turn.raise({
    key: 'silence',
    escalation,
    kind: 'silence',
    reason: `The patient ${words}`,
    line: `silence: ${words}`,
    quiet: true,
  });
}

/** The plan changed under the dialogue: a question about tablets is not asked any more. */
function meetPlan(turn: Turn, question: Question, plan: 'held' | 'stale'): void {
  const { draft } = turn;
  if (plan === 'stale') raiseStale(turn, 'The plan became stale while it was asked about');
  if (draft.start !== 'doses') return;
  draft.start = plan;
  draft.queue = draft.queue.filter((id) => turn.parts.questions.get(id)?.kind !== 'dose');
  if (question.kind === 'dose') turn.end('held');
}

function wordsOf(question: Question, { code, number, second, unit }: Answer): string {
  if (number !== null)
    return `${number}${second === null ? '' : `/${second}`}${unit === null ? '' : ` ${unit}`}`;
  return question.choices.find((choice) => choice.code === code)?.label.en ?? code;
}
