import { type Bytes, encodeHex } from '@baton/kernel';
import type { AgentWrite, ConversationKind, Manifest } from '@baton/wire';
import type { I18n, MessageDescriptor } from '@lingui/core';
import { msg } from '@lingui/core/macro';

export const KIND_NAMES: Readonly<Record<ConversationKind, MessageDescriptor>> = {
  direct: msg`Conversations between two people`,
  group: msg`Group conversations`,
  keyring: msg`Who holds a role`,
  patient: msg`Conversations with patients`,
  sidebar: msg`Internal notes about patients`,
  queue: msg`Queues`,
  referral: msg`Referrals`,
  collection: msg`Sealed lists, such as its own notes`,
};

export const WRITE_NAMES: Readonly<Record<AgentWrite, MessageDescriptor>> = {
  message: msg`write messages`,
  edit: msg`edit its messages`,
  withdrawal: msg`withdraw its messages`,
  reaction: msg`react`,
  form: msg`send forms`,
  reading: msg`enter readings`,
  call: msg`announce calls`,
  subject: msg`change the title`,
  draft: msg`write drafts`,
  card: msg`change what a patient is told about the practice`,
  delivery: msg`note what became of a text message`,
  put: msg`enter records`,
  members: msg`let people in and take them out`,
  settle: msg`close answers to its own questions`,
};

/** "May read, also what came before it. May write messages." */
export function accessWords(access: Manifest['access'][number], i18n: I18n): string {
  const reads = access.history
    ? i18n._(msg`Reads, also what was written before it came.`)
    : i18n._(msg`Reads from when it is let in.`);
  if (access.writes.length === 0) return `${reads} ${i18n._(msg`Writes nothing.`)}`;
  const acts = new Intl.ListFormat(i18n.locale, { type: 'conjunction' }).format(
    access.writes.map((write) => i18n._(WRITE_NAMES[write])),
  );
  return `${reads} ${i18n._(msg`May ${acts}.`)}`;
}

/** The first bytes of a code digest, to compare by eye: "9f3a 61c0 77de 0b42". */
export function shortDigest(code: Bytes): string {
  return (encodeHex(code).slice(0, 16).match(/.{4}/g) ?? []).join(' ');
}

/** What the server saw an assistant do. One that is not listed is shown by its code. */
export const ACTIVITY_NAMES: Readonly<Record<string, MessageDescriptor>> = {
  'conversation.create': msg`Started a conversation`,
  'conversation.read': msg`Fetched a conversation`,
  'message.append': msg`Stored a sealed message`,
  'message.read': msg`Fetched sealed messages`,
  'entry.append': msg`Changed the members of a conversation`,
  'put.append': msg`Stored a sealed record`,
  'collection.put': msg`Stored a sealed record`,
  'keylog.rolekey': msg`Published new keys of a role`,
  'session.start.device': msg`Signed in by a device`,
  'session.start.claim': msg`Signed in by invitation`,
  'session.end': msg`Signed out`,
  'record.read': msg`Fetched schedules and rules`,
  'baton.event': msg`Made an escalation readable`,
};
