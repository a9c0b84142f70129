import { readNumbers } from './numbers.ts';
import { type CodeHit, compiledReplies, type ReplyReading } from './reply-reading.ts';
import { KEY_RULE } from './resolve-codes.ts';
import type { Expectation } from './understanding.ts';

export interface DoseTablets {
  /** Tablets that the patient says they took; null: no number. */
  readonly number: number | null;
  /** What the number makes of it: null where it changes nothing, `ask` where nobody knows how many were due. */
  readonly code: 'taken' | 'partial' | 'extra' | 'ask' | null;
  readonly spans: readonly { readonly from: number; readonly until: number }[];
}

/** Numbers of a dose reply against `range`, the tablets that were due. "The two" and "all three" speak of what was due; "3" alone does not. */
export function readTablets(
  reply: ReplyReading,
  { range }: Expectation,
  codes: readonly CodeHit[],
): DoseTablets {
  const { numbers, times } = readNumbers(reply, { measured: false, conIsDecimal: false });
  const taken = codes.filter(({ code, source }) => isTaking(code) && source !== KEY_RULE);
  const [number, ...more] = numbers.filter(
    ({ from }) => !codes.some((hit) => hit.source === KEY_RULE && hit.from === from),
  );
  const spans = [...numbers, ...times];
  if (number === undefined || taken.length === 0) return { number: null, code: null, spans: times };
  if (more.length > 0) return { number: null, code: ASKED, spans };
  const { value } = number;
  if (range !== null) {
    const code = value > range.max ? 'extra' : value < range.min ? 'partial' : 'taken';
    return { number: value, code, spans };
  }
  const isDefinite = compiledReplies().definite.has(reply.reading.tokens[number.from - 1]?.text ?? '');
  if (isDefinite) return { number: value, code: null, spans };
  return { number: value, code: value <= 1 ? 'partial' : ASKED, spans };
}

const ASKED = 'ask';

function isTaking(code: string): boolean {
  return code === 'taken' || code === 'partial';
}
