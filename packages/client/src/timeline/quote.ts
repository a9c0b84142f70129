import type { AccountId, MessageId } from '@baton/kernel';
import type { MessageRow } from '../tables/records.ts';
import type { Annotations } from './annotations.ts';

const QUOTE_LENGTH = 280;

export interface Quote {
  readonly id: MessageId;
  readonly author: AccountId;
  readonly text: string;
}

/**
 * What a quote may show. Whoever quotes writes author and text by hand, so where the quoted message is here its own author and words count:
 * nobody puts words into a colleague's mouth. `original` is undefined where it is not loaded.
 */
export function truthfulQuote(
  quote: Quote,
  original: MessageRow | undefined,
  notes: Annotations | undefined,
): Quote {
  if (original?.content.t !== 'message') return quote;
  const { author } = original.header;
  const texts = [original.content.text, ...(notes?.edits ?? []).map(({ text }) => text)];
  if (quote.text !== '' && texts.some((text) => text.startsWith(quote.text))) return { ...quote, author };
  const text = notes?.withdrawn ? '' : original.content.text.slice(0, QUOTE_LENGTH);
  return { ...quote, author, text };
}
