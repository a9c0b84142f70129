import type { Bound, Branch, Protocol, Question, Slot, SlotStart } from '../protocol.ts';
import type { DocumentProblem } from './document-problem.ts';

type Kind = 'question' | 'text' | 'escalation' | 'setting' | 'source' | 'term';
/** Names of one kind that a part of the document uses; null stands for none. */
type Need = (kind: Kind, names: readonly (string | null)[], at: string, near?: string) => void;

/** Names that lead nowhere, and names that are there twice. */
export function checkReferences(protocol: Protocol): readonly DocumentProblem[] {
  const problems: DocumentProblem[] = [];
  const names = namesOf(protocol);
  const need: Need = (kind, wanted, at, near) => {
    for (const name of wanted) {
      if (name === null || names[kind].has(name)) continue;
      const rule = kind === 'text' ? 'unsigned-text' : kind === 'source' ? 'no-source' : 'dangling';
      const words = kind === 'text' ? 'is not in the signed list' : 'is not in the document';
      problems.push({ rule, at, words: `The ${kind} "${name}" ${words}`, near: near ?? null });
    }
  };
  for (const question of protocol.questions) needOfQuestion(question, need);
  needOfLists(protocol, need);
  needOfSlots(protocol, need);
  needOfPlans(protocol, need);
  return [...problems, ...findTwice(protocol), ...checkSettings(protocol)];
}

function namesOf(protocol: Protocol): Readonly<Record<Kind, ReadonlySet<string>>> {
  const ids = (parts: readonly { readonly id: string }[]) => new Set(parts.map(({ id }) => id));
  return {
    question: ids(protocol.questions),
    text: ids(protocol.advice),
    escalation: ids(protocol.escalations),
    setting: new Set(protocol.settings.map(({ key }) => key)),
    source: new Set(Object.keys(protocol.sources)),
    term: new Set(Object.keys(protocol.grading?.terms ?? {})),
  };
}

function needOfQuestion({ id, sources, branches }: Question, need: Need): void {
  need('source', sources, id, id);
  for (const branch of branches) {
    const at = `${id}/${branch.id}`;
    need('source', branch.sources, at, id);
    need('text', branch.advise, at, id);
    need('question', branch.asks, at, id);
    need('escalation', [branch.alert?.escalation ?? null], at, id);
    need('term', [branch.grade?.term ?? null], at, id);
    need('setting', boundsOf(branch).map(settingOf), at, id);
  }
}

function boundsOf({ when }: Branch): readonly (Bound | null)[] {
  if (when.t === 'code') return [];
  if (when.t === 'number') return [when.band.from, when.band.below];
  const { upper, lower, under, over } = when;
  const bands = [upper?.from, upper?.below, lower?.from, lower?.below];
  return [...bands, under?.upper, under?.lower, over?.upper, over?.lower].map((bound) => bound ?? null);
}

function settingOf(bound: Bound | null): string | null {
  return typeof bound === 'object' && bound !== null ? bound.setting : null;
}

function needOfLists({ advice, escalations, settings }: Protocol, need: Need): void {
  for (const one of advice) need('source', one.sources, one.id, one.id);
  for (const one of escalations) {
    need('source', one.sources, one.id);
    need('text', [one.tell], one.id);
    if (one.callBack.t === 'minutes') need('setting', [settingOf(one.callBack.minutes)], one.id);
  }
  for (const one of settings) {
    need('source', [...one.sources, ...one.choices.flatMap(({ sources }) => sources)], one.key);
    need('setting', [one.above], one.key);
  }
}

function needOfSlots({ slots }: Protocol, need: Need): void {
  for (const slot of slots) {
    need('source', slot.sources, slot.id);
    for (const { asks, advise, alert } of startsOf(slot)) {
      need('question', asks, slot.id);
      need('text', advise, slot.id);
      need('escalation', [alert?.escalation ?? null], slot.id);
    }
  }
}

function startsOf({ starts }: Slot): readonly SlotStart[] {
  return 'usual' in starts ? [starts.usual] : [starts.doses, starts.off, starts.held, starts.stale];
}

/** The parts that stand once in a document. */
function needOfPlans(protocol: Protocol, need: Need): void {
  const { silence, ambers, emergency, unclear, otherSymptoms, invite, grading } = protocol;
  need('question', Object.values(protocol.symptoms).flat(), 'symptoms');
  for (const [at, part] of Object.entries({ otherSymptoms, ambers, emergency, unclear })) {
    need('source', part.sources, at);
    need('escalation', [part.escalation], at);
  }
  need('text', [emergency.say], 'emergency');
  need('text', [protocol.closing], 'closing');
  need('question', [protocol.afterAlert], 'afterAlert');
  need('question', [protocol.anyTime], 'anyTime');
  need('source', silence.sources, 'silence');
  need('escalation', [silence.unfinished], 'silence');
  for (const rung of silence.ladder) {
    if (rung.t === 'task') need('escalation', [rung.escalation], 'silence');
    if (rung.t === 'stop') need('text', [rung.say], 'silence');
    if (rung.t === 'last-check') need('question', [rung.asks], 'silence');
  }
  need('source', invite.sources, 'invite');
  need('text', [...invite.welcome, invite.declined], 'invite');
  need('source', grading?.sources ?? [], 'grading');
  for (const stop of protocol.stops) {
    need('source', stop.sources, `stops ${stop.t}`);
    need('text', [stop.say], `stops ${stop.t}`);
  }
}

function findTwice(protocol: Protocol): readonly DocumentProblem[] {
  const { questions, advice, escalations, settings, slots } = protocol;
  const ids = (parts: readonly { readonly id: string }[]) => parts.map(({ id }) => id);
  const lists: readonly (readonly [string, readonly string[]])[] = [
    // A step of a run names a question or a text; they share their names.
    ['name', [...ids(questions), ...ids(advice)]],
    ['escalation', ids(escalations)],
    ['setting', settings.map(({ key }) => key)],
    ['slot', ids(slots)],
    ...questions.map(({ id, branches }) => [`branch of ${id}`, ids(branches)] as const),
  ];
  return lists.flatMap(([what, names]) =>
    names
      .filter((name, at) => names.indexOf(name) < at)
      .map((name) => ({
        rule: 'twice',
        at: name,
        words: `The ${what} "${name}" is there twice`,
        near: null,
      })),
  );
}

function checkSettings({ settings }: Protocol): readonly DocumentProblem[] {
  return settings
    .filter(({ choices, range }) => choices.length > 0 === (range !== null))
    .map(({ key }) => ({
      rule: 'setting',
      at: key,
      words: 'Needs choices or a range, not both',
      near: null,
    }));
}
