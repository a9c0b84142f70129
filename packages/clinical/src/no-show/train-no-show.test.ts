import { appointmentsCodec, type ReminderRecord } from '@baton/wire';
import { expect, it } from 'vitest';
import { makePractice } from '../evaluation/made-practice.ts';
import { brierOf, calibrationOf, calibrationTests, rankQualityOf } from './calibration.ts';
import { fitLogistic } from './logistic-regression.ts';
import { noShowRisk } from './no-show-risk.ts';
import { DEFAULT_NO_SHOW_SETTINGS } from './no-show-settings.ts';
import { likelyFrom, scoreParts, scoreVisit } from './score-visit.ts';
import { trainNoShowModel } from './train-no-show.ts';
import { NO_SHOW_FEATURES, visitFeatures, VisitHistory } from './visit-features.ts';

const NOW = Date.UTC(2027, 0, 1);
const practice = makePractice({ patients: 1200, visits: 6000, seed: 7 });
const model = trainNoShowModel({ visits: practice.visits, nowMs: NOW });

it('fits a logistic regression as it is fitted elsewhere', () => {
  // Hours of study and passing: the textbook example of en.wikipedia.org/wiki/Logistic_regression, 20 students, intercept -4.0777, weight 1.5046.
  const hours = [
    0.5, 0.75, 1, 1.25, 1.5, 1.75, 1.75, 2, 2.25, 2.5, 2.75, 3, 3.25, 3.5, 4, 4.25, 4.5, 4.75, 5, 5.5,
  ];
  const passed = [0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1];
  const rows = hours.map((hour, at) => ({ x: [hour], y: passed[at] === 1 ? (1 as const) : (0 as const) }));
  const fit = fitLogistic(rows, 0);
  const weight = fit.weights[0] ?? 0;
  expect(fit.isConverged).toBe(true);
  expect(weight).toBeCloseTo(1.5046, 3);
  expect(fit.intercept - weight * (fit.means[0] ?? 0)).toBeCloseTo(-4.0777, 3);
});

it('stays finite where a feature tells everything, or nothing', () => {
  const rows = Array.from({ length: 50 }, (_, at) => ({
    x: [at < 25 ? 0 : 1, 3],
    y: at < 25 ? (0 as const) : (1 as const),
  }));
  const fit = fitLogistic(rows, 1);
  expect(fit.weights.every(Number.isFinite)).toBe(true);
  expect(fit.weights[1]).toBe(0);
});

it('learns from a practice what makes visits be missed there', () => {
  expect(model.off).toBeNull();
  const weight = (name: string): number => model.weights.find(({ feature }) => feature === name)?.weight ?? 0;
  expect(weight('missed-share')).toBeGreaterThan(1);
  expect(weight('lead-time')).toBeGreaterThan(0.15);
  expect(weight('lead-time')).toBeLessThan(0.45);
  expect(weight('monday')).toBeGreaterThan(0);
  expect(model.auc).toBeGreaterThan(0.6);
  expect(model.brier).toBeLessThan(0.15);
  expect(model.calibration).toHaveLength(10);
  expect(model.calibration.reduce((sum, { visits }) => sum + visits, 0)).toBe(1800);
});

it('is a value of the collection', () => {
  expect(() => appointmentsCodec.encode(model)).not.toThrow();
});

it('gives the same model for the same visits in any order', () => {
  const other = trainNoShowModel({ visits: [...practice.visits].reverse(), nowMs: NOW });
  expect(other).toEqual(model);
});

it('says why it may not be used', () => {
  const offOf = (visits: typeof practice.visits) => trainNoShowModel({ visits, nowMs: NOW }).off;
  expect(offOf([])).toBe('too-few-visits');
  expect(offOf(practice.visits.slice(0, 999))).toBe('too-few-visits');
  expect(offOf(practice.visits.slice(0, 1100))).toBe('too-few-no-shows');
  const chance = {
    base: -1.5,
    patientSpread: 0,
    perLogLeadDay: 0,
    monday: 0,
    newPatient: 0,
    extraReminder: 0,
  };
  expect(offOf(makePractice({ patients: 5000, visits: 4000, seed: 3, truth: chance }).visits)).toBe(
    'no-better-than-chance',
  );
  // The newest third is a practice of another kind.
  const turned = practice.visits.map((visit, at) =>
    at > 4200 && at % 3 === 0 ? { ...visit, status: 'noshow' as const } : visit,
  );
  expect(offOf(turned)).toBe('not-calibrated');
});

