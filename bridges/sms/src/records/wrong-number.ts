import { findRevocation } from '@baton/policy';
import type { OptOut } from '@baton/wire';

/** Whether the number was said to be somebody else's. */
export function isWrongNumber({ out, notOf, words }: OptOut): boolean {
  return notOf !== undefined || (out && findRevocation(words)?.wrongNumber === true);
}
