import { type Bytes, encodeHex } from '@baton/kernel';
import { applyStatement, emptyKeyLog, hashObject, type KeyLogState, keyLogSize, LABELS } from '@baton/ledger';
import {
  type DeviceCertificate,
  deviceCertificateCodec,
  type Job,
  type Statement,
  signedCodec,
  statementCodec,
} from '@baton/wire';
import { describe, expect, it } from 'vitest';
import {
  account,
  addOp,
  advance,
  bytes,
  conversation,
  createOp,
  digest,
  makeOrganisation,
  manifest,
  manifestHash,
  named,
  org,
  removeOp,
  role,
  T0,
} from '../fixtures/organisation.ts';
import { findHeldRoles, memberTypeOf, viewKeyLog } from '../index.ts';

// Signatures are ledger's business; here every one counts as good.
const verify = async (): Promise<boolean> => true;
const signature = new Uint8Array(64);
const keyring = conversation('keyring:desk');
const base = { v: 1, org, ts: T0 } as const;

const signed = (b: Bytes, x?: Bytes): Bytes =>
  signedCodec.encode(x === undefined ? { b, s: signature } : { b, s: signature, x });
const hashOf = (statement: Statement): Bytes =>
  hashObject(digest, LABELS.statement, statementCodec.encode(statement));

function join(name: string, kind: 'user' | 'agent' | 'patient', job: Job): Statement[] {
  const invitation: Statement = {
    ...base,
    t: 'invitation',
    invitation: named('invitation', name),
    account: account(name),
    kind,
    gen: 1,
    name: kind === 'patient' ? null : name,
    jobs: [job],
    pub: bytes(`invite ${name}`),
    notAfter: T0 + 1000,
    manifest: kind === 'agent' ? manifestHash : null,
  };
  return [
    invitation,
    {
      ...base,
      t: 'account',
      account: account(name),
      gen: 1,
      pub: bytes(`uik ${name}`),
      invitation: hashOf(invitation),
      prev: null,
    },
    {
      ...base,
      t: 'boxkey',
      account: account(name),
      accountGen: 1,
      gen: 1,
      pub: new Uint8Array(1216).fill(name.length),
      chain: null,
      prev: null,
    },
  ];
}

const certificate: DeviceCertificate = {
  ...base,
  t: 'device',
  account: account('ana'),
  accountGen: 1,
  device: named('device', 'ana'),
  pub: bytes('device ana'),
  class: 'personal',
  label: 'Phone',
  notBefore: T0,
  notAfter: T0 + 1000,
};
const certificateBytes = deviceCertificateCodec.encode(certificate);

const roleKey = (gen: number, entry: Bytes): Statement => ({
  ...base,
  t: 'rolekey',
  role: role('desk'),
  gen,
  pub: new Uint8Array(1216).fill(100 + gen),
  keyring,
  entry,
  account: account('ana'),
  dk: hashObject(digest, LABELS.device, certificateBytes),
});

async function grow(state: KeyLogState, statements: readonly Statement[]): Promise<KeyLogState> {
  let grown = state;
  for (const statement of statements) {
    const encoded = statementCodec.encode(statement);
    const result = await applyStatement(
      grown,
      statement.t === 'account' ? signed(encoded, signature) : signed(encoded),
      { verify, certificate: signed(certificateBytes) },
    );
    if (!result.ok) throw new Error(`${statement.t}: ${result.error.code} at ${result.error.at}`);
    grown = result.value;
  }
  return grown;
}

const staff = makeOrganisation();
const created = advance({
  view: staff,
  state: null,
  author: 'it-admin',
  conv: keyring,
  op: createOp('keyring', ['it-admin', 'ana', 'ben'].map(account)),
});
const without = advance({ view: staff, state: created, author: 'ana', op: removeOp([account('ben')]) });
const joined = advance({ view: staff, state: without, author: 'ana', op: addOp([account('cleo')]) });

