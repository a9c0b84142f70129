import type { Prompt } from '../terminal/prompt.ts';

export type Draft = Record<string, unknown>;
/** `hidden`: a secret, not shown while it is typed. `optional`: may be left empty. */
export type Question = readonly [name: string, question: string, how?: 'hidden' | 'optional'];

/** Asks one after the other; null where a question was left unanswered. What may be left empty is null then. */
export async function askAll(
  prompt: Prompt,
  base: Draft,
  questions: readonly Question[],
): Promise<Draft | null> {
  const given: Draft = { ...base };
  for (const [name, question, how] of questions) {
    const answer = (how === 'hidden' ? await prompt.askHidden(question) : await prompt.ask(question))?.trim();
    if (answer === undefined || (answer === '' && how !== 'optional')) return null;
    given[name] = answer === '' ? null : answer;
  }
  return given;
}
