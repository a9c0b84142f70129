import { parseArgs } from 'node:util';
import { runHospital } from './replay.ts';
import { printReport, reportOn } from './report.ts';

// npm run hospital -- --days 1 --seed 7 --scale 1

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '1' },
    seed: { type: 'string', default: '7' },
    scale: { type: 'string', default: '1' },
  },
});
const options = { days: Number(values.days), seed: Number(values.seed), scale: Number(values.scale) };
if (
  !Number.isInteger(options.days) ||
  options.days < 1 ||
  !Number.isInteger(options.seed) ||
  !(options.scale > 0)
) {
  console.error('Usage: npm run hospital -- [--days 1] [--seed 7] [--scale 1]');
  process.exit(2);
}
const report = reportOn(runHospital(options));
console.log(`seed ${options.seed}, ${options.days} day(s), scale ${options.scale}`);
console.log(printReport(report));
process.exitCode = report.dropped === 0 && report.unlike === 0 ? 0 : 1;
