import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { err, ok, type Result, Secret } from '@baton/kernel';
import type { S3Settings } from '@baton/server';
import { z } from 'zod';
import { joinS3 } from './s3-settings.ts';

/** Exit code for a wrong setting (sysexits.h: EX_CONFIG). */
export const EXIT_CONFIG = 78;

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export const NOTICE_CHANNELS = ['console', 'file'] as const;
export type NoticeChannelName = (typeof NOTICE_CHANNELS)[number];

export interface Config {
  /** Null: the embedded PostgreSQL in the data folder. */
  readonly databaseUrl: Secret<string> | null;
  readonly host: string;
  readonly port: number;
  /** Origin under which browsers reach the server, without a slash at the end. */
  readonly publicUrl: string;
  /** Absolute. */
  readonly dataDir: string;
  readonly demo: boolean;
  readonly station: boolean;
  /** Where the station listens for text carriers and shows the phone simulator. */
  readonly stationListener: { readonly host: string; readonly port: number };
  /** Where the station takes HL7 v2 interfaces (MLLP); null: nowhere. */
  readonly mllpListener: { readonly host: string; readonly port: number } | null;
  readonly logLevel: LogLevel;
  /** Ways of text and voice notices. */
  readonly noticeChannels: readonly NoticeChannelName[];
  /** Hosts (`host` or `host:port`) that web push may go to beside the services of the browsers. */
  readonly pushHosts: readonly string[];
  /** Webhooks of integrations may go to this machine, without encryption too. */
  readonly loopbackWebhooks: boolean;
  /** Where sealed files lie; null: in the data folder. */
  readonly s3: S3Settings | null;
  /** What child processes inherit of the environment: nothing that could carry a secret of ours. */
  readonly childEnv: Readonly<Record<string, string>>;
  /** npm does not pass on that it was ended, so it must be watched. */
  readonly startedByNpm: boolean;
}

interface Setting<T> {
  /** Completes "must be …". */
  readonly expected: string;
  readonly schema: z.ZodType<T, string>;
  /** The given value may hold a password and is not repeated. */
  readonly secret?: true;
}

function setting<T>(expected: string, schema: z.ZodType<T, string>): Setting<T> {
  return { expected, schema };
}

const onOff = z.enum(['0', '1']).transform((value) => value === '1');
const portSetting = setting(
  'a port number from 1 to 65535',
  z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((port) => port >= 1 && port <= 65_535),
);
const hostSetting = setting(
  'the IP address or host name to listen on, like 127.0.0.1 or 0.0.0.0',
  z.string().refine((host) => isIP(host) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(host)),
);

const originField = z.string().transform((value, context) => {
  const origin = publicOrigin(value);
  if (origin !== null) return origin;
  context.addIssue('not an origin');
  return z.NEVER;
});

