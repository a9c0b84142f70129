import { batonOfMessage, equalBytes, makeId, newId } from '@baton/kernel';
import {
  checkCosignature,
  checkSigned,
  claimProofInput,
  LABELS,
  type SignedForm,
  signingInput,
} from '@baton/ledger';
import {
  batonEventCodec,
  type Codec,
  collectionRootCodec,
  deviceCertificateCodec,
  entryCodec,
  orgRecordCodec,
  signedCodec,
  statementCodec,
  watermarkCodec,
} from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { AUTHOR, CONV, ENTRY_TIME, entryDraft, idBytes, nativePorts, ORG } from '../fixtures/practice.ts';
import {
  signAccountStatement,
  signBatonEvent,
  signCertificate,
  signClaimProof,
  signCollectionRoot,
  signCosignature,
  signEntry,
  signRecord,
  signSessionChallenge,
  signStatement,
  signWatermark,
} from './signed-objects.ts';

const { primitives, rng } = await nativePorts();
const key = await primitives.generateDeviceKey();
const hash = new Uint8Array(32).fill(1);
const base = { v: 1, org: ORG, ts: ENTRY_TIME } as const;
const dk = hash;

const org = { ...base, t: 'org', name: 'Ward', pub: key.publicKey, server: hash } as const;
const certificate = {
  ...base,
  t: 'device',
  account: AUTHOR,
  accountGen: 1,
  device: newId('device', rng),
  pub: hash,
  class: 'personal',
  label: 'phone',
  notBefore: 0,
  notAfter: 1,
} as const;
const entry = { ...entryDraft(primitives, null), recipients: [], link: null };
const watermark = { ...base, t: 'watermark', conv: CONV, account: AUTHOR, dk, seq: 3 } as const;
const root = { ...base, t: 'collection-root', conv: CONV, author: AUTHOR, dk, seq: 3, root: hash } as const;

const event = {
  v: 1,
  t: 'baton',
  org: ORG,
  baton: batonOfMessage(newId('message', rng), 0),
  n: 1,
  prev: hash,
  by: AUTHOR,
  as: null,
  dk,
  ts: ENTRY_TIME,
  op: { op: 'take' },
} as const;
const record = {
  ...base,
  t: 'record',
  version: 1,
  prev: null,
  author: AUTHOR,
  dk,
  body: { kind: 'availability', account: AUTHOR, duty: 'on', cover: null, until: null },
} as const;

const cases = [
  ['baton event', await signBatonEvent(primitives, { key, body: event }), LABELS.batonEvent, batonEventCodec],
  ['record', await signRecord(primitives, { key, body: record }), LABELS.record, orgRecordCodec],
  ['statement', await signStatement(primitives, { key, body: org }), LABELS.statement, statementCodec],
  [
    'certificate',
    await signCertificate(primitives, { key, body: certificate }),
    LABELS.device,
    deviceCertificateCodec,
  ],
  ['entry', await signEntry(primitives, { key, body: entry }), LABELS.entry, entryCodec],
  ['watermark', await signWatermark(primitives, { key, body: watermark }), LABELS.watermark, watermarkCodec],
  [
    'collection root',
    await signCollectionRoot(primitives, { key, body: root }),
    LABELS.collectionRoot,
    collectionRootCodec,
  ],
] as const;

describe.each(cases)('a signed %s', (_name, signed, label, codec) => {
  const check = { digest: primitives.sha256, verify: primitives.verifyEd25519 };
  it('passes the ledger under its own label, hash and key, and under no other', async () => {
    const form = { label, codec: codec as Codec<unknown>, publicKey: key.publicKey };
    const checked = await checkSigned(check, signed.bytes, form);
    expect(checked.ok).toBe(true);
    if (checked.ok) expect(equalBytes(checked.value.hash, signed.hash)).toBe(true);
    for (const other of Object.values(LABELS)) {
      if (other === label) continue;
      const wrong: SignedForm<unknown> = { ...form, label: other };
      expect(await checkSigned(check, signed.bytes, { ...form, ...wrong })).toMatchObject({ ok: false });
    }
    const stranger = { ...form, publicKey: (await primitives.generateDeviceKey()).publicKey };
    expect(await checkSigned(check, signed.bytes, stranger)).toMatchObject({
      error: { code: 'ledger.bad_signature' },
    });
  });
});

it('a claim carries both signatures, each under its own label', async () => {
  const invitationKey = await primitives.generateDeviceKey();
  const body = {
    ...base,
    t: 'account',
    account: makeId('account', idBytes(5)),
    gen: 1,
    pub: key.publicKey,
    invitation: hash,
    prev: null,
  } as const;
  const { bytes } = await signAccountStatement(primitives, { key, body, invitationKey });
  const decoded = signedCodec.decode(bytes);
  if (!decoded.ok) throw new Error('not signed');
  const { b, s, x } = decoded.value;
  const input = (label: typeof LABELS.statement | typeof LABELS.claim) =>
    signingInput(primitives.sha256, label, b);
  expect(await primitives.verifyEd25519(key.publicKey, input(LABELS.statement), s)).toBe(true);
  expect(await primitives.verifyEd25519(invitationKey.publicKey, input(LABELS.claim), x as Uint8Array)).toBe(
    true,
  );
  expect(
    await primitives.verifyEd25519(invitationKey.publicKey, input(LABELS.statement), x as Uint8Array),
  ).toBe(false);
});

it('a session challenge is signed under its label', async () => {
  const challenge = rng.bytes(32);
  const signature = await signSessionChallenge(primitives, { key, challenge });
  const message = signingInput(primitives.sha256, LABELS.session, challenge);
  expect(await primitives.verifyEd25519(key.publicKey, message, signature)).toBe(true);
  expect(await primitives.verifyEd25519(key.publicKey, challenge, signature)).toBe(false);
});

it('a claim proof and a cosignature pass the ledger, each in its own place', async () => {
  const binding = { conv: CONV, prev: hash, invitation: newId('invitation', rng), account: AUTHOR, dk };
  const proof = await signClaimProof(primitives, { key, binding });
  const verify = (over: object) =>
    primitives.verifyEd25519(
      key.publicKey,
      claimProofInput(primitives.sha256, { ...binding, ...over }),
      proof,
    );
  expect(await verify({})).toBe(true);
  expect(await verify({ prev: new Uint8Array(32) })).toBe(false);
  const signature = await signCosignature(primitives, { key, headHash: hash });
  const check = {
    digest: primitives.sha256,
    verify: primitives.verifyEd25519,
    witnessKey: key.publicKey,
  };
  expect(await checkCosignature(check, hash, signature)).toMatchObject({ ok: true });
  expect(await checkCosignature(check, new Uint8Array(32), signature)).toMatchObject({ ok: false });
});
