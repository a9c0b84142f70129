/** One word or number of a text, in a form in which accents, case, apostrophes and stretched letters no longer differ. */
export interface Token {
  readonly text: string;
  /** UTF-16 offsets in the text as it was written. */
  readonly start: number;
  readonly end: number;
  /** Of a number, as it was written (comma or point); null for words. */
  readonly value: number | null;
}

export interface Sentence {
  /** First token and the one after the last. */
  readonly from: number;
  readonly until: number;
  readonly isQuestion: boolean;
}

export interface Tokens {
  readonly tokens: readonly Token[];
  readonly sentences: readonly Sentence[];
  /** Tokens before which a comma, colon, dash or bracket stands, ascending. */
  readonly commas: readonly number[];
}

/** What people put for a word. */
const PICTURES: ReadonlyMap<string, string> = new Map([
  ['🆘', 'sos'],
  ['💔', 'heartbroken'],
  ['😵', 'dizzyface'],
  ['🤢', 'nausea'],
  ['🤮', 'vomiting'],
  ['🤒', 'fever'],
  ['🩸', 'blood'],
  ['🚑', 'ambulance'],
  ['🫀', 'heart'],
  ['🫁', 'lungs'],
  ['🥵', 'hotface'],
]);

/** So many words without a full stop are taken for a sentence: dictation knows none. */
const LONGEST_SENTENCE = 80;

const LETTER = /\p{L}/u;
const DIGIT = /^[0-9]$/;
const APOSTROPHE = /['’‘`´ʼ]/u;
const COMBINING = /\p{M}/u;
const ENDS = '.!?;\n\r¿¡…。';
const PAUSES = ',:()-–—/"“”';

/**
 * Cuts a text into words and numbers. One pass, linear in the length of the text. Three dots are a pause, not an end: people who are short of
 * breath write so.
 */
export function cutTokens(text: string): Tokens {
  const tokens: Token[] = [];
  const sentences: Sentence[] = [];
  const commas: number[] = [];
  let from = 0;
  let at = 0;
  const endSentence = (isQuestion: boolean): void => {
    if (tokens.length > from) sentences.push({ from, until: tokens.length, isQuestion });
    from = tokens.length;
  };
  const pause = (): void => {
    if (commas.at(-1) !== tokens.length) commas.push(tokens.length);
  };
  while (at < text.length) {
    const char = charAt(text, at);
    if (tokens.length - from >= LONGEST_SENTENCE) endSentence(false);
    if (LETTER.test(char)) {
      const token = readWord(text, at);
      tokens.push(token);
      at = token.end;
    } else if (DIGIT.test(char)) {
      const token = readNumber(text, at);
      tokens.push(token);
      at = token.end;
    } else {
      const picture = PICTURES.get(char);
      if (picture !== undefined)
        tokens.push({ text: picture, start: at, end: at + char.length, value: null });
      else if (isEllipsis(text, at)) pause();
      else if (ENDS.includes(char)) endSentence(char === '?');
      else if (PAUSES.includes(char)) pause();
      at += isEllipsis(text, at) ? runOf(text, at, '.') : char.length;
    }
  }
  endSentence(false);
  return { tokens, sentences, commas };
}

function charAt(text: string, at: number): string {
  return String.fromCodePoint(text.codePointAt(at) ?? 0);
}

function isEllipsis(text: string, at: number): boolean {
  return text[at] === '…' || (text[at] === '.' && text[at + 1] === '.');
}

function runOf(text: string, at: number, char: string): number {
  let length = 1;
  while (text[at + length] === char) length += 1;
  return length;
}

function readWord(text: string, start: number): Token {
  let end = start;
  let word = '';
  while (end < text.length) {
    const char = charAt(text, end);
    if (LETTER.test(char)) word += plainLetter(char);
    else if (!COMBINING.test(char) && !(APOSTROPHE.test(char) && LETTER.test(charAt(text, end + 1)))) break;
    end += char.length;
  }
  return { text: shortenRuns(word), start, end, value: null };
}

/** Lower case without its accent; `ñ` becomes `n`, as it is written on many keyboards. */
function plainLetter(char: string): string {
  const code = char.charCodeAt(0);
  if (code < 128) return char.toLowerCase();
  return char.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '');
}

/** `heeelp` and `heeeeelp` are one word: three or more of a letter become two. */
function shortenRuns(word: string): string {
  let out = '';
  for (const char of word) {
    if (out.length >= 2 && out.endsWith(char) && out.at(-2) === char) continue;
    out += char;
  }
  return out;
}

function readNumber(text: string, start: number): Token {
  let end = start;
  while (DIGIT.test(text[end] ?? '')) end += 1;
  const hasFraction = /^[.,]$/.test(text[end] ?? '') && DIGIT.test(text[end + 1] ?? '');
  if (hasFraction) {
    end += 1;
    while (DIGIT.test(text[end] ?? '')) end += 1;
  }
  const written = text.slice(start, Math.min(end, start + 12)).replace(',', '.');
  return { text: written, start, end, value: Number(written) };
}
