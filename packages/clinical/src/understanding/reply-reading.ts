import { type FoundCue, SentenceContext, type Span } from '../triage/context.ts';
import { matchAt, placeAt, type Reading } from '../triage/patterns.ts';
import { cutTokens } from '../triage/tokens.ts';
import { type CompiledReplies, type CompiledReply, compileReplies, type Said } from './compiled-replies.ts';
import { type Mark, replyRules } from './reply-rules.ts';
import type { ExpectationKind } from './understanding.ts';

export interface CodeHit extends Span {
  readonly code: string;
  readonly weak: boolean;
  readonly source: string;
}

export interface MarkHit extends Span {
  readonly mark: Mark;
}

export interface SymptomHit extends Span {
  readonly symptom: string;
  readonly denied: boolean;
}

/** A reply, cut and compared with everything that the rules know. */
export interface ReplyReading {
  /** As it was cut: pictures turned to words. */
  readonly text: string;
  readonly reading: Reading;
  readonly codes: readonly CodeHit[];
  readonly symptoms: readonly SymptomHit[];
  readonly harmless: readonly Span[];
  readonly marks: readonly MarkHit[];
  readonly amounts: readonly (Span & { readonly value: number })[];
  /** What denies a symptom. */
  readonly negations: readonly Span[];
  readonly isQuestion: boolean;
}

let compiled: CompiledReplies | null = null;

/** Compiled on first use; some milliseconds. */
export function compiledReplies(): CompiledReplies {
  compiled ??= compileReplies(replyRules);
  return compiled;
}

/** Reads at most this many characters: an answer is short, and what comes after is not read as one. */
const LONGEST = 600;
const NOT_TAKEN_BACK = ['idiom', 'topic', 'history', 'condition', 'question'] as const;

/** Null where the text is too long to be an answer. */
export function readReply(text: string, kind: ExpectationKind): ReplyReading | null {
  if (text.length > LONGEST) return null;
  const rules = compiledReplies();
  const plain = spellPictures(text, rules.pictures);
  const cut = cutTokens(plain);
  const ids = cut.tokens.map(({ text: word }) => rules.spelling.resolve(word, null));
  const reading: Reading = { ...cut, ids, walls: cut.tokens.map(() => false) };
  const found = new Found();
  for (const sentence of cut.sentences) {
    for (let from = sentence.from; from < sentence.until; from += 1) {
      const place = placeAt(reading, from, sentence.until);
      for (const { pattern, said } of startingWith(rules, reading, from)) {
        if (said.t === 'code' && said.kind !== kind) continue;
        const until = matchAt(pattern, reading, place);
        // "No, it can wait" is not "no puede esperar": a comma after the first word parts them.
        if (until <= from || (said.t === 'code' && until > from + 1 && isAnswerApart(reading, from)))
          continue;
        found.add(said, { from, until });
      }
    }
  }
  const symptoms = cut.sentences.flatMap((sentence) => {
    const cues = found.cues.filter(({ from }) => from >= sentence.from && from < sentence.until);
    const context = new SentenceContext({ reading, sentence, cues, next: [] });
    return found.symptoms
      .filter((hit) => hit.from >= sentence.from && hit.from < sentence.until && found.isOwnSymptom(hit))
      .map((hit) => ({ ...hit, denied: context.takesBack(hit, NOT_TAKEN_BACK) !== null }));
  });
  return {
    text: plain,
    reading,
    codes: found.codes,
    symptoms,
    harmless: found.harmless,
    marks: found.marks.filter((mark) => !found.harmless.some((span) => isInside(mark, span))),
    amounts: found.amounts,
    negations: found.cues.filter(({ cue }) => cue === 'negation' || cue === 'negationAfter'),
    isQuestion: cut.sentences.some((sentence) => sentence.isQuestion),
  };
}

class Found {
  readonly codes: CodeHit[] = [];
  readonly symptoms: (Span & { readonly symptom: string })[] = [];
  readonly harmless: Span[] = [];
  readonly marks: MarkHit[] = [];
  readonly amounts: (Span & { readonly value: number })[] = [];
  readonly cues: FoundCue[] = [];

  /** Not part of a harmless phrase ("no worries") or of a longer symptom ("my head hurts" is no pain beside it). */
  isOwnSymptom(hit: Span & { readonly symptom: string }): boolean {
    if (this.harmless.some((span) => isInside(hit, span))) return false;
    return !this.symptoms.some((other) => other.symptom !== hit.symptom && isInside(hit, other));
  }

  add(said: Said, span: Span): void {
    switch (said.t) {
      case 'code':
        this.codes.push({ code: said.code, weak: said.weak, source: said.source, ...span });
        break;
      case 'symptom':
        this.symptoms.push({ symptom: said.symptom, ...span });
        break;
      case 'harmless':
        this.harmless.push(span);
        break;
      case 'mark':
        this.marks.push({ mark: said.mark, ...span });
        break;
      case 'amount':
        this.amounts.push({ value: said.value, ...span });
        break;
      case 'cue':
        this.cues.push({ cue: said.cue, ...span });
    }
  }
}

/** "No," and then the answer. */
export function isAnswerApart({ tokens, commas }: Reading, from: number): boolean {
  return compiledReplies().answers.has(tokens[from]?.text ?? '') && commas.includes(from + 1);
}

/** Within another span and shorter than it. */
export function isInside(inner: Span, outer: Span): boolean {
  const isLonger = outer.until - outer.from > inner.until - inner.from;
  return isLonger && inner.from >= outer.from && inner.until <= outer.until;
}

function* startingWith(rules: CompiledReplies, reading: Reading, token: number): Iterable<CompiledReply> {
  for (const id of reading.ids[token] ?? []) yield* rules.byFirstWord.get(id) ?? [];
  if (reading.tokens[token]?.value !== null) yield* rules.byNumber;
}

const PICTURE = /\p{Extended_Pictographic}/u;
/** Skin tones, variation selectors, joiners, the frame of a keycap. */
const DECORATION = /\p{Emoji_Modifier}|\uFE0E|\uFE0F|\u200D|\u20E3|♀|♂/gu;

/** A picture that the rules do not know is a word that they do not know. Red flags are looked for in the text as it was written. */
function spellPictures(text: string, pictures: ReadonlyMap<string, string>): string {
  const calm = text
    .replace(DECORATION, '')
    .replace(/[°º]/g, ' ')
    .replace(/\b([ap])\.\s?m\b\.?/gi, '$1m');
  if (!PICTURE.test(calm)) return calm;
  return [...calm]
    .map((char) => {
      if (!PICTURE.test(char)) return char;
      return KEPT.includes(char) ? char : ` ${pictures.get(char) ?? 'unknownpicture'} `;
    })
    .join('');
}

/** Pictures that `cutTokens` knows, and signs that are none here. */
const KEPT = '🆘💔😵🤢🤮🤒🩸🚑🫀🫁🥵#*0123456789©®™';
