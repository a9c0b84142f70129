import { expect, test } from 'vitest';
import type { AcceptReport } from './accepts.ts';
import type { LatencyFigures } from './latency.ts';
import type { ProgrammesFigures } from './programmes.ts';
import { formatRows, rowsOf } from './report.ts';
import type { SealOpenFigures } from './seal-open.ts';
import { median, quantile } from './statistics.ts';

const sealOpen: SealOpenFigures = {
  sealMs: 0.14,
  openMs: 0.2,
  rawSealMs: 0.1,
  rawOpenMs: 0.1,
  sealShare: 0.714,
  openShare: 0.5,
  sealsPerSecond: 1,
  opensPerSecond: 1,
};
const accepts: AcceptReport = {
  bodyBytes: 1600,
  figures: [
    {
      senders: 64,
      perSecond: 599,
      relayPerSecond: 1000,
      share: 0.599,
      p50Ms: 1,
      p99Ms: 2,
      relayP50Ms: 1,
      relayP99Ms: 2,
      rounds: [],
    },
  ],
  delivered: { perSecond: 500, framesPerSecond: 1000 },
};
const times = { perSecond: 5, p50Ms: 160, p99Ms: 600 };
const programmes: ProgrammesFigures = {
  planning: {
    appointments: 100_000,
    patients: 40_000,
    planned: 150_000,
    ms: 900,
    firstMs: 1500,
    bareMs: 90,
    visitsMiB: 70,
    planMiB: 20,
    mostMiB: 60,
  },
  exploration: {
    protocol: 'largest',
    states: 1,
    steps: 2,
    paths: 3,
    ms: 5000,
    processorMs: 1000,
    bareMs: 1,
    examples: 5,
    allMs: 6000,
  },
  understanding: { replies: 1, meanMs: 0.9, p99Ms: 2, bareMeanMs: 0.1 },
  reminders: {
    count: 200,
    atOnce: 8,
    single: times,
    texted: times,
    bare: { ...times, perSecond: 20 },
    entries: { texted: 10, bare: 2 },
    processorMs: {},
    limit: '',
  },
};
const latency: LatencyFigures = {
  p50Ms: 3,
  p99Ms: 9,
  floorP50Ms: 1,
  floorP99Ms: 3,
  commitP50Ms: 0.8,
  echoP50Ms: 0.2,
  times: 3,
  messages: 300,
};

test('each figure stands beside its limit, with its goal and by how much it was missed', () => {
  const rows = rowsOf({
    sealOpen,
    accepts,
    latency,
    timers: null,
    registry: null,
    texts: null,
    programmes: null,
  });
  expect(rows.map(({ figure, met, verdict }) => [figure, met, verdict])).toEqual([
    ['seal 1 KiB', true, 'met'],
    ['open 1 KiB', false, 'missed by 20 points'],
    ['durable accepts, 64 senders', false, 'missed by 1 point'],
    ['the same, 64 senders, delivered', null, ''],
    ['send to decrypted, p50', true, 'met'],
    ['send to decrypted, p99', null, ''],
  ]);
});

test('goals of programmes are less than a time: as long is missed, and what is told beside has no goal', () => {
  const rows = rowsOf({
    sealOpen: null,
    accepts: null,
    latency: null,
    timers: null,
    registry: null,
    texts: null,
    programmes,
  });
  expect(rows.filter(({ goal }) => goal !== '').map(({ met, verdict }) => [met, verdict])).toEqual([
    [false, 'missed by 0.000 ms'],
    [true, 'met'],
  ]);
  expect(rows.find(({ figure }) => figure.includes('through the simulator'))?.ratio).toBe(0.25);
});

test('a part that was not measured has no rows', () => {
  expect(
    rowsOf({
      sealOpen: null,
      accepts: null,
      latency: null,
      timers: null,
      registry: null,
      texts: null,
      programmes: null,
    }),
  ).toEqual([]);
});

test('a ratio is not rounded up to its goal', () => {
  const line = formatRows(
    rowsOf({
      sealOpen: null,
      accepts,
      latency: null,
      timers: null,
      registry: null,
      texts: null,
      programmes: null,
    }),
  ).split('\n')[2];
  expect(line).toContain('0.59 ');
});

test('the columns of the table line up', () => {
  const lines = formatRows(
    rowsOf({ sealOpen, accepts, latency, timers: null, registry: null, texts: null, programmes: null }),
  ).split('\n');
  const at = lines[0]?.indexOf('ratio') ?? -1;
  expect(lines.slice(2).map((line) => line.padEnd(at).slice(at - 2, at))).toEqual(
    lines.slice(2).map(() => '  '),
  );
});

test('quantiles are values that were measured', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(quantile([1, 2, 3, 4], 0.99)).toBe(4);
  expect(quantile([], 0.5)).toBeNaN();
});