const SETTINGS = {
  BATON_DATABASE_URL: {
    ...setting(
      'the URL of a PostgreSQL 15 or newer, like postgres://user:password@host:5432/database',
      z.string().refine(isDatabaseUrl),
    ),
    secret: true,
  },
  BATON_PORT: portSetting,
  BATON_HOST: hostSetting,
  BATON_DATA_DIR: setting(
    'the path of a folder',
    z.string().refine((path) => !path.includes('\0')),
  ),
  BATON_DEMO: setting('1 (with the demo practice) or 0 (without)', onOff),
  BATON_PUBLIC_URL: setting(
    'the address people open, https://host without a path (http only for localhost, since browsers encrypt nowhere else)',
    originField,
  ),
  BATON_STATION: setting('1 (start the station beside the server) or 0 (do not)', onOff),
  BATON_STATION_PORT: portSetting,
  BATON_STATION_HOST: hostSetting,
  BATON_MLLP_PORT: portSetting,
  BATON_MLLP_HOST: hostSetting,
  BATON_NOTICE_CHANNEL: setting(
    `none, or one or both of ${NOTICE_CHANNELS.join(', ')} with a comma between`,
    z
      .string()
      .regex(/^(none|(console|file)(,(console|file))?)$/)
      .transform((value) => NOTICE_CHANNELS.filter((name) => value.split(',').includes(name))),
  ),
  BATON_PUSH_HOSTS: setting(
    'host names or IP addresses, each with :port unless it is 443, with commas between',
    z
      .string()
      .transform((value) => value.split(',').map((host) => host.trim()))
      .refine((hosts) => hosts.every(isHostAndPort)),
  ),
  BATON_WEBHOOK_LOOPBACK: setting('1 (webhooks may go to this machine) or 0 (they may not)', onOff),
  BATON_BLOB_S3_BUCKET: setting(
    'the name of a bucket',
    z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
  ),
  BATON_BLOB_S3_REGION: setting(
    'the name of a region, like us-east-1',
    z.string().regex(/^[a-z0-9-]{1,40}$/),
  ),
  BATON_BLOB_S3_ACCESS_KEY_ID: setting('the id of an access key', z.string().regex(/^\S{1,200}$/)),
  BATON_BLOB_S3_SECRET_ACCESS_KEY: {
    ...setting('the secret of that access key', z.string().regex(/^\S{1,200}$/)),
    secret: true,
  },
  BATON_BLOB_S3_ENDPOINT: setting(
    'the address of a server that speaks S3, https://host without a path (http only for this machine)',
    originField,
  ),
  BATON_BLOB_S3_PREFIX: setting(
    'what goes before the names of sealed files: letters, digits, - and _, in parts that each end with a slash',
    z.string().regex(/^([A-Za-z0-9_-]{1,60}\/){1,5}$/),
  ),
  BATON_LOG_LEVEL: setting(`one of ${LOG_LEVELS.join(', ')}`, z.enum(LOG_LEVELS)),
} as const;

type Name = keyof typeof SETTINGS;
const NAMES = Object.keys(SETTINGS) as Name[];