const beforeRoles = await grow(emptyKeyLog(digest), [
  { ...base, t: 'org', name: 'Harbor', pub: bytes('oa'), server: bytes('server') },
  { ...base, t: 'enroller', gen: 1, pub: bytes('oe'), notAfter: T0 + 10_000 },
  { ...base, t: 'custodian', gen: 1, year: 2027, pub: new Uint8Array(1216), shares: 3, threshold: 2 },
  ...join('ana', 'user', 'nurse'),
  ...join('agent', 'agent', 'agent'),
  ...join('patient', 'patient', 'patient'),
  ...join('outsider', 'user', 'outside-clinician'),
]);
const firstKey = await grow(beforeRoles, [
  {
    ...base,
    t: 'role',
    role: role('desk'),
    n: 1,
    name: 'Front desk',
    unit: null,
    kind: 'team',
    keyring,
    active: true,
  },
  roleKey(1, created.head),
]);
const keylog = await grow(firstKey, [
  roleKey(2, without.head),
  {
    ...base,
    t: 'revocation',
    account: account('ana'),
    device: named('device', 'old'),
    by: 'account',
    reason: 'lost',
  },
]);

describe('the view of a key log', () => {
  it('shows accounts, roles and the custodian, now and at an earlier size', () => {
    const now = viewKeyLog(keylog, {
      manifests: new Map([[encodeHex(manifestHash), manifest]]),
    });
    expect(now.account(account('ana'))).toMatchObject({
      kind: 'user',
      active: true,
      jobs: ['nurse'],
      boxKeyGen: 1,
      revokedAt: keyLogSize(keylog) - 1,
    });
    expect(now.account(account('zoe'))).toBeNull();
    expect(now.role(role('desk'))).toEqual({ kind: 'team', active: true, keyring, keyGen: 2 });
    expect(now.custodianGen).toBe(1);
    expect(now.manifest(manifestHash)).toEqual(manifest);
    expect(now.schedule(manifestHash)).toBeNull();
    expect(now.manifest(bytes('other'))).toBeNull();
    const then = viewKeyLog(keylog, { size: keyLogSize(firstKey) });
    expect(then.role(role('desk'))?.keyGen).toBe(1);
    expect(then.account(account('ana'))?.revokedAt).toBe(-1);
    expect(viewKeyLog(keylog, { size: 2 }).custodianGen).toBeNull();
  });

  it('tells what kind of member an id would be', () => {
    const now = viewKeyLog(keylog);
    const types = [
      account('ana'),
      account('agent'),
      account('patient'),
      account('outsider'),
      role('desk'),
      account('zoe'),
      role('zoe'),
    ];
    expect(types.map((id) => memberTypeOf(now, id))).toEqual([
      'person',
      'agent',
      'patient',
      'outside',
      'team-role',
      null,
      null,
    ]);
  });
});

describe('roles held', () => {
  const held = (name: string, options: { size?: number; state?: typeof joined | null } = {}) => {
    const { size, state = joined } = options;
    return findHeldRoles({
      keylog,
      account: account(name),
      roles: [role('desk')],
      keyring: () => state,
      ...(size === undefined ? {} : { size }),
    });
  };

  it('are those of the keyring at the generation of the role’s key', () => {
    expect(held('ana')).toEqual([role('desk')]);
    expect(held('ben')).toEqual([]);
    expect(held('cleo')).toEqual([role('desk')]);
    expect(held('zoe')).toEqual([]);
    const then = keyLogSize(firstKey);
    expect(held('ben', { size: then })).toEqual([role('desk')]);
    expect(held('cleo', { size: then })).toEqual([]);
    expect(held('ana', { size: keyLogSize(beforeRoles) })).toEqual([]);
  });

  it('end at once where the keyring says so, though the new key is still to come', () => {
    const again = advance({ view: staff, state: joined, author: 'ana', op: removeOp([account('cleo')]) });
    expect(held('cleo', { state: again })).toEqual([]);
    expect(held('cleo', { state: again, size: keyLogSize(keylog) })).toEqual([role('desk')]);
  });

  it('are none where the keyring is unknown or another’s', () => {
    expect(held('ana', { state: null })).toEqual([]);
    expect(held('ana', { state: { ...joined, kind: 'group' } })).toEqual([]);
    expect(held('ana', { state: { ...joined, role: role('nurses') } })).toEqual([]);
    const other = advance({
      view: staff,
      state: null,
      author: 'it-admin',
      conv: conversation('keyring:nurses'),
      op: { ...createOp('keyring', ['it-admin', 'ana'].map(account)), role: role('nurses') } as never,
    });
    expect(held('ana', { state: other })).toEqual([]);
  });
});
