import { expect, it } from 'vitest';
import { EXAMPLE_PROTOCOLS } from './example-protocols.ts';
import { exploreProtocol } from './explore/explore-protocol.ts';
import { TEST_CHECKS } from './fixtures/test-checks.ts';
import { canonicalProtocol, MAX_PROTOCOL_LENGTH, parseProtocol } from './protocol.ts';

it.each(EXAMPLE_PROTOCOLS.map((protocol) => [protocol.id, protocol] as const))(
  '%s is read, explored without a fault, and the same after a round trip',
  (_, protocol) => {
    const read = parseProtocol(JSON.stringify(protocol));
    expect(read).toMatchObject({ ok: true });
    const canonical = canonicalProtocol(protocol);
    expect(canonical.length).toBeLessThan(MAX_PROTOCOL_LENGTH);
    expect(canonicalProtocol(JSON.parse(canonical) as typeof protocol)).toBe(canonical);
    const found = exploreProtocol(protocol, TEST_CHECKS);
    expect(found.problems).toEqual([]);
    expect(found.ends.task).toBeGreaterThan(0);
    expect(found.ends.advice).toBeGreaterThan(0);
  },
);

it('every one says that it is not for clinical use, and that its Spanish waits for a translator', () => {
  for (const { banner, translations } of EXAMPLE_PROTOCOLS) {
    expect(banner.en).toMatch(/not for clinical use/i);
    expect(translations.es).toBe('for-review');
  }
});

it('no source is a proposal in disguise: each published one has an address', () => {
  for (const { id, sources } of EXAMPLE_PROTOCOLS)
    for (const [key, { kind, address }] of Object.entries(sources))
      expect(`${id} ${key} ${kind === 'proposal' || /^https?:\/\//.test(address)}`).toBe(`${id} ${key} true`);
});

it('no published source is listed that no line names', () => {
  for (const protocol of EXAMPLE_PROTOCOLS) {
    const { sources, ...lines } = protocol;
    const named = new Set(
      JSON.stringify(lines)
        .match(/(?<="sources":\[)[^\]]*/g)
        ?.flatMap((list) => list.match(/[\w-]+/g) ?? []),
    );
    expect([...Object.keys(sources)].filter((key) => !named.has(key))).toEqual([]);
  }
});
