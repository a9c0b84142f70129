import { type AppointmentStatus, APPOINTMENT_STATUSES, type CsvMapping } from '@baton/wire';
import { plainWord } from '../../patients/patient-words.ts';
import { type CsvDateFormat, readClock, readMoment } from './cell-values.ts';
import { COLUMN_NAMES, CSV_FIELDS, type CsvField } from './csv-fields.ts';
import type { CsvTable } from './read-table.ts';

/** So many lines are looked at. */
const SAMPLE = 200;

/** Words that schedules use for a status, plain; what is not here has to be chosen by a person. */
const STATUS_WORDS: Readonly<Record<string, AppointmentStatus>> = {
  scheduled: 'booked',
  confirmed: 'booked',
  booked: 'booked',
  active: 'booked',
  open: 'booked',
  programada: 'booked',
  confirmada: 'booked',
  reservada: 'booked',
  rescheduled: 'cancelled',
  requested: 'proposed',
  tentative: 'pending',
  pendiente: 'pending',
  arrived: 'arrived',
  here: 'arrived',
  llego: 'arrived',
  'checked in': 'checked-in',
  checkedin: 'checked-in',
  'in progress': 'checked-in',
  completed: 'fulfilled',
  complete: 'fulfilled',
  'checked out': 'fulfilled',
  seen: 'fulfilled',
  done: 'fulfilled',
  completada: 'fulfilled',
  atendida: 'fulfilled',
  canceled: 'cancelled',
  cancelled: 'cancelled',
  cancelada: 'cancelled',
  'no show': 'noshow',
  noshow: 'noshow',
  'no-show': 'noshow',
  missed: 'noshow',
  'did not attend': 'noshow',
  dna: 'noshow',
  'no asistio': 'noshow',
  deleted: 'entered-in-error',
};

/** Which column is what, by the names of the columns and what stands in them; a person looks at it before anything is read by it. */
export function guessMapping(
  { columns, rows }: CsvTable,
  own: { readonly id: string; readonly name: string; readonly timeZone: string },
): CsvMapping {
  const sample = rows.slice(0, SAMPLE);
  const chosen = byNames(columns);
  const cells = (field: CsvField): readonly string[] => {
    const at = columns.indexOf(chosen.get(field) ?? '');
    return at < 0 ? [] : sample.flatMap((row) => (row[at] ? [row[at]] : []));
  };
  const dateFormat = formatOf([...cells('date'), ...cells('start'), ...cells('birthDate')]);
  const settings = { format: dateFormat, timeZone: own.timeZone };
  const isMost = (all: readonly string[], fits: (cell: string) => boolean): boolean =>
    all.length > 0 && all.filter(fits).length * 2 > all.length;
  // "Date" may hold the time as well, and "Start" only the time.
  if (
    !chosen.has('start') &&
    !chosen.has('time') &&
    isMost(cells('date'), (cell) => readMoment(cell, settings) !== null)
  )
    rename(chosen, 'date', 'start');
  if (!chosen.has('time') && isMost(cells('start'), (cell) => readClock(cell) !== null))
    rename(chosen, 'start', 'time');
  if (!chosen.has('endTime') && isMost(cells('end'), (cell) => readClock(cell) !== null))
    rename(chosen, 'end', 'endTime');
  const statuses: Record<string, AppointmentStatus> = {};
  for (const word of new Set(cells('status'))) {
    const guessed = guessStatus(word);
    if (guessed) statuses[word.slice(0, 80)] = guessed;
  }
  return {
    t: 'csv-mapping',
    ...own,
    columns: Object.fromEntries(chosen),
    dateFormat,
    statuses,
  };
}

export function guessStatus(word: string): AppointmentStatus | null {
  const plain = plainWord(word).trim();
  const exact = APPOINTMENT_STATUSES.find((status) => status === plain);
  return exact ?? STATUS_WORDS[plain] ?? STATUS_WORDS[plain.replaceAll(/[\s_-]+/g, ' ')] ?? null;
}

function byNames(columns: readonly string[]): Map<CsvField, string> {
  const plain = columns.map((column) => ({
    column,
    name: plainWord(column).replaceAll(/[^a-z0-9]/g, ''),
  }));
  const chosen = new Map<CsvField, string>();
  const taken = new Set<string>();
  const most = Math.max(...CSV_FIELDS.map((field) => COLUMN_NAMES[field].length));
  // The most usual names first, whatever field they are of: "Date" is a visit's before it is anything else's.
  for (let rank = 0; rank < most; rank++)
    for (const field of CSV_FIELDS) {
      const wanted = COLUMN_NAMES[field][rank];
      const found = plain.find(({ column, name }) => name === wanted && !taken.has(column));
      if (!found || chosen.has(field)) continue;
      chosen.set(field, found.column);
      taken.add(found.column);
    }
  return chosen;
}

function rename(chosen: Map<CsvField, string>, from: CsvField, to: CsvField): void {
  const column = chosen.get(from);
  if (column === undefined) return;
  chosen.delete(from);
  chosen.set(to, column);
}

/** By the figures that only one form allows; American where all allow it. */
function formatOf(cells: readonly string[]): CsvDateFormat {
  if (cells.some((cell) => /^\d{4}[-/.]/.test(cell))) return 'yyyy-MM-dd';
  const parts = cells.flatMap((cell) => {
    const match = /^(\d{1,2})[-/.](\d{1,2})[-/.]\d{2,4}/.exec(cell);
    return match ? [[Number(match[1]), Number(match[2])] as const] : [];
  });
  const isDayFirst = parts.some(([first]) => first > 12) && !parts.some(([, second]) => second > 12);
  return isDayFirst ? 'dd/MM/yyyy' : 'MM/dd/yyyy';
}
