import checks from '../../../content/protocols/checks.json' with { type: 'json' };
import { readingLevel } from '../../reading/reading-level.ts';
import type { Protocol, ProtocolChoice, Words } from '../protocol.ts';
import { fillText, placesIn, planWords, TEXT_PLACES, withChoices } from '../texts.ts';
import { WIDEST_FILL } from './beginnings.ts';
import type { DocumentProblem } from './document-problem.ts';
import type { ExplorationChecks } from './exploration.ts';

const LANGUAGES = ['en', 'es'] as const;
type Text = {
  readonly at: string;
  readonly words: Words;
  readonly choices: readonly ProtocolChoice[];
  readonly hold: boolean;
};

/** Shorter texts give no figure of their own; they are read together. */
const FEW_WORDS = 15;
/** Longest sentence, in words (standard of plain texts: about 15). */
const LONG_SENTENCE = 25;

/** Every text that a patient can get: its length, how hard it is to read, and what no text may say. */
export function checkTexts(protocol: Protocol, given: ExplorationChecks): readonly DocumentProblem[] {
  const texts = textsOf(protocol);
  return [
    ...texts.flatMap((text) => checkText(protocol, text, given)),
    ...checkTogether(protocol, texts),
    ...texts.flatMap(({ at, choices }) => checkOffered(at, choices, given)),
    ...texts.flatMap(({ at, choices }) => checkLetters(at, choices)),
  ];
}

function textsOf({ questions, advice, invite }: Protocol): readonly Text[] {
  return [
    ...questions.flatMap(({ id, text, again, choices }) => [
      { at: id, words: text, choices, hold: false },
      { at: id, words: again, choices, hold: false },
    ]),
    ...advice.map(({ id, text, hold }) => ({ at: id, words: text, choices: [], hold })),
    { at: 'invite', words: invite.text, choices: invite.choices, hold: false },
    { at: 'invite', words: invite.again, choices: invite.choices, hold: false },
  ];
}

function checkText(protocol: Protocol, text: Text, given: ExplorationChecks): readonly DocumentProblem[] {
  const problems: DocumentProblem[] = [];
  const { at, words, choices, hold } = text;
  const add = (rule: string, say: string) => problems.push({ rule, at, words: say, near: at });
  for (const place of placesIn(`${words.en} ${words.es}`))
    if (!TEXT_PLACES.some((known) => known === place))
      add('text-place', `"{${place}}" is no place in a text`);
  for (const language of LANGUAGES) {
    const own = words[language];
    const segments = given.segmentsOf(withChoices(widest(protocol, words, language), choices, language));
    if (segments > protocol.segments[language])
      add(
        'text-length',
        `${segments} segments (${language}), at most ${protocol.segments[language]}: ${own}`,
      );
    const { grade, words: count, sentences } = readingLevel(own, language);
    if (count >= FEW_WORDS && grade > protocol.readingGrade)
      add('text-reading', `School grade ${grade} (${language}), at most ${protocol.readingGrade}: ${own}`);
    if (sentences > 0 && longestSentence(own) > LONG_SENTENCE)
      add('text-reading', `A sentence of more than ${LONG_SENTENCE} words (${language}): ${own}`);
    if (matches(checks.grade[language], own))
      add('text-grade', `Names a grade to a patient (${language}): ${own}`);
    if (matches(checks.amount[language], own))
      add('dose-amount', `Names an amount that is not the plan's (${language}): ${own}`);
    if (!hold && matches(checks.doseChange[language], own))
      add('dose-change', `Names a change of dose (${language}): ${own}`);
    for (const word of offeredIn(own, language, given.carrierWords))
      add('carrier-word', `Offers "${word}", which a carrier acts on (${language}): ${own}`);
  }
  return problems;
}

/** Short texts together: one of them says little, all of them say how the document reads. */
function checkTogether({ readingGrade }: Protocol, texts: readonly Text[]): readonly DocumentProblem[] {
  return LANGUAGES.flatMap((language) => {
    const all = texts.map(({ words }) => words[language]).join('\n');
    const { grade } = readingLevel(all, language);
    if (grade <= readingGrade) return [];
    const words = `All texts together: school grade ${grade} (${language}), at most ${readingGrade}`;
    return [{ rule: 'text-reading', at: language, words, near: null }];
  });
}

function checkOffered(
  at: string,
  choices: readonly ProtocolChoice[],
  { carrierWords }: ExplorationChecks,
): readonly DocumentProblem[] {
  return choices.flatMap(({ key, label }) =>
    [key, label.en, label.es]
      .filter((word) => carrierWords.has(word.toUpperCase()))
      .map((word) => ({
        rule: 'carrier-word',
        at,
        words: `Offers "${word}", which a carrier acts on`,
        near: at,
      })),
  );
}

/** What a question about a visit offers as well: whose answer it is could not be told. */
function checkLetters(at: string, choices: readonly ProtocolChoice[]): readonly DocumentProblem[] {
  return choices
    .filter(({ key }) => checks.letters.taken.includes(key))
    .map(({ key }) => ({
      rule: 'taken-letter',
      at,
      words: `Offers the letter ${key}, which answers questions about visits`,
      near: at,
    }));
}

/** The text as long as it can get: the widest name, and the most tablets. */
function widest(protocol: Protocol, words: Words, language: 'en' | 'es'): string {
  const plan = planWords(
    protocol,
    [
      { strengthMg: 500, tablets: 3 },
      { strengthMg: 150, tablets: 2 },
    ],
    language,
  );
  const within = language === 'es' ? '2 días hábiles' : '2 business days';
  return fillText(words, language, { ...WIDEST_FILL, within, ...(plan === null ? {} : { plan }) });
}

function longestSentence(text: string): number {
  return Math.max(
    0,
    ...text.split(/[.!?…;:]+(?=\s|$)|\n+/u).map((part) => part.match(/[\p{L}\p{N}{}'’-]+/gu)?.length ?? 0),
  );
}

function matches(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => new RegExp(pattern, 'iu').test(text));
}

/** Words of a carrier that a text tells the patient to answer with. */
function offeredIn(
  text: string,
  language: 'en' | 'es',
  carrierWords: ReadonlySet<string>,
): readonly string[] {
  return checks.offer[language].flatMap((pattern) =>
    [...text.matchAll(new RegExp(`${pattern}(\\p{L}+)`, 'giu'))]
      .map((match) => match[1] ?? '')
      .filter((word) => carrierWords.has(word.toUpperCase())),
  );
}
