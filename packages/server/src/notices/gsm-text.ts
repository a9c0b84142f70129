// The alphabet of text messages (3GPP TS 23.038 §6.2.1) and how many parts a text takes.

const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** Sent as two septets. */
const EXTENDED = '^{}\\[~]|€';

const LENGTHS: ReadonlyMap<string, number> = new Map([
  ...[...BASIC].map((character) => [character, 1] as const),
  ...[...EXTENDED].map((character) => [character, 2] as const),
]);

/** Look-alikes outside the alphabet that people type into names. */
const REPLACED: Readonly<Record<string, string>> = {
  '\u2018': "'",
  '\u2019': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u2013': '-',
  '\u2014': '-',
  '\u2026': '...',
  '\u00a0': ' ',
  '`': "'",
};

export interface TextLength {
  readonly alphabet: 'gsm' | 'ucs2';
  /** Septets, or UTF-16 code units. */
  readonly length: number;
  readonly segments: number;
}

/** Whether the whole text is in the alphabet, and how many parts it is sent in. */
export function measureText(text: string): TextLength {
  const septets = [...text].reduce((sum, character) => sum + (LENGTHS.get(character) ?? Number.NaN), 0);
  if (Number.isNaN(septets))
    return {
      alphabet: 'ucs2',
      length: text.length,
      segments: text.length <= 70 ? 1 : Math.ceil(text.length / 67),
    };
  return { alphabet: 'gsm', length: septets, segments: septets <= 160 ? 1 : Math.ceil(septets / 153) };
}

/**
 * Text of a name as a message can carry it: one line, nothing that shows nothing or turns the direction, accents that the alphabet lacks taken
 * off. Letters of other scripts stay as they are.
 */
export function plainName(text: string): string {
  const shown = text
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Zs}]+/gu, ' ')
    .replaceAll(/[\p{Cf}\p{Co}\p{Cn}\p{Cs}]/gu, '');
  return [...shown].map(nearestCharacter).join('').replaceAll(/ +/g, ' ').trim();
}

function nearestCharacter(character: string): string {
  if (LENGTHS.has(character)) return character;
  const replaced = REPLACED[character];
  if (replaced !== undefined) return replaced;
  const bare = character.normalize('NFD').replaceAll(/\p{M}/gu, '');
  return bare !== '' && [...bare].every((part) => LENGTHS.has(part)) ? bare : character;
}

/** The first characters of a text, at most so many septets (or code units, where it is not in the alphabet). */
export function cutText(text: string, limit: number): string {
  let cut = '';
  for (const character of text) {
    if (measureText(cut + character).length > limit) break;
    cut += character;
  }
  return cut.trim();
}
