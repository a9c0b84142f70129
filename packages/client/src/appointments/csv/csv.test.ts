import { describe, expect, it } from 'vitest';
import type { PatientRow } from '../../api/patients.ts';
import { recordWith } from '../../care/fixtures/practice.ts';
import { type CsvDateFormat, readClock, readDate, readMoment } from './cell-values.ts';
import { dryRun } from './dry-run.ts';
import { guessMapping, guessStatus } from './guess-mapping.ts';
import { PatientMatcher } from './match-patient.ts';
import { readTable } from './read-table.ts';

const ZONE = 'America/New_York';
const NOW = Date.UTC(2026, 10, 20);
const own = { id: 'schedule', name: 'Schedule', timeZone: ZONE };

function row(ref: string, name: string, more: Partial<PatientRow> = {}): PatientRow {
  const facts = { birthDate: '1958-03-12', age: 68, gender: null, mrn: null, phone: null };
  return { ref, name, ...facts, practitioner: null, deceased: false, ...more };
}

const ROWS = [
  row('Patient/rosa', 'Rosa María Martínez', { mrn: '00042' }),
  row('Patient/ben', 'Ben Adler', { mrn: '00043' }),
  row('Patient/ben2', 'Ben Adler', { mrn: '00044' }),
];
const patients = new PatientMatcher({
  ready: () => true,
  rows: () => ROWS,
  read: (ref) =>
    ref === 'Patient/ben'
      ? recordWith({ ref, identifiers: [{ system: 'urn:epic', value: 'E-77', label: 'Epic' }] })
      : null,
  subscribe: () => () => {},
});

describe('cells of a file', () => {
  it.each([
    ['14:30', 870],
    ['2:30 PM', 870],
    ['2:30pm', 870],
    ['12:05 a.m.', 5],
    ['12 PM', 720],
    ['0915', 555],
    ['09:15:00', 555],
    ['25:00', null],
    ['9', null],
    ['9:75', null],
    ['13 PM', null],
    ['soon', null],
  ])('%s is %s minutes after midnight', (cell, minute) => {
    expect(readClock(cell)).toBe(minute);
  });

  it.each<[string, CsvDateFormat, string | null]>([
    ['11/24/2026', 'MM/dd/yyyy', '2026-11-24'],
    ['24/11/2026', 'dd/MM/yyyy', '2026-11-24'],
    ['24.11.26', 'dd/MM/yyyy', '2026-11-24'],
    ['2026-11-24', 'MM/dd/yyyy', '2026-11-24'],
    ['20261124', 'yyyy-MM-dd', '2026-11-24'],
    ['24/11/2026', 'MM/dd/yyyy', null],
    ['02/30/2026', 'MM/dd/yyyy', null],
    ['tomorrow', 'MM/dd/yyyy', null],
  ])('%s as %s is %s', (cell, format, wanted) => {
    const found = readDate(cell, format)?.date;
    const text = found && [found.year, found.month, found.day].map((part) => String(part).padStart(2, '0'));
    expect(text?.join('-') ?? null).toBe(wanted);
  });

  it('reads a moment by the clocks of the zone, or by an offset of its own', () => {
    const settings = { format: 'MM/dd/yyyy', timeZone: ZONE } as const;
    expect(readMoment('11/24/2026 10:30 AM', settings)).toBe(Date.UTC(2026, 10, 24, 15, 30));
    expect(readMoment('07/24/2026 10:30', settings)).toBe(Date.UTC(2026, 6, 24, 14, 30));
    expect(readMoment('2026-11-24T10:30:00-0800', settings)).toBe(Date.UTC(2026, 10, 24, 18, 30));
    expect(readMoment('11/24/2026', settings)).toBeNull();
  });
});

describe('a table', () => {
  it('is read with quotes, line breaks in cells, semicolons and a byte order mark', () => {
    const table = readTable('\uFEFFName;Note\n"Martínez; Rosa";"two\nlines"\n\n');
    expect(table).toEqual({ columns: ['Name', 'Note'], rows: [['Martínez; Rosa', 'two\nlines']] });
  });

  it('has none without a header, and tells columns of one name apart', () => {
    expect(readTable('1,2,3\n4,5,6')).toBeNull();
    expect(readTable('Date,Date,\n1,2,3')?.columns).toEqual(['Date', 'Date (2)', 'Column 3']);
  });
});

