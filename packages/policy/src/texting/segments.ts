// How a text is cut into segments (3GPP TS 23.038 and 23.040): GSM-7 160 septets alone, 153 each when joined; UCS-2 70 code units alone, 67 each when
// joined. A carrier bills, limits and reports by segment.

const GSM_BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** After an escape: two septets each, which are never cut apart. */
const GSM_ESCAPED = '\f|^€{}[~]\\';
const septets: ReadonlyMap<string, number> = new Map([
  ...[...GSM_BASIC].map((character): [string, number] => [character, 1]),
  ...[...GSM_ESCAPED].map((character): [string, number] => [character, 2]),
]);

const LIMITS = { 'gsm-7': { alone: 160, joined: 153 }, 'ucs-2': { alone: 70, joined: 67 } } as const;

export interface TextSize {
  readonly encoding: 'gsm-7' | 'ucs-2';
  /** Septets or code units, without headers. */
  readonly units: number;
  /** 0 for an empty text. */
  readonly segments: number;
}

/** Size as a carrier counts it. Characters of two units (escaped, or outside the basic plane) are never cut apart, so a segment may stay one short. */
export function measureText(text: string): TextSize {
  const characters = [...text];
  const isGsm = characters.every((character) => septets.has(character));
  const encoding = isGsm ? 'gsm-7' : 'ucs-2';
  const unitsOf = (character: string): number => (isGsm ? (septets.get(character) ?? 1) : character.length);
  const units = characters.reduce((sum, character) => sum + unitsOf(character), 0);
  const { alone, joined } = LIMITS[encoding];
  if (units <= alone) return { encoding, units, segments: units === 0 ? 0 : 1 };
  let segments = 1;
  let filled = 0;
  for (const character of characters) {
    const size = unitsOf(character);
    if (filled + size > joined) {
      segments += 1;
      filled = 0;
    }
    filled += size;
  }
  return { encoding, units, segments };
}

const PLAIN: Readonly<Record<string, string>> = {
  '‘': "'",
  '’': "'",
  '‚': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '–': '-',
  '—': '-',
  '−': '-',
  '…': '...',
  '\u00a0': ' ',
  '\u2009': ' ',
  '\u202f': ' ',
  '•': '*',
  '\t': ' ',
  '´': "'",
  '`': "'",
};

/** Quotation marks, dashes and spaces that a keyboard made fancy, as GSM-7 has them: one curly apostrophe makes a text twice as many segments. Letters stay. */
export function plainMarks(text: string): string {
  return text.replace(/[‘’‚“”„–—−…\u00a0\u2009\u202f•\t´`]/gu, (mark) => PLAIN[mark] ?? mark);
}

/** Longest text that carriers take at once, in characters (both Twilio and Telnyx), and in segments. */
export const MAX_TEXT_CHARACTERS = 1600;
export const MAX_TEXT_SEGMENTS = 10;

/**
 * Cuts a long text into texts of at most ten segments, between words where there is one, each with its number before it: `(1/3) `. One text stays
 * as it is.
 */
export function cutText(text: string): readonly string[] {
  if (fits(text)) return [text];
  // The number needs room; it is filled in when the count is known.
  const parts: string[] = [];
  let rest = text;
  while (rest !== '') {
    const length = longestStart(rest);
    parts.push(rest.slice(0, length).trimEnd());
    rest = rest.slice(length).trimStart();
  }
  return parts.map((part, index) => `(${index + 1}/${parts.length}) ${part}`);
}

const NUMBER_ROOM = '(88/88) ';

function fits(text: string): boolean {
  return text.length <= MAX_TEXT_CHARACTERS && measureText(text).segments <= MAX_TEXT_SEGMENTS;
}

function longestStart(text: string): number {
  let low = 1;
  let high = Math.min(text.length, MAX_TEXT_CHARACTERS);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(NUMBER_ROOM + text.slice(0, middle))) low = middle;
    else high = middle - 1;
  }
  if (low === text.length) return low;
  const space = text.slice(0, low + 1).search(/\s\S*$/u);
  if (space > low / 2) return space;
  // Not between the halves of one character.
  const last = text.charCodeAt(low - 1);
  return last >= 0xd800 && last <= 0xdbff && low > 1 ? low - 1 : low;
}
