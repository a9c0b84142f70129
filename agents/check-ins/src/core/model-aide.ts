import type { Expectation, ReplyModel, Understanding } from '@baton/clinical';
import type { Language } from '@baton/wire';
import type { Understand } from './decide-invitation.ts';

/** A model that may be asked where the rules are not sure, and how sure it has to be itself: 0–1. */
export interface ModelAide {
  readonly model: ReplyModel;
  readonly leastConfidence: number;
}

interface Question {
  readonly text: string;
  readonly expectation: Expectation;
  readonly language: Language;
}

/**
 * The rules' reading, helped by a model where they found nothing. The model is never asked about words with red flags, symptoms or two meanings, never
 * overrules a rule, and may only choose among the answers that the question offers; below its confidence the question is asked back, as without it. `look` runs the decision
 * once without an effect, to learn what would be asked.
 */
export async function withModel(
  understand: Understand,
  aide: ModelAide,
  look: (understand: Understand) => Promise<unknown>,
): Promise<Understand> {
  const open: Question[] = [];
  await look((text, expectation, language, facts) => {
    const understood = understand(text, expectation, language, facts);
    if (isForModel(understood)) open.push({ text, expectation, language });
    return understood;
  });
  const answers = new Map<string, string>();
  for (const question of open) {
    const code = await askModel(aide, question);
    if (code !== null) answers.set(keyOf(question), code);
  }
  if (answers.size === 0) return understand;
  return (text, expectation, language, facts) => {
    const understood = understand(text, expectation, language, facts);
    const code = isForModel(understood) ? answers.get(keyOf({ text, expectation, language })) : undefined;
    if (code === undefined) return understood;
    return { ...NO_NUMBERS, sure: true, code, symptoms: [], flags: [], rule: 'model' };
  };
}

const NO_NUMBERS = { number: null, second: null, unit: null } as const;

function isForModel(understood: Understanding): boolean {
  if (understood.sure || understood.why !== 'nothing') return false;
  return understood.flags.length === 0 && understood.symptoms.length === 0;
}

/** A model that fails is one that does not know. */
async function askModel({ model, leastConfidence }: ModelAide, question: Question): Promise<string | null> {
  const { text, expectation, language } = question;
  const answer = await model.understand(text, expectation, language).catch(() => null);
  if (answer === null || !(answer.confidence >= leastConfidence)) return null;
  return expectation.choices.some(({ code }) => code === answer.code) ? answer.code : null;
}

function keyOf({ text, expectation, language }: Question): string {
  return JSON.stringify([text, expectation, language]);
}