describe('a guess at a mapping', () => {
  it('knows the columns of an export by names and values', () => {
    const table = readTable(
      'CSN,Patient MRN,Appt Date,Provider,Status\n9,00042,24/11/2026 10:30,Rivera,Left',
    )!;
    const guess = guessMapping(table, own);
    expect(guess.columns).toEqual({
      id: 'CSN',
      mrn: 'Patient MRN',
      start: 'Appt Date',
      practitioner: 'Provider',
      status: 'Status',
    });
    expect(guess.dateFormat).toBe('dd/MM/yyyy');
    expect(guess.statuses).toEqual({});
  });

  it('understands the words of schedules, and leaves others to a person', () => {
    expect(['No-Show', 'CANCELLED', 'Checked In', 'Programada', 'noshow'].map(guessStatus)).toEqual([
      'noshow',
      'cancelled',
      'checked-in',
      'booked',
      'noshow',
    ]);
    expect(guessStatus('Left w/o being seen')).toBeNull();
  });
});

describe('a patient of a file', () => {
  it('is found by record number, with another identifier, or by name and birth date', () => {
    const found = { mrn: '', name: '', birthDate: '' };
    expect(patients.find({ ...found, mrn: '00042' })).toMatchObject({ ref: 'Patient/rosa' });
    expect(patients.find({ ...found, mrn: 'e-77' })).toMatchObject({ ref: 'Patient/ben' });
    const name = 'MARTINEZ, Rosa';
    expect(patients.find({ ...found, name, birthDate: '1958-03-12' })).toMatchObject({ ref: 'Patient/rosa' });
  });

  it('is nobody where two fit, the birth date is another, or a name stands alone', () => {
    const why = (wanted: Parameters<PatientMatcher['find']>[0]): unknown => {
      const match = patients.find(wanted);
      return match.ok ? match.ref : match.why;
    };
    expect(why({ mrn: '', name: 'Ben Adler', birthDate: '1958-03-12' })).toBe('several');
    expect(why({ mrn: '00042', name: '', birthDate: '1990-01-01' })).toBe('other-birth-date');
    expect(why({ mrn: '', name: 'Ben Adler', birthDate: '' })).toBe('missing');
    expect(why({ mrn: '', name: 'Adler', birthDate: '1958-03-12' })).toBe('unknown');
    expect(why({ mrn: '99', name: 'Ben Adler', birthDate: '1958-03-12' })).toBe('unknown');
  });
});

describe('a dry run', () => {
  const run = (lines: readonly string[]) => {
    const table = readTable(['Id,MRN,Date,Time,End,Type,Status', ...lines].join('\n'))!;
    const mapping = guessMapping(table, own);
    const digest = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
      const out = new Uint8Array(32);
      for (const [index, byte] of bytes.entries()) out[index % 32] = (out[index % 32] ?? 0) * 31 + byte;
      return out;
    };
    return dryRun(table, mapping, { digest, patients, known: () => null, nowMs: NOW });
  };

  it('says every problem of a line, and counts', () => {
    const { rows, counts } = run([
      '1,00042,11/24/2026,10:30,11:00,Follow-up,Booked',
      '2,999,11/24/2026,morning,11:00,Follow-up,Gone',
      '1,00043,11/24/2026,10:30,11:00,Follow-up,Booked',
      '3,00043,11/24/2026,23:30,00:15,Follow-up,Booked',
      '4,00043,11/24/2026,10:30,10:30,Follow-up,Booked',
    ]);
    expect(counts).toEqual({ new: 2, changed: 0, same: 0, error: 3 });
    expect(rows[1]?.problems.map(({ field, code }) => `${field} ${code}`)).toEqual([
      'mrn patient-unknown',
      'time time',
      'status status',
    ]);
    expect(rows[2]?.problems).toEqual([{ field: 'id', value: '1', code: 'twice' }]);
    expect(rows[4]?.problems).toEqual([{ field: 'endTime', value: '10:30', code: 'end' }]);
    expect(rows[3]?.appointment).toMatchObject({ end: Date.UTC(2026, 10, 25, 5, 15), ref: 'Patient/ben' });
  });
});