/**
 * Reads the settings from the environment, once. On a wrong or unknown one the error is one sentence that names the
 * variable, what it was given and what is expected. An empty value counts as none.
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
): Result<Config, string> {
  for (const name of Object.keys(env)) {
    if (name.startsWith('BATON_') && !(NAMES as string[]).includes(name)) return err(unknownSetting(name));
  }
  const wrong: string[] = [];
  const read = <T>(name: Name, { expected, schema, secret }: Setting<T>): T | undefined => {
    const given = env[name];
    if (given === undefined || given === '') return undefined;
    const parsed = schema.safeParse(given);
    if (parsed.success) return parsed.data;
    const shown = secret
      ? 'does not fit (it may hold a password, so it is not shown)'
      : `is ${JSON.stringify(given)}`;
    wrong.push(`${name} ${shown}, but must be ${expected}.`);
    return undefined;
  };
  const databaseUrl = read('BATON_DATABASE_URL', SETTINGS.BATON_DATABASE_URL);
  const port = read('BATON_PORT', SETTINGS.BATON_PORT) ?? 8420;
  const host = read('BATON_HOST', SETTINGS.BATON_HOST) ?? '127.0.0.1';
  const dataDir = resolve(read('BATON_DATA_DIR', SETTINGS.BATON_DATA_DIR) ?? '.baton');
  const demo = read('BATON_DEMO', SETTINGS.BATON_DEMO);
  const publicUrl = read('BATON_PUBLIC_URL', SETTINGS.BATON_PUBLIC_URL) ?? `http://localhost:${port}`;
  const station = read('BATON_STATION', SETTINGS.BATON_STATION) ?? true;
  const stationListener = {
    host: read('BATON_STATION_HOST', SETTINGS.BATON_STATION_HOST) ?? '127.0.0.1',
    port: read('BATON_STATION_PORT', SETTINGS.BATON_STATION_PORT) ?? (port < 65_535 ? port + 1 : 8421),
  };
  const mllpPort = read('BATON_MLLP_PORT', SETTINGS.BATON_MLLP_PORT) ?? null;
  const mllpHost = read('BATON_MLLP_HOST', SETTINGS.BATON_MLLP_HOST) ?? '127.0.0.1';
  const logLevel = read('BATON_LOG_LEVEL', SETTINGS.BATON_LOG_LEVEL) ?? 'warn';
  const noticeChannels = read('BATON_NOTICE_CHANNEL', SETTINGS.BATON_NOTICE_CHANNEL);
  const pushHosts = read('BATON_PUSH_HOSTS', SETTINGS.BATON_PUSH_HOSTS) ?? [];
  const loopbackWebhooks = read('BATON_WEBHOOK_LOOPBACK', SETTINGS.BATON_WEBHOOK_LOOPBACK) ?? false;
  if (demo === true && !station) {
    wrong.push(
      'BATON_DEMO is "1" while BATON_STATION is "0", but the demo practice is made by the station: change one of them.',
    );
  }
  if (station && stationListener.port === port) {
    wrong.push('BATON_STATION_PORT is BATON_PORT, but server and station listen apart: change one of them.');
  }
  if (mllpPort !== null && [port, ...(station ? [stationListener.port] : [])].includes(mllpPort)) {
    wrong.push('BATON_MLLP_PORT is the port of something else here: change it.');
  }
  const s3 = joinS3({
    bucket: read('BATON_BLOB_S3_BUCKET', SETTINGS.BATON_BLOB_S3_BUCKET),
    region: read('BATON_BLOB_S3_REGION', SETTINGS.BATON_BLOB_S3_REGION),
    accessKeyId: read('BATON_BLOB_S3_ACCESS_KEY_ID', SETTINGS.BATON_BLOB_S3_ACCESS_KEY_ID),
    secretAccessKey: read('BATON_BLOB_S3_SECRET_ACCESS_KEY', SETTINGS.BATON_BLOB_S3_SECRET_ACCESS_KEY),
    endpoint: read('BATON_BLOB_S3_ENDPOINT', SETTINGS.BATON_BLOB_S3_ENDPOINT),
    prefix: read('BATON_BLOB_S3_PREFIX', SETTINGS.BATON_BLOB_S3_PREFIX),
  });
  if (!s3.ok) wrong.push(s3.error);
  const [first] = wrong;
  if (first !== undefined) return err(first);
  const hasDemo = demo ?? (station && databaseUrl === undefined && isLoopback(host));
  return ok({
    databaseUrl: databaseUrl === undefined ? null : Secret.of(databaseUrl),
    host,
    port,
    publicUrl,
    dataDir,
    demo: hasDemo,
    station,
    stationListener,
    mllpListener: mllpPort === null ? null : { host: mllpHost, port: mllpPort },
    logLevel,
    // The demo shows what would be sent; elsewhere nothing pretends to have been.
    noticeChannels: noticeChannels ?? (hasDemo ? NOTICE_CHANNELS : []),
    pushHosts,
    loopbackWebhooks,
    s3: s3.ok ? s3.value : null,
    childEnv: inheritable(env),
    startedByNpm: env['npm_lifecycle_event'] !== undefined,
  });
}

function unknownSetting(name: string): string {
  return `${name} is not a setting of Baton; the settings are ${NAMES.join(', ')}.`;
}

function isDatabaseUrl(value: string): boolean {
  // A Unix socket is given as postgres://user:password@/database?host=/folder, which needs a stand-in host to parse.
  const url = parseUrl(value.replace(/^(postgres(?:ql)?:\/\/[^/@]*@)\//, '$1socket/'));
  return url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.pathname.length > 1;
}

function publicOrigin(value: string): string | null {
  const url = parseUrl(value);
  if (url === null || url.username || url.password || url.search || url.hash || url.pathname !== '/')
    return null;
  const isSecure = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
  return isSecure ? url.origin : null;
}

/** As a URL shows its host, so that it can be compared with one. */
function isHostAndPort(value: string): boolean {
  const url = parseUrl(`https://${value}`);
  return url !== null && url.host === value;
}

function parseUrl(value: string): URL | null {
  return URL.canParse(value) ? new URL(value) : null;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

const INHERITED =
  /^(PATH|HOME|USER|LANG|LC_[A-Z]+|TZ|TMPDIR|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR)|(HTTPS?|NO)_PROXY)$/i;

function inheritable(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => INHERITED.test(entry[0]) && entry[1] !== undefined,
    ),
  );
}
