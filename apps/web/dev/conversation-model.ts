import type { Member, Person, Receipt, TimelineEvent, TimelineItem, TimelineMessage } from '@baton/client';
import type { ConversationId } from '@baton/kernel';
import type { Attachment, ConversationKind } from '@baton/wire';
import { dice } from './dice.ts';
import { ME } from './people.ts';
import { now } from './scenario.ts';

/** A conversation of the gallery as it is made, before it is opened. */
export interface MadeConversation {
  readonly id: ConversationId;
  readonly kind: ConversationKind;
  readonly title: string;
  readonly members: readonly Member[];
  readonly items: readonly TimelineItem[];
  readonly unread: number;
  readonly draft: string | null;
  readonly closed: boolean;
  readonly blockedBy: readonly Member[];
}

const MINUTE = 60_000;

export function readersOf(members: readonly Member[]): readonly Person[] {
  const people = members.flatMap((member) => (member.kind === 'role' ? member.holders : [member]));
  return people.filter((someone, index) => people.findIndex(({ id }) => id === someone.id) === index);
}

export function receiptsFor(members: readonly Member[], at: number, progress: number): readonly Receipt[] {
  return readersOf(members)
    .filter((reader) => reader.id !== ME.id && reader.kind === 'person')
    .map((reader, index) => {
      const far = progress - index * 0.3;
      const state = far > 0.85 ? 'acknowledged' : far > 0.5 ? 'opened' : far > 0.15 ? 'delivered' : 'sent';
      return { person: reader, state, at: state === 'sent' ? null : at + (index + 1) * MINUTE };
    });
}

export function makeMessage(
  text: string,
  {
    author,
    at,
    seq,
    members,
    more = {},
  }: {
    readonly author: Person;
    readonly at: number;
    readonly seq: number | null;
    readonly members: readonly Member[];
    readonly more?: Partial<TimelineMessage>;
  },
): TimelineMessage {
  const mine = author.id === ME.id;
  const receipts = mine && seq !== null ? receiptsFor(members, at, dice.next() * 1.4) : [];
  return {
    type: 'message',
    id: dice.id('message'),
    seq,
    author,
    mine,
    as: null,
    at,
    contract: 'fyi',
    batons: [],
    ask: null,
    ladderReaders: [],
    template: null,
    request: null,
    via: null,
    topic: null,
    flags: [],
    result: null,
    automatic: false,
    prompt: null,
    answers: null,
    delivery: null,
    state: seq === null ? 'waiting' : 'sent',
    failure: null,
    text,
    attachments: [],
    mentions: [],
    quote: null,
    edits: [],
    editedAt: null,
    withdrawn: null,
    reactions: [],
    receipts,
    ...more,
  };
}

export function makeEvent(
  what: TimelineEvent['what'],
  {
    by,
    at,
    seq,
    members = [],
    detail = null,
  }: {
    readonly by: Person;
    readonly at: number;
    readonly seq: number;
    readonly members?: readonly Member[];
    readonly detail?: string | null;
  },
): TimelineEvent {
  return { type: 'event', id: `e${dice.below(1e9)}`, seq, at, what, by, members, detail };
}

export function makeAttachment(name: string, mime: string, more: Partial<Attachment> = {}): Attachment {
  return {
    blob: dice.id('blob'),
    key: dice.bytes(32),
    hash: dice.bytes(32),
    sizeBytes: 240_000 + dice.below(2_000_000),
    name,
    mime,
    width: null,
    height: null,
    ...more,
  };
}

/** A talk of `count` lines that ends `agoMs` ago, with pauses as on a ward. */
export function makeTalk(
  lines: readonly string[],
  {
    members,
    count,
    agoMs,
  }: { readonly members: readonly Member[]; readonly count: number; readonly agoMs: number },
): TimelineItem[] {
  const authors = readersOf(members).filter((reader) => reader.kind === 'person');
  const offset = dice.below(lines.length);
  const gaps = Array.from({ length: count }, () =>
    dice.chance(0.25) ? 30 + dice.below(300) : dice.below(6),
  );
  let at = now() - agoMs - gaps.reduce((sum, gap) => sum + gap, 0) * MINUTE;
  let author = authors[0] ?? ME;
  const items: TimelineItem[] = [makeEvent('created', { by: author, at, seq: 1, members })];
  for (const [index, gap] of gaps.entries()) {
    at += gap * MINUTE;
    if (dice.chance(0.6)) author = dice.pick(authors);
    const text = lines[(offset + index) % lines.length] ?? '';
    items.push(makeMessage(text, { author, at, seq: index + 2, members }));
  }
  return items;
}
