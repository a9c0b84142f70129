import { MINUTE_MS, type TimestampMs } from '@baton/kernel';
import type { FeedAppointment } from '@baton/clinical';
import type { AppointmentStatus, CsvMapping } from '@baton/wire';
import type { CsvProblem } from '../../api/appointments.ts';
import {
  type CsvDateFormat,
  CSV_DATE_FORMATS,
  dateText,
  dayOf,
  readClock,
  readDate,
  readMoment,
} from './cell-values.ts';
import { instantOf } from '@baton/kernel';
import type { CsvField } from './csv-fields.ts';
import { guessStatus } from './guess-mapping.ts';
import type { PatientMatcher } from './match-patient.ts';

/** Where a file says neither how long a visit takes nor when it ends. */
const USUAL_MINUTES = 30;
const MAX_MINUTES = 24 * 60;

export type Cells = (field: CsvField) => string;

export interface ReadRow {
  readonly visit: Omit<FeedAppointment, 'id' | 'source'> | null;
  readonly patient: string | null;
  readonly problems: readonly CsvProblem[];
}

/** One line of a file, read by the mapping; every problem of it, not the first one alone. */
export function readRow(
  cells: Cells,
  mapping: CsvMapping,
  { patients, nowMs }: { readonly patients: PatientMatcher; readonly nowMs: TimestampMs },
): ReadRow {
  const problems: CsvProblem[] = [];
  const reader = { cells, mapping, format: formatOf(mapping), problems };
  const birthDate = readBirthDate(reader, nowMs);
  const match = patients.find({ mrn: cells('mrn'), name: cells('name'), birthDate });
  if (!match.ok)
    problems.push({
      field: cells('mrn') === '' ? 'name' : 'mrn',
      value: cells('mrn') || cells('name'),
      code: `patient-${match.why}`,
    });
  const start = readStart(reader);
  const end = start === null ? null : readEnd(reader, start);
  const status = readStatus(reader);
  if (!match.ok || start === null || end === null || status === null || problems.length > 0)
    return { visit: null, patient: match.ok ? match.name : null, problems };
  const practitioner = cells('practitioner').slice(0, 160);
  return {
    visit: {
      t: 'appointment',
      ref: match.ref,
      status,
      start,
      end,
      timeZone: mapping.timeZone,
      service: {
        code: cells('serviceCode').slice(0, 80) || null,
        text: cells('service').slice(0, 160) || 'Visit',
      },
      practitioner: practitioner === '' ? null : { code: null, text: practitioner },
      location: cells('location').slice(0, 200) || null,
      reason: cells('reason').slice(0, 300) || null,
    },
    patient: match.name,
    problems,
  };
}

interface Reader {
  readonly cells: Cells;
  readonly mapping: CsvMapping;
  readonly format: CsvDateFormat;
  readonly problems: CsvProblem[];
}

function formatOf({ dateFormat }: CsvMapping): CsvDateFormat {
  return CSV_DATE_FORMATS.find((format) => format === dateFormat) ?? 'yyyy-MM-dd';
}

/** ISO 8601; empty where there is none. Years of two figures are of the past. */
function readBirthDate({ cells, format, problems }: Reader, nowMs: TimestampMs): string {
  const value = cells('birthDate');
  if (value === '') return '';
  const found = readDate(value, format)?.date ?? null;
  if (found === null) {
    problems.push({ field: 'birthDate', value, code: 'date' });
    return '';
  }
  const isToCome = dayOf(found) * 86_400_000 > nowMs;
  return dateText(isToCome ? { ...found, year: found.year - 100 } : found);
}

function readStart({ cells, mapping, format, problems }: Reader): TimestampMs | null {
  const { timeZone } = mapping;
  const whole = cells('start');
  if (whole !== '') {
    const at = readMoment(whole, { format, timeZone });
    if (at === null) problems.push({ field: 'start', value: whole, code: 'moment' });
    return at;
  }
  const date = readDate(cells('date'), format)?.date ?? null;
  const minute = readClock(cells('time'));
  if (date === null) problems.push({ field: 'date', value: cells('date'), code: 'date' });
  if (minute === null) problems.push({ field: 'time', value: cells('time'), code: 'time' });
  return date === null || minute === null ? null : instantOf(timeZone, dayOf(date), minute);
}

function readEnd({ cells, mapping, format, problems }: Reader, start: TimestampMs): TimestampMs | null {
  const end = endOf({ cells, mapping, format }, start);
  if (end !== null && end > start && end - start <= MAX_MINUTES * MINUTE_MS) return end;
  const field = (['end', 'endTime', 'minutes'] as const).find((name) => cells(name) !== '') ?? 'end';
  problems.push({ field, value: cells(field), code: 'end' });
  return null;
}

function endOf(
  { cells, mapping: { timeZone }, format }: Omit<Reader, 'problems'>,
  start: TimestampMs,
): TimestampMs | null {
  if (cells('end') !== '') return readMoment(cells('end'), { format, timeZone });
  if (cells('endTime') !== '') {
    const minute = readClock(cells('endTime'));
    const from = readClock(cells('time'));
    if (minute === null) return null;
    if (from !== null) return start + ((minute - from + 1440) % 1440) * MINUTE_MS;
    const date = readDate(cells('start') || cells('date'), format)?.date;
    return date ? instantOf(timeZone, dayOf(date), minute) : null;
  }
  const minutes = cells('minutes') === '' ? USUAL_MINUTES : Number.parseInt(cells('minutes'), 10);
  return Number.isInteger(minutes) && minutes > 0 ? start + minutes * MINUTE_MS : null;
}

function readStatus({ cells, mapping, problems }: Reader): AppointmentStatus | null {
  const word = cells('status').slice(0, 80);
  if (word === '') return 'booked';
  const status = mapping.statuses[word] ?? guessStatus(word);
  if (status === null) problems.push({ field: 'status', value: word, code: 'status' });
  return status;
}
