import { ALARM_CODES } from './codes.ts';
import type { Understanding } from './understanding.ts';

/**
 * Whether a reply says more than a harmless answer: red flags, symptoms beside it, a code that is a concern by itself, or words that were not
 * understood. Only a reply of which this is false may be met with advice or thanks alone.
 */
export function saysMore(understanding: Understanding): boolean {
  if (!understanding.sure || understanding.flags.length > 0 || understanding.symptoms.length > 0) return true;
  return ALARM_CODES.has(understanding.code);
}
