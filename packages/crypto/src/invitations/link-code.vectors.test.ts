import { decodeHex, encodeHex } from '@baton/kernel';
import { ristretto255_oprf } from '@noble/curves/ed25519.js';
import { describe, expect, it } from 'vitest';
import { Secret } from '@baton/kernel';
import { replayRng } from '../primitives/fixtures/runtimes.ts';
import { hex, readVectors } from '../primitives/fixtures/vectors.ts';
import { blindInput, evaluateBlindedCode } from './link-code.ts';

const { cases } = readVectors<{
  seed: string;
  keyInfo: string;
  skSm: string;
  input: string;
  blind: string;
  blindedElement: string;
  evaluationElement: string;
  output: string;
}>('oprf-ristretto255');

/** Random bytes from which the library draws exactly this scalar: it takes 48 bytes modulo (order - 1), plus one. */
function tapeFor(scalar: string): Uint8Array {
  const bytes = hex(scalar);
  const value = BigInt(`0x${encodeHex(bytes.slice().reverse())}`) - 1n;
  return (decodeHex(value.toString(16).padStart(96, '0')) ?? bytes).slice().reverse();
}

describe('OPRF of RFC 9497, ristretto255-SHA512', () => {
  it.each(cases)('vector $name', (one) => {
    const keys = ristretto255_oprf.oprf.deriveKeyPair(hex(one.seed), hex(one.keyInfo));
    expect(encodeHex(keys.secretKey)).toBe(one.skSm);
    const { blinded, finish } = blindInput(replayRng(tapeFor(one.blind)), hex(one.input));
    expect(encodeHex(blinded)).toBe(one.blindedElement);
    const evaluated = evaluateBlindedCode(Secret.of(hex(one.skSm)), blinded);
    expect(encodeHex(evaluated)).toBe(one.evaluationElement);
    expect(encodeHex(finish(evaluated).reveal())).toBe(one.output);
  });
});
