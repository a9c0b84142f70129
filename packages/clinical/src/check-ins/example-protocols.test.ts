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
  60_000,
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

it('every invitation says that it can be ended, and the first text after a hospital stay says how', () => {
  for (const { invite } of EXAMPLE_PROTOCOLS) {
    expect(invite.text.en).toMatch(/you can end it at any time/i);
    expect(invite.text.es).toMatch(/puede terminar cuando quiera/i);
  }
  const first = EXAMPLE_PROTOCOLS.find(({ id }) => id === 'post-discharge-30-days')?.advice;
  expect(first?.find(({ id }) => id === 'reach-us')?.text.en).toMatch(/to end these texts/i);
});

it('a sign that was chosen from a list is not answered as if words had been found', () => {
  for (const { id, questions, advice } of EXAMPLE_PROTOCOLS)
    for (const name of questions.flatMap(({ branches }) => branches.flatMap(({ advise }) => advise))) {
      const text = advice.find((one) => one.id === name)?.text.en;
      expect(`${id} ${name}: ${text?.includes('Your message has words')}`).toBe(`${id} ${name}: false`);
    }
});

it('the capecitabine example says what it leaves out on a good day, and cites no diary for it', () => {
  const { about, questions } = EXAMPLE_PROTOCOLS.find(
    ({ id }) => id === 'capecitabine-monotherapy',
  ) as (typeof EXAMPLE_PROTOCOLS)[0];
  const feel = questions.find(({ id }) => id === 'feel');
  for (const { sources } of feel?.branches ?? []) {
    expect(sources).toContain('proposal');
    expect(sources).not.toContain('cape-diary');
  }
  expect(about).toMatch(/on a day that feels good.*that is a proposal/i);
  expect(about).toMatch(/grades 1 and 2 get no self-care text/i);
});
