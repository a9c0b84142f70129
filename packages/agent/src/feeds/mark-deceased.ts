import type { TextingValue } from '@baton/wire';
import type { NamedValues } from '../session/named-values.ts';

/**
 * The record system says that this patient has died: nothing is sent any more. Only a person takes it back. Answers whether it was news. One whom nobody
 * has ever reached has no such value, and nothing is sent to them either.
 */
export async function markDeceased(texting: NamedValues<TextingValue> | null, ref: string): Promise<boolean> {
  if (texting === null) return false;
  return texting.update(`reach:${ref}`, (newest) =>
    newest?.value.t === 'reach' && !newest.value.deceased ? { ...newest.value, deceased: true } : null,
  );
}
