import type { FeedVisit } from '@baton/agent';
import { err, ok, type Result, type TimestampMs } from '@baton/kernel';
import type { Condition } from '../message/acknowledgement.ts';
import type { ReadMessage } from '../message/read-message.ts';
import type { Segment } from '../message/segment.ts';
import { readTime } from '../message/times.ts';
import type { Hl7v2Settings } from '../settings.ts';
import { statusOf } from './visit-status.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const LONGEST_ID = 160;

/** A visit as one message says it; `when` null: the message does not say, what is known stays. */
export interface ReadVisit {
  readonly visit: Omit<FeedVisit, 'ref' | 'start' | 'end'>;
  readonly when: { readonly start: TimestampMs; readonly end: TimestampMs } | null;
}

export interface VisitFault {
  readonly condition: Condition;
  /** Names the field; says nothing of its content. */
  readonly reason: string;
}

/** Maps SIU to a visit (HL7 v2.5.1 chapter 10). Tolerant of what senders leave out; without an id or an event that is known it is a fault. */
export function readVisit(
  message: ReadMessage,
  settings: Hl7v2Settings,
  nowMs: TimestampMs,
): Result<ReadVisit, VisitFault> {
  const { header } = message;
  const sch = message.segment('SCH');
  if (sch === null) return err({ condition: 'segment-sequence', reason: 'SCH is missing' });
  const status = statusOf(header.event, sch.text(25));
  if (status === null)
    return err({ condition: 'unknown-event', reason: 'the event in MSH-9 is none of a visit' });
  const id = idOf(message, sch);
  if (id === null) return err({ condition: 'missing-field', reason: 'SCH-2 and SCH-1 are missing' });
  if (id.length > LONGEST_ID) return err({ condition: 'wrong-value', reason: 'SCH-2 is too long' });
  const place = placeOf(message, settings);
  const said = readTime(header.at, settings.timeZone)?.at ?? nowMs;
  return ok({
    visit: {
      t: 'appointment',
      id,
      status,
      timeZone: place.timeZone,
      service: serviceOf(message, sch),
      practitioner: practitionerOf(message),
      location: place.name,
      reason: clip(sch.text(7, 2) || sch.text(6, 2), 300) || null,
      source: {
        kind: 'hl7v2',
        system: clip([header.application, header.facility].filter(Boolean).join(' '), 120) || null,
        // A clock that is a little ahead is still in order with itself; one that is a day ahead would keep every later message out.
        version: Math.max(0, said > nowMs + DAY_MS ? nowMs : said),
        message: clip(header.control, 120) || null,
      },
    },
    when: whenOf(message, { sch, timeZone: place.timeZone, settings }),
  });
}

/** Filler's id, else placer's, with whose number it is: two systems may count alike. */
function idOf({ header }: ReadMessage, sch: Segment): string | null {
  const field = sch.text(2) !== '' ? 2 : 1;
  const value = sch.text(field);
  if (value === '') return null;
  const authority = sch.text(field, 2) || sch.text(field, 3) || header.facility || header.application;
  return `hl7v2/${authority}/${value}`;
}

function whenOf(
  message: ReadMessage,
  { sch, timeZone, settings }: { sch: Segment; timeZone: string; settings: Hl7v2Settings },
): ReadVisit['when'] {
  const timeOf = (text: string): TimestampMs | null => {
    const time = readTime(text, timeZone);
    return time?.hasHour ? time.at : null;
  };
  const earliest = (name: string, field: number): TimestampMs | null => {
    const times = message.segments(name).flatMap((segment) => timeOf(segment.text(field)) ?? []);
    return times.length === 0 ? null : Math.min(...times);
  };
  const tq1 = message.segment('TQ1');
  // Where they disagree, the service's own time counts (standards: AIS-4).
  const start =
    earliest('AIS', 4) ??
    timeOf(sch.text(11, 4)) ??
    timeOf(tq1?.text(7) ?? '') ??
    earliest('AIL', 6) ??
    earliest('AIP', 6) ??
    earliest('AIG', 8);
  if (start === null) return null;
  const ends = [timeOf(sch.text(11, 5)), timeOf(tq1?.text(8) ?? '')];
  const end = ends.find((at) => at !== null && at > start && at - start <= DAY_MS) ?? null;
  const minutes =
    minutesOf(sch.text(9), sch.text(10)) ??
    minutesOf(message.segment('AIS')?.text(7) ?? '', message.segment('AIS')?.text(8) ?? '') ??
    minutesOf(sch.text(11, 3).replace(/^M/, ''), 'min');
  if (minutes !== null) return { start, end: start + minutes * MINUTE_MS };
  return { start, end: end ?? start + settings.minutes * MINUTE_MS };
}

function minutesOf(text: string, unit: string): number | null {
  const number = Number(text);
  if (text === '' || !Number.isFinite(number) || number <= 0) return null;
  const letter = unit.toLowerCase()[0] ?? 'm';
  const minutes = letter === 's' ? number / 60 : letter === 'h' ? number * 60 : number;
  return minutes >= 1 && minutes <= 1440 ? Math.round(minutes) : null;
}

/** AIS-3, else the appointment's type or reason. */
function serviceOf(message: ReadMessage, sch: Segment): FeedVisit['service'] {
  const ais = message.segment('AIS');
  const named = [ais && coded(ais, 3), coded(sch, 7), coded(sch, 6), coded(sch, 8)].find(
    (found) => found !== null,
  );
  return named ?? { code: null, text: 'Visit' };
}

function coded(segment: Segment, field: number): FeedVisit['service'] | null {
  const [code, text] = [clip(segment.text(field, 1), 80), clip(segment.text(field, 2), 160)];
  if (code === '' && text === '') return null;
  return { code: code || null, text: text || code };
}

/** First named person of AIP, else the one who attends (PV1-7). */
function practitionerOf(message: ReadMessage): FeedVisit['practitioner'] {
  for (const aip of message.segments('AIP')) {
    const found = personIn(aip, 3);
    if (found) return found;
  }
  const pv1 = message.segment('PV1');
  return pv1 && personIn(pv1, 7);
}

/** XCN: id, family, given, further, suffix, prefix. */
function personIn(segment: Segment, field: number): FeedVisit['practitioner'] {
  const [family, given, prefix] = [segment.text(field, 2), segment.text(field, 3), segment.text(field, 6)];
  const text = clip([prefix, given, family].filter(Boolean).join(' '), 160);
  return text === '' ? null : { code: clip(segment.text(field, 1), 80) || null, text };
}

/** PL: point of care, room, bed, facility; its description where there is one. */
function placeOf(
  message: ReadMessage,
  settings: Hl7v2Settings,
): { readonly name: string | null; readonly timeZone: string } {
  const ail = message.segment('AIL');
  const pv1 = message.segment('PV1');
  const [segment, field] = ail && ail.text(3) !== '' ? [ail, 3] : [pv1, 3];
  const code = segment?.text(field) ?? '';
  const known = Object.hasOwn(settings.locations, code) ? settings.locations[code] : undefined;
  if (known) return { name: known.name, timeZone: known.timeZone ?? settings.timeZone };
  const words = segment?.text(field, 9) || [code, segment?.text(field, 2)].filter(Boolean).join(' ');
  return { name: clip(words, 200) || null, timeZone: settings.timeZone };
}

function clip(text: string, length: number): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, length).trim();
}
