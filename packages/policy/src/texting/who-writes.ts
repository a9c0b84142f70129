import { foldWords } from './normalise-text.ts';

export interface WriterCandidate {
  readonly ref: string;
  /** Given names, as the patient would type them. */
  readonly given: readonly string[];
}

/** A short answer is a name and little else; a longer text that happens to hold a name is no answer. */
const MOST_WORDS = 8;

/**
 * Which patient's message it is, from the answer to the question that named nobody (docs/protocol/patients.md §4). Exactly one candidate has a given
 * name that stands in the answer as a word of its own; null otherwise: two who share a name stay open, and so does a nickname.
 */
export function findWriter(text: string, candidates: readonly WriterCandidate[]): string | null {
  const words = foldWords(text)
    .split(' ')
    // "Maria's" has become one word.
    .flatMap((word) => (word.length > 2 && word.endsWith('s') ? [word, word.slice(0, -1)] : [word]));
  if (foldWords(text).split(' ').length > MOST_WORDS) return null;
  const fits = candidates.filter(({ given }) =>
    given.some((name) => {
      const wanted = foldWords(name)
        .split(' ')
        .filter((part) => part.length > 1);
      return wanted.length > 0 && wanted.every((part) => words.includes(part));
    }),
  );
  const refs = new Set(fits.map(({ ref }) => ref));
  return refs.size === 1 ? (fits[0]?.ref ?? null) : null;
}
