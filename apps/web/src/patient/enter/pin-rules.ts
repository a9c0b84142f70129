import type { TextKey } from '../texts/texts.ts';

export const PIN_DIGITS = { least: 6, most: 12 } as const;

/** What is wrong with a new PIN; null when it will do. */
export function pinProblem(pin: string): Extract<TextKey, 'pin.short' | 'pin.easy'> | null {
  if (!/^\d+$/.test(pin) || pin.length < PIN_DIGITS.least || pin.length > PIN_DIGITS.most) return 'pin.short';
  return isEasy(pin) ? 'pin.easy' : null;
}

/** One digit all along, digits in a row (up or down), a short piece repeated, a date that begins with 19 or 20. */
function isEasy(pin: string): boolean {
  const steps = new Set([...pin].slice(1).map((digit, at) => (Number(digit) - Number(pin[at]) + 10) % 10));
  if (steps.size === 1 && [0, 1, 9].some((step) => steps.has(step))) return true;
  if (/^(\d{1,3})\1+$/.test(pin)) return true;
  return pin.length === 8 && /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])$/.test(pin);
}
