import type { Protocol, Question } from '@baton/clinical';
import type { TimestampMs } from '@baton/kernel';
import type { CheckInRun, Enrolment, Language } from '@baton/wire';

export interface Answer {
  readonly node: string;
  /** As the version of the run asked it; null where the document is not here. */
  readonly question: Question | null;
  readonly at: TimestampMs;
  readonly value: NonNullable<CheckInRun['steps'][number]['value']>;
  readonly grade: number | null;
}

/** A question as one reads it later: with the medicine's name, and without what was said of a day's plan. */
export function plainQuestion(
  question: Question,
  language: Language,
  { regimen }: Pick<Enrolment, 'regimen'>,
): string {
  return question.text[language].replaceAll(/\{([a-z]+)\}/g, (_, place: string) =>
    place === 'drug' && regimen !== null ? regimen.drug : '…',
  );
}

/** What the patient answered and was understood, in order. */
export function answersOf(run: CheckInRun, protocol: Protocol | null): readonly Answer[] {
  return run.steps.flatMap(({ kind, node, at, value, grade }) =>
    kind === 'answer' && value !== null
      ? [{ node, question: protocol?.questions.find(({ id }) => id === node) ?? null, at, value, grade }]
      : [],
  );
}
