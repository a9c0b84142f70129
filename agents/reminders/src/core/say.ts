import {
  dateWords,
  fillPlaces,
  type PlannedStep,
  REPLY_TEXTS,
  type ReplyName,
  reminderText,
  timeWords,
  withoutAcutes,
} from '@baton/clinical';
import { DAY_MS, type MessageId, type TimestampMs } from '@baton/kernel';
import type { Appointment, Preparation, Prompt, ReminderSettings } from '@baton/wire';
import type { People, Person } from './people.ts';
import type { Said } from './ports.ts';

/** An answer to an answer is worth something while the patient still thinks of it. */
const REPLY_WORTH_MS = 2 * 3_600_000;
/** So long somebody who missed a visit, or was asked how it was, may answer. */
const ASKED_WORTH_MS = 7 * DAY_MS;
const MOST_SHORT = 480;

export interface ReplyInput {
  readonly id: MessageId;
  readonly name: ReplyName;
  readonly kind: Prompt['kind'];
  readonly about: string;
  readonly step?: string;
  /** That it speaks of. */
  readonly visit: Pick<Appointment, 'start' | 'end' | 'timeZone' | 'service' | 'location'> | null;
  readonly visitState?: 'booked' | 'confirmed' | 'cancelled';
  readonly choices?: Prompt['choices'];
  readonly until?: TimestampMs;
  readonly places?: Readonly<Record<string, string>>;
  readonly nowMs: TimestampMs;
}

/** Words of the assistant's messages. */
export class Say {
  readonly #people: People;

  constructor(people: People) {
    this.#people = people;
  }

  step(
    { step, appointments, untilMs }: PlannedStep,
    input: {
      readonly id: MessageId;
      readonly person: Person;
      readonly settings: ReminderSettings;
      readonly preparations: readonly Preparation[];
      readonly nowMs: TimestampMs;
    },
  ): Said {
    const { id, person, settings, preparations, nowMs } = input;
    const { language } = person;
    const [first] = appointments;
    const visits = appointments;
    const { text, short, choices } = reminderText({
      step,
      visits,
      language,
      names: this.#names(person),
      settings,
      preparations,
    });
    const isBefore = step.anchor !== 'after';
    return {
      id,
      text,
      prompt: {
        kind: step.kind === 'survey' ? 'survey' : 'reminder',
        about: first.id,
        step: step.id,
        choices,
        asks: choices.length > 0 ? 'choice' : 'none',
        until: isBefore || choices.length === 0 ? untilMs : nowMs + ASKED_WORTH_MS,
        short,
        visit: isBefore
          ? visitMark(first, first.answer.state === 'confirmed' ? 'confirmed' : 'booked')
          : null,
      },
    };
  }

  reply(person: Person, input: ReplyInput): Said {
    const { name, visit, choices = [], nowMs } = input;
    const { language } = person;
    const places = { ...this.#names(person), ...(visit ? whenWords(visit, person) : {}), ...input.places };
    const words = REPLY_TEXTS[name];
    const short = fillPlaces(words.short[language], places);
    return {
      id: input.id,
      text: fillPlaces(words.text[language], places),
      prompt: {
        kind: input.kind,
        about: input.about,
        step: input.step ?? `said-${name.toLowerCase()}`,
        choices,
        asks: choices.length > 0 ? 'choice' : 'none',
        until: input.until ?? nowMs + REPLY_WORTH_MS,
        short: withoutAcutes(short).slice(0, MOST_SHORT),
        visit: visit && input.visitState ? visitMark(visit, input.visitState) : null,
      },
    };
  }

  /** A campaign's own words. */
  recall(
    person: Person,
    input: {
      readonly id: MessageId;
      readonly about: string;
      readonly text: string;
      readonly choices: Prompt['choices'];
      readonly nowMs: TimestampMs;
    },
  ): Said {
    const { id, about, text, choices, nowMs } = input;
    const until = nowMs + ASKED_WORTH_MS;
    const prompt = {
      kind: 'recall',
      about,
      step: 'recall',
      choices,
      asks: 'choice',
      until,
      short: null,
      visit: null,
    } as const;
    return { id, text: fillPlaces(text, this.#names(person)), prompt };
  }

  #names({ given, language }: Person) {
    return { practice: this.#people.practice(language), phone: this.#people.phone, given };
  }
}

export function whenWords(
  { start, timeZone }: Pick<Appointment, 'start' | 'timeZone'>,
  { language }: Person,
): { readonly date: string; readonly time: string } {
  return { date: dateWords(start, timeZone, language), time: timeWords(start, timeZone, language) };
}

function visitMark(
  {
    start,
    end,
    timeZone,
    service,
    location,
  }: Pick<Appointment, 'start' | 'end' | 'timeZone' | 'service' | 'location'>,
  state: 'booked' | 'confirmed' | 'cancelled',
): NonNullable<Prompt['visit']> {
  return { start, end, timeZone, title: service.text, place: location, state };
}
