import type { Protocol } from '@baton/clinical';

/** Names that parts of a document go by, for the choices of its form. */
export interface Names {
  readonly questions: readonly string[];
  readonly advice: readonly string[];
  readonly escalations: readonly string[];
  readonly sources: readonly string[];
  readonly settings: readonly string[];
  readonly terms: readonly string[];
}

export function namesOf(protocol: Protocol): Names {
  return {
    questions: protocol.questions.map(({ id }) => id),
    advice: protocol.advice.map(({ id }) => id),
    escalations: protocol.escalations.map(({ id }) => id),
    sources: Object.keys(protocol.sources),
    settings: protocol.settings.map(({ key }) => key),
    terms: Object.keys(protocol.grading?.terms ?? {}),
  };
}

/** A name that nothing has yet. */
export function freeName(stem: string, taken: readonly string[]): string {
  for (let number = taken.length + 1; ; number += 1) {
    const name = `${stem}-${number}`;
    if (!taken.includes(name)) return name;
  }
}
