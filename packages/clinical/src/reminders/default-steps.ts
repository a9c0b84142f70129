import type { ReminderSettings, ReminderStep } from '@baton/wire';

/**
 * Where the cadence that is on by default comes from: 54,066 patients randomised to a text 3 days, 1 day, or 3 days and 1 day before a visit. With both, 4.4 %
 * were missed, with one 5.8 % and 5.3 %; of those predicted likely to miss it 20.5 % against 25.0 % and 24.2 %; patients were as content.
 */
export const REMINDER_CADENCE_SOURCE = {
  title: 'Text message reminders 3 days and 1 day before a visit against one of them',
  url: 'https://pubmed.ncbi.nlm.nih.gov/30130032/',
} as const;

/** Changes with every change of a text or a time below. */
export const REMINDER_STEPS_VERSION = '2026-11-1';

const ASKS = {
  en: 'Reply C to confirm, R for another time, or X if you cannot come.',
  es: 'Responda C para confirmar, R para otra hora o X si no puede venir.',
} as const;
const CALL = { en: 'Questions? Call {phone}.', es: '¿Preguntas? Llame al {phone}.' } as const;
// Without á, í, ó, ú: they are not in GSM-7 and would make two texts of one.
const SHORT_ASKS = {
  en: 'Reply C to confirm, R for another time, X if you cannot come.',
  es: 'Responda C para confirmar, R para otra hora, X si no puede venir.',
} as const;

const unconfirmed = (en: string, es: string, shortEn: string, shortEs: string) => ({
  text: { en: `${en} ${ASKS.en} ${CALL.en}`, es: `${es} ${ASKS.es} ${CALL.es}` },
  short: { en: `${shortEn} ${SHORT_ASKS.en}`, es: `${shortEs} ${SHORT_ASKS.es}` },
});

const REMINDER = unconfirmed(
  'Hi {given}. You have a visit on {date} at {time}.',
  'Hola, {given}. Tiene una cita el {date} a las {time}.',
  '{practice}: you have a visit on {date} at {time}.',
  '{practice}: tiene una cita el {date} a las {time}.',
);

/** Steps as a practice starts with them; every one can be changed, switched off or on. Only the first two reminders rest on a trial. */
export const DEFAULT_REMINDER_STEPS: readonly ReminderStep[] = [
  {
    id: 'booked',
    kind: 'booked',
    anchor: 'booking',
    minutes: 0,
    to: 'all',
    active: false,
    ...unconfirmed(
      'Hi {given}. Your visit is set for {date} at {time}.',
      'Hola, {given}. Su cita es el {date} a las {time}.',
      '{practice}: your visit is set for {date} at {time}.',
      '{practice}: su cita es el {date} a las {time}.',
    ),
  },
  {
    id: 'one-week',
    kind: 'reminder',
    anchor: 'before',
    minutes: 7 * 1440,
    to: 'unconfirmed',
    active: false,
    ...REMINDER,
  },
  {
    id: 'three-days',
    kind: 'reminder',
    anchor: 'before',
    minutes: 3 * 1440,
    to: 'unconfirmed',
    active: true,
    ...REMINDER,
  },
  {
    id: 'extra',
    kind: 'reminder',
    anchor: 'before',
    minutes: 2 * 1440,
    to: 'likely-no-show',
    active: true,
    ...REMINDER,
  },
  {
    id: 'one-day',
    kind: 'reminder',
    anchor: 'before',
    minutes: 1440,
    to: 'unconfirmed',
    active: true,
    ...REMINDER,
  },
  {
    id: 'one-day-confirmed',
    kind: 'reminder',
    anchor: 'before',
    minutes: 1440,
    to: 'confirmed',
    active: true,
    text: {
      en: 'Hi {given}. See you on {date} at {time}. If that has changed, reply R for another time or X if you cannot come. Questions? Call {phone}.',
      es: 'Hola, {given}. Le esperamos el {date} a las {time}. Si algo cambia, responda R para otra hora o X si no puede venir. ¿Preguntas? Llame al {phone}.',
    },
    short: {
      en: '{practice}: see you on {date} at {time}. Reply R for another time, X if you cannot come.',
      es: '{practice}: le esperamos el {date} a las {time}. Responda R para otra hora, X si no puede venir.',
    },
  },
  {
    id: 'two-hours',
    kind: 'reminder',
    anchor: 'before',
    minutes: 120,
    to: 'all',
    active: false,
    text: {
      en: 'Hi {given}. Your visit is today at {time}. If you cannot come, reply X or call {phone}.',
      es: 'Hola, {given}. Su cita es hoy a las {time}. Si no puede venir, responda X o llame al {phone}.',
    },
    short: {
      en: '{practice}: your visit is on {date} at {time}. Reply X if you cannot come.',
      es: '{practice}: su cita es el {date} a las {time}. Responda X si no puede venir.',
    },
  },
  {
    id: 'missed',
    kind: 'no-show',
    anchor: 'after',
    minutes: 120,
    to: 'all',
    active: true,
    text: {
      en: 'Hi {given}. We missed you on {date}. Reply R for a new time, or X if you do not need one. Questions? Call {phone}.',
      es: 'Hola, {given}. No pudimos verle el {date}. Responda R para otra hora o X si no la necesita. ¿Preguntas? Llame al {phone}.',
    },
    short: {
      en: '{practice}: we missed you on {date}. Reply R for a new time, X if you do not need one.',
      es: '{practice}: no pudimos verle el {date}. Responda R para otra hora, X si no la necesita.',
    },
  },
  {
    id: 'thanks',
    kind: 'thanks',
    anchor: 'after',
    minutes: 120,
    to: 'all',
    active: false,
    text: {
      en: 'Hi {given}. Thank you for coming in. If you have questions, write to us here or call {phone}.',
      es: 'Hola, {given}. Gracias por venir. Si tiene preguntas, escriba aquí o llame al {phone}.',
    },
    short: {
      en: '{practice}: thank you for coming in. Questions? Call {phone}.',
      es: '{practice}: gracias por venir. Preguntas? Llame al {phone}.',
    },
  },
  {
    id: 'survey',
    kind: 'survey',
    anchor: 'after',
    minutes: 1440,
    to: 'all',
    active: false,
    text: { en: '', es: '' },
    short: { en: '', es: '' },
  },
];

/** What a practice starts with: the trial's cadence, switched off until somebody has looked at it. */
export const DEFAULT_REMINDER_SETTINGS: ReminderSettings = {
  t: 'reminder-settings',
  on: false,
  steps: [...DEFAULT_REMINDER_STEPS],
  mergeSameDay: true,
  holdMinutes: 120,
  slotChoices: 3,
  askTo: null,
  withinMs: 24 * 3_600_000,
  survey: {
    question: {
      en: 'How was your visit? Reply with a number from 1 (bad) to 5 (very good).',
      es: '¿Cómo fue su cita? Responda con un número del 1 (mala) al 5 (muy buena).',
    },
    choices: 5,
  },
  score: { on: false, share: 0.2, compare: null },
};
