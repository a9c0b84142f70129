import { countKey } from './branches.ts';
import type { Advice, Escalation, Protocol, Question } from './protocol.ts';

/** A protocol's parts by their names, and what of a state its branches can ask for. */
export interface ProtocolParts {
  readonly questions: ReadonlyMap<string, Question>;
  /** Place of each question in the document: the order in which questions are asked. */
  readonly order: ReadonlyMap<string, number>;
  readonly advice: ReadonlyMap<string, Advice>;
  readonly escalations: ReadonlyMap<string, Escalation>;
  /** `countKey` of branches that count earlier answers, with the highest count that makes a difference. */
  readonly counted: ReadonlyMap<string, number>;
}

const known = new WeakMap<Protocol, ProtocolParts>();

export function partsOf(protocol: Protocol): ProtocolParts {
  let parts = known.get(protocol);
  if (parts === undefined) {
    parts = readParts(protocol);
    known.set(protocol, parts);
  }
  return parts;
}

function readParts({ questions, advice, escalations }: Protocol): ProtocolParts {
  const counted = new Map<string, number>();
  for (const question of questions)
    for (const { when } of question.branches) {
      if (when.t !== 'code' || when.earlier === 0) continue;
      for (const code of when.codes) {
        const key = countKey(question.id, code, when.within);
        counted.set(key, Math.max(counted.get(key) ?? 0, when.earlier));
      }
    }
  return {
    questions: new Map(questions.map((question) => [question.id, question])),
    order: new Map(questions.map(({ id }, at) => [id, at])),
    advice: new Map(advice.map((one) => [one.id, one])),
    escalations: new Map(escalations.map((one) => [one.id, one])),
    counted,
  };
}
