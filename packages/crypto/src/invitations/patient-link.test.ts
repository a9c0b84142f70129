import { makeId, Secret } from '@baton/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idBytes, nativePorts } from '../fixtures/practice.ts';
import { generateRecoveryWords } from '../words/recovery-words.ts';
import { wordsLogin } from '../words/words-login.ts';
import { invitationSigningKey } from './invitation-keys.ts';
import {
  blindLinkCode,
  evaluateBlindedCode,
  evaluateLinkCode,
  makeLinkCode,
  makeLinkKey,
  parseLinkCode,
} from './link-code.ts';
import { buildJoinLink, buildPatientLink, parseJoinFragment, parsePatientFragment } from './links.ts';
import { makePatientLink, patientLinkSecret } from './patient-link.ts';

const ports = await nativePorts();
const { primitives, rng } = ports;

describe('a patient link', () => {
  it('gives the invitation secret to who has link, code and evaluation, and other keys to a wrong code', async () => {
    const link = await makePatientLink(ports);
    const { invitation, s } = link;
    const expected = await invitationSigningKey(primitives, link.secret);
    const open = async (
      code: string,
      changes: { linkKey?: Secret<Uint8Array>; s?: Secret<Uint8Array> } = {},
    ) => {
      const asked = blindLinkCode(rng, { invitation, code: Secret.of(code) });
      const output = asked.finish(evaluateBlindedCode(changes.linkKey ?? link.linkKey, asked.blinded));
      const secret = await patientLinkSecret(primitives, { invitation, s: changes.s ?? s, output });
      return (await invitationSigningKey(primitives, secret)).publicKey;
    };
    const right = link.code.reveal();
    const wrong = right === '000000' ? '000001' : '000000';
    expect(await open(right)).toEqual(expected.publicKey);
    expect(await open(wrong)).not.toEqual(expected.publicKey);
    // A server that answers with another key than the inviter's is seen as well: nothing opens.
    expect(await open(right, { linkKey: makeLinkKey(rng) })).not.toEqual(expected.publicKey);
    // Who has code and database but not the link has nothing.
    expect(await open(right, { s: Secret.of(new Uint8Array(16)) })).not.toEqual(expected.publicKey);
  });

  it('never shows the server the same blinded element twice, and F hangs on the invitation', async () => {
    const { invitation, code, linkKey } = await makePatientLink(ports);
    const [first, second] = [
      blindLinkCode(rng, { invitation, code }),
      blindLinkCode(rng, { invitation, code }),
    ];
    expect(first.blinded).not.toEqual(second.blinded);
    const other = makeId('invitation', idBytes(9));
    const here = evaluateLinkCode(rng, { invitation, code, linkKey });
    expect(evaluateLinkCode(rng, { invitation, code, linkKey }).reveal()).toEqual(here.reveal());
    expect(evaluateLinkCode(rng, { invitation: other, code, linkKey }).reveal()).not.toEqual(here.reveal());
  });

  it('refuses elements that are none', () => {
    const invitation = makeId('invitation', idBytes(9));
    const { finish, blinded } = blindLinkCode(rng, { invitation, code: Secret.of('123456') });
    const key = makeLinkKey(rng);
    for (const bad of [new Uint8Array(32), new Uint8Array(32).fill(255), blinded.map((byte) => byte ^ 1)]) {
      // Altering one bit of every byte makes an odd, and so a negative, field element (RFC 9496 §4.3.1).
      expect(() => evaluateBlindedCode(key, bad)).toThrow('not an element');
      expect(() => finish(bad)).toThrow('not an element');
    }
    expect(() => finish(blinded.slice(1))).toThrow('32 bytes');
    expect(() => evaluateBlindedCode(Secret.of(new Uint8Array(32)), blinded)).toThrow('not an element');
    expect(() => blindLinkCode(rng, { invitation, code: Secret.of('12345') })).toThrow('six digits');
  });

  it('has codes of six digits, read however they are typed', () => {
    const made = new Set(Array.from({ length: 200 }, () => makeLinkCode(rng).reveal()));
    expect(made.size).toBeGreaterThan(190);
    for (const code of made) {
      expect(code).toMatch(/^\d{6}$/);
      for (const typed of [
        code,
        ` ${code.slice(0, 3)} ${code.slice(3)}\n`,
        `${code.slice(0, 3)}-${code.slice(3)}`,
      ])
        expect(parseLinkCode(typed)?.reveal()).toBe(code);
    }
    for (const bad of ['', '12345', '1234567', 'abcdef', '12345a', '１２３４５'])
      expect(parseLinkCode(bad)).toBeNull();
    expect(parseLinkCode('１２３４５６')?.reveal()).toBe('123456');
  });

  it('is read back from its fragment, and from no other link', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (s, root) => {
          const invitation = makeId('invitation', idBytes(40));
          const url = new URL(
            buildPatientLink('https://baton.example', { invitation, s: Secret.of(s), root }),
          );
          expect(`${url.pathname}${url.search}`).toBe('/p');
          const parsed = parsePatientFragment(url.hash);
          expect(parsed).toMatchObject({ invitation, root });
          expect(parsed?.s.reveal()).toEqual(s);
          expect(parseJoinFragment(url.hash)).toBeNull();
          expect(parsePatientFragment(`${url.hash}A`)).toBeNull();
          const join = buildJoinLink('https://baton.example', { invitation, secret: Secret.of(root), root });
          expect(parsePatientFragment(new URL(join).hash)).toBeNull();
        },
      ),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(parsePatientFragment(text)).toBeNull();
      }),
    );
  });
});

describe('the login of recovery words', () => {
  it('follows from them and has the form of a login', () => {
    const words = generateRecoveryWords(rng);
    expect(wordsLogin(primitives, words)).toMatch(/^p-[a-z2-7]{20}$/);
    expect(wordsLogin(primitives, words)).toBe(wordsLogin(primitives, words));
    expect(wordsLogin(primitives, generateRecoveryWords(rng))).not.toBe(wordsLogin(primitives, words));
  });
});
