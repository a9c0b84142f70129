import { parseArgs } from 'node:util';
import { runHospital } from './replay.ts';
import { printReport, reportOn } from './report.ts';
import { replayThroughServer } from './server/replay.ts';
import { isFlawless, printServerReport } from './server/report.ts';
import { LEAST_PEOPLE } from './server/wards.ts';

// npm run hospital -- --days 1 --seed 7 --scale 1
// npm run hospital -- --server --people 24 --messages 400 --seed 7

const { values } = parseArgs({
  options: {
    server: { type: 'boolean', default: false },
    people: { type: 'string', default: '24' },
    messages: { type: 'string', default: '400' },
    days: { type: 'string', default: '1' },
    seed: { type: 'string', default: '7' },
    scale: { type: 'string', default: '1' },
  },
});
const [people, messages, days, seed] = [values.people, values.messages, values.days, values.seed].map(
  Number,
) as [number, number, number, number];
const scale = Number(values.scale);
const areWhole = [people, messages, days, seed].every((value) => Number.isInteger(value) && value >= 0);
if (!areWhole || days < 1 || messages < 1 || people < LEAST_PEOPLE || !(scale > 0)) {
  console.error(
    'Usage: npm run hospital -- [--days 1] [--seed 7] [--scale 1]\n' +
      `       npm run hospital -- --server [--people 24] [--messages 400] [--seed 7]   (${LEAST_PEOPLE} people or more)`,
  );
  process.exit(2);
}
if (values.server) {
  console.log(`seed ${seed}, ${people} people, ${messages} messages`);
  const replay = await replayThroughServer({ people, messages, seed });
  console.log(printServerReport(replay));
  process.exitCode = isFlawless(replay) ? 0 : 1;
} else {
  const report = reportOn(runHospital({ days, seed, scale }));
  console.log(`seed ${seed}, ${days} day(s), scale ${scale}`);
  console.log(printReport(report));
  process.exitCode = report.dropped === 0 && report.unlike === 0 ? 0 : 1;
}
