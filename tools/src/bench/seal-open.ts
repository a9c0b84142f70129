import { createHash, hash as nodeHash, randomBytes, webcrypto } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import {
  checkAndUnsealEnvelope,
  createPrimitives,
  makeGenerationKeys,
  type SealingPorts,
  sealEnvelope,
} from '@baton/crypto';
import { type Bytes, newId, type Rng, Secret } from '@baton/kernel';
import { type CheckedCertificate, openEnvelope } from '@baton/ledger';
import type { MessageClass } from '@baton/wire';

const CONTENT_BYTES = 1024;
/** What a padded 1 KiB message has on the wire: the raw side handles as many bytes. */
const PADDED_BYTES = 1088;
const HEADER_BYTES = 420;
const { subtle } = webcrypto;

export interface SealOpenFigures {
  /** Milliseconds, medians over all rounds, one after another. */
  readonly sealMs: number;
  readonly openMs: number;
  /** The same primitives called straight: HKDF, import, AES-256-GCM, Ed25519. */
  readonly rawSealMs: number;
  readonly rawOpenMs: number;
  /** raw / ours: 1 would be no cost on top. */
  readonly sealShare: number;
  readonly openShare: number;
  /** Messages a second with 16 in flight. */
  readonly sealsPerSecond: number;
  readonly opensPerSecond: number;
}

interface Contender {
  seal(): Promise<Bytes>;
  open(sealed: Bytes): Promise<void>;
}

/** Sealing and opening 1 KiB, against the runtime's own WebCrypto doing the same primitives. Takes about two seconds. */
export async function benchSealOpen(rounds = 1500): Promise<SealOpenFigures> {
  const [ours, raw] = await Promise.all([makeOurs(), makeRaw()]);
  const times = { ourSeal: [], ourOpen: [], rawSeal: [], rawOpen: [] } as Record<string, number[]>;
  const timed = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await run();
    times[name]?.push(performance.now() - start);
    return result;
  };
  for (let round = 0; round < rounds + 200; round++) {
    // The first rounds warm both up; the two take turns, so that a busy machine slows both.
    if (round === 200) for (const name of Object.keys(times)) times[name] = [];
    const sealed = await timed('ourSeal', () => ours.seal());
    const rawSealed = await timed('rawSeal', () => raw.seal());
    await timed('ourOpen', () => ours.open(sealed));
    await timed('rawOpen', () => raw.open(rawSealed));
  }
  const [sealMs, openMs, rawSealMs, rawOpenMs] = ['ourSeal', 'ourOpen', 'rawSeal', 'rawOpen'].map((name) =>
    median(times[name] ?? []),
  ) as [number, number, number, number];
  const sealed = await ours.seal();
  return {
    sealMs,
    openMs,
    rawSealMs,
    rawOpenMs,
    sealShare: rawSealMs / sealMs,
    openShare: rawOpenMs / openMs,
    sealsPerSecond: await throughput(rounds, () => ours.seal()),
    opensPerSecond: await throughput(rounds, () => ours.open(sealed)),
  };
}

