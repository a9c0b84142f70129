import { type Expectation, type ReplyModel, understandReply } from '@baton/clinical';
import { expect, it } from 'vitest';
import type { Understand } from './decide-invitation.ts';
import { withModel } from './model-aide.ts';

const choice = (key: string, code: string) => ({ key, code, words: { en: [], es: [] } });
const WELLBEING: Expectation = {
  kind: 'wellbeing',
  choices: [choice('1', 'better'), choice('2', 'same'), choice('3', 'worse')],
  range: null,
  unit: null,
};
const read: Understand = (text, expectation, language) => understandReply(text, expectation, language);
/** No rule knows these words. */
const STRANGE = 'kind of like the weather';

async function readWith(text: string, answer: Awaited<ReturnType<ReplyModel['understand']>> | Error) {
  const asked: string[] = [];
  const model: ReplyModel = {
    async understand(words) {
      asked.push(words);
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const understand = await withModel(read, { model, leastConfidence: 0.9 }, async (look) =>
    look(text, WELLBEING, 'en', { chemotherapy: false }),
  );
  return { asked, understood: understand(text, WELLBEING, 'en', { chemotherapy: false }) };
}

it('helps where the rules found nothing, and says that it was the model', async () => {
  expect(read(STRANGE, WELLBEING, 'en', { chemotherapy: false })).toMatchObject({ sure: false });
  const { asked, understood } = await readWith(STRANGE, { code: 'same', confidence: 0.95 });
  expect(asked).toEqual([STRANGE]);
  expect(understood).toMatchObject({ sure: true, code: 'same', rule: 'model' });
});

it.each([
  ['is not sure enough', { code: 'same', confidence: 0.89 }],
  ['is sure of nothing', { code: 'same', confidence: Number.NaN }],
  ['names no answer of the question', { code: 'taken', confidence: 1 }],
  ['does not know', null],
  ['fails', new Error('down')],
])('changes nothing where the model %s', async (_, answer) => {
  const { understood } = await readWith(STRANGE, answer);
  expect(understood).toMatchObject({ sure: false });
});

it.each([
  ['about an emergency', 'i have chest pain'],
  ['where a rule is sure', 'worse'],
  ['beside a symptom', 'cattywampus with diarrhea'],
])('is not asked %s', async (_, text) => {
  const before = read(text, WELLBEING, 'en', { chemotherapy: false });
  const { asked, understood } = await readWith(text, { code: 'better', confidence: 1 });
  expect(asked).toEqual([]);
  expect(understood).toEqual(before);
});
