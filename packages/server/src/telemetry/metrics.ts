import type { ErrorCode } from '@baton/wire';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** Prometheus metrics. Labels are closed words: no organisation, account, conversation or address. */
export interface Metrics {
  request(labels: { route: string; method: string; status: number; durationMs: number }): void;
  refused(code: ErrorCode): void;
  batch(rows: number, durationMs: number): void;
  appended(kind: string, outcome: string): void;
  sockets(change: 1 | -1): void;
  missed(): void;
  /** A try to reach somebody, by way and outcome. */
  attempt(channel: string, outcome: string): void;
  /** A baton's timer was looked at so long after it was due. */
  timerFired(latenessMs: number): void;
  timerFailed(): void;
  /** Stat batons that nobody acknowledged and for which nothing was tried. */
  watchdogAlarm(count: number): void;
  text(): Promise<string>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'baton_' });
  const registers = [registry];
  const requests = new Histogram({
    name: 'baton_http_request_duration_seconds',
    help: 'Time to answer a request',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2],
    registers,
  });
  const refusals = new Counter({
    name: 'baton_refusals_total',
    help: 'Refused by code',
    labelNames: ['code'],
    registers,
  });
  const batchRows = new Histogram({
    name: 'baton_batch_rows',
    help: 'Rows in a commit batch',
    buckets: [1, 4, 16, 64, 128],
    registers,
  });
  const batchTime = new Histogram({
    name: 'baton_batch_duration_seconds',
    help: 'Time to commit a batch',
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5],
    registers,
  });
  const appends = new Counter({
    name: 'baton_appends_total',
    help: 'Appends by kind and outcome',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const sockets = new Gauge({ name: 'baton_sockets', help: 'Open sync sockets', registers });
  const missed = new Counter({ name: 'baton_missed_total', help: 'Queues that overflowed', registers });
  const attempts = new Counter({
    name: 'baton_attempts_total',
    help: 'Tries to reach somebody by way and outcome',
    labelNames: ['channel', 'outcome'],
    registers,
  });
  const timers = new Histogram({
    name: 'baton_timer_lateness_seconds',
    help: "From a baton's due time to its event",
    buckets: [0.05, 0.25, 1, 5, 60],
    registers,
  });
  const failedTimers = new Counter({
    name: 'baton_timer_failures_total',
    help: 'Timers that failed and were put off',
    registers,
  });
  const alarms = new Counter({
    name: 'baton_watchdog_alarms_total',
    help: 'Stat batons, not acknowledged, for which nothing was tried in two minutes',
    registers,
  });
  return {
    request: ({ route, method, status, durationMs }) =>
      requests.observe({ route, method, status: String(status) }, durationMs / 1000),
    refused: (code) => refusals.inc({ code }),
    batch(rows, durationMs) {
      batchRows.observe(rows);
      batchTime.observe(durationMs / 1000);
    },
    appended: (kind, outcome) => appends.inc({ kind, outcome }),
    sockets: (change) => sockets.inc(change),
    missed: () => missed.inc(),
    attempt: (channel, outcome) => attempts.inc({ channel, outcome }),
    timerFired: (latenessMs) => timers.observe(latenessMs / 1000),
    timerFailed: () => failedTimers.inc(),
    watchdogAlarm: (count) => alarms.inc(count),
    text: () => registry.metrics(),
  };
}
