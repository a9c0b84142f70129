export { decodeBase64Url, encodeBase64Url } from './base64url.ts';
export {
  type Bytes,
  compareBytes,
  concatBytes,
  decodeHex,
  encodeHex,
  encodeUint32,
  equalBytes,
} from './bytes.ts';
export {
  type AccountId,
  type BlobId,
  type ConversationId,
  type CredentialId,
  type DeviceId,
  type EventId,
  ID_BYTES,
  ID_KINDS,
  type Id,
  type IdKind,
  type InvitationId,
  isId,
  type MemberId,
  type MessageId,
  makeId,
  type OrgId,
  parseId,
  type RequestId,
  type RoleId,
  type SessionId,
  type UnitId,
} from './ids.ts';
export { type Clock, newId, type Rng, type TimestampMs, type Timers } from './ports.ts';
export { err, ok, type Result } from './result.ts';
export { Phi, Secret } from './sealed-value.ts';
export { decodeUtf8, encodeUtf8 } from './utf8.ts';
