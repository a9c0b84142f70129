import {
  armOf,
  compareArms,
  DEFAULT_NO_SHOW_SETTINGS,
  likelyFrom,
  MADE_TRUTH,
  makePractice,
  sayComparison,
  scoreVisit,
  trainNoShowModel,
  visitFeatures,
  VisitHistory,
} from '@baton/clinical';

// What the no-show score does on practices whose truth is known: `npm run no-show`. Nothing here is of real patients; how well it works for a practice, only its own
// held-out visits say.

const NOW = Date.UTC(2035, 0, 1);
const SIZES = [500, 2000, 6000, 20_000];
const SEED = 20_260_101;
/** Practices that are made anew to see how often a score is let through that should not be, and the other way round. */
const REPEATS = 40;
/** Share of the visits that are called likely. */
const LIKELY = 0.2;

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const cell = (value: string | number, width = 12): string => String(value).padStart(width);
const settings = DEFAULT_NO_SHOW_SETTINGS;

console.log('Settings (for the practice to sign off)');
for (const [name, value] of Object.entries(settings)) console.log(`  ${name.padEnd(22)}${value}`);

console.log(`\nMade practices, 5 visits a patient, seed ${SEED}`);
console.log(['visits', 'no-shows', 'used?', 'AUC', 'Brier', 'ms'].map((name) => cell(name, 14)).join(''));
for (const size of SIZES) {
  const { visits } = makePractice({ patients: Math.ceil(size / 5), visits: size, seed: SEED });
  const from = performance.now();
  const model = trainNoShowModel({ visits, nowMs: NOW });
  const ms = performance.now() - from;
  const row = [
    size,
    model.noShows,
    model.off ?? 'yes',
    model.auc?.toFixed(3) ?? '-',
    model.brier?.toFixed(4) ?? '-',
  ];
  console.log([...row, ms.toFixed(0)].map((value) => cell(value, 14)).join(''));
}

const practice = makePractice({ patients: 2000, visits: 10_000, seed: SEED });
const model = trainNoShowModel({ visits: practice.visits, nowMs: NOW });
console.log(
  `\nWeights of 10,000 visits (log odds; truth: lead-time ${MADE_TRUTH.perLogLeadDay}, monday ${MADE_TRUTH.monday})`,
);
console.log(`  intercept       ${cell(model.intercept)}`);
for (const { feature, weight, mean } of model.weights)
  console.log(`  ${feature.padEnd(16)}${cell(weight.toFixed(3))}   mean ${mean.toFixed(3)}`);
console.log('\nCalibration on the visits held out by time');
console.log(['from', 'to', 'visits', 'predicted', 'observed'].map((name) => cell(name)).join(''));
for (const { from, to, visits, predicted, observed } of model.calibration)
  console.log(
    [from, to].map((value) => cell(value.toFixed(3))).join('') +
      cell(visits) +
      cell(percent(predicted)) +
      cell(percent(observed)),
  );

let usedByChance = 0;
let used = 0;
for (let at = 0; at < REPEATS; at += 1) {
  const flat = { base: -1.7, patientSpread: 0, perLogLeadDay: 0, monday: 0, newPatient: 0, extraReminder: 0 };
  const size = { patients: 1000, visits: 5000, seed: SEED + 1 + at };
  if (trainNoShowModel({ visits: makePractice({ ...size, truth: flat }).visits, nowMs: NOW }).off === null)
    usedByChance += 1;
  if (trainNoShowModel({ visits: makePractice(size).visits, nowMs: NOW }).off === null) used += 1;
}
console.log(
  `\nOf ${REPEATS} practices of 5,000 visits in which nothing tells who misses one, a score was let through in ${usedByChance}`,
);
console.log(`Of ${REPEATS} in which something does, in ${used}`);

// Trained on the first part, the likely of the rest drawn by lot into the arms.
const trainedOn = practice.visits.slice(0, 6000);
const first = trainNoShowModel({ visits: trainedOn, nowMs: trainedOn.at(-1)?.start ?? NOW });
const history = new VisitHistory(practice.visits, settings);
const older = trainedOn.slice(0, Math.floor(trainedOn.length * (1 - settings.heldOutShare)));
const rates = {
  missed: older.filter(({ status }) => status === 'noshow').length / older.length,
  confirmed: older.filter(({ answer }) => answer.state === 'confirmed').length / older.length,
};
const scored = practice.visits.slice(6000).map((visit) => ({
  visit,
  score: scoreVisit(first, visitFeatures(visit, { past: history.before(visit), rates, settings })),
}));
const from = likelyFrom(
  scored.map(({ score }) => score),
  LIKELY,
);
const likely = scored.filter(({ score }) => score >= from).map(({ visit }) => visit);
const arms = Map.groupBy(likely, ({ id }) => armOf(id, { share: 0.5, since: NOW }));
const missed = (arm: 'extra' | 'usual'): { readonly visits: number; readonly noShows: number } => {
  const own = arms.get(arm) ?? [];
  const isMissed = ({ id, status }: (typeof own)[number]): boolean =>
    arm === 'extra' ? practice.missedWithExtra.has(id) : status === 'noshow';
  return { visits: own.length, noShows: own.filter(isMissed).length };
};
const comparison = compareArms(missed('extra'), missed('usual'));
console.log(
  `\nComparison of the ${percent(LIKELY)} most likely of 4,000 visits, drawn half and half (truth: log odds ${MADE_TRUTH.extraReminder})`,
);
console.log(`  ${sayComparison(comparison, 'en')}`);
console.log(`  ${sayComparison(comparison, 'es')}`);
