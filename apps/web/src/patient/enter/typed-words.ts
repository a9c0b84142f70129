/** As the words are stored: lower case, one space between them, without the numbers and commas that somebody wrote beside them. */
export function cleanWords(typed: string): string {
  return typed
    .toLowerCase()
    .replaceAll(/[^\p{L}\s]/gu, ' ')
    .trim()
    .replaceAll(/\s+/g, ' ');
}

/** Number of the first word that is not what it should be, from 1; null when all are. */
export function firstWrongWord(words: readonly string[], typed: string): number | null {
  const given = cleanWords(typed).split(' ');
  const at = words.findIndex((word, index) => given[index] !== word);
  if (at >= 0) return at + 1;
  return given.length > words.length ? words.length + 1 : null;
}
