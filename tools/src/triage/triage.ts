import {
  findRedFlags,
  type Sample,
  type SamplePart,
  scoreSamples,
  type Share,
  TRIAGE_VERSION,
} from '@baton/clinical';
import type { Language } from '@baton/wire';
import { readSampleFiles } from './read-sample-files.ts';

// How well the red-flag rules do on the labelled messages: `npm run triage`. Errors of the held-out part are shown only on `-- --held-out`: whoever looks at
// them and then changes a rule has no held-out part any more.

const GOAL = 0.95;
const showsHeldOut = process.argv.includes('--held-out');
const samples = readSampleFiles();

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const say = ({ hits, of, value, low, high }: Share): string =>
  `${percent(value).padStart(7)}  (${hits}/${of}, 95 % interval ${percent(low)} to ${percent(high)})`;

function find(sample: Sample): ReturnType<typeof findRedFlags> {
  return findRedFlags(sample.text, { language: sample.language, chemotherapy: sample.chemotherapy });
}

function report(part: SamplePart, language: Language | null): boolean {
  const own = samples.filter(
    (sample) => sample.part === part && (language ?? sample.language) === sample.language,
  );
  const score = scoreSamples(own, find);
  console.log(`\n${part}, ${language ?? 'both languages'}: ${own.length} messages`);
  console.log(`  sensitivity        ${say(score.sensitivity)}`);
  console.log(`  specificity        ${say(score.specificity)}`);
  console.log(`  category as labelled ${say(score.named)}`);
  if (language !== null) {
    for (const [category, share] of score.byCategory) console.log(`    ${category.padEnd(20)}${say(share)}`);
    if (part === 'development' || showsHeldOut) {
      for (const { id, text } of score.missed) console.log(`  missed       ${id}: ${JSON.stringify(text)}`);
      for (const { sample, rules } of score.falseAlarms) {
        console.log(`  false alarm  ${sample.id} (${rules.join(', ')}): ${JSON.stringify(sample.text)}`);
      }
    }
  }
  return score.sensitivity.value >= GOAL && score.specificity.value >= GOAL;
}

console.log(`Red-flag rules ${TRIAGE_VERSION}, ${samples.length} labelled messages`);
const reached: boolean[] = [];
for (const part of ['development', 'held-out'] as const) {
  for (const language of ['en', 'es', null] as const) {
    const isReached = report(part, language);
    if (part === 'held-out' && language !== null) reached.push(isReached);
  }
}
console.log(
  `\nGoal on the held-out part, each language: ${percent(GOAL)} / ${percent(GOAL)}: ${reached.every(Boolean) ? 'reached' : 'not reached'}`,
);
