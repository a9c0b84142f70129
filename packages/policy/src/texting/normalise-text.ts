/** Characters that are not seen, and marks that a phone's keyboard adds. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}/gu;
const OUTER = /^[\s.!,;:"'“”‘’()[\]*_~¡-]+|[\s.!,;:"'“”‘’()[\]*_~-]+$/gu;

/**
 * A text as keywords are compared with (docs/protocol/patients.md §4): NFKC, upper case, white space collapsed, quotation marks and closing `.!,` taken off. A
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
