import { encodeHex, encodeUtf8 } from '@baton/kernel';
import { protocolSignatureCodec } from '@baton/wire';
import { objectHash, signedVector, type Vector } from './fixed-keys.ts';
import { ana, anaDevice, certificateHash, DAY, org, T0 } from './key-log-vectors.ts';

/** A document with letters of more than one byte, so that UTF-8 is fixed too. */
const document = '{"id":"demo-check-in","texts":{"es":"¿Cómo se siente?"},"v":1}';

export interface ProgrammeVectors {
  readonly protocol: { readonly document: string; readonly hash: string };
  readonly signature: Vector;
}

export function makeProgrammeVectors(): ProgrammeVectors {
  const hash = objectHash('sg/protocol/v1', encodeUtf8(document));
  const body = protocolSignatureCodec.encode({
    v: 1,
    t: 'protocol-signature',
    org,
    protocol: 'demo-check-in',
    version: 3,
    hash,
    as: 'author',
    by: ana,
    dk: certificateHash,
    at: T0 + 2 * DAY,
  });
  return {
    protocol: { document, hash: encodeHex(hash) },
    signature: signedVector('author', { label: 'sg/protocol-signature/v1', body, by: anaDevice }),
  };
}
