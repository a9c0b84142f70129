import type { ExpectationKind } from './understanding.ts';

/**
 * What rules may say of a reply, by kind of question, beside the codes of the question's own choices. A protocol has to lead every one of them
 * somewhere. `choice` has only its own.
 *
 * - dose: `partial` some of it; `missed` a dose that was due and not taken; `cannot` out of tablets, told to stop, unable, unwilling; `vomited` threw up
 *   after taking; `extra` more than was due. A bare "no" is `not-yet`.
 * - wellbeing: what a question does not offer is turned to what it does (`bad` to `worse`, never the other way to something harmless), or asked back.
 * - count, temperature, blood-pressure: the number says it; `not-measured` where the patient says that there is none.
 * - free: `none` nothing to say; `said` something that a person reads.
 */
export const CODES_OF_KIND: Readonly<Record<ExpectationKind, readonly string[]>> = {
  dose: ['taken', 'not-yet', 'partial', 'missed', 'cannot', 'vomited', 'extra'],
  wellbeing: ['better', 'same', 'worse', 'good', 'okay', 'bad'],
  'yes-no': ['yes', 'no'],
  count: ['count'],
  temperature: ['temperature', 'not-measured'],
  'blood-pressure': ['blood-pressure', 'not-measured'],
  choice: [],
  urgency: ['urgent', 'can-wait'],
  photo: ['sent', 'later', 'cannot'],
  free: ['none', 'said'],
};

/** Codes that are a concern by themselves, whatever the protocol's thresholds are: never to be taken for "all well". */
export const ALARM_CODES: ReadonlySet<string> = new Set([
  'partial',
  'missed',
  'cannot',
  'vomited',
  'extra',
  'worse',
  'bad',
  'urgent',
  'said',
]);

/** Symptoms that are noticed beside an answer. They say that the patient spoke of it as present, not how bad it is. */
export const SYMPTOMS = [
  'appetite',
  'bleeding',
  'breathing',
  'chest-pain',
  'chills',
  'confusion',
  'constipation',
  'cough',
  'diarrhoea',
  'dizziness',
  'fall',
  'fatigue',
  'fever',
  'hand-foot',
  'headache',
  'low-mood',
  'mouth-sores',
  'nausea',
  'numbness',
  'pain',
  'palpitations',
  'rash',
  'sleep',
  'swelling',
  'unwell',
  'vomiting',
  'weakness',
  'worry',
  'wound',
] as const;
export type Symptom = (typeof SYMPTOMS)[number];
