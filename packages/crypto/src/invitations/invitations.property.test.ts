import { makeId, Secret } from '@baton/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AUTHOR, idBytes, nativePorts } from '../fixtures/practice.ts';
import { invitationBoxKey, invitationSigningKey, makeInvitationSecret } from './invitation-keys.ts';
import { buildDemoLink, buildJoinLink, parseDemoFragment, parseJoinFragment } from './links.ts';

const { primitives, rng } = await nativePorts();
const invitation = makeId('invitation', idBytes(40));
const PUBLIC_URL = 'https://baton.example';
const fragmentOf = (link: string) => new URL(link).hash;
const revealed = (secret: Secret<Uint8Array> | undefined) => secret?.reveal();

describe('invitation secrets', () => {
  it('give one signing key and one box key, apart from each other', async () => {
    const secret = makeInvitationSecret(rng);
    const [signing, again] = [
      await invitationSigningKey(primitives, secret),
      await invitationSigningKey(primitives, secret),
    ];
    expect(signing.publicKey).toEqual(again.publicKey);
    const box = await invitationBoxKey(primitives, secret);
    expect(box.publicKey).toHaveLength(1216);
    const message = new Uint8Array(3);
    const signature = await signing.sign(message);
    expect(await primitives.verifyEd25519(again.publicKey, message, signature)).toBe(true);
    // The fragment's secret itself is no signing seed: who sees a public key learns nothing to compare it with.
    const raw = await primitives.signingKeyFromSeed(secret.reveal());
    expect(raw.publicKey).not.toEqual(signing.publicKey);
    const short = Secret.of(new Uint8Array(31));
    await expect(invitationSigningKey(primitives, short)).rejects.toMatchObject({
      code: 'crypto.bad_length',
    });
  });
});

describe('links', () => {
  it('come back as they were built, with or without #', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        (bytes, root) => {
          const secret = Secret.of(bytes);
          const join = fragmentOf(buildJoinLink(PUBLIC_URL, { invitation, secret, root }));
          for (const fragment of [join, join.slice(1)]) {
            const parsed = parseJoinFragment(fragment);
            expect(parsed).toMatchObject({ invitation, root });
            expect(revealed(parsed?.secret)).toEqual(bytes);
          }
          const demo = parseDemoFragment(fragmentOf(buildDemoLink(PUBLIC_URL, { account: AUTHOR, secret })));
          expect(demo?.account).toBe(AUTHOR);
          expect(revealed(demo?.secret)).toEqual(bytes);
        },
      ),
    );
  });

  it('keep their secret behind the #', () => {
    const secret = Secret.of(new Uint8Array(32).fill(7));
    const link = new URL(buildJoinLink(PUBLIC_URL, { invitation, secret, root: new Uint8Array(32) }));
    expect(`${link.origin}${link.pathname}${link.search}`).toBe(`${PUBLIC_URL}/join`);
  });

  it('are read by total parsers that take one form only', () => {
    const secret = Secret.of(new Uint8Array(32).fill(7));
    const good = fragmentOf(
      buildJoinLink(PUBLIC_URL, { invitation, secret, root: new Uint8Array(32).fill(9) }),
    );
    const bad = [
      '',
      '#',
      '..',
      `${good}.`,
      `${good}.AAAA`,
      `#${good}`,
      good.slice(0, -1),
      `${good}A`,
      `${good}=`,
      good.replace('#i_', '#a_'),
      good.replaceAll('.', '-'),
      ` ${good}`,
    ];
    for (const text of bad) expect(parseJoinFragment(text)).toBeNull();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        for (const parse of [parseJoinFragment, parseDemoFragment]) expect(parse(text)).toBeNull();
      }),
    );
  });
});
