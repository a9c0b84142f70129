import type { Secret } from '@baton/kernel';

/** Everything the server is told from outside; the app parses it once. */
export interface ServerConfig {
  readonly databaseUrl: string;
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Where browsers reach it, without a trailing slash; its origin is what state-changing requests must come from. */
  readonly publicUrl: string;
  readonly demo: boolean;
  /** Set-up token of the demo's seeding; null outside the demo. */
  readonly demoSeedToken: string | null;
  /** Holds `server-keys/`, and `blobs/` unless they lie elsewhere. */
  readonly dataDir: string;
  /** The built web app; null serves none. */
  readonly webDir: string | null;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Where sealed files lie; left out: in `dataDir`. */
  readonly s3?: S3Settings;
  /** Left out: `NOTHING_OUTSIDE`. */
  readonly outside?: OutsideConfig;
}

/** A bucket of S3, or of a server that speaks its protocol. */
export interface S3Settings {
  /** null: that of AWS for the region. With one, the bucket is named in the path. */
  readonly endpoint: string | null;
  readonly region: string;
  readonly bucket: string;
  /** Before every key: empty, or with a slash at the end. */
  readonly prefix: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret<string>;
}

/** What leads out of the server. */
export interface OutsideConfig {
  /** Ways of text and voice notices; a notice goes out on all of them. */
  readonly noticeChannels: readonly ('console' | 'file')[];
  /** Hosts (`host` or `host:port`) that push may go to beside the services of the browsers, wherever they lie. */
  readonly pushHosts: readonly string[];
  /** Webhooks may go to this machine, without encryption too. */
  readonly loopbackWebhooks: boolean;
}

export const NOTHING_OUTSIDE: OutsideConfig = { noticeChannels: [], pushHosts: [], loopbackWebhooks: false };

/** Limits of sessions (standards: NIST SP 800-63B-4 AAL2). Milliseconds. */
export const SESSION_LIMITS = {
  /** A phone of one's own, locked by passkey or PIN. */
  patient: { idleMs: 12 * 60 * 60_000, absoluteMs: 30 * 24 * 60 * 60_000 },
  person: { idleMs: 60 * 60_000, absoluteMs: 12 * 60 * 60_000 },
  agent: { idleMs: 7 * 24 * 60 * 60_000, absoluteMs: 30 * 24 * 60 * 60_000 },
} as const;
/** How long a proof of presence counts for dangerous acts. */
export const STEP_UP_MS = 5 * 60_000;
/** A cookie's token is replaced after this; the old one counts a moment longer. */
export const ROTATE_AFTER_MS = 15 * 60_000;
export const ROTATION_GRACE_MS = 60_000;
/** Activity is written down at most this often, so a session may end this much early, never late. */
export const SEEN_STEP_MS = 10_000;
export const CHALLENGE_LIFE_MS = 5 * 60_000;
export const SETUP_LINK_LIFE_MS = 24 * 60 * 60_000;
/** Failures in a row after which a credential is disabled. */
export const MAX_FAILURES = 100;
/** A sealed file: 100 MiB of content, its padding and the tags of its chunks. */
export const MAX_BLOB_BYTES = 101 * 1024 * 1024;
/** Every part of an upload but the last. */
export const MIN_PART_BYTES = 256 * 1024;
/** What one account may have uploaded without a committed message: more than one message can carry. */
export const MAX_UNSENT = { files: 100, bytes: 3 * 1024 ** 3 } as const;
