import type { Bound, Protocol, SlotStart } from '../protocol.ts';
import type { DocumentProblem } from './check-document.ts';

/** Names that lead nowhere, and names that are there twice. */
export function checkReferences(protocol: Protocol): readonly DocumentProblem[] {
  const problems: DocumentProblem[] = [];
  const { questions, advice, escalations, settings } = protocol;
  const names = {
    question: new Set(questions.map(({ id }) => id)),
    text: new Set(advice.map(({ id }) => id)),
    escalation: new Set(escalations.map(({ id }) => id)),
    setting: new Set(settings.map(({ key }) => key)),
    source: new Set(Object.keys(protocol.sources)),
    term: new Set(Object.keys(protocol.grading?.terms ?? {})),
  };
  const need = (kind: keyof typeof names, name: string | null, at: string, near: string | null = null) => {
    if (name === null || names[kind].has(name)) return;
    const rule = kind === 'text' ? 'unsigned-text' : kind === 'source' ? 'no-source' : 'dangling';
    const words = kind === 'text' ? 'is not in the signed list' : 'is not in the document';
    problems.push({ rule, at, words: `The ${kind} "${name}" ${words}`, near });
  };
  const needAll = (
    kind: keyof typeof names,
    list: readonly string[],
    at: string,
    near: string | null = null,
  ) => {
    for (const name of list) need(kind, name, at, near);
  };
  const needBound = (bound: Bound | null | undefined, at: string) => {
    if (typeof bound === 'object' && bound !== null) need('setting', bound.setting, at);
  };
  const needStart = ({ asks, advise, alert }: SlotStart, at: string) => {
    needAll('question', asks, at);
    needAll('text', advise, at);
    if (alert !== null) need('escalation', alert.escalation, at);
  };

  findTwice(
    'question',
    questions.map(({ id }) => id),
    problems,
  );
  findTwice(
    'text',
    advice.map(({ id }) => id),
    problems,
  );
  findTwice('name', [...names.question, ...names.text], problems);
  findTwice(
    'escalation',
    escalations.map(({ id }) => id),
    problems,
  );
  findTwice(
    'setting',
    settings.map(({ key }) => key),
    problems,
  );
  findTwice(
    'slot',
    protocol.slots.map(({ id }) => id),
    problems,
  );

  for (const question of questions) {
    needAll('source', question.sources, question.id, question.id);
    findTwice(
      `branch of ${question.id}`,
      question.branches.map(({ id }) => id),
      problems,
    );
    for (const branch of question.branches) {
      const at = `${question.id}/${branch.id}`;
      needAll('source', branch.sources, at, question.id);
      needAll('text', branch.advise, at, question.id);
      needAll('question', branch.asks, at, question.id);
      if (branch.alert !== null) need('escalation', branch.alert.escalation, at, question.id);
      if (branch.grade !== null) need('term', branch.grade.term, at, question.id);
      const { when } = branch;
      const bands = when.t === 'number' ? [when.band] : when.t === 'pressure' ? [when.upper, when.lower] : [];
      for (const band of bands) {
        needBound(band?.from, at);
        needBound(band?.below, at);
      }
      if (when.t === 'pressure') {
        needBound(when.under?.upper, at);
        needBound(when.under?.lower, at);
      }
    }
  }
  for (const one of advice) needAll('source', one.sources, one.id, one.id);
  for (const one of escalations) {
    needAll('source', one.sources, one.id);
    need('text', one.tell, one.id);
    if (one.callBack.t === 'minutes') needBound(one.callBack.minutes, one.id);
  }
  for (const one of settings) {
    needAll('source', one.sources, one.key);
    for (const choice of one.choices) needAll('source', choice.sources, one.key);
    need('setting', one.above, one.key);
    if (one.choices.length > 0 === (one.range !== null))
      problems.push({
        rule: 'setting',
        at: one.key,
        words: 'Needs choices or a range, not both',
        near: null,
      });
  }
  for (const slot of protocol.slots) {
    needAll('source', slot.sources, slot.id);
    for (const start of Object.values(slot.starts)) needStart(start, slot.id);
  }
  checkPlans(protocol, need, needAll);
  return problems;
}

type Need = (kind: 'question' | 'text' | 'escalation' | 'source', name: string | null, at: string) => void;
type NeedAll = (kind: 'text' | 'source', list: readonly string[], at: string) => void;

/** The parts that stand once in a document. */
function checkPlans(protocol: Protocol, need: Need, needAll: NeedAll): void {
  const { silence, ambers, emergency, unclear, otherSymptoms, invite, grading } = protocol;
  for (const target of Object.values(protocol.symptoms).flat()) need('question', target, 'symptoms');
  for (const [at, part] of Object.entries({ otherSymptoms, ambers, emergency, unclear })) {
    needAll('source', part.sources, at);
    need('escalation', part.escalation, at);
  }
  need('text', emergency.say, 'emergency');
  need('text', protocol.closing, 'closing');
  need('question', protocol.afterAlert, 'afterAlert');
  if (protocol.anyTime !== null) need('question', protocol.anyTime, 'anyTime');
  needAll('source', silence.sources, 'silence');
  need('escalation', silence.unfinished, 'silence');
  for (const rung of silence.ladder) {
    if (rung.t === 'task') need('escalation', rung.escalation, 'silence');
    if (rung.t === 'stop') need('text', rung.say, 'silence');
    if (rung.t === 'last-check') need('question', rung.asks, 'silence');
  }
  needAll('source', invite.sources, 'invite');
  needAll('text', invite.welcome, 'invite');
  need('text', invite.declined, 'invite');
  if (grading !== null) needAll('source', grading.sources, 'grading');
  for (const stop of protocol.stops) {
    needAll('source', stop.sources, `stops ${stop.t}`);
    need('text', stop.say, `stops ${stop.t}`);
  }
}

function findTwice(what: string, names: readonly string[], problems: DocumentProblem[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name))
      problems.push({ rule: 'twice', at: name, words: `The ${what} "${name}" is there twice`, near: null });
    seen.add(name);
  }
}
