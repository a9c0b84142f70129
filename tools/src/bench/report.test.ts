import { expect, test } from 'vitest';
import type { AcceptReport } from './accepts.ts';
import type { LatencyFigures } from './latency.ts';
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
  const rows = rowsOf({ sealOpen, accepts, latency, timers: null, registry: null, texts: null });
  expect(rows.map(({ figure, met, verdict }) => [figure, met, verdict])).toEqual([
    ['seal 1 KiB', true, 'met'],
    ['open 1 KiB', false, 'missed by 20 points'],
    ['durable accepts, 64 senders', false, 'missed by 1 point'],
    ['the same, 64 senders, delivered', null, ''],
    ['send to decrypted, p50', true, 'met'],
    ['send to decrypted, p99', null, ''],
  ]);
});

test('a part that was not measured has no rows', () => {
  expect(
    rowsOf({ sealOpen: null, accepts: null, latency: null, timers: null, registry: null, texts: null }),
  ).toEqual([]);
});

test('a ratio is not rounded up to its goal', () => {
  const line = formatRows(
    rowsOf({ sealOpen: null, accepts, latency: null, timers: null, registry: null, texts: null }),
  ).split('\n')[2];
  expect(line).toContain('0.59 ');
});

test('the columns of the table line up', () => {
  const lines = formatRows(
    rowsOf({ sealOpen, accepts, latency, timers: null, registry: null, texts: null }),
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
