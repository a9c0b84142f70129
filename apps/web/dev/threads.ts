import type { Member, TimelineItem } from '@baton/client';
import {
  type MadeConversation,
  makeAttachment,
  makeEvent,
  makeMessage,
  makeTalk,
} from './conversation-model.ts';
import { dice } from './dice.ts';
import { makeAskingItems } from './asking-thread.ts';
import { ME, OTHERS, PERSONAS, REMINDERS, ROLES } from './people.ts';
import { now, scenario } from './scenario.ts';
import { GROUP_TITLES, PRACTICE_TALK, WARD_TALK } from './talk.ts';

const MINUTE = 60_000;
const colleagues = [...Object.values(PERSONAS), ...OTHERS].filter(({ id, active }) => id !== ME.id && active);

function made(
  more: Partial<MadeConversation> & Pick<MadeConversation, 'kind' | 'members' | 'items'>,
): MadeConversation {
  return {
    id: dice.id('conversation'),
    title: '',
    unread: 0,
    draft: null,
    closed: false,
    blockedBy: [],
    ...more,
  };
}

/** The thread in which everything happens that a thread can show. */
function showcase(): MadeConversation {
  const [hohenstein, sam, jin, beatriz] = [OTHERS[0], OTHERS[1], OTHERS[2], OTHERS[3]];
  if (hohenstein === undefined || sam === undefined || jin === undefined || beatriz === undefined)
    throw new Error('no people');
  const role = ROLES[0];
  const members: readonly Member[] = [
    ME,
    sam,
    jin,
    hohenstein,
    beatriz,
    REMINDERS,
    ...(role === undefined ? [] : [role]),
  ];
  const items: TimelineItem[] = makeTalk(WARD_TALK, { members, count: 120, agoMs: 26 * 60 * MINUTE });
  let seq = items.length + 1;
  let at = now() - 95 * MINUTE;
  const say = (author: Parameters<typeof makeMessage>[1]['author'], text: string, more = {}): void => {
    at += (more as { gap?: number }).gap ?? 2 * MINUTE;
    items.push(makeMessage(text, { author, at, seq: (seq += 1), members, more }));
  };
  items.push(makeEvent('titled', { by: sam, at, seq: (seq += 1), detail: '4 West, day shift' }));
  items.push(makeEvent('agent-added', { by: sam, at, seq: (seq += 1), members: [REMINDERS] }));
  say(sam, 'Two admissions coming up from the ED, one needs telemetry. Do we have a monitored bed?');
  say(ME, 'Yes, 9B is clean. Telemetry pack is on charge.', {
    edits: [{ text: 'Yes, 9A is clean. Telemetry pack is on charge.', at: at + MINUTE }],
    editedAt: at + 3 * MINUTE,
  });
  say(
    jin,
    'Great. First one is on the way: 71 F, chest pain, troponin negative so far. Please put her on the monitor right away and repeat the ECG at 15:00. I will be down after the consult in the ED, 30 minutes at most.',
    {
      reactions: [
        { reaction: 'got-it', people: ['Maria Lopez', 'Sam Oduya'], mine: ME.name === 'Maria Lopez' },
        { reaction: 'looking', people: ['Beatriz Álvarez Núñez'], mine: false },
      ],
    },
  );
  say(beatriz, 'ECG machine is in room 9 already.');
  say(beatriz, 'Wound photo for bed 12 as well, and the consent form.', {
    gap: MINUTE,
    attachments: [
      makeAttachment('wound-bed-12.jpg', 'image/jpeg', { width: 800, height: 600 }),
      makeAttachment('Consent for procedure, signed, two pages.pdf', 'application/pdf'),
    ],
  });
  say(sam, 'Bed 7: K 5.6', { withdrawn: { at: at + 4 * MINUTE, by: 'Sam Oduya', reason: 'Wrong patient' } });
  items.push({
    type: 'problem',
    id: 'p1',
    seq: (seq += 1),
    at: at + MINUTE,
    code: 'ledger.bad_signature',
    sentence: 'A signature does not fit. Nothing was changed; tell your security officer.',
  });
  say(REMINDERS, 'Reminder: ECG for bed 9B is due at 15:00.', { gap: 8 * MINUTE });
  const question = items.find((item) => item.type === 'message' && item.text.startsWith('Great.'));
  say(
    ME,
    'She is on the monitor. ECG at 14:58, unchanged. @Dr. Jin Park do you want the second troponin at 17:00 or earlier? Lab says call 617-555-0142.',
    {
      gap: 30 * MINUTE,
      mentions: [jin],
      quote:
        question?.type === 'message'
          ? { id: question.id, author: jin.name, text: question.text.slice(0, 120) }
          : null,
    },
  );
  say(
    jin,
    '17:00 is fine, @Maria Lopez. Thank you for being quick. Protocol: https://intranet.example.org/protocols/acs?v=7',
    {
      gap: 12 * MINUTE,
      mentions: [ME],
    },
  );
  return made({ kind: 'group', title: '4 West, day shift', members, items, unread: 0 });
}

