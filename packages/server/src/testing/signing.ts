import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { Bytes } from '@baton/kernel';
import { type Label, sealedSigningInput, type SealedLabel, signingInput } from '@baton/ledger';
import { signedCodec } from '@baton/wire';
import { nodePorts } from '../adapters/node-ports.ts';

// A signing fixture for the server's own tests: real signatures over real wire objects, and random bytes where a client would put ciphertext.

const { digest } = nodePorts;
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface TestKey {
  readonly pub: Bytes;
  sign(message: Bytes): Bytes;
}

export function makeKey(): TestKey {
  const key: KeyObject = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, random(32)]),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    pub: new Uint8Array(spki.subarray(-32)),
    sign: (message) => new Uint8Array(sign(null, message, key)),
  };
}

export function signBody(key: TestKey, label: Label, body: Bytes): Bytes {
  return signedCodec.encode({ b: body, s: key.sign(signingInput(digest, label, body)) });
}

export function signSealed(
  key: TestKey,
  label: SealedLabel,
  sealed: { h: Bytes; c: Bytes; x: Bytes },
): Bytes {
  return key.sign(sealedSigningInput(digest, label, sealed));
}

export function random(length: number): Bytes {
  return nodePorts.rng.bytes(length);
}
