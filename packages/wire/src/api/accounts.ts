import { z } from 'zod';
import { base64UrlField, idField, uintField } from '../fields.ts';
import {
  certificateText,
  deviceBody,
  hashText,
  sealedBlobText,
  sessionBody,
  statementText,
  vaultBody,
  wrapBody,
} from './bodies.ts';

// Request and answer bodies of set-up, invitations, sign-in, vault and devices. All under /v1.

/** A new credential as its owner's browser makes it. The server learns `proof`, never the passphrase (docs/protocol §7). */
const newCredentialBody = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('passkey'),
    credential: idField('credential'),
    label: z.string().min(1).max(80),
    /** WebAuthn registration response as JSON (RegistrationResponseJSON). */
    response: z.record(z.string(), z.unknown()),
    wrap: base64UrlField(128).nullable(),
  }),
  z.object({
    kind: z.literal('passphrase'),
    credential: idField('credential'),
    label: z.string().min(1).max(80),
    login: z
      .string()
      .min(3)
      .max(120)
      .regex(/^[a-z0-9][a-z0-9.@_-]*$/),
    /** First half of the Argon2id output split. */
    proof: base64UrlField(32),
    /** Secret of the authenticator app (RFC 6238), made in the browser, and one code from it. */
    totp: z.object({ secret: base64UrlField(32), code: z.string().regex(/^\d{6}$/) }),
    wrap: base64UrlField(128),
  }),
  z.object({
    kind: z.literal('recovery'),
    credential: idField('credential'),
    label: z.string().min(1).max(80),
    login: z
      .string()
      .min(3)
      .max(120)
      .regex(/^[a-z0-9][a-z0-9.@_-]*$/),
    proof: base64UrlField(32),
    wrap: base64UrlField(128),
  }),
  /** Refused unless the server runs the demo. */
  z.object({
    kind: z.literal('demo'),
    credential: idField('credential'),
    label: z.string().min(1).max(80),
    proof: base64UrlField(32),
    wrap: base64UrlField(128),
  }),
  /** For agents and patients: signs in by a signature of the account's device keys; unwraps nothing. */
  z.object({
    kind: z.literal('device'),
    credential: idField('credential'),
    label: z.string().min(1).max(80),
  }),
]);
export type NewCredentialBody = z.infer<typeof newCredentialBody>;

const newAccount = {
  account: statementText,
  boxKey: statementText,
  device: certificateText,
  vault: sealedBlobText,
  credentials: z.array(newCredentialBody).min(1).max(6),
  /** Ask for a bearer token instead of a cookie. */
  bearer: z.boolean().default(false),
};

/** POST /setup: makes the organisation. The token comes from `baton admin init` (or the demo's seed token). */
export const setupRequest = z
  .object({
    token: z.string().min(20).max(100),
    /** org, enroller, custodian, the first invitation: in this order. */
    statements: z.array(statementText).length(4),
    ...newAccount,
  })
  .meta({ id: 'SetupRequest' });
/** POST /setup/begin: the token travels in the body, because addresses end up in logs. */
export const beginSetupRequest = z
  .object({ token: z.string().min(20).max(100) })
  .meta({ id: 'BeginSetupRequest' });
/** What the browser needs before it makes the statements. */
export const setupInfo = z
  .object({ serverKey: base64UrlField(32), demo: z.boolean() })
  .meta({ id: 'SetupInfo' });

/** GET /invitations/:invitation */
export const invitationInfo = z
  .object({
    /** Chain from the root: org, enroller, invitation statements. The client checks them against the pinned hash. */
    statements: z.array(statementText).length(3),
    claimed: z.boolean(),
    /** Hash of the statement that the claim must name as `prev`; null for a new account. */
    prev: hashText.nullable(),
    /** Generation that the new box key must have, and its predecessor's hash. */
    boxKeyGen: uintField,
    boxKeyPrev: hashText.nullable(),
    serverTime: uintField,
  })
  .meta({ id: 'InvitationInfo' });
/** POST /invitations/:invitation/claim -> Session */
export const claimRequest = z.object(newAccount).meta({ id: 'ClaimRequest' });

/** POST /auth/passphrase, /auth/recovery */
export const passphraseSignIn = z
  .object({
    login: z.string().min(3).max(120),
    proof: base64UrlField(32),
    totp: z
      .string()
      .regex(/^\d{6}$/)
      .nullable(),
    bearer: z.boolean().default(false),
  })
  .meta({ id: 'PassphraseSignIn' });
/** POST /auth/demo */
export const demoSignIn = z
  .object({ account: idField('account'), proof: base64UrlField(32), bearer: z.boolean().default(false) })
  .meta({ id: 'DemoSignIn' });
/** POST /auth/passkey/options -> challenge; POST /auth/passkey -> Session */
export const passkeyOptions = z
  .object({ flow: z.string(), options: z.record(z.string(), z.unknown()) })
  .meta({ id: 'PasskeyOptions' });
/** POST /auth/passkey/registration -> PasskeyOptions: before a passkey is made, for the account that it will belong to. */
export const passkeyRegistrationRequest = z
  .object({ account: idField('account'), userName: z.string().min(1).max(120) })
  .meta({ id: 'PasskeyRegistrationRequest' });
export const passkeySignIn = z
  .object({
    flow: z.string().max(100),
    response: z.record(z.string(), z.unknown()),
    bearer: z.boolean().default(false),
  })
  .meta({ id: 'PasskeySignIn' });
/** POST /auth/device/challenge -> {challenge}; POST /auth/device: signature by the device key over ledger's `session` label and the challenge. */
export const deviceChallengeRequest = z
  .object({ account: idField('account'), device: idField('device') })
  .meta({ id: 'DeviceChallengeRequest' });
export const deviceChallenge = z.object({ challenge: base64UrlField(32) }).meta({ id: 'DeviceChallenge' });
export const deviceSignIn = z
  .object({
    account: idField('account'),
    device: idField('device'),
    challenge: base64UrlField(32),
    signature: base64UrlField(64),
    /** Agents have no cookie jar; a patient's phone has one. */
    bearer: z.boolean().default(true),
  })
  .meta({ id: 'DeviceSignIn' });
/** POST /auth/step-up: the same proofs again; answers the Session. */
export const stepUpRequest = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('passphrase'), proof: base64UrlField(32), totp: z.string().regex(/^\d{6}$/) }),
    z.object({
      kind: z.literal('passkey'),
      flow: z.string().max(100),
      response: z.record(z.string(), z.unknown()),
    }),
    z.object({ kind: z.literal('demo'), proof: base64UrlField(32) }),
    z.object({ kind: z.literal('device'), challenge: base64UrlField(32), signature: base64UrlField(64) }),
  ])
  .meta({ id: 'StepUpRequest' });

/** GET /me */
export const meBody = z
  .object({
    session: sessionBody,
    wraps: z.array(wrapBody),
    devices: z.array(deviceBody),
    witnessKey: base64UrlField(32).nullable(),
  })
  .meta({ id: 'Me' });
/** PUT /vault: compare-and-set; `version` is the new one, one more than the stored. */
export const putVaultRequest = vaultBody;
/** POST /devices: registers this session's device key. */
export const registerDeviceRequest = z
  .object({ certificate: certificateText })
  .meta({ id: 'RegisterDeviceRequest' });
/** DELETE /devices/:device: with the Signed revocation statement. */
export const revokeDeviceRequest = z.object({ statement: statementText }).meta({ id: 'RevokeDeviceRequest' });
/** POST /credentials, after step-up. */
export const addCredentialRequest = newCredentialBody;
