import type { TimelineItem, TimelineMessage } from '@baton/client';
import type { Prompt } from '@baton/wire';
import { makeMessage } from './messages.ts';
import { CHECK_INS, ME, REMINDERS, TEXTING } from './practice.ts';
import { NOW_MS } from './scenario.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const visit = (days: number, state: 'booked' | 'confirmed' | 'cancelled', title: string, minutes = 0) => ({
  start: NOW_MS + days * DAY + minutes * MINUTE,
  end: NOW_MS + days * DAY + (minutes + 30) * MINUTE,
  timeZone: 'America/New_York',
  title,
  place: 'Harbor Family Practice, 2nd floor, Room 4',
  state,
});

function ask(author: typeof REMINDERS, text: string, at: number, change: Partial<Prompt>): TimelineMessage {
  const prompt: Prompt = {
    kind: 'check-in',
    about: 'run-1',
    step: 'q1',
    choices: [],
    asks: 'text',
    until: NOW_MS + DAY,
    short: null,
    visit: null,
    ...change,
  };
  return makeMessage(author, text, { at, automatic: true, prompt });
}

const answer = (to: TimelineMessage, text: string, choice: string | null, at: number) =>
  makeMessage(ME, text, { at, answers: { prompt: to.id, choice } });

const COMES = [
  { key: 'C', label: 'I will come' },
  { key: 'R', label: 'I need another time' },
  { key: 'X', label: 'I cannot come' },
];
const DOSES = [
  { key: '1', label: 'Yes, I took all of it' },
  { key: '2', label: 'Not yet' },
  { key: '3', label: 'I cannot take it' },
];
const FEELS = [
  { key: '1', label: 'Better' },
  { key: '2', label: 'The same' },
  { key: '3', label: 'Worse' },
];

/** Reminders and check-ins over some days: answered, over, and waiting. */
export function programmes(): readonly TimelineItem[] {
  const at = (days: number, hours: number): number => NOW_MS - days * DAY - hours * HOUR;
  const old = ask(REMINDERS, 'Your visit is tomorrow at 10:00 AM. Will you come?', at(9, 2), {
    kind: 'reminder',
    about: 'visit-0',
    choices: COMES,
    asks: 'choice',
    until: NOW_MS - 8 * DAY,
    visit: visit(-8, 'confirmed', 'Blood test'),
  });
  const dose = ask(
    CHECK_INS,
    'Good morning, Ana. Did you take your pills from last night: 3 of the 500 mg?',
    at(2, 5),
    {
      choices: DOSES,
      asks: 'choice',
      until: NOW_MS - DAY,
    },
  );
  const missed = ask(CHECK_INS, 'How do you feel today? You can use your own words.', at(1, 6), {
    until: NOW_MS - 12 * HOUR,
  });
  const photo = ask(CHECK_INS, 'Please send us a photo of your cut. Take it in good light.', at(1, 5), {
    asks: 'photo',
  });
  const next = ask(
    REMINDERS,
    'Hi Ana. Your visit with Dr. Okonkwo is Tuesday, November 24 at 2:30 PM. Please do not eat after midnight. Will you come?',
    at(0, 4),
    {
      kind: 'reminder',
      about: 'visit-1',
      step: '3d',
      choices: COMES,
      asks: 'choice',
      until: NOW_MS + 3 * DAY,
      visit: visit(4, 'booked', 'Check-up with Dr. Okonkwo', -10),
    },
  );
  const items: readonly TimelineMessage[] = [
    old,
    makeMessage(TEXTING, 'c', {
      at: at(9, 1),
      answers: { prompt: old.id, choice: 'C' },
      via: { channel: 'sms', from: '+15550100142', person: null, segments: 1 },
    }),
    ask(REMINDERS, 'Your visit on November 30 is canceled. Call us with any questions.', at(3, 1), {
      kind: 'reminder',
      about: 'visit-2',
      asks: 'none',
      visit: visit(10, 'cancelled', 'Follow-up by phone'),
    }),
    dose,
    answer(dose, 'Yes, I took all of it', '1', at(2, 4)),
    ask(CHECK_INS, 'Thank you. Keep drinking water, and rest when you are tired.', at(2, 3.9), {
      asks: 'none',
    }),
    missed,
    photo,
    next,
    ask(CHECK_INS, 'What is your temperature now? For a blood pressure, add the second number.', at(0, 2), {
      asks: 'number',
    }),
    ask(CHECK_INS, 'Do you feel better, the same or worse than 12 hours ago?', at(0, 0.5), {
      choices: FEELS,
      asks: 'choice',
    }),
  ];
  return items.map((item, index) => ({ ...item, seq: index + 1 }));
}
