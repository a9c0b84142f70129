import type { ErrorCode, ItemKind } from '@baton/wire';
import { type DestinationStream, pino } from 'pino';

/**
 * The only fields a log line can have. All of them are closed words, counts or durations: no ids, no names, no URLs, no bodies, no error
 * messages (a database error quotes values). What is not here cannot be logged.
 */
export interface LogFields {
  readonly code?: ErrorCode;
  /** Route pattern, never the URL. */
  readonly route?: string;
  readonly method?: string;
  readonly status?: number;
  readonly durationMs?: number;
  readonly count?: number;
  readonly port?: number;
  readonly kind?: ItemKind;
  readonly frame?: string;
  /** Class name of an unexpected error and where it was thrown, without its message. */
  readonly errorName?: string;
  readonly errorAt?: string;
  /** SQLSTATE or Node's error code. */
  readonly sqlState?: string;
  readonly event?: string;
}

export interface Logger {
  debug(message: LogMessage, fields?: LogFields): void;
  info(message: LogMessage, fields?: LogFields): void;
  warn(message: LogMessage, fields?: LogFields): void;
  error(message: LogMessage, fields?: LogFields): void;
}

/** Fixed texts only, so that nothing can be built into one. */
export type LogMessage =
  | 'started'
  | 'stopped'
  | 'migrated'
  | 'request'
  | 'refused'
  | 'failed'
  | 'database'
  | 'socket'
  | 'organisation made'
  | 'background';

const FIELDS = new Set<string>([
  'code',
  'route',
  'method',
  'status',
  'durationMs',
  'count',
  'port',
  'kind',
  'frame',
  'errorName',
  'errorAt',
  'sqlState',
  'event',
] satisfies (keyof LogFields)[]);

export function createLogger(options: { level: string; destination?: DestinationStream }): Logger {
  const sink = pino({ level: options.level, base: null }, options.destination ?? pino.destination(2));
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (message: LogMessage, fields?: LogFields) => {
    // The types say it; this says it again for a value that came in through a cast.
    const allowed = Object.entries(fields ?? {}).filter(
      ([name, value]) => FIELDS.has(name) && (typeof value === 'number' || typeof value === 'string'),
    );
    sink[level](Object.fromEntries(allowed), message);
  };
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

/** What may be said of an unexpected error. */
export function describeError(error: unknown): Pick<LogFields, 'errorName' | 'errorAt' | 'sqlState'> {
  if (!(error instanceof Error)) return { errorName: typeof error };
  const frame = /\/(?:packages|node_modules)\/([^\s()]+:\d+):\d+/.exec(error.stack ?? '')?.[1];
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    errorName: error.constructor.name,
    ...(frame === undefined ? {} : { errorAt: frame }),
    ...(code === undefined || !/^[A-Za-z0-9_.]{1,40}$/.test(code) ? {} : { sqlState: code }),
  };
}
