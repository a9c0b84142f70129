import { z } from 'zod';
import { makeCodec } from './codec.ts';
import {
  boxKeyField,
  bytesBetween,
  hashField,
  idField,
  labelField,
  signingKeyField,
  timestampField,
  uintField,
} from './fields.ts';
import { JOBS } from './jobs.ts';

// Identity statements (docs/protocol §2): the leaves of an organisation's key log. Each is carried as a `Signed` object; who must have
// signed which is checked in ledger/keylog.

const base = { v: z.literal(1), org: idField('org'), ts: timestampField };

/** The root of trust. Signed by the key that it names; its hash is what invitations pin. `server` signs receipts and heads. */
export const orgStatement = z.strictObject({
  ...base,
  t: z.literal('org'),
  name: labelField,
  pub: signingKeyField,
  server: signingKeyField,
});

/** The enrolment signer (OE). Signed by the authority (OA). */
const enrollerStatement = z.strictObject({
  ...base,
  t: z.literal('enroller'),
  gen: uintField,
  pub: signingKeyField,
  notAfter: timestampField,
});

/**
 * Binds an account, a name and jobs to the one who holds the invitation's secret. Signed by OE. `gen` is the account-key generation that
 * a claim may create: 1 for a new account, one more for a re-invitation. A patient's name is never here: `name` is null.
 */
const invitationStatement = z.strictObject({
  ...base,
  t: z.literal('invitation'),
  invitation: idField('invitation'),
  account: idField('account'),
  kind: z.enum(['user', 'agent', 'patient']),
  gen: uintField,
  name: labelField.nullable(),
  jobs: z.array(z.enum(JOBS)).min(1).max(4),
  pub: signingKeyField,
  notAfter: timestampField,
  /** Hash of the agent's signed manifest; null for people. */
  manifest: hashField.nullable(),
});

/**
 * Invites a patient or proxy (docs/protocol/patients.md §2). Signed by the device key of the person `author` whose certificate is `dk`, so that
 * nobody of the administration need be there. Counts as an invitation of kind `patient`. Nobody's name is in it.
 */
const patientInvitationStatement = z.strictObject({
  ...base,
  t: z.literal('patient-invitation'),
  invitation: idField('invitation'),
  account: idField('account'),
  gen: uintField,
  job: z.enum(['patient', 'proxy']),
  /** Signing key that follows from link, code and link key together. */
  pub: signingKeyField,
  /** At most 14 days after `ts`. */
  notAfter: timestampField,
  author: idField('account'),
  dk: hashField,
});

/** An account's identity signing key (UIK). Signed by itself (`s`) and by the invitation's key (`x`). `prev` is the statement it replaces. */
export const accountStatement = z.strictObject({
  ...base,
  t: z.literal('account'),
  account: idField('account'),
  gen: uintField,
  pub: signingKeyField,
  invitation: hashField,
  prev: hashField.nullable(),
});

/** Name, jobs and standing after the invitation; `n` counts from 1. Signed by OE. `active: false` deactivates at once. */
const grantStatement = z.strictObject({
  ...base,
  t: z.literal('grant'),
  account: idField('account'),
  n: uintField,
  name: labelField.nullable(),
  jobs: z.array(z.enum(JOBS)).min(1).max(4),
  active: z.boolean(),
  /** Hash of the agent's signed manifest from now on; null for people. */
  manifest: hashField.nullable(),
});

/** An account's box key (PUK), generation `gen` from 1. Signed by the UIK. `chain` seals the seed of gen-1 to this generation. */
const boxKeyStatement = z.strictObject({
  ...base,
  t: z.literal('boxkey'),
  account: idField('account'),
  accountGen: uintField,
  gen: uintField,
  pub: boxKeyField,
  chain: bytesBetween(60, 60).nullable(),
  prev: hashField.nullable(),
});

/** The custodian's box key for one retention year. Signed by OA. */
export const custodianStatement = z.strictObject({
  ...base,
  t: z.literal('custodian'),
  gen: uintField,
  year: uintField,
  pub: boxKeyField,
  shares: uintField,
  threshold: uintField,
});

/** Defines a role, its unit and the keyring conversation whose members hold it. `n` counts versions from 1. Signed by OE. */
const roleStatement = z.strictObject({
  ...base,
  t: z.literal('role'),
  role: idField('role'),
  n: uintField,
  name: labelField,
  unit: labelField.nullable(),
  /** `team` roles are members of patient conversations and collections; `duty` roles are held for a time. */
  kind: z.enum(['team', 'duty']),
  keyring: idField('conversation'),
  active: z.boolean(),
});

/** A role's box key of generation `gen` (= the keyring's generation). Signed by the device key of a member of the keyring. */
const roleKeyStatement = z.strictObject({
  ...base,
  t: z.literal('rolekey'),
  role: idField('role'),
  gen: uintField,
  pub: boxKeyField,
  keyring: idField('conversation'),
  entry: hashField,
  account: idField('account'),
  dk: hashField,
});

/** Ends a device, or every device of an account, before its time. Signed by the account's UIK or by OE. */
const revocationStatement = z.strictObject({
  ...base,
  t: z.literal('revocation'),
  account: idField('account'),
  device: idField('device').nullable(),
  by: z.enum(['account', 'enroller']),
  reason: z.enum(['lost', 'stolen', 'replaced', 'deactivated', 'reset']),
});

const statementSchema = z.discriminatedUnion('t', [
  orgStatement,
  enrollerStatement,
  invitationStatement,
  patientInvitationStatement,
  accountStatement,
  grantStatement,
  boxKeyStatement,
  custodianStatement,
  roleStatement,
  roleKeyStatement,
  revocationStatement,
]);
export type Statement = z.infer<typeof statementSchema>;
export type StatementOf<T extends Statement['t']> = Extract<Statement, { t: T }>;
export const statementCodec = makeCodec<Statement>(statementSchema, { limitBytes: 4096 });

/**
 * A device or session key's certificate (DK). Signed by the UIK; no leaf of the key log, because its end is no revocation: it travels
 * beside what it signed and simply expires.
 */
const deviceCertificateSchema = z.strictObject({
  ...base,
  t: z.literal('device'),
  account: idField('account'),
  accountGen: uintField,
  device: idField('device'),
  pub: signingKeyField,
  class: z.enum(['personal', 'workstation', 'agent']),
  label: labelField,
  notBefore: timestampField,
  notAfter: timestampField,
});
export type DeviceCertificate = z.infer<typeof deviceCertificateSchema>;
export const deviceCertificateCodec = makeCodec<DeviceCertificate>(deviceCertificateSchema, {
  limitBytes: 1024,
});
