import {
  type LabelledReply,
  type ReplyScore,
  scoreReplies,
  type Share,
  UNDERSTANDING_VERSION,
  understandReply,
} from '@baton/clinical';
import { readFreshReplies, readQuestions, readReplyFiles } from './read-reply-files.ts';
import { timeUnderstanding } from './time-understanding.ts';

// How well replies to check-in questions are understood: `npm run understanding`. Errors of the held-out part are shown only on `-- --held-out`: whoever looks
// at them and then changes a rule has no held-out part any more.

const GOAL = 0.95;
/** Goal of the bench: milliseconds of one reply. */
const GOAL_MS = 1;
const ROUNDS = [1, 2, 3];
const showsHeldOut = process.argv.includes('--held-out');
const questions = readQuestions();
const replies = readReplyFiles();

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const say = ({ hits, of, value, low, high }: Share): string =>
  `${percent(value).padStart(7)}  (${hits}/${of}, 95 % interval ${percent(low)} to ${percent(high)})`;

function score(own: readonly LabelledReply[]): ReplyScore {
  return scoreReplies(own, questions, ({ text, language }, expectation) =>
    understandReply(text, expectation, language === 'mixed' ? 'es' : language),
  );
}

function report(title: string, own: readonly LabelledReply[], isDetailed: boolean): ReplyScore {
  const result = score(own);
  console.log(`\n${title}: ${own.length} replies`);
  console.log(`  as labelled               ${say(result.right)}`);
  console.log(`  symptoms beside it        ${say(result.symptoms)}`);
  console.log(`  asked back needlessly     ${say(result.askedBack)}`);
  console.log(`  misread                   ${say(result.misread)}`);
  if (result.fine.of > 0) console.log(`  red flag classed as fine  ${say(result.fine)}`);
  if (isDetailed) {
    console.log('  by intent');
    for (const [intent, share] of [...result.byIntent].sort(([left], [right]) => (left < right ? -1 : 1)))
      console.log(`    ${intent.padEnd(28)}${say(share)}`);
  }
  return result;
}

function list(result: ReplyScore): void {
  for (const { reply, reading, symptoms } of result.wrong) {
    const label = `${reply.question} ${reply.right.join('|')} ${reply.symptoms.join(',')}`.trim();
    console.log(
      `  ${reply.language} ${label}: read ${reading} ${symptoms.join(',')} ${JSON.stringify(reply.text)}`,
    );
  }
}

console.log(`Understanding ${UNDERSTANDING_VERSION}, ${replies.length} labelled replies`);
const development = replies.filter(({ part }) => part === 'development');
const heldOut = replies.filter(({ part }) => part === 'held-out');
list(report('development', development, false));
for (const language of ['en', 'es', 'mixed'] as const)
  report(
    `held-out, ${language}`,
    heldOut.filter((reply) => reply.language === language),
    false,
  );
const held = report('held-out, all', heldOut, true);
if (showsHeldOut) list(held);
for (const round of ROUNDS)
  list(report(`fresh ${round}, learned from since`, readFreshReplies(round), false));
const { mean, p99 } = timeUnderstanding();
const isReached = held.right.value >= GOAL && held.fine.hits === 0 && mean < GOAL_MS;
console.log(
  `\nper reply: ${mean.toFixed(3)} ms, 99th percentile ${p99.toFixed(3)} ms (goal under ${GOAL_MS} ms)`,
);
console.log(
  `Goal on the held-out part: ${percent(GOAL)} as labelled, no red flag classed as fine: ${isReached ? 'reached' : 'not reached'}`,
);
