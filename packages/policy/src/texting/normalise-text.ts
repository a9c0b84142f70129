/** Characters that are not seen, and marks that a phone's keyboard adds. */
const UNSEEN =
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]/gu;
const OUTER = /^[\s.!,;:"'“”‘’()[\]*_~¡-]+|[\s.!,;:"'“”‘’()[\]*_~-]+$/gu;

/**
 * A text as keywords are compared with (standards.md §1.8): NFKC, upper case, white space collapsed, quotation marks and closing `.!,` taken off. A
 * question mark stays: a question is no keyword.
 */
export function normaliseKeyword(text: string): string {
  return text
    .normalize('NFKC')
    .replace(UNSEEN, '')
    .toUpperCase()
    .replace(/\s+/gu, ' ')
    .replace(OUTER, '')
    .trim();
}

/** Letters without their accents, as phones often send Spanish. */
export function foldAccents(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .normalize('NFC');
}

/**
 * A text as wordings are looked for: lower case, no accents and apostrophes, letters that repeat three times and more are one, everything else that is
 * neither letter, digit nor question mark is a space.
 */
export function foldWords(text: string): string {
  return foldAccents(text.normalize('NFKC').replace(UNSEEN, '').toLowerCase())
    .replace(/['’‘`´]/gu, '')
    .replace(/(\p{L})\1{2,}/gu, '$1')
    .replace(/[^\p{L}\p{N}?]+/gu, ' ')
    .replace(/ *\?[? ]*/gu, ' ? ')
    .replace(/\s+/gu, ' ')
    .trim();
}
