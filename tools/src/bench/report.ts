import { cpus, totalmem } from 'node:os';
import type { AcceptReport } from './accepts.ts';
import type { LatencyFigures } from './latency.ts';
import type { ProgrammesFigures } from './programmes.ts';
import { programmeRows } from './programmes-rows.ts';
import type { RegistryFigures } from './registry.ts';
import { ms, perSecond, type Row, seconds } from './row.ts';
import type { SealOpenFigures } from './seal-open.ts';
import type { TextsFigures } from './texts.ts';
import type { TimersFigures } from './timers.ts';

/** What the figures were taken on; nothing that names the machine. */
export interface MachineFacts {
  readonly cpus: number;
  readonly model: string;
  readonly memoryGiB: number;
  readonly platform: string;
  readonly node: string;
  readonly postgres: string | null;
}

export interface BenchResults {
  readonly at: string;
  readonly seconds: number;
  readonly machine: MachineFacts;
  readonly sealOpen: SealOpenFigures | null;
  readonly accepts: AcceptReport | null;
  readonly latency: LatencyFigures | null;
  readonly timers: TimersFigures | null;
  readonly registry: RegistryFigures | null;
  readonly texts: TextsFigures | null;
  readonly programmes: ProgrammesFigures | null;
  readonly rows: readonly Row[];
}

const SEAL_SHARE = 0.7;
const ACCEPT_SHARE = 0.6;
const LATENCY_TIMES = 3;
const TIMER_LATE_MS = 1000;
const SEARCH_MS = 100;

export function machineFacts(postgres: string | null): MachineFacts {
  return {
    cpus: cpus().length,
    model: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    postgres,
  };
}

export function rowsOf(
  results: Pick<
    BenchResults,
    'sealOpen' | 'accepts' | 'latency' | 'timers' | 'registry' | 'texts' | 'programmes'
  >,
): Row[] {
  const { sealOpen, accepts, latency, timers, registry, texts, programmes } = results;
  const rows: Row[] = [];
  if (sealOpen !== null) {
    rows.push(
      atLeast(SEAL_SHARE, 'raw', {
        figure: 'seal 1 KiB',
        measured: ms(sealOpen.sealMs),
        limit: `${ms(sealOpen.rawSealMs)} raw WebCrypto`,
        ratio: sealOpen.sealShare,
      }),
      atLeast(SEAL_SHARE, 'raw', {
        figure: 'open 1 KiB',
        measured: ms(sealOpen.openMs),
        limit: `${ms(sealOpen.rawOpenMs)} raw WebCrypto`,
        ratio: sealOpen.openShare,
      }),
    );
  }
  for (const figure of accepts?.figures ?? [])
    rows.push(
      atLeast(ACCEPT_SHARE, 'relay', {
        figure: `durable accepts, ${figure.senders} sender${figure.senders === 1 ? '' : 's'}`,
        measured: `${perSecond(figure.perSecond)}, p50 ${ms(figure.p50Ms)}`,
        limit: `${perSecond(figure.relayPerSecond)}, p50 ${ms(figure.relayP50Ms)} bare relay`,
        ratio: figure.share,
      }),
    );
  if (accepts) {
    const { perSecond: rate, framesPerSecond } = accepts.delivered;
    rows.push({
      figure: 'the same, 64 senders, delivered',
      measured: `${perSecond(rate)}, ${perSecond(framesPerSecond)} sent on`,
      limit: 'none: the relay sends nothing on',
      ratio: null,
      goal: '',
      met: null,
      verdict: '',
    });
  }
  if (latency !== null) rows.push(...latencyRows(latency));
  if (timers !== null) rows.push(...timerRows(timers));
  if (registry !== null) rows.push(...registryRows(registry));
  if (texts !== null) rows.push(...textRows(texts));
  if (programmes !== null) rows.push(...programmeRows(programmes));
  return rows;
}

function latencyRows(latency: LatencyFigures): Row[] {
  const { times } = latency;
  const met = times <= LATENCY_TIMES;
  const floor = `${ms(latency.floorP50Ms)} = commit ${ms(latency.commitP50Ms)} + echo ${ms(latency.echoP50Ms)}`;
  return [
    {
      figure: 'send to decrypted, p50',
      measured: ms(latency.p50Ms),
      limit: floor,
      ratio: times,
      goal: `<= ${LATENCY_TIMES} x floor`,
      met,
      verdict: met ? 'met' : `missed by ${(times - LATENCY_TIMES).toFixed(1)} x`,
    },
    {
      figure: 'send to decrypted, p99',
      measured: ms(latency.p99Ms),
      limit: ms(latency.floorP99Ms),
      ratio: latency.p99Ms / latency.floorP99Ms,
      goal: '',
      met: null,
      verdict: '',
    },
  ];
}

