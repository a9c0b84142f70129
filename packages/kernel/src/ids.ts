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
  ladder: 'l',
  /** A worklist of a team. */
  queue: 'w',
  /** An outside system with a token of its own. */
  integration: 'n',
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
export type EventId = Id<'event'>;
export type CredentialId = Id<'credential'>;
export type LadderId = Id<'ladder'>;
export type QueueId = Id<'queue'>;
export type IntegrationId = Id<'integration'>;
/** What can be a member of a conversation. */
export type MemberId = AccountId | RoleId;
/** What can be accountable for a baton: a person, a role by whoever holds it now, a queue by its default owner. */
export type OwnerId = AccountId | RoleId | QueueId;

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

/**
 * A baton's name: the message that made it and the place of its owner in the header (`<message>.<index>`, index 0 to 11), or an event id
 * where an outside system opened it without a message.
 */
export type BatonId = Branded<'baton'>;

export const MAX_BATONS_PER_MESSAGE = 12;

export function batonOfMessage(message: MessageId, index: number): BatonId {
  if (!Number.isInteger(index) || index < 0 || index >= MAX_BATONS_PER_MESSAGE)
    throw new RangeError(`a message has at most ${MAX_BATONS_PER_MESSAGE} batons`);
  return `${message}.${index}` as BatonId;
}

export function batonOfEvent(event: EventId): BatonId {
  return event as unknown as BatonId;
}

/** `null` unless the text is the canonical form of a baton's name. */
export function parseBatonId(text: string): BatonId | null {
  if (parseId('event', text) !== null) return text as BatonId;
  const dot = text.indexOf('.');
  const index = text.slice(dot + 1);
  if (dot < 0 || parseId('message', text.slice(0, dot)) === null) return null;
  return /^(?:[0-9]|1[01])$/.test(index) ? (text as BatonId) : null;
}

/** The message and place that the baton's name holds; null for one without a message. */
export function messageOfBaton(
  baton: BatonId,
): { readonly message: MessageId; readonly index: number } | null {
  const dot = baton.indexOf('.');
  return dot < 0 ? null : { message: baton.slice(0, dot) as MessageId, index: Number(baton.slice(dot + 1)) };
}
