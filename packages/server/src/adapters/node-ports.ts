import { createPublicKey, hash, type KeyObject, randomBytes, verify as verifySignature } from 'node:crypto';
import type { Bytes } from '@baton/kernel';
import type { Ports } from '../ports.ts';

/** SubjectPublicKeyInfo of an Ed25519 key up to its 32 key bytes (RFC 8410 §4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_CACHE_SIZE = 10_000;
const keys = new Map<string, KeyObject>();

function importKey(raw: Bytes): KeyObject {
  const name = Buffer.from(raw).toString('latin1');
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });
  if (keys.size >= KEY_CACHE_SIZE) keys.clear();
  keys.set(name, key);
  return key;
}

interface Verification {
  readonly key: KeyObject;
  readonly message: Bytes;
  readonly signature: Bytes;
  readonly resolve: (fits: boolean) => void;
}

/** Handed over together: each hand-over may wake a thread, which on a busy machine takes this thread's processor from it. */
const HANDED_OVER_TOGETHER = 16;
let gathered: Verification[] = [];

function handOver(): void {
  const verifications = gathered;
  gathered = [];
  const [first] = verifications;
  // Alone: by the time that a sleeping thread has woken up it is done here.
  if (first !== undefined && verifications.length === 1) return first.resolve(fitsNow(first));
  for (const { key, message, signature, resolve } of verifications)
    try {
      verifySignature(null, message, key, signature, (error, fits) => resolve(error === null && fits));
    } catch {
      resolve(false);
    }
}

function fitsNow({ key, message, signature }: Verification): boolean {
  try {
    return verifySignature(null, message, key, signature);
  } catch {
    return false;
  }
}

/** Ed25519 on the thread pool, so that a busy second of signatures does not hold up the sockets. */
function verify(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return Promise.resolve(false);
  let key: KeyObject;
  try {
    key = importKey(publicKey);
  } catch {
    return Promise.resolve(false); // 32 bytes that are no point on the curve
  }
  return new Promise((resolve) => {
    gathered.push({ key, message, signature, resolve });
    if (gathered.length === HANDED_OVER_TOGETHER) handOver();
    // When what has arrived by now was taken in; no later where it is a single message.
    else if (gathered.length === 1) setImmediate(handOver);
  });
}

/** The only file of the server that reads the wall clock, randomness and timers. */
export const nodePorts: Ports = {
  clock: { nowMs: () => Date.now() },
  monotonic: { nowMs: () => Math.floor(performance.now()) },
  rng: { bytes: (length) => new Uint8Array(randomBytes(length)) },
  timers: {
    after(delayMs, task) {
      const timer = setTimeout(task, delayMs);
      return () => clearTimeout(timer);
    },
  },
  digest: (bytes) => new Uint8Array(hash('sha256', bytes, 'buffer')),
  verify,
  soon: (task) => void setImmediate(task),
};
