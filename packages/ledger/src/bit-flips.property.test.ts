import { type Bytes, type Result } from '@baton/kernel';
import { ERROR_CODES } from '@baton/wire';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  makeCollectionRoot,
  makeEnvelopeHeader,
  makeHead,
  makePutHeader,
  makeReceipt,
  makeWatermark,
  sealEnvelope,
  sealPut,
} from './fixtures/objects.ts';
import { patientChain } from './fixtures/patient-chain.ts';
import { digest, verify } from './fixtures/signing.ts';
import {
  alter,
  certificateFor,
  DAY,
  type Draft,
  deviceKeyOf,
  drafts,
  growKeyLog,
  makeEntry,
  makePractice,
  org,
  server,
  signCertificate,
  signEntry,
  signStatement,
  T0,
  uikOf,
} from './fixtures/world.ts';
import {
  applyStatement,
  certificateNeededBy,
  checkCertificate,
  checkCollectionRoot,
  checkEntrySignature,
  checkEnvelope,
  checkInvitationChain,
  checkPatientInvitationChain,
  checkPut,
  checkReceipt,
  checkTreeHead,
  checkWatermark,
  type LedgerError,
  openEntry,
  openEnvelope,
  openPut,
  openStatement,
} from './index.ts';

type Check = (bytes: Bytes) => Promise<Result<unknown, LedgerError>>;

const practice = await makePractice();
const invited = await growKeyLog(practice, () => drafts.invitation('eve', ['nurse']));
const ana = signCertificate(certificateFor(practice, 'ana'), uikOf('ana'));
const ben = signCertificate(certificateFor(practice, 'ben'), uikOf('ben'));
const checked = await checkCertificate(practice, ana, { verify, atMs: T0 + DAY });
if (!checked.ok) throw new Error(checked.error.code);
const device = { digest, verify, certificate: checked.value };
const byServer = { digest, verify, org, serverKey: server.pub };

const asStatement: Check = (bytes) => applyStatement(invited, bytes, { verify, certificate: ben });
const chain = await patientChain(invited);
const statements: [string, Draft][] = [
  ['org', alter(drafts.org(), { ts: T0 + DAY })],
  ['enroller', drafts.enroller(2)],
  ['custodian', drafts.custodian(2)],
  ['invitation', drafts.invitation('fay', ['nurse'])],
  ['account', drafts.account(invited, 'eve')],
  ['grant', drafts.grant(invited, 'ana', ['physician'])],
  ['boxkey', drafts.boxKey(invited, 'ana')],
  ['role', drafts.role(invited, 'nurses')],
  ['rolekey', drafts.roleKey(invited, 'front-desk', 'ben')],
  ['revocation', drafts.revocation('ana', 'ana')],
  ['patient invitation', drafts.patientInvitation(invited, 'pat', 'ben')],
];

const objects: [string, Bytes, Check][] = [
  ...statements.map(([name, draft]): [string, Bytes, Check] => [
    `statement ${name}`,
    signStatement(draft),
    asStatement,
  ]),
  ['certificate', ana, (bytes) => checkCertificate(practice, bytes, { verify, atMs: T0 + DAY })],
  [
    'entry',
    signEntry(makeEntry(practice, 'ana'), deviceKeyOf('ana')),
    (bytes) => checkEntrySignature(practice, bytes, { verify, certificate: ana, asOf: 'newest' }),
  ],
  ['envelope', sealEnvelope(makeEnvelopeHeader(practice)), (bytes) => checkEnvelope(bytes, device)],
  ['put', sealPut(makePutHeader(practice)), (bytes) => checkPut(bytes, device)],
  ['receipt', makeReceipt(), (bytes) => checkReceipt(bytes, byServer)],
  ['tree head', makeHead(practice), (bytes) => checkTreeHead(bytes, byServer)],
  ['watermark', makeWatermark(practice), (bytes) => checkWatermark(bytes, device)],
  ['collection root', makeCollectionRoot(practice), (bytes) => checkCollectionRoot(bytes, device)],
];

/** The chain to a patient's invitation, with one of its parts altered. */
const links: [string, Bytes, Check][] = [
  ...chain.statements.map((bytes, index): [string, Bytes, Check] => [
    `link ${index}`,
    bytes,
    (altered) =>
      checkPatientInvitationChain(
        { ...chain, statements: chain.statements.with(index, altered) },
        chain.check,
      ),
  ]),
  [
    'link certificate',
    chain.certificate,
    (certificate) => checkPatientInvitationChain({ ...chain, certificate }, chain.check),
  ],
];

/** Mutants per object; every bit where the object has fewer. */
const MUTANTS = 800;

describe('any single bit flip is refused with a typed error', () => {
  it.each([...objects, ...links])('%s', async (_, bytes, check) => {
    expect((await check(bytes)).ok).toBe(true);
    const bits = bytes.length * 8;
    const count = Math.min(bits, MUTANTS);
    expect(count).toBeGreaterThanOrEqual(600);
    // Evenly spread over the whole object, so that body, framing and signature all get their share.
    for (let i = 0; i < count; i++) {
      const bit = Math.floor((i * bits) / count);
      const mutant = bytes.slice();
      mutant[bit >> 3] = (mutant[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const result = await check(mutant);
      if (result.ok) throw new Error(`bit ${bit} was not noticed`);
      expect(Object.hasOwn(ERROR_CODES, result.error.code)).toBe(true);
      expect(result.error.code).toMatch(/^(ledger|wire)\./);
    }
  });
});

describe('an object never counts for another', () => {
  it.each(objects)('%s', async (name, bytes) => {
    const mistakenFor: string[] = [];
    for (const [other, , check] of objects) {
      const bothStatements = name.startsWith('statement') && other.startsWith('statement');
      if (other !== name && !bothStatements && (await check(bytes)).ok) mistakenFor.push(other);
    }
    expect(mistakenFor).toEqual([]);
  });
});

describe('arbitrary bytes', () => {
  const total: [string, (bytes: Bytes) => unknown][] = [
    ...[...objects, ...links].map(([name, , check]): [string, Check] => [name, check]),
    ['openStatement', (bytes) => openStatement(digest, bytes)],
    ['openEntry', (bytes) => openEntry(digest, bytes)],
    ['openEnvelope', (bytes) => openEnvelope(digest, bytes)],
    ['openPut', (bytes) => openPut(digest, bytes)],
    ['certificateNeededBy', (bytes) => certificateNeededBy(digest, bytes)],
    [
      'checkInvitationChain',
      (bytes) => checkInvitationChain([bytes, bytes, bytes], { digest, verify, root: bytes, atMs: T0 }),
    ],
  ];
  /** Random bytes, and real objects cut, joined and overwritten in places. */
  const mangled = fc
    .tuple(fc.constantFrom(...objects.map(([, bytes]) => bytes)), fc.nat(), fc.uint8Array({ maxLength: 12 }))
    .map(([bytes, at, patch]) => {
      const out = bytes.slice(0, 1 + (at % (bytes.length + 8)));
      out.set(patch.slice(0, out.length), at % Math.max(1, out.length - patch.length));
      return out;
    });
  const anyBytes = fc.oneof(fc.uint8Array({ maxLength: 400 }), mangled);

  it('make no function throw', async () => {
    await fc.assert(
      fc.asyncProperty(anyBytes, async (bytes) => {
        for (const [name, run] of total) {
          const thrown = await Promise.resolve(bytes)
            .then(run)
            .then(
              () => null,
              (reason: unknown) => reason,
            );
          expect(thrown, name).toBeNull();
        }
      }),
      { numRuns: 300 },
    );
  });
});