function timerRows(timers: TimersFigures): Row[] {
  const { steady, burst, killed, lost, repeated } = timers;
  const isInTime = steady.p99Ms < TIMER_LATE_MS;
  const isExact = lost === 0 && repeated === 0;
  return [
    {
      figure: `timers, ${timers.open} open, due over ${steady.seconds} s: late p99`,
      measured: `${ms(steady.p99Ms)}, p50 ${ms(steady.p50Ms)}, ${perSecond(steady.perSecond)}`,
      limit: 'their due times',
      ratio: null,
      goal: `< ${TIMER_LATE_MS} ms`,
      met: isInTime,
      verdict: isInTime ? 'met' : `missed by ${ms(steady.p99Ms - TIMER_LATE_MS)}`,
    },
    {
      figure: `timers fired, ${burst.batons} due at once`,
      measured: perSecond(burst.perSecond),
      limit: `${perSecond(timers.barePerSecond)} bare writing`,
      ratio: burst.perSecond / timers.barePerSecond,
      goal: '',
      met: null,
      verdict: '',
    },
    {
      figure: `timers over a kill (away ${Math.round(killed.awayMs)} ms): lost, repeated`,
      measured: `${lost}, ${repeated}; late p99 ${ms(killed.p99Ms)}`,
      limit: '0, 0',
      ratio: null,
      goal: 'each once',
      met: isExact,
      verdict: isExact ? 'met' : `missed by ${lost + repeated}`,
    },
  ];
}

function registryRows(registry: RegistryFigures): Row[] {
  const { patients, searchP50Ms, searchP99Ms, searchMaxMs, searches } = registry;
  const met = searchP99Ms < SEARCH_MS;
  const bare = { limit: '', ratio: null, goal: '', met: null, verdict: '' };
  return [
    {
      ...bare,
      figure: `search among ${patients} patients, p99 of ${searches}`,
      measured: `${ms(searchP99Ms)}, p50 ${ms(searchP50Ms)}, longest ${ms(searchMaxMs)}`,
      goal: `< ${SEARCH_MS} ms`,
      met,
      verdict: met ? 'met' : `missed by ${ms(searchP99Ms - SEARCH_MS)}`,
    },
    {
      ...bare,
      figure: 'the registry on a device that is new to it',
      measured: `${seconds(registry.syncMs)}; filled at ${perSecond(registry.fillPerSecond)}`,
    },
    {
      ...bare,
      figure: 'the registry again after a start',
      measured: `${seconds(registry.reloadMs)}; list ${ms(registry.listMs)}, index ${ms(registry.indexMs)}`,
    },
    { ...bare, figure: 'one record changed, found and listed', measured: ms(registry.changeMs) },
    {
      ...bare,
      figure: 'memory of that device',
      measured: `${Math.round(registry.heapMiB)} MiB heap, ${Math.round(registry.rssMiB)} MiB in all (${Math.round(registry.emptyRssMiB)} before)`,
    },
  ];
}

function textRows(texts: TextsFigures): Row[] {
  const { thanked, seen, loaded, bare, bareLoaded, echo } = texts;
  const open = { goal: '', met: null, verdict: '' };
  return [
    {
      ...open,
      figure: 'inbound text, webhook to seen, p50',
      measured: `${ms(seen.p50Ms)}, p99 ${ms(seen.p99Ms)}`,
      limit: `${ms(bare.p50Ms)} bare append, seen`,
      ratio: seen.p50Ms / bare.p50Ms,
    },
    {
      ...open,
      figure: 'inbound text, webhook to 2xx, p50',
      measured: `${ms(thanked.p50Ms)}, p99 ${ms(thanked.p99Ms)}`,
      limit: `${ms(echo.p50Ms)} echo, p99 ${ms(echo.p99Ms)}, ${perSecond(echo.perSecond)}`,
      ratio: null,
    },
    {
      ...open,
      figure: `inbound texts, ${texts.atOnce} at once, seen`,
      measured: `${loaded.perSecond.toFixed(1)}/s, p50 ${ms(loaded.p50Ms)}, p99 ${ms(loaded.p99Ms)}`,
      limit: `${bareLoaded.perSecond.toFixed(1)}/s bare appends, seen`,
      ratio: loaded.perSecond / bareLoaded.perSecond,
    },
    { ...open, figure: 'inbound texts: who is busiest', measured: texts.limit, limit: '', ratio: null },
  ];
}

function atLeast(
  share: number,
  what: string,
  row: { figure: string; measured: string; limit: string; ratio: number },
): Row {
  const met = row.ratio >= share;
  const missing = Math.ceil((share - row.ratio) * 100);
  return {
    ...row,
    goal: `>= ${share * 100} % of ${what}`,
    met,
    verdict: met ? 'met' : `missed by ${missing} point${missing === 1 ? '' : 's'}`,
  };
}

export function formatRows(rows: readonly Row[]): string {
  const cells = [
    ['figure', 'measured', 'limit in the same run', 'ratio', 'goal', ''],
    ...rows.map((row) => [row.figure, row.measured, row.limit, formatRatio(row), row.goal, row.verdict]),
  ];
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  lines.splice(1, 0, widths.map((width) => '-'.repeat(width)).join('  '));
  return lines.join('\n');
}

/** Never rounded towards the goal. */
function formatRatio({ ratio, goal }: Row): string {
  if (ratio === null) return '';
  const round = goal.startsWith('<=') ? Math.ceil : Math.floor;
  return (round(ratio * 100) / 100).toFixed(2);
}
