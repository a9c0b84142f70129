import { err, ok, type Result } from '@baton/kernel';
import type { CharacterSet } from '../settings.ts';

/** Names of MSH-18 (HL7 table 0211, and what senders write in its place), without spaces, dashes and case. */
const NAMES: Readonly<Record<string, CharacterSet>> = {
  ascii: 'ascii',
  unicodeutf8: 'utf-8',
  unicode: 'utf-8',
  utf8: 'utf-8',
  '8859/1': '8859/1',
  iso88591: '8859/1',
  latin1: '8859/1',
};

export type TextFault = 'unknown-character-set' | 'wrong-characters';

/** `declared`: MSH-18, first repetition; empty: `usual`. Nothing is guessed: bytes that do not fit the declared set are a fault. */
export function decodeText(
  bytes: Uint8Array,
  declared: string,
  usual: CharacterSet,
): Result<string, TextFault> {
  const name = declared.toLowerCase().replace(/[\s_-]/g, '');
  const set = name === '' ? usual : NAMES[name];
  if (set === undefined) return err('unknown-character-set');
  switch (set) {
    case 'ascii':
      return bytes.some((byte) => byte > 0x7f) ? err('wrong-characters') : ok(toLatin1(bytes));
    case '8859/1':
      return ok(toLatin1(bytes));
    case 'utf-8':
      try {
        return ok(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
      } catch {
        return err('wrong-characters');
      }
  }
}

/** Each byte its own character: what `TextDecoder` calls ISO-8859-1 is another set. */
export function toLatin1(bytes: Uint8Array): string {
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += 8192)
    parts.push(String.fromCharCode(...bytes.subarray(from, from + 8192)));
  return parts.join('');
}