async function makeOurs(): Promise<Contender> {
  const rng: Rng = { bytes: (length) => new Uint8Array(randomBytes(length)) };
  const primitives = await createPrimitives({
    subtle,
    rng,
    sha256: (data) => new Uint8Array(nodeHash('sha256', data, 'buffer')),
  });
  const ports: SealingPorts = { primitives, rng };
  const [org, conv, author] = [newId('org', rng), newId('conversation', rng), newId('account', rng)];
  const dk = rng.bytes(32);
  const signer = await primitives.generateDeviceKey();
  const secrets = { gk: Secret.of(rng.bytes(32)), hl: null };
  const keys = makeGenerationKeys(primitives, { conv, gen: 1, secrets });
  const content = rng.bytes(CONTENT_BYTES);
  const ts = 1_800_000_000_000;
  const certificate: CheckedCertificate = {
    hash: dk,
    certificate: {
      v: 1,
      t: 'device',
      org,
      ts,
      account: author,
      accountGen: 1,
      device: newId('device', rng),
      pub: signer.publicKey,
      class: 'personal',
      label: 'bench',
      notBefore: ts,
      notAfter: ts + 1,
    },
  };
  const logHead = rng.bytes(32);
  const messageClass: MessageClass = {
    kind: 'message',
    contract: 'fyi',
    to: [],
    withinMs: null,
    replyTo: null,
  };
  return {
    seal() {
      const id = newId('message', rng);
      const place = { org, conv, gen: 1, logN: 3, logHead, author, dk, ts };
      const header = {
        ...place,
        last: logHead,
        id,
        as: null,
        class: messageClass,
        blobs: [],
        escalation: null,
      };
      return sealEnvelope(ports, { header, keys, signer, content });
    },
    async open(bytes) {
      const opened = openEnvelope(primitives.sha256, bytes);
      if (!opened.ok) throw new Error(opened.error.code);
      const outcome = await checkAndUnsealEnvelope(primitives, { opened: opened.value, keys, certificate });
      if (!outcome.ok) throw new Error(outcome.error.code);
    },
  };
}

async function makeRaw(): Promise<Contender> {
  const pair = (await subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const kdf = await subtle.importKey('raw', randomBytes(32), 'HKDF', false, ['deriveBits']);
  const content = randomBytes(PADDED_BYTES);
  const header = randomBytes(HEADER_BYTES);
  const sha256 = (...parts: readonly Uint8Array[]) => {
    const digest = createHash('sha256');
    for (const part of parts) digest.update(part);
    return digest.digest();
  };
  const derive = async (salt: Uint8Array<ArrayBuffer>) => {
    const parameters = { name: 'HKDF', hash: 'SHA-256', salt, info: sha256(header) };
    const okm = new Uint8Array(await subtle.deriveBits(parameters, kdf, 76 * 8));
    const key = await subtle.importKey('raw', okm.subarray(0, 32), 'AES-GCM', false, ['encrypt', 'decrypt']);
    return { key, parameters: { name: 'AES-GCM', iv: okm.subarray(32, 44), additionalData: header } };
  };
  // salt (32) || signature (64) || ciphertext
  return {
    async seal() {
      const salt = new Uint8Array(randomBytes(32));
      const { key, parameters } = await derive(salt);
      const x = new Uint8Array(await subtle.encrypt(parameters, key, content));
      const signature = await subtle.sign('Ed25519', pair.privateKey, sha256(sha256(header), sha256(x)));
      return new Uint8Array(Buffer.concat([salt, new Uint8Array(signature), x]));
    },
    async open(sealed) {
      const bytes = new Uint8Array(sealed);
      const x = bytes.subarray(96);
      const verified = subtle.verify(
        'Ed25519',
        pair.publicKey,
        bytes.subarray(32, 96),
        sha256(sha256(header), sha256(x)),
      );
      const opened = derive(bytes.subarray(0, 32)).then(({ key, parameters }) =>
        subtle.decrypt(parameters, key, x),
      );
      const [good] = await Promise.all([verified, opened]);
      if (!good) throw new Error('raw verification failed');
    },
  };
}

async function throughput(rounds: number, run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  let left = rounds;
  const lane = async () => {
    while (left-- > 0) await run();
  };
  await Promise.all(Array.from({ length: 16 }, lane));
  return Math.round((rounds / (performance.now() - start)) * 1000);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const figures = await benchSealOpen();
  const row = (ms: number) => ms.toFixed(3);
  console.table({
    seal: {
      'ms (median)': row(figures.sealMs),
      'raw WebCrypto, ms': row(figures.rawSealMs),
      'share of raw': `${Math.round(figures.sealShare * 100)} %`,
      'a second, 16 in flight': figures.sealsPerSecond,
    },
    open: {
      'ms (median)': row(figures.openMs),
      'raw WebCrypto, ms': row(figures.rawOpenMs),
      'share of raw': `${Math.round(figures.openShare * 100)} %`,
      'a second, 16 in flight': figures.opensPerSecond,
    },
  });
}