/** The thread of contracts: who was asked for what. */
function askingThread(): MadeConversation {
  const id = dice.id('conversation');
  const members: readonly Member[] = [
    ME,
    ...OTHERS.slice(1, 3),
    PERSONAS.manager,
    REMINDERS,
    ...ROLES.slice(0, 5),
  ];
  const items = makeAskingItems(id, members);
  return made({ id, kind: 'group', title: '4 West and cardiology', members, items });
}

/** Forty threads of every kind. */
export function makeThreads(): readonly MadeConversation[] {
  const list: MadeConversation[] = [showcase()];
  const team = ROLES[2];
  const busy: readonly Member[] = [ME, ...colleagues.slice(0, 9)];
  list.push(
    made({
      kind: 'group',
      title: 'Huddle 08:15',
      members: busy,
      items: makeTalk(WARD_TALK, { members: busy, count: 260, agoMs: 6 * MINUTE }),
      unread: 200,
    }),
  );
  colleagues.forEach((colleague, index) => {
    const members: readonly Member[] = [ME, colleague];
    list.push(
      made({
        kind: 'direct',
        title: colleague.name,
        members,
        items: makeTalk(index % 2 === 0 ? WARD_TALK : PRACTICE_TALK, {
          members,
          count: 3 + dice.below(14),
          agoMs: (index * index + 3) * 13 * MINUTE,
        }),
        unread: index % 4 === 1 ? 1 + dice.below(5) : 0,
        draft: index === 2 ? 'Could you also check whether the' : null,
        blockedBy: colleague.verified ? [] : [colleague],
      }),
    );
  });
  GROUP_TITLES.slice(1).forEach((title, index) => {
    const members: readonly Member[] = [
      ME,
      ...colleagues.filter(() => dice.chance(0.3)).slice(0, 7),
      ...(index % 3 === 0 && team !== undefined ? [team] : []),
    ];
    list.push(
      made({
        kind: 'group',
        title,
        members,
        items: makeTalk(PRACTICE_TALK, {
          members,
          count: 6 + dice.below(30),
          agoMs: (index * 9 + 1) * 190 * MINUTE,
        }),
        unread: index % 5 === 2 ? 4 : 0,
        closed: index === 4,
      }),
    );
  });
  for (const role of ROLES.filter(({ use }) => use === 'duty')) {
    const members: readonly Member[] = [ME, role];
    list.push(
      made({
        kind: 'group',
        title: role.name,
        members,
        items: makeTalk(WARD_TALK, {
          members: [ME, ...role.holders],
          count: 5 + dice.below(9),
          agoMs: dice.below(3000) * MINUTE,
        }),
      }),
    );
  }
  if (scenario.batons !== 'none') list.push(askingThread());
  return list;
}
