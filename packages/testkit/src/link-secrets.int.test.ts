import { createDecipheriv, createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodePrimitives, nodeRng } from '@baton/client-node';
import {
  evaluateLinkCode,
  invitationBoxKey,
  invitationSigningKey,
  parseLinkCode,
  patientLinkSecret,
} from '@baton/crypto';
import { type Bytes, Secret } from '@baton/kernel';
import { findInvitation } from '@baton/ledger';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dumpDatabase } from './canaries/dump-database.ts';
import { type LinkStage, linkOf, refusal, setLinkStage, wrongCodes } from './malice/link-stage.ts';
import { fragmentOf, invitePatient, TEST_PIN } from './patient-phone.ts';
import type { TestServer } from './test-server.ts';

// What a thief of the database can test, and who talks a patient out of something: threats T42 and T15 (docs/protocol/patients.md §2).

let stage: LinkStage;

beforeAll(async () => {
  stage = await setLinkStage();
}, 90_000);

afterAll(() => stage?.close());

describe('T42: a dump of the database', () => {
  it('holds nothing from which a code or a PIN could be tested, before the claim and after', async () => {
    const primitives = await nodePrimitives();
    const ref = stage.nextRef();
    const made = await invitePatient(stage.maria.session, { ref });
    const { invitation, s } = linkOf(made);
    const before = Buffer.concat((await dumpDatabase(stage.databaseUrl)).map(({ bytes }) => bytes));

    // What the thief of the server's own keys has as well: the link key. Taken here from the dump and the key in the data folder.
    const [row] = await stage.operator.query<{ link_key: Buffer; tries_left: number; org: string }>(
      'SELECT link_key, tries_left, org FROM patient_links WHERE invitation = $1',
      [invitation],
    );
    const linkKey = Secret.of(
      openAtRest(stage.server, row!.link_key, `patient-link:${row!.org}:${invitation}`),
    );
    const pub = findInvitation(stage.maria.session.parts.keyLog.state, invitation)?.statement.pub as Bytes;
    const keysFor = async (code: string, secretOfLink: Secret<Bytes>) => {
      const typed = parseLinkCode(code) as Secret<string>;
      const output = evaluateLinkCode(nodeRng, { invitation, code: typed, linkKey });
      const secret = await patientLinkSecret(primitives, { invitation, s: secretOfLink, output });
      const sign = await invitationSigningKey(primitives, secret);
      const box = await invitationBoxKey(primitives, secret);
      return { output, secret, sign: sign.publicKey, box: box.publicKey };
    };
    const right = await keysFor(made.code, s);
    expect(right.sign).toEqual(pub);
    // What is in the dump is found in it.
    expect(before.includes(Buffer.from(pub))).toBe(true);
    // Without the 128 bits of the link every code gives keys that look alike: none of them is in the dump, the right one's as little.
    const unknown = Secret.of(new Uint8Array(16));
    for (const code of [made.code, ...wrongCodes(made.code)]) {
      const guess = await keysFor(code, unknown);
      expect(guess.sign).not.toEqual(pub);
      for (const bytes of [guess.output.reveal(), guess.secret.reveal(), guess.sign, guess.box])
        expect(before.includes(Buffer.from(bytes)), 'a guess is in the dump').toBe(false);
    }
    // Nothing that the code alone decides is there, neither plain nor by a hash of it that somebody might have thought of.
    const guessable = (secretText: string): Buffer[] => [
      Buffer.from(secretText),
      ...['sha1', 'sha256', 'sha512', 'md5'].flatMap((name) =>
        [
          secretText,
          `${invitation}${secretText}`,
          `${secretText}${invitation}`,
          `${invitation}\0${secretText}`,
        ].map((text) => createHash(name).update(text).digest()),
      ),
    ];
    for (const bytes of [
      ...guessable(made.code).slice(1),
      right.output.reveal(),
      right.secret.reveal(),
      s.reveal(),
    ])
      expect(before.includes(Buffer.from(bytes)), 'a verifier is in the dump').toBe(false);

    const patient = await stage.enter(made);
    const after = Buffer.concat((await dumpDatabase(stage.databaseUrl)).map(({ bytes }) => bytes));
    for (const bytes of [...guessable(made.code).slice(1), ...guessable(TEST_PIN).slice(1), s.reveal()])
      expect(after.includes(Buffer.from(bytes)), 'a verifier is in the dump').toBe(false);
    // The PIN made nothing that the server has: one way in by words of 128 bits, one by the device's key.
    const credentials = await stage.operator.query<Record<string, unknown>>(
      'SELECT kind, login_key IS NULL AS login, proof_hash IS NULL AS proof, wrap IS NULL AS wrap FROM credentials WHERE account = $1 ORDER BY kind',
      [patient.session.me],
    );
    expect(credentials).toEqual([
      { kind: 'device', login: true, proof: true, wrap: true },
      { kind: 'recovery', login: false, proof: false, wrap: false },
    ]);
    const [claimed] = await stage.operator.query<{ link_key: Buffer | null }>(
      'SELECT link_key FROM patient_links WHERE invitation = $1',
      [invitation],
    );
    expect(claimed).toEqual({ link_key: null });
  });
});

describe('T15: another device', () => {
  it('gets in by no code that somebody relays: the account knows its own ways in only', async () => {
    const made = await invitePatient(stage.maria.session, { ref: stage.nextRef() });
    const patient = await stage.enter(made);
    const attacker = await stage.phone();
    expect(await attacker.phone()).toEqual({ state: 'new' });
    // Everything that could be talked out of the patient by a message: link and code, a number on the screen, the PIN of the phone.
    expect(await refusal(attacker.tryCode(fragmentOf(made.link), made.code))).toBe('conflict.claimed');
    expect(await refusal(attacker.unlock(TEST_PIN))).toBe('auth.failed');
    const words = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
    expect(await refusal(attacker.signIn({ kind: 'words', words }))).toBe('auth.failed');
    // What does open the account elsewhere are the words, which the page never asks anybody to pass on.
    const own = await stage.phone();
    const session = await own.signIn({ kind: 'words', words: patient.words });
    stage.atEnd(() => session.close());
    expect(session.me).toBe(patient.session.me);
  });
});

/** What the server's own key opens, for somebody who has the data folder too. */
function openAtRest({ dataDir }: TestServer, sealed: Buffer, context: string): Bytes {
  const key = readFileSync(join(dataDir, 'server-keys', 'at-rest'));
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(-16));
  return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]));
}
