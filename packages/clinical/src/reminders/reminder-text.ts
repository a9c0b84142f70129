import type { TimestampMs } from '@baton/kernel';
import type { Appointment, Language, Preparation, Prompt, ReminderSettings, ReminderStep } from '@baton/wire';
import { isSameService } from '../appointments/appointment-status.ts';

/** What the practice and the patient are called in a text. */
export interface TextNames {
  /** As a text may say it (`nameForText`, policy): never a specialty. */
  readonly practice: string;
  readonly phone: string;
  readonly given: string;
}

export interface ReminderTextInput {
  readonly step: ReminderStep;
  readonly visits: readonly [Appointment, ...Appointment[]];
  readonly language: Language;
  readonly names: TextNames;
  readonly settings: Pick<ReminderSettings, 'survey'>;
  /** Active ones of the practice. */
  readonly preparations: readonly Preparation[];
}

export interface ReminderText {
  readonly text: string;
  /** What a text says where it may say when and where, and no more; null where there are no such words. */
  readonly short: string | null;
  readonly choices: Prompt['choices'];
}

type Choice = Prompt['choices'][number];

const LABELS = {
  C: { en: 'I will be there', es: 'Confirmo mi cita' },
  R: { en: 'I need another time', es: 'Necesito otra hora' },
  X: { en: 'I cannot come', es: 'No puedo ir' },
  notNeeded: { en: 'No visit needed', es: 'No la necesito' },
} as const;

/** Longest message that a prompt may carry by text (`promptSchema`). */
const MOST_SHORT = 480;

/** What one step says about these visits (docs/protocol/programmes.md §3, §4), with what to prepare for them. */
export function reminderText(input: ReminderTextInput): ReminderText {
  const { step, visits, language, settings } = input;
  // A time that ends in a point (`10:30 a.m.`) ends the sentence as well.
  const fill = (text: string): string =>
    fillPlaces(text, placesOf(input))
      .replace(/([ap]\.m\.)\./g, '$1')
      .trim();
  const isSurvey = step.kind === 'survey';
  const said = fill(isSurvey ? settings.survey.question[language] : step.text[language]);
  const ridesAlong = step.anchor !== 'after' ? preparationsFor(visits, input.preparations) : [];
  const text = [said, ...ridesAlong.map((one) => fill(one.text[language]))]
    .filter((part) => part !== '')
    .join('\n\n');
  const short = fill(step.short[language]);
  return {
    text,
    short: short === '' ? null : withoutAcutes(short).slice(0, MOST_SHORT),
    choices: isSurvey ? surveyChoices(settings.survey.choices) : choicesOf(step, language),
  };
}

function choicesOf({ kind, to }: ReminderStep, language: Language): Choice[] {
  const choice = (key: 'C' | 'R' | 'X'): Choice => ({ key, label: LABELS[key][language] });
  switch (kind) {
    case 'booked':
    case 'reminder':
      return to === 'confirmed' ? [choice('R'), choice('X')] : [choice('C'), choice('R'), choice('X')];
    case 'no-show':
      return [choice('R'), { key: 'X', label: LABELS.notNeeded[language] }];
    case 'thanks':
    case 'survey':
      return [];
  }
}

function surveyChoices(count: number): Choice[] {
  return Array.from({ length: count }, (_, index) => ({ key: String(index + 1), label: String(index + 1) }));
}

/** Each once: what the visit names, else what goes with its service. */
function preparationsFor(
  visits: readonly Appointment[],
  preparations: readonly Preparation[],
): readonly Preparation[] {
  const active = preparations.filter((one) => one.active);
  const found = visits.flatMap((visit) => {
    if (visit.preparation !== null) return active.filter(({ id }) => id === bareId(visit.preparation ?? ''));
    return active.filter(({ service }) => {
      return (
        service !== null &&
        (service === visit.service.code ||
          isSameService({ code: null, text: service }, { code: null, text: visit.service.text }))
      );
    });
  });
  return [...new Set(found)];
}

/** `preparation` of a visit is a key; who wrote the id alone is understood too. */
function bareId(key: string): string {
  return key.startsWith('preparation:') ? key.slice('preparation:'.length) : key;
}

function placesOf({ visits, language, names }: ReminderTextInput): Readonly<Record<string, string>> {
  const [first] = visits;
  const times = [...new Set(visits.map(({ start, timeZone }) => timeWords(start, timeZone, language)))];
  const last = times.pop() ?? '';
  const and = language === 'es' ? ' y ' : ' and ';
  return {
    ...names,
    date: dateWords(first.start, first.timeZone, language),
    time: times.length === 0 ? last : `${times.join(', ')}${and}${last}`,
  };
}

/** Puts words in the places of a template; a place that nobody knows stays as it is. A name that is not known leaves no gap before a comma. */
export function fillPlaces(text: string, places: Readonly<Record<string, string>>): string {
  return text
    .replace(/,? ?\{given\}/g, (found) => {
      const given = places['given'] ?? '';
      return given === '' ? '' : found.replace('{given}', given);
    })
    .replace(/\{([a-z]{1,20})\}/g, (found, name: string) => places[name] ?? found);
}

const formats = new Map<string, Intl.DateTimeFormat>();
const LOCALES = { en: 'en-US', es: 'es-US' } as const;

function formatOf(kind: 'date' | 'time', timeZone: string, language: Language): Intl.DateTimeFormat {
  const key = `${kind} ${language} ${timeZone}`;
  const known = formats.get(key);
  if (known) return known;
  const options: Intl.DateTimeFormatOptions =
    kind === 'date'
      ? { weekday: 'long', month: 'long', day: 'numeric' }
      : { hour: 'numeric', minute: '2-digit' };
  const made = new Intl.DateTimeFormat(LOCALES[language], { ...options, timeZone, calendar: 'gregory' });
  formats.set(key, made);
  return made;
}

/** A date as people say it: `Tuesday, November 24`, `martes, 24 de noviembre`. */
export function dateWords(atMs: TimestampMs, timeZone: string, language: Language): string {
  return plainSpaces(formatOf('date', timeZone, language).format(atMs));
}

/** A time as people say it there: `10:30 AM`. */
export function timeWords(atMs: TimestampMs, timeZone: string, language: Language): string {
  return plainSpaces(formatOf('time', timeZone, language).format(atMs));
}

/** Narrow and hard spaces are in no text's alphabet. */
function plainSpaces(text: string): string {
  return text.replace(/[\u00a0\u202f]/g, ' ').replace(/([ap])\. m\./g, '$1.m.');
}

const ACUTES: Readonly<Record<string, string>> = {
  á: 'a',
  í: 'i',
  ó: 'o',
  ú: 'u',
  Á: 'A',
  Í: 'I',
  Ó: 'O',
  Ú: 'U',
};

/** The four letters that GSM-7 has not: with one of them a text is twice as long. */
export function withoutAcutes(text: string): string {
  return text.replace(/[áíóúÁÍÓÚ]/g, (letter) => ACUTES[letter] ?? letter);
}
