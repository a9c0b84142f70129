import { type Bytes, decodeHex, encodeHex, encodeUtf8 } from '@baton/kernel';
import {
  type DeviceCertificate,
  deviceCertificateCodec,
  type Statement,
  type StatementOf,
  statementCodec,
} from '@baton/wire';
import {
  bytesNamed,
  idNamed,
  keyNamed,
  mapRoot,
  objectHash,
  signedVector,
  treeRoot,
  type Vector,
} from './fixed-keys.ts';

// A key log that holds one statement of every type and applies from the first to the last.

export const T0 = 1_800_000_000_000;
export const DAY = 86_400_000;
export const org = idNamed('org', 'practice');
export const ana = idNamed('account', 'ana');
export const ben = idNamed('account', 'ben');
export const desk = idNamed('role', 'desk');
const keyring = idNamed('conversation', 'keyring');
export const anaDevice = keyNamed('device ana');
export const server = keyNamed('server');
const oa = keyNamed('oa');
const oe = keyNamed('oe');
const uik = keyNamed('uik ana');
const invite = keyNamed('invitation ana');
const base = { v: 1, org } as const;
const STATEMENT = 'sg/statement/v1';

const certificate: DeviceCertificate = {
  ...base,
  ts: T0 + 5,
  t: 'device',
  account: ana,
  accountGen: 1,
  device: idNamed('device', 'ana'),
  pub: anaDevice.pub,
  class: 'personal',
  label: 'Phone',
  notBefore: T0,
  notAfter: T0 + 90 * DAY,
};
const certificateBody = deviceCertificateCodec.encode(certificate);
export const certificateHash = objectHash('sg/device/v1', certificateBody);
const certificateVector = signedVector('device certificate', {
  label: 'sg/device/v1',
  body: certificateBody,
  by: uik,
});

function hashOf(statement: Statement): Bytes {
  return objectHash(STATEMENT, statementCodec.encode(statement));
}

const invitation: Statement = {
  ...base,
  ts: T0 + 3,
  t: 'invitation',
  invitation: idNamed('invitation', 'ana'),
  account: ana,
  kind: 'user',
  gen: 1,
  name: 'Ana Ruiz',
  jobs: ['nurse'],
  pub: invite.pub,
  notAfter: T0 + 7 * DAY,
  manifest: null,
};
const account: Statement = {
  ...base,
  ts: T0 + 4,
  t: 'account',
  account: ana,
  gen: 1,
  pub: uik.pub,
  invitation: hashOf(invitation),
  prev: null,
};
const boxKey: Statement = {
  ...base,
  ts: T0 + 5,
  t: 'boxkey',
  account: ana,
  accountGen: 1,
  gen: 1,
  pub: bytesNamed('box key ana 1', 1216),
  chain: null,
  prev: null,
};

/** Subject in the sparse map, statement, signer, second signer. */
const log: readonly (readonly [subject: string, statement: Statement, by: typeof oa, claim?: typeof oa])[] = [
  ['org', { ...base, ts: T0, t: 'org', name: 'Harbor Family Practice', pub: oa.pub, server: server.pub }, oa],
  ['enroller', { ...base, ts: T0 + 1, t: 'enroller', gen: 1, pub: oe.pub, notAfter: T0 + 90 * DAY }, oa],
  [
    'custodian',
    {
      ...base,
      ts: T0 + 2,
      t: 'custodian',
      gen: 1,
      year: 2027,
      pub: bytesNamed('custodian', 1216),
      shares: 3,
      threshold: 2,
    },
    oa,
  ],
  [`invitation:${invitation.invitation}`, invitation, oe],
  [`account:${ana}`, account, uik, invite],
  [`boxkey:${ana}`, boxKey, uik],
  [
    `boxkey:${ana}`,
    {
      ...boxKey,
      gen: 2,
      pub: bytesNamed('box key ana 2', 1216),
      chain: bytesNamed('chain', 60),
      prev: hashOf(boxKey),
    },
    uik,
  ],
  [
    `grant:${ana}`,
    {
      ...base,
      ts: T0 + 6,
      t: 'grant',
      account: ana,
      n: 1,
      name: 'Ana Ruiz',
      jobs: ['nurse', 'charge-nurse'],
      active: true,
      manifest: null,
    },
    oe,
  ],
  [
    `role:${desk}`,
    {
      ...base,
      ts: T0 + 7,
      t: 'role',
      role: desk,
      n: 1,
      name: 'Front desk',
      unit: 'Main Street',
      kind: 'team',
      keyring,
      active: true,
    },
    oe,
  ],
  [
    `rolekey:${desk}`,
    {
      ...base,
      ts: T0 + 8,
      t: 'rolekey',
      role: desk,
      gen: 1,
      pub: bytesNamed('role key', 1216),
      keyring,
      entry: bytesNamed('keyring entry', 32),
      account: ana,
      dk: certificateHash,
    },
    anaDevice,
  ],
  [
    `revocation:${ana}:${idNamed('device', 'old phone')}`,
    {
      ...base,
      ts: T0 + 9,
      t: 'revocation',
      account: ana,
      device: idNamed('device', 'old phone'),
      by: 'account',
      reason: 'lost',
    },
    uik,
  ],
];

/** Applies after all of them; apart, so that their roots stay. */
const patientInvitation: StatementOf<'patient-invitation'> = {
  ...base,
  ts: T0 + 10,
  t: 'patient-invitation',
  invitation: idNamed('invitation', 'pat'),
  account: idNamed('account', 'pat'),
  gen: 1,
  job: 'patient',
  pub: keyNamed('invitation pat').pub,
  notAfter: T0 + 10 + 14 * DAY,
  author: ana,
  dk: certificateHash,
};

export interface KeyLogVectors {
  readonly certificate: Vector;
  readonly patientInvitation: Vector & { readonly subject: string };
  readonly statements: readonly (Vector & { readonly subject: string })[];
  /** Roots after all statements. */
  readonly logRoot: string;
  readonly mapRoot: string;
}

export function makeKeyLogVectors(): KeyLogVectors {
  const statements = log.map(([subject, statement, by, claim]) => {
    const body = statementCodec.encode(statement);
    const input = { label: STATEMENT, body, by, ...(claim === undefined ? {} : { claim }) };
    return { ...signedVector(statement.t, input), subject };
  });
  const newest = new Map(statements.map(({ subject, hash }) => [subject, fromHex(hash)]));
  const pairs = [...newest].map(
    ([subject, hash]) => [objectHash('sg/map/v1', encodeUtf8(subject)), hash] as const,
  );
  return {
    certificate: certificateVector,
    statements,
    patientInvitation: {
      ...signedVector(patientInvitation.t, {
        label: STATEMENT,
        body: statementCodec.encode(patientInvitation),
        by: anaDevice,
      }),
      subject: `invitation:${patientInvitation.invitation}`,
    },
    logRoot: encodeHex(treeRoot(statements.map(({ bytes }) => fromHex(bytes)))),
    mapRoot: encodeHex(mapRoot(pairs)),
  };
}

export function fromHex(text: string): Bytes {
  const bytes = decodeHex(text);
  if (bytes === null) throw new TypeError('not hexadecimal');
  return bytes;
}
