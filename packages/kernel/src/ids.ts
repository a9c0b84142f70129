import { encodeBase64Url } from './base64url.ts';
import type { Bytes } from './bytes.ts';

declare const brand: unique symbol;
type Branded<Kind extends string> = string & { readonly [brand]: Kind };

/**
 * Every identifier is a one-letter kind, an underscore and 128 random bits in base64url (24 characters in all). The kind is part of the
 * text, so a device id never passes where an account id is expected, in signed bytes as little as in types (threat T3).
 */
export const ID_KINDS = {
  org: 'o',
  account: 'a',
  device: 'd',
  role: 'r',
  conversation: 'c',
  message: 'm',
  blob: 'b',
  invitation: 'i',
  session: 's',
  unit: 'u',
  request: 'q',
  event: 'e',
  credential: 'k',
} as const;

export type IdKind = keyof typeof ID_KINDS;
export type Id<Kind extends IdKind> = Branded<Kind>;
export type OrgId = Id<'org'>;
/** A person, a patient or an agent. */
export type AccountId = Id<'account'>;
export type DeviceId = Id<'device'>;
export type RoleId = Id<'role'>;
/** Conversations and collections alike. */
export type ConversationId = Id<'conversation'>;
export type MessageId = Id<'message'>;
export type BlobId = Id<'blob'>;
export type InvitationId = Id<'invitation'>;
export type SessionId = Id<'session'>;
export type UnitId = Id<'unit'>;
export type RequestId = Id<'request'>;
export type EventId = Id<'event'>;
export type CredentialId = Id<'credential'>;
/** What can be a member of a conversation. */
export type MemberId = AccountId | RoleId;

export const ID_BYTES = 16;

/** The one constructor: `random` is 16 bytes from the Rng port. */
export function makeId<Kind extends IdKind>(kind: Kind, random: Bytes): Id<Kind> {
  if (random.length !== ID_BYTES) throw new RangeError(`an id takes ${ID_BYTES} bytes, not ${random.length}`);
  return `${ID_KINDS[kind]}_${encodeBase64Url(random)}` as Id<Kind>;
}

/** 128 bits in base64url: 22 characters, of which the last has two bits and four that are zero. */
const SPELLING = /^._[A-Za-z0-9_-]{21}[AQgw]$/;

/** `null` unless the text is the canonical form of an id of this kind. */
export function parseId<Kind extends IdKind>(kind: Kind, text: string): Id<Kind> | null {
  return text[0] === ID_KINDS[kind] && SPELLING.test(text) ? (text as Id<Kind>) : null;
}

export function isId<Kind extends IdKind>(kind: Kind, text: string): text is Id<Kind> {
  return parseId(kind, text) !== null;
}
