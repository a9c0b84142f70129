import type { Bytes } from '@baton/kernel';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 §6, as people copy it: any letter case, spaces ignored, padding optional. `null` for anything else. */
export function decodeBase32(text: string): Bytes | null {
  const clean = text.toUpperCase().replaceAll(/[\s=-]/g, '');
  const out: number[] = [];
  let accumulator = 0;
  let bits = 0;
  for (const character of clean) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return null;
    accumulator = ((accumulator << 5) | value) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    out.push((accumulator >> bits) & 255);
  }
  return Uint8Array.from(out);
}
