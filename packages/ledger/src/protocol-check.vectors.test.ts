import { type Bytes, encodeHex, makeId } from '@baton/kernel';
import { protocolSignatureCodec, signedCodec } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { digest, verify } from './fixtures/signing.ts';
import { hex, readVectors, type Vector, valueOf } from './fixtures/vector-files.ts';
import {
  applyStatement,
  checkCertificate,
  checkProtocolSignature,
  emptyKeyLog,
  hashObject,
  hashProtocol,
  LABELS,
  openProtocolSignature,
  signingInput,
} from './index.ts';

// programmes.json against this package. What writes it computes every hash on its own (tools/src/vectors).

interface ProgrammeFile {
  readonly protocol: { readonly document: string; readonly hash: string };
  readonly signature: Vector;
}

const file = readVectors<ProgrammeFile>('programmes.json');
const keyLogFile = readVectors<{ certificate: Vector; statements: Vector[] }>('key-log.json');
const signedCertificate = hex(keyLogFile.certificate.bytes);
let keylog = emptyKeyLog(digest);
for (const { bytes } of keyLogFile.statements)
  keylog = valueOf(await applyStatement(keylog, hex(bytes), { verify, certificate: signedCertificate }));
const atMs = 1_800_000_000_000 + 2 * 86_400_000;
const certificate = valueOf(await checkCertificate(keylog, signedCertificate, { verify, atMs }));

const check = async (bytes: Bytes) => {
  const opened = openProtocolSignature(digest, bytes);
  return opened.ok ? checkProtocolSignature(opened.value, { digest, verify, certificate }) : opened;
};

describe('a protocol and its signature', () => {
  const { signature, protocol } = file;
  const signed = valueOf(signedCodec.decode(hex(signature.bytes)));

  it('have these hashes and this signing input', () => {
    expect(encodeHex(hashProtocol(digest, protocol.document))).toBe(protocol.hash);
    expect(encodeHex(hashObject(digest, LABELS.protocolSignature, signed.b))).toBe(signature.hash);
    expect(encodeHex(signingInput(digest, LABELS.protocolSignature, signed.b))).toBe(signature.signingInput);
    expect(encodeHex(valueOf(protocolSignatureCodec.decode(signed.b)).hash)).toBe(protocol.hash);
  });

  it('holds', async () => {
    expect(valueOf(await check(hex(signature.bytes)))).toBeNull();
  });

  it('does not hold for another document, person, device or time', async () => {
    const body = valueOf(protocolSignatureCodec.decode(signed.b));
    const others = [
      { ...body, hash: hashProtocol(digest, `${protocol.document} `) },
      { ...body, by: makeId('account', new Uint8Array(16)) },
      { ...body, as: 'clinician' as const },
      { ...body, version: 4 },
      { ...body, dk: new Uint8Array(32) },
      { ...body, at: body.at - 100 * 86_400_000 },
    ];
    for (const other of others) {
      const bytes = signedCodec.encode({ b: protocolSignatureCodec.encode(other), s: signed.s });
      expect((await check(bytes)).ok).toBe(false);
    }
  });

  it('does not hold with any bit of it turned', async () => {
    const bytes = hex(signature.bytes);
    for (let bit = 0; bit < bytes.length * 8; bit += 7) {
      const turned = bytes.slice();
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect((await check(turned)).ok).toBe(false);
    }
  });
});
