import type { Member, Person, TimelineItem, TimelineMessage } from '@baton/client';
import type { ConversationId } from '@baton/kernel';
import { makeMessage } from './conversation-model.ts';
import { makeBaton, type Wish } from './baton-model.ts';
import { addBatons } from './batons.ts';
import { Dice } from './dice.ts';
import { ME, OTHERS, PERSONAS, REMINDERS, ROLES } from './people.ts';
import { now } from './scenario.ts';

const MINUTE = 60_000;
const dice = new Dice(9_220_117);

/** A thread in which every contract is open, answered and closed, with templates and a request to take over a role. */
export function makeAskingItems(conversation: ConversationId, members: readonly Member[]): TimelineItem[] {
  const [, sam, jin] = OTHERS;
  const [charge, cardiology, care, pharmacy, front, night] = ROLES;
  if (sam === undefined || jin === undefined || charge === undefined || cardiology === undefined) return [];
  if (care === undefined || pharmacy === undefined || front === undefined || night === undefined) return [];
  let seq = 0;
  const items: TimelineItem[] = [];
  const say = (
    author: Person,
    agoMin: number,
    text: string,
    {
      asks = [],
      more = {},
    }: {
      readonly asks?: readonly Omit<Wish, 'from' | 'agoMin' | 'text'>[];
      readonly more?: Partial<TimelineMessage>;
    } = {},
  ): void => {
    const message = dice.id('message');
    const made = asks.map((ask, index) =>
      makeBaton({ ...ask, from: author, agoMin, text, message, index, conversation }),
    );
    addBatons(made);
    const at = now() - agoMin * MINUTE;
    items.push(
      makeMessage(text, {
        author,
        at,
        seq: (seq += 1),
        members,
        more: { id: message, batons: made, contract: made[0]?.contract ?? 'fyi', ...more },
      }),
    );
  };
  say(jin, 190, 'Is 9B clean?', {
    asks: [{ contract: 'reply', to: ME, withinMin: 30, acknowledged: [2, ME], ended: [5, ME, 'answered'] }],
  });
  say(ME, 185, 'Yes, and the telemetry pack is on charge.');
  say(jin, 120, carePlanText, {
    asks: [charge, pharmacy, front, care].map((to, index) => ({
      contract: 'reply' as const,
      to,
      withinMin: 180,
      ...(index % 2 === 1 ? { acknowledged: [6 + index, to.holders[0] ?? ME] as const } : {}),
    })),
    more: {
      template: {
        kind: 'care-plan-change',
        parts: [
          { label: 'What changes', text: 'Bed 3 goes from full code to DNR/DNI, no ICU transfer.' },
          { label: 'Why', text: 'Family meeting at 12:30, with palliative care.' },
          { label: 'From when', text: 'Now. Order is in.' },
        ],
      },
    },
  });
  say(REMINDERS, 60, 'Reminder: ECG for bed 9B is due at 15:00.');
  say(sam, 42, 'May I take over the night float from 19:00? I am on anyway.', {
    more: { request: { t: 'take-role', role: night, canAnswer: true } },
  });
  say(ME, 26, sbarText, {
    asks: [
      {
        contract: 'stat',
        to: cardiology,
        withinMin: 5,
        steps: [
          [5, charge, [PERSONAS.nurse]],
          [10, night, []],
        ],
        callback: '617-555-0149',
        mine: 'waiting',
      },
    ],
    more: {
      template: {
        kind: 'sbar',
        parts: [
          { label: 'Situation', text: 'Bed 9B, 71 F: ST elevation in II, III, aVF.' },
          { label: 'Background', text: 'Admitted 11:20 with chest pain, first troponin negative.' },
          { label: 'Assessment', text: 'Inferior STEMI until proven otherwise. BP 102/60, HR 58.' },
          { label: 'Recommendation', text: 'Cath lab activation? Please call the unit.' },
        ],
      },
      ladderReaders: [cardiology, charge, PERSONAS.manager],
    },
  });
  say(jin, 21, 'Potassium for bed 7 was 5.6. Did the repeat come back?', {
    asks: [{ contract: 'reply', to: ME, withinMin: 25, callback: '617-555-0171' }],
  });
  say(jin, 4, 'Please call me about the family of bed 3 before they come at 15:00.', {
    asks: [
      { contract: 'talk', to: charge, withinMin: 15, callback: '617-555-0171', patient: 'Hoang, Esther' },
    ],
  });
  return items;
}

const carePlanText =
  'What changes: Bed 3 goes from full code to DNR/DNI, no ICU transfer.\nWhy: Family meeting at 12:30, with palliative care.\nFrom when: Now. Order is in.';
const sbarText =
  'Situation: Bed 9B, 71 F: ST elevation in II, III, aVF.\nBackground: Admitted 11:20 with chest pain, first troponin negative.\nAssessment: Inferior STEMI until proven otherwise. BP 102/60, HR 58.\nRecommendation: Cath lab activation? Please call the unit.';
