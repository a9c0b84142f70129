import type {
  DeliveryState,
  Person,
  Role,
  TimelineEvent,
  TimelineItem,
  TimelineMessage,
} from '@baton/client';
import type { Attachment } from '@baton/wire';
import { dice } from '../dice.ts';
import { DOCTORS, GRANDMOTHER, LONG, MARIA, ME, NURSES, OKONKWO, TEXTING, TRIAGE } from './practice.ts';
import { NOW_MS } from './scenario.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

export function makeMessage(
  author: Person,
  text: string,
  more: Partial<TimelineMessage> = {},
): TimelineMessage {
  return {
    type: 'message',
    id: dice.id('message'),
    seq: 1,
    author,
    mine: author === ME,
    as: null,
    at: NOW_MS,
    contract: 'fyi',
    batons: [],
    ask: null,
    ladderReaders: [],
    template: null,
    request: null,
    state: 'opened',
    failure: null,
    text,
    attachments: [],
    mentions: [],
    quote: null,
    edits: [],
    editedAt: null,
    withdrawn: null,
    reactions: [],
    receipts: [],
    via: null,
    topic: null,
    flags: [],
    result: null,
    automatic: false,
    prompt: null,
    answers: null,
    delivery: null,
    ...more,
  };
}

function file(
  name: string,
  mime: string,
  sizeBytes: number,
  size: readonly [number, number] | null,
): Attachment {
  const [width, height] = size ?? [null, null];
  return {
    blob: dice.id('blob'),
    key: dice.bytes(32),
    hash: dice.bytes(32),
    sizeBytes,
    name,
    mime,
    width,
    height,
  };
}

function joined(who: Person, at: number): TimelineEvent {
  return {
    type: 'event',
    id: String(at),
    seq: 2,
    at,
    what: 'added',
    by: MARIA,
    members: [who],
    detail: null,
  };
}

const before = (days: number, minutes: number): { readonly at: number } => ({
  at: NOW_MS - days * DAY - minutes * MINUTE,
});
const nurse: { readonly as: Role } = { as: NURSES };
const mine = (state: DeliveryState) => ({ state });

/** A thread with everything that can be in one. */
export function everyKind(): readonly TimelineItem[] {
  const items: readonly TimelineItem[] = [
    makeMessage(MARIA, 'Hello Ana. You can write to us here about your health, a refill or a visit.', {
      ...nurse,
      ...before(3, 200),
      reactions: [{ reaction: 'thanks', people: ['Ana Reyes'], mine: true }],
    }),
    joined(GRANDMOTHER, NOW_MS - 3 * DAY - 90 * MINUTE),
    makeMessage(ME, 'Hi, my cut looks a bit red today. Is this normal? Here is a photo.', {
      // In the evening: the practice's words for closed hours stand under it.
      ...before(2, -320),
      ...mine('acknowledged'),
      topic: 'question',
      attachments: [file('cut.jpg', 'image/jpeg', 420_000, [1200, 900])],
    }),
    makeMessage(ME, 'It does not hurt.', { ...before(2, -322), ...mine('acknowledged') }),
    makeMessage(TEXTING, 'Harbor Family Practice: we got your text. In an emergency, call 911.', {
      ...before(1, 401),
      automatic: true,
    }),
    makeMessage(
      MARIA,
      'Thank you for the photo. A little red is normal for 2 days. Keep it clean and dry.\n\nCall (555) 010-0100 if it gets warm or you have a fever. Here is more: https://harbor.example/cuts',
      {
        ...nurse,
        ...before(1, 400),
        edits: [{ text: 'A little red is normal for 3 days.', ...before(1, 405) }],
        editedAt: NOW_MS - DAY - 400 * MINUTE,
        attachments: [file('How to care for a cut.pdf', 'application/pdf', 88_000, null)],
      },
    ),
    makeMessage(TEXTING, 'ok thx. no fever', {
      ...before(1, 300),
      via: { channel: 'sms', from: '+15550100142', person: null, segments: 1 },
    }),
    makeMessage(GRANDMOTHER, 'This is Rosa. I can drive Ana on Monday.', before(1, 200)),
    makeMessage(ME, 'sorry, wrong chat', {
      ...before(1, 190),
      withdrawn: { at: NOW_MS, by: 'Ana Reyes', reason: null },
    }),
    makeMessage(
      LONG,
      'Your blood sugar test is back. It is in the normal range. You do not need to do a thing.',
      {
        as: DOCTORS,
        ...before(0, 95),
        result: { title: 'Blood sugar (A1c)', openBy: NOW_MS },
      },
    ),
    makeMessage(OKONKWO, 'Please keep the same dose until we talk.', { as: DOCTORS, ...before(0, 60) }),
    makeMessage(OKONKWO, 'x', {
      as: DOCTORS,
      ...before(0, 58),
      withdrawn: { at: NOW_MS, by: OKONKWO.name, reason: 'Meant for someone else' },
    }),
    { type: 'problem', id: 'broken', seq: 3, ...before(0, 50), code: 'ledger.bad_signature', sentence: '' },
    makeMessage(ME, 'Great, thank you', { ...before(0, 40), ...mine('opened') }),
    makeMessage(ME, 'Can I get more of my pills? I have 2 left.', {
      ...before(0, 8),
      ...mine('delivered'),
      topic: 'refill',
    }),
    makeMessage(ME, 'Here is the label', {
      ...before(0, 3),
      ...mine('sent'),
      attachments: [
        file('Voice note.m4a', 'audio/mp4', 91_000, null),
        file('walk.mp4', 'video/mp4', 8_400_000, null),
        file('list.docx', 'application/octet-stream', 24_000, null),
      ],
    }),
    makeMessage(ME, 'I feel a bit dizzy and my chest hurts', {
      ...before(0, 1),
      ...mine('failed'),
      seq: null,
      flags: [{ rule: 'chest-pain', version: '1' }],
      failure: { code: 'limit.busy', sentence: '', canRetry: true },
    }),
  ];
  return items.map((item, at) =>
    item.type === 'message' && item.seq === null ? item : { ...item, seq: at + 1 },
  );
}

/** Months of it: what scrolling and older messages are tried with. */
export function months(count: number): readonly TimelineItem[] {
  return Array.from({ length: count }, (_, at) =>
    makeMessage(
      at % 3 === 0 ? ME : at % 7 === 0 ? TRIAGE : MARIA,
      `Message ${at + 1}. ${'We can talk about this at your next visit. '.repeat((at % 4) + 1)}`,
      {
        at: NOW_MS - (count - at) * 7 * 60 * MINUTE,
        seq: at + 1,
        ...(at % 3 === 0 ? {} : nurse),
      },
    ),
  );
}
