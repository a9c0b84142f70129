import { canonicalProtocol, exploreProtocol, parseProtocol } from '@baton/clinical';
import { CARRIER_WORDS, measureText } from '@baton/policy';
import { describe, expect, it } from 'vitest';
import { blankProtocol } from './blank-protocol.ts';

describe('a blank protocol', () => {
  const protocol = blankProtocol('our-own');

  it('is read, and explored without a fault: every dialogue comes to an end', () => {
    expect(parseProtocol(canonicalProtocol(protocol))).toMatchObject({ ok: true });
    const found = exploreProtocol(protocol, {
      carrierWords: CARRIER_WORDS,
      segmentsOf: (text) => measureText(text).segments,
    });
    expect(found.problems).toEqual([]);
    expect(found.ends.task).toBeGreaterThan(0);
  });

  it('speaks of no disease and claims no source', () => {
    const text = JSON.stringify(protocol);
    for (const word of ['breath', 'respirar', '12 hours', 'twice', 'covid']) expect(text).not.toContain(word);
    expect(Object.keys(protocol.sources)).toEqual(['proposal']);
  });
});
