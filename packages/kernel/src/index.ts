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
  type BatonId,
  batonOfEvent,
  batonOfMessage,
  type BlobId,
  type ConversationId,
  type CredentialId,
  type DeviceId,
  type EventId,
  type Id,
  ID_BYTES,
  ID_KINDS,
  type IdKind,
  type IntegrationId,
  type InvitationId,
  isId,
  type LadderId,
  makeId,
  MAX_BATONS_PER_MESSAGE,
  type MemberId,
  type MessageId,
  messageOfBaton,
  type OrgId,
  type OwnerId,
  parseBatonId,
  parseId,
  type QueueId,
  type RoleId,
  type SessionId,
  type UnitId,
} from './ids.ts';
export { type Clock, newId, type Rng, type TimestampMs, type Timers } from './ports.ts';
export { err, ok, type Result } from './result.ts';
export { Phi, Secret } from './sealed-value.ts';
export { decodeUtf8, encodeUtf8 } from './utf8.ts';
export {
  DAY_MS,
  type DayNumber,
  dayNumberOf,
  instantOf,
  isTimeZone,
  localDayAt,
  MINUTE_MS,
  minuteOfDayAt,
  weekdayOf,
} from './wall-clock.ts';
