import { encodeHex, encodeUtf8, type TimestampMs } from '@baton/kernel';
import type { Digest } from '@baton/ledger';
import { type FeedAppointment, mergeFeed } from '@baton/clinical';
import type { Appointment, CsvMapping } from '@baton/wire';
import type { CsvDryRun, CsvProblem, CsvRow } from '../../api/appointments.ts';
import type { CsvField } from './csv-fields.ts';
import type { PatientMatcher } from './match-patient.ts';
import { type ReadRow, readRow } from './read-row.ts';
import type { CsvTable } from './read-table.ts';

export interface DryRunPorts {
  readonly digest: Digest;
  readonly patients: PatientMatcher;
  readonly known: (id: string) => Appointment | null;
  readonly nowMs: TimestampMs;
}

/** What an import of this file would do, line by line. Nothing is written. */
export function dryRun({ columns, rows }: CsvTable, mapping: CsvMapping, ports: DryRunPorts): CsvDryRun {
  const places = new Map<string, number>();
  for (const [field, column] of Object.entries(mapping.columns)) {
    const at = columns.indexOf(column);
    if (at >= 0) places.set(field, at);
  }
  const seen = new Map<string, number>();
  const read = rows.map((row, index): CsvRow => {
    const cells = (field: CsvField): string => row[places.get(field) ?? -1] ?? '';
    const line = index + 1;
    const found = readRow(cells, mapping, ports);
    const id = found.visit ? idOf(found.visit, cells('id'), { mapping, digest: ports.digest }) : null;
    const before = id === null ? undefined : seen.get(id);
    if (id !== null) seen.set(id, line);
    if (before !== undefined)
      return failed(line, found, { field: 'id', value: String(before), code: 'twice' });
    if (id === null || found.visit === null) return failed(line, found);
    const incoming: FeedAppointment = {
      ...found.visit,
      id,
      source: { kind: 'csv', system: mapping.name, version: ports.nowMs, message: null },
    };
    return { line, patient: found.patient, problems: [], ...compare(incoming, ports) };
  });
  const counts = { new: 0, changed: 0, same: 0, error: 0 };
  for (const { what } of read) counts[what] += 1;
  return { columns, rows: read, counts };
}

function compare(
  incoming: FeedAppointment,
  { known, nowMs }: DryRunPorts,
): Pick<CsvRow, 'appointment' | 'what'> {
  const before = known(incoming.id);
  const after = mergeFeed(before, incoming, nowMs);
  if (before === null) return { appointment: after, what: 'new' };
  const isSame = after === null || contentOf(after) === contentOf(before);
  return { appointment: after ?? before, what: isSame ? 'same' : 'changed' };
}

/** What a file says of a visit: not when it said so. */
function contentOf(appointment: Appointment): string {
  const content = { ...appointment, source: null, updatedAt: 0 };
  return JSON.stringify(Object.entries(content).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function failed(line: number, { patient, problems }: ReadRow, more?: CsvProblem): CsvRow {
  return {
    line,
    appointment: null,
    patient,
    what: 'error',
    problems: more ? [...problems, more] : problems,
  };
}

/** The file's own number of the visit; without one, whose it is, when and what for: such a visit that is moved is another one. */
function idOf(
  { ref, start, service }: NonNullable<ReadRow['visit']>,
  own: string,
  { mapping, digest }: { readonly mapping: CsvMapping; readonly digest: Digest },
): string {
  const named = own === '' ? `${ref}\0${start}\0${service.text}` : `${mapping.id}\0${own}`;
  return `csv/${encodeHex(digest(encodeUtf8(named)).slice(0, 12))}`;
}
