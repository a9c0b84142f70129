import { type Bytes, encodeUtf8 } from '@baton/kernel';
import type { Language } from '@baton/wire';
import { saysMore } from '../understanding/says-more.ts';
import type { Expectation, Understanding } from '../understanding/understanding.ts';
import { type SamplePart } from './samples.ts';
import { type Share, shareOf } from './score.ts';

/** A reply that was written for this project, with what it means. */
export interface LabelledReply {
  readonly language: Language | 'mixed';
  /** Name of the question that it answers. */
  readonly question: string;
  readonly text: string;
  /** `development`: rules may be written for it. `held-out`: only counted. */
  readonly part: SamplePart;
  /** Readings that are right: `taken`, `count:3`, `temperature:101.2F`, `blood-pressure:151/94`, or `?`: to be asked back. Empty for a danger. */
  readonly right: readonly string[];
  readonly symptoms: readonly string[];
  /** Tells of a danger: whatever it is understood as, it may not pass for fine. */
  readonly isDanger: boolean;
}

/** Label of a reply that nobody can be sure of. */
const ASKED_BACK = '?';

/** Seed of the split; a new one is a new split, and what was held out is then no longer unseen. */
const SEED = 'reply-samples-1';

/**
 * Reads replies: `# question` opens a question, each line below it is `label = reply`; a label is readings with `|` between them, then `+symptom,symptom`,
 * or `!` for a danger. Half of them, by SHA-256 over seed, question and text, are held out. Throws RangeError for a line that cannot be read.
 */
export function readReplies(
  source: string,
  of: { readonly language: LabelledReply['language']; readonly digest: (bytes: Bytes) => Bytes },
): readonly LabelledReply[] {
  const replies: LabelledReply[] = [];
  let question: string | null = null;
  for (const line of source.split('\n')) {
    if (line.trim() === '') continue;
    if (line.startsWith('# ')) {
      question = line.slice(2);
      continue;
    }
    const at = line.indexOf(' = ');
    if (at < 1 || question === null) throw new RangeError(`cannot read "${line}"`);
    const [readings = '', named = ''] = line.slice(0, at).split(' +');
    const text = line.slice(at + 3);
    const hash = of.digest(encodeUtf8(`${SEED}\0${question}\0${text}`));
    replies.push({
      language: of.language,
      question,
      text,
      part: (hash[0] ?? 0) % 2 === 0 ? 'held-out' : 'development',
      right: readings === '!' ? [] : readings.split('|'),
      symptoms: named === '' ? [] : named.split(','),
      isDanger: readings === '!',
    });
  }
  return replies;
}

/** A reading as labels have it. */
export function sayReading(understanding: Understanding): string {
  if (!understanding.sure) return ASKED_BACK;
  const { code, number, second, unit } = understanding;
  if (code === 'temperature') return `${code}:${number}${unit}`;
  if (code === 'blood-pressure') return `${code}:${number}/${second}`;
  return code === 'count' ? `${code}:${number}` : code;
}

export interface ReplyScore {
  /** Read as labelled, or asked back where that is right. */
  readonly right: Share;
  readonly byQuestion: ReadonlyMap<string, Share>;
  /** By what the reply means: the first reading of its label without its number. */
  readonly byIntent: ReadonlyMap<string, Share>;
  /** The same symptoms beside the answer, no more and no fewer. */
  readonly symptoms: Share;
  /** Replies that mean something and were asked back all the same. */
  readonly askedBack: Share;
  /** Read as something that they do not mean: worse than asking back. */
  readonly misread: Share;
  /** Dangers that passed for fine. */
  readonly fine: Share;
  readonly wrong: readonly {
    readonly reply: LabelledReply;
    readonly reading: string;
    readonly symptoms: readonly string[];
  }[];
}

/** Counts what `understand` makes of labelled replies. */
export function scoreReplies(
  replies: readonly LabelledReply[],
  questions: Readonly<Record<string, Expectation>>,
  understand: (reply: LabelledReply, expectation: Expectation) => Understanding,
): ReplyScore {
  const read = replies.map((reply) => {
    const expectation = questions[reply.question];
    if (expectation === undefined) throw new RangeError(`no question ${reply.question}`);
    const understanding = understand(reply, expectation);
    const reading = sayReading(understanding);
    const isFine = reply.isDanger && !saysMore(understanding);
    return {
      reply,
      reading,
      understanding,
      isFine,
      isRight: reply.isDanger ? !isFine : reply.right.includes(reading),
    };
  });
  const plain = read.filter(({ reply }) => !reply.isDanger);
  const dangers = read.filter(({ reply }) => reply.isDanger);
  // What a person reads in any case was not labelled with its symptoms.
  const labelled = plain.filter(({ reply }) => !reply.right.includes('said'));
  const meant = plain.filter(({ reply }) => !reply.right.includes(ASKED_BACK));
  const count = (list: typeof read, is: (one: (typeof read)[number]) => boolean): Share =>
    shareOf(list.filter(is).length, list.length);
  const shares = (keyOf: (one: (typeof read)[number]) => string): ReadonlyMap<string, Share> =>
    new Map(
      [...Map.groupBy(plain, keyOf)].map(([key, list]) => [key, count(list, ({ isRight }) => isRight)]),
    );
  return {
    right: count(plain, ({ isRight }) => isRight),
    byQuestion: shares(({ reply }) => reply.question),
    byIntent: shares(({ reply }) => intentOf(reply)),
    symptoms: count(labelled, ({ reply, understanding }) => isSame(reply.symptoms, understanding.symptoms)),
    askedBack: count(meant, ({ reading }) => reading === ASKED_BACK),
    misread: count(plain, ({ isRight, reading }) => !isRight && reading !== ASKED_BACK),
    fine: count(dangers, ({ isFine }) => isFine),
    wrong: read
      .filter(
        ({ isRight, reply, understanding }) =>
          !isRight || (!reply.isDanger && !isSame(reply.symptoms, understanding.symptoms)),
      )
      .map(({ reply, reading, understanding }) => ({ reply, reading, symptoms: understanding.symptoms })),
  };
}

/** `dose taken`; what is to be asked back has an intent of its own. */
function intentOf({ question, right }: LabelledReply): string {
  const [first = ASKED_BACK] = right;
  return `${question} ${first.split(':')[0] === ASKED_BACK ? 'unclear' : (first.split(':')[0] ?? '')}`;
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((one) => right.includes(one));
}