it('can be worked out by hand', () => {
  const features = { 'missed-share': 0.5, 'lead-time': 3 };
  const linear = model.weights.reduce((sum, { feature, weight, mean }) => {
    const value = feature === 'missed-share' ? 0.5 : feature === 'lead-time' ? 3 : mean;
    return sum + weight * (value - mean);
  }, model.intercept);
  expect(scoreVisit(model, features)).toBeCloseTo(1 / (1 + Math.exp(-linear)), 12);
  expect(scoreParts(model, features)[0]?.feature).toBe('missed-share');
});

it('looks at nothing that was not known days before', () => {
  const [first, ...rest] = practice.visits.filter(({ ref }) => ref === practice.visits[0]?.ref);
  if (first === undefined) throw new RangeError('no visit');
  const history = new VisitHistory([first, ...rest], DEFAULT_NO_SHOW_SETTINGS);
  expect(history.before(first).visits).toBe(0);
  expect(history.before({ ...first, start: first.start + 2 * 86_400_000 }).visits).toBe(0);
  expect(history.before({ ...first, start: first.start + 4 * 86_400_000 }).visits).toBe(1);
  const features = visitFeatures(first, {
    past: history.before(first),
    rates: { missed: 0.1, confirmed: 0.5 },
    settings: DEFAULT_NO_SHOW_SETTINGS,
  });
  expect(Object.keys(features).sort()).toEqual([...NO_SHOW_FEATURES].sort());
  expect(features['missed-share']).toBeCloseTo(0.1, 12);
});

it('measures ranks and calibration as defined', () => {
  const judged = [
    { predicted: 0.1, observed: 0 as const },
    { predicted: 0.4, observed: 0 as const },
    { predicted: 0.35, observed: 1 as const },
    { predicted: 0.8, observed: 1 as const },
  ];
  expect(rankQualityOf(judged)?.auc).toBe(0.75);
  expect(brierOf(judged)).toBeCloseTo((0.01 + 0.16 + 0.4225 + 0.04) / 4, 12);
  expect(rankQualityOf(judged.slice(0, 2))).toBeNull();
  expect(calibrationOf([])).toEqual([]);
  const fair = Array.from({ length: 400 }, (_, at) => ({
    predicted: 0.25,
    observed: at % 4 === 0 ? (1 as const) : (0 as const),
  }));
  expect(calibrationTests(fair).mean).toBeCloseTo(0, 12);
});

it('calls the most likely share likely, draws each once, and is off without a model', () => {
  const coming = practice.visits.slice(0, 300).map((visit, at) => ({
    ...visit,
    id: `coming/${at}`,
    start: NOW + at * 3_600_000,
    status: 'booked' as const,
  }));
  const settings = { on: true, share: 0.2, compare: { share: 0.5, since: NOW } };
  const visits = [...practice.visits, ...coming];
  const records = new Map<string, ReminderRecord>();
  const risk = noShowRisk({ model, settings, visits, records, nowMs: NOW - 1 });
  const likely = coming.flatMap((visit) => risk?.(visit) ?? []);
  expect(likely).toHaveLength(60);
  const extra = likely.filter(({ arm }) => arm === 'extra').length;
  expect(extra).toBeGreaterThan(15);
  expect(extra).toBeLessThan(45);
  const written = { model: 'before', value: 0.9, arm: 'usual' as const };
  records.set('coming/0', { t: 'sent', appointment: 'coming/0', steps: [], score: written });
  const [first] = coming;
  expect(first === undefined ? null : risk?.(first)).toEqual(written);
  const off = { ...model, off: 'not-calibrated' as const };
  expect(noShowRisk({ model: off, settings, visits, records, nowMs: NOW })).toBeNull();
  expect(noShowRisk({ model: null, settings, visits, records, nowMs: NOW })).toBeNull();
  expect(likelyFrom([], 0.2)).toBeGreaterThan(1);
  expect(likelyFrom([0.5], 0)).toBeGreaterThan(1);
});
