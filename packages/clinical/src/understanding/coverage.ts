import type { Span } from '../triage/context.ts';
import { compiledReplies, type ReplyReading } from './reply-reading.ts';
import { denialOf } from './resolve-codes.ts';
import type { ExpectationKind } from './understanding.ts';

/**
 * True when every word of a reply is accounted for: it belongs to the answer, to a symptom that was heard, or is known to change nothing. A harmless
 * reading counts only then. Whoever writes "took both, my lips are blue" is not understood, rather than taken at their first two words.
 */
export function isCovered(reply: ReplyReading, kind: ExpectationKind, spans: readonly Span[]): boolean {
  const { filler, fillerOf, places } = compiledReplies();
  const { tokens, ids } = reply.reading;
  const covered = new Uint8Array(tokens.length);
  const cover = ({ from, until }: Span): void => {
    covered.fill(1, from, until);
  };
  for (const span of [...spans, ...reply.harmless]) cover(span);
  for (const symptom of reply.symptoms) {
    cover(symptom);
    if (symptom.denied) for (const span of denialOf(reply, symptom)) cover(span);
  }
  const hasSymptom = reply.symptoms.some(({ denied }) => !denied);
  const own = fillerOf.get(kind);
  return covered.every((is, at) => {
    if (is === 1) return true;
    return (ids[at] ?? []).some((id) => filler.has(id) || own?.has(id) || (hasSymptom && places.has(id)));
  });
}
