import { z } from 'zod';
import { ERROR_CODES, type ErrorCode } from '../error-codes.ts';
import { base64UrlField, idField, timestampField, uintField } from '../fields.ts';

// Field types of the JSON API. Wire objects travel as unpadded base64url of their canonical bytes.

export const statementText = base64UrlField(8192).meta({ description: 'A Signed statement' });
export const certificateText = base64UrlField(2048).meta({ description: 'A Signed device certificate' });
export const entryText = base64UrlField(262_400).meta({ description: 'A Signed membership entry' });
export const boxText = base64UrlField(2048).meta({ description: 'A Box' });
export const hashText = base64UrlField(32).meta({ description: 'SHA-256' });
export const sealedBlobText = base64UrlField(65_600).meta({
  description: 'AEAD ciphertext: nonce (12) || ct || tag',
});

export const errorBody = z
  .object({
    code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
    message: z.string(),
    at: z.string(),
  })
  .meta({ id: 'Error' });
export type ErrorBody = z.infer<typeof errorBody>;

/** How the user master key is wrapped for one credential. */
export const wrapBody = z
  .object({
    credential: idField('credential'),
    kind: z.enum(['passkey', 'passphrase', 'recovery', 'demo', 'device']),
    label: z.string().max(80),
    /** nonce || AEAD(wrapping key; UMK); null for a passkey without PRF, which signs in but unwraps nothing. */
    wrap: base64UrlField(128).nullable(),
    createdAt: timestampField,
    lastUsedAt: timestampField.nullable(),
  })
  .meta({ id: 'Wrap' });
export type WrapBody = z.infer<typeof wrapBody>;

export const vaultBody = z.object({ version: uintField, sealed: sealedBlobText }).meta({ id: 'Vault' });
export type VaultBody = z.infer<typeof vaultBody>;

export const sessionBody = z
  .object({
    session: idField('session'),
    account: idField('account'),
    org: idField('org'),
    /** Bearer token for clients without a cookie jar; null where the cookie carries it. */
    token: base64UrlField(32).nullable(),
    method: z.enum(['passkey', 'passphrase', 'recovery', 'demo', 'device', 'claim']),
    idleExpiresAt: timestampField,
    absoluteExpiresAt: timestampField,
    steppedUpUntil: timestampField.nullable(),
    vault: vaultBody,
    /** The wrap that belongs to the credential used; the others need that credential. */
    wrap: wrapBody.nullable(),
    demo: z.boolean(),
  })
  .meta({ id: 'Session' });
export type SessionBody = z.infer<typeof sessionBody>;

export const deviceBody = z
  .object({
    device: idField('device'),
    label: z.string(),
    class: z.enum(['personal', 'workstation', 'agent']),
    createdAt: timestampField,
    lastSeenAt: timestampField.nullable(),
    notAfter: timestampField,
    current: z.boolean(),
  })
  .meta({ id: 'Device' });
export type DeviceBody = z.infer<typeof deviceBody>;
