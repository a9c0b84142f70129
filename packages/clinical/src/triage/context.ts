import type { Cue } from './compiled-rules.ts';
import type { Reading } from './patterns.ts';
import type { Sentence } from './tokens.ts';
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
/** "Fever: no". */
const AFTER_REACH = 2;

const KINDS: readonly ContextKind[] = ['idiom', 'topic', 'negation', 'history', 'condition', 'question'];

/** The cues of one sentence, by what they say. */
type CuesOf = (cue: Cue) => readonly Span[];
const NONE: readonly Span[] = [];

/**
 * Why words are not said of somebody here and now. Whoever asks, tells of long ago, speaks of what may come or denies it has the same words as
 * somebody in danger; only what stands around them tells. In doubt nothing is taken back.
 */
export class SentenceContext {
  readonly #sentence: Sentence;
  readonly #of: CuesOf;
  readonly #commas: readonly number[];
  readonly #isNow: boolean;

  /** `cues` are those of this sentence; `next` those of the one after it. */
  constructor(input: {
    readonly reading: Reading;
    readonly sentence: Sentence;
    readonly cues: readonly FoundCue[];
    readonly next: readonly FoundCue[];
  }) {
    const { reading, sentence, cues, next } = input;
    const byCue = Map.groupBy(cues, ({ cue }) => cue);
    this.#sentence = sentence;
    this.#of = (cue) => byCue.get(cue) ?? NONE;
    this.#commas = reading.commas.filter((comma) => comma > sentence.from && comma <= sentence.until);
    this.#isNow = [...cues, ...next].some(({ cue }) => cue === 'now');
  }

  /** The first context that takes this finding back; null: none, it counts. */
  takesBack(hit: Span, despite: readonly ContextKind[]): ContextKind | null {
    return KINDS.find((kind) => !despite.includes(kind) && this.#holds(kind, hit)) ?? null;
  }

  #holds(kind: ContextKind, hit: Span): boolean {
    switch (kind) {
      case 'idiom':
        return this.#of('idiom').some((cue) => overlaps(cue, hit) && !isPartOf(cue, hit));
      case 'topic':
        return !this.#isNow && this.#of('topic').some((cue) => !this.#isStopped(cue, hit));
      case 'negation':
        return this.#isDenied(hit);
      case 'history':
        return !this.#isNow && this.#of('history').length > 0;
      case 'condition':
        return this.#isCondition(hit);
      case 'question':
        return this.#isAskedAbout(hit);
    }
  }

  #isDenied(hit: Span): boolean {
    const negations = this.#of('negation');
    // "ya no respira": the negation is part of what was found.
    const isOwn = negations.some((cue) => cue.from === hit.from);
    const isBefore = negations.some((cue) => {
      if (cue.from >= hit.from || (isOwn && cue.until > hit.from)) return false;
      return hit.from < this.#endOfNegation(cue) && !this.#isUndone('noNegation', cue);
    });
    return isBefore || this.#of('negationAfter').some((cue) => this.#isAnswerTo(cue, hit));
  }

  /** A comma ends it, unless the list goes on after it: "no fever, chills or cough". */
  #endOfNegation(cue: Span): number {
    let lastList = -1;
    for (const list of this.#of('lists'))
      if (list.from >= cue.until) lastList = Math.max(lastList, list.from);
    let end = Math.min(this.#sentence.until, cue.until + (lastList >= 0 ? LIST_REACH : NEGATION_REACH));
    for (const stop of this.#of('stops')) if (stop.from > cue.until) end = Math.min(end, stop.from);
    for (const comma of this.#commas) {
      if (comma === cue.until || (comma > cue.until && comma > lastList)) end = Math.min(end, comma);
    }
    return end;
  }

  /** "Chest pain: no", and nothing more before the next comma. */
  #isAnswerTo(cue: Span, hit: Span): boolean {
    const isNext = cue.from >= hit.until && cue.from - hit.until <= AFTER_REACH;
    return isNext && (cue.until === this.#sentence.until || this.#commas.includes(cue.until));
  }

  #isCondition(hit: Span): boolean {
    if (this.#isNow) return false;
    return this.#of('condition').some((cue) => {
      return cue.from <= hit.from && !this.#isStopped(cue, hit) && !this.#isUndone('noCondition', cue);
    });
  }

  #isAskedAbout(hit: Span): boolean {
    if (this.#isNow) return false;
    if (this.#of('question').some((cue) => cue.from <= hit.from && !this.#isStopped(cue, hit))) return true;
    // "Is chest pain a side effect?", but not "I have chest pain, is it a side effect?"
    if (!this.#sentence.isQuestion || this.#of('stops').some((stop) => stop.from < hit.until)) return false;
    return this.#of('questionAfter').some((cue) => cue.from >= hit.until);
  }

  #isUndone(by: 'noNegation' | 'noCondition', cue: Span): boolean {
    // "I know, if ..." is not "I do not know if ...".
    const isAfterComma = this.#commas.includes(cue.from);
    return this.#of(by).some(({ from, until }) => {
      return from <= cue.from && cue.from < until && (from === cue.from || !isAfterComma);
    });
  }

  /** Between the cue and what was found something new begins. */
  #isStopped(cue: Span, hit: Span): boolean {
    return this.#of('stops').some((stop) => stop.from > cue.until && stop.until <= hit.from);
  }
}

function overlaps(left: Span, right: Span): boolean {
  return left.from < right.until && right.from < left.until;
}

/** True when `part` lies in `whole` and is not all of it: the words around it were meant too. */
function isPartOf(part: Span, whole: Span): boolean {
  const isLonger = whole.until - whole.from > part.until - part.from;
  return isLonger && part.from >= whole.from && part.until <= whole.until;
}
