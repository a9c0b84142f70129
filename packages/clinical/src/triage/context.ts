import type { Cue } from './compiled-rules.ts';
import type { Reading } from './patterns.ts';
import type { ContextKind } from './triage-rules.ts';

/** Tokens `from` to before `until`. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

export interface FoundCue extends Span {
  readonly cue: Cue;
}

/** So many words a negation reaches, where nothing ends it before. */
const NEGATION_REACH = 7;
const LIST_REACH = 16;

/**
 * Why words are not said of somebody here and now. Whoever asks, tells of long ago, speaks of what may come or denies it has the same words as
 * somebody in danger; only what stands around them tells. In doubt nothing is taken back.
 */
export class Context {
  readonly #reading: Reading;
  readonly #cues: ReadonlyMap<Cue, readonly Span[]>;

  constructor(reading: Reading, found: readonly FoundCue[]) {
    this.#reading = reading;
    const cues = new Map<Cue, Span[]>();
    for (const { cue, from, until } of found) {
      const list = cues.get(cue);
      if (list === undefined) cues.set(cue, [{ from, until }]);
      else list.push({ from, until });
    }
    this.#cues = cues;
  }

  /** The first context that takes this finding back; null: none, it counts. */
  takesBack(hit: Span, despite: readonly ContextKind[]): ContextKind | null {
    const kinds: readonly ContextKind[] = ['idiom', 'topic', 'negation', 'history', 'condition', 'question'];
    return kinds.find((kind) => !despite.includes(kind) && this.#holds(kind, hit)) ?? null;
  }

  #holds(kind: ContextKind, hit: Span): boolean {
    const sentence = this.#sentenceOf(hit.from);
    switch (kind) {
      case 'idiom':
        return this.#of('idiom').some((cue) => cue.from < hit.until && hit.from < cue.until);
      case 'topic':
        return this.#within('topic', sentence) && !this.#isNow();
      case 'negation':
        return this.#isDenied(hit, sentence);
      case 'history':
        return this.#within('history', sentence) && !this.#isNow();
      case 'condition':
        return this.#isCondition(hit, sentence);
      case 'question':
        return (
          this.#of('question').some((cue) => inside(cue, sentence) && cue.from <= hit.from) && !this.#isNow()
        );
    }
  }

  #isDenied(hit: Span, sentence: Span): boolean {
    const before = this.#of('negation').some((cue) => {
      if (!inside(cue, sentence) || cue.until > hit.from || this.#isUndone('noNegation', cue)) return false;
      return hit.from < this.#endOfNegation(cue, sentence);
    });
    if (before) return true;
    return this.#of('negationAfter').some(
      (cue) => inside(cue, sentence) && cue.from >= hit.until && cue.from - hit.until <= 3,
    );
  }

  #endOfNegation(cue: Span, sentence: Span): number {
    const { afterComma } = this.#reading;
    const isList = this.#of('lists').some((list) => inside(list, sentence) && list.from >= cue.until);
    let end = Math.min(sentence.until, cue.until + (isList ? LIST_REACH : NEGATION_REACH));
    for (const stop of this.#of('stops')) if (stop.from > cue.until) end = Math.min(end, stop.from);
    if (isList && !afterComma.has(cue.until)) return end;
    for (const comma of afterComma) if (comma >= cue.until) end = Math.min(end, comma);
    return end;
  }

  #isCondition(hit: Span, sentence: Span): boolean {
    return this.#of('condition').some((cue) => {
      if (!inside(cue, sentence) || cue.from > hit.from || this.#isUndone('noCondition', cue)) return false;
      return (
        !this.#of('stops').some((stop) => stop.from > cue.until && stop.until <= hit.from) && !this.#isNow()
      );
    });
  }

  #isUndone(by: 'noNegation' | 'noCondition', cue: Span): boolean {
    return this.#of(by).some(({ from, until }) => from <= cue.from && cue.from < until);
  }

  #isNow(): boolean {
    return this.#of('now').length > 0;
  }

  #within(cue: Cue, sentence: Span): boolean {
    return this.#of(cue).some((span) => inside(span, sentence));
  }

  #of(cue: Cue): readonly Span[] {
    return this.#cues.get(cue) ?? [];
  }

  #sentenceOf(token: number): Span {
    const found = this.#reading.sentences.find(({ from, until }) => from <= token && token < until);
    return found ?? { from: 0, until: this.#reading.tokens.length };
  }
}

function inside(span: Span, sentence: Span): boolean {
  return span.from >= sentence.from && span.until <= sentence.until;
}
