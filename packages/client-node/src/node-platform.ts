import { argon2, hash, randomFillSync, webcrypto } from 'node:crypto';
import type { PhoneProfiles, Platform, Transport } from '@baton/client';
import { type Argon2idPort, createPrimitives, type Primitives } from '@baton/crypto';
import type { AccountId, Clock, Rng, Timers } from '@baton/kernel';
import { createInProcessLocks, createLonePeers } from './in-process-locks.ts';
import { createNodeProfiles } from './node-profiles.ts';
import { createNodeTransport } from './node-transport.ts';

export interface NodePlatformOptions {
  /** Where the server is reached, for example `http://127.0.0.1:8420`. */
  readonly serverUrl: string;
  /** Folder of this client alone. */
  readonly dataDir: string;
  /** Origin for links that people hand over; the server's url where left out. */
  readonly publicUrl?: string;
  readonly deviceClass?: 'personal' | 'agent';
  readonly deviceLabel?: string;
  /** Replaced by tests. */
  readonly clock?: Clock;
  readonly rng?: Rng;
  readonly timers?: Timers;
  /** Puts something between client and server, for tests of what a server might do. */
  readonly wrapTransport?: (transport: Transport) => Transport;
  /** false gives up surviving a power cut, for tests that make many stores. */
  readonly durable?: boolean;
}

const CERTIFICATE_DAYS = 90;

export const nodeClock: Clock = { nowMs: () => Date.now() };
/** Never goes back; only differences of its readings mean something. */
export const nodeMonotonic: Clock = { nowMs: () => Math.floor(performance.now()) };
export const nodeRng: Rng = { bytes: (length) => randomFillSync(new Uint8Array(length)) };
export const nodeTimers: Timers = {
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return () => clearTimeout(timer);
  },
};

let shared: Promise<Primitives> | null = null;

/** Native wherever Node has the algorithm; made once for a process. */
export function nodePrimitives(rng: Rng = nodeRng): Promise<Primitives> {
  if (rng !== nodeRng) return makePrimitives(rng);
  shared ??= makePrimitives(rng);
  return shared;
}

export async function createNodePlatform(
  options: NodePlatformOptions,
): Promise<Platform & { readonly profiles: PhoneProfiles }> {
  const rng = options.rng ?? nodeRng;
  const primitives = await nodePrimitives(rng);
  const locks = createInProcessLocks();
  const transport = createNodeTransport(options.serverUrl);
  return {
    clock: options.clock ?? nodeClock,
    rng,
    timers: options.timers ?? nodeTimers,
    soon: (task) => void setImmediate(task),
    primitives,
    transport: options.wrapTransport?.(transport) ?? transport,
    profiles: createNodeProfiles({
      dataDir: options.dataDir,
      primitives,
      rng,
      durable: options.durable ?? true,
    }),
    locks: (_account: AccountId) => locks,
    peers: (_account: AccountId) => createLonePeers(),
    passkeys: null,
    bearer: true,
    device: {
      class: options.deviceClass ?? 'personal',
      label: options.deviceLabel ?? 'Station',
      certificateDays: CERTIFICATE_DAYS,
    },
    publicUrl: (options.publicUrl ?? options.serverUrl).replace(/\/$/, ''),
  };
}

function makePrimitives(rng: Rng): Promise<Primitives> {
  return createPrimitives({
    subtle: webcrypto.subtle,
    rng,
    sha256: (data) => new Uint8Array(hash('sha256', data, 'buffer')),
    argon2id: argon2idNative,
  });
}

const argon2idNative: Argon2idPort = (request) =>
  new Promise((resolve, reject) => {
    if (request.secret || request.associatedData) return reject(new Error('not used by the protocol'));
    const { password, salt, t, mKiB, p, length } = request;
    argon2(
      'argon2id',
      { message: password, nonce: salt, passes: t, memory: mKiB, parallelism: p, tagLength: length },
      (error, derived) => (error ? reject(error) : resolve(new Uint8Array(derived))),
    );
  });
