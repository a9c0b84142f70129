import type { PatientRecord } from '@baton/wire';

/** What a patient can be found by: words of the name, and figures (record numbers, telephone numbers, the date of birth as people type it). */
export interface PatientWords {
  readonly names: readonly string[];
  readonly codes: readonly string[];
}

/** What is looked for, part by part: each has to fit. */
export interface QueryTerm {
  readonly kind: 'name' | 'code';
  readonly word: string;
  /** A complete date: nothing that only begins so. */
  readonly whole: boolean;
}

const DATES: readonly { readonly form: RegExp; readonly order: readonly [number, number, number] }[] = [
  { form: /\b(\d{4})-(\d{1,2})-(\d{1,2})\b/g, order: [1, 2, 3] },
  { form: /\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/g, order: [3, 1, 2] },
  { form: /\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b/g, order: [3, 2, 1] },
];
/** Seven digits or more, with what people put between those of a telephone number. */
const PHONE = /\+?\(?\d(?:[\s().-]*\d){6,}/g;
const NATIONAL_DIGITS = 10;
const LOCAL_DIGITS = 7;

/** Small letters without marks. */
export function plainWord(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}|['’ʼ]/gu, '')
    .toLowerCase();
}

export function wordsOf(record: PatientRecord): PatientWords {
  const names = [...record.given, record.family].flatMap(nameWords);
  const codes = record.identifiers.flatMap(({ value }) => codesOf(value));
  for (const { system, value } of record.telecom) {
    if (system === 'email') continue;
    const digits = value.replaceAll(/\D/g, '');
    if (digits.length >= LOCAL_DIGITS)
      codes.push(digits.slice(-NATIONAL_DIGITS), digits.slice(-LOCAL_DIGITS));
  }
  const born = /^(\d{4})-(\d{2})-(\d{2})$/.exec(record.birthDate ?? '');
  if (born) codes.push(`${born[1]}${born[2]}${born[3]}`, `${born[2]}${born[3]}${born[1]}`);
  else if (record.birthDate) codes.push(record.birthDate.replaceAll(/\D/g, ''));
  return { names: unique(names), codes: unique(codes) };
}

export function parseQuery(query: string): readonly QueryTerm[] {
  const terms: QueryTerm[] = [];
  let rest = query;
  for (const { form, order } of DATES)
    rest = rest.replaceAll(form, (...match: readonly unknown[]) => {
      const [year, month, day] = order.map((at) => String(match[at]).padStart(2, '0'));
      terms.push({ kind: 'code', word: `${year}${month}${day}`, whole: true });
      return ' ';
    });
  rest = rest.replaceAll(PHONE, (found, at: number) => {
    // The figures of a record number belong to the letters before them.
    if (at > 0 && /[\p{L}-]/u.test(rest[at - 1] ?? '')) return found;
    const digits = found.replaceAll(/\D/g, '');
    terms.push({ kind: 'code', word: digits.slice(-Math.max(NATIONAL_DIGITS, LOCAL_DIGITS)), whole: false });
    return ' ';
  });
  for (const part of rest.split(/\s+/)) {
    if (/\d/.test(part)) {
      const word = plainCode(part);
      if (word !== '') terms.push({ kind: 'code', word, whole: false });
    } else for (const word of nameWords(part)) terms.push({ kind: 'name', word, whole: false });
  }
  return terms;
}

/** With and without the letters before the figures. */
function codesOf(value: string): string[] {
  const code = plainCode(value);
  const figures = /\d+$/.exec(code)?.[0] ?? '';
  return [code, figures].filter((word) => word !== '');
}

function plainCode(text: string): string {
  return plainWord(text).replaceAll(/[^\p{L}\d]/gu, '');
}

function nameWords(text: string): string[] {
  return plainWord(text)
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== '');
}

function unique(words: readonly string[]): readonly string[] {
  return [...new Set(words)];
}
