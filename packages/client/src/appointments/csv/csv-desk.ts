import { type FeedAppointment, mergeFeed } from '@baton/clinical';
import type { Appointment, CsvMapping } from '@baton/wire';
import type { CsvDryRun } from '../../api/appointments.ts';
import { ClientError } from '../../failure.ts';
import type { AppointmentBook } from '../appointment-book.ts';
import type { AppointmentPorts } from '../appointment-ports.ts';
import type { AppointmentValues } from '../appointment-values.ts';
import { dryRun } from './dry-run.ts';
import { guessMapping } from './guess-mapping.ts';
import { PatientMatcher } from './match-patient.ts';
import { readTable } from './read-table.ts';

/** One practice has one schedule file as a rule; its visits keep their ids from file to file. */
const FIRST_MAPPING = { id: 'schedule', name: 'Schedule' };

type CsvPorts = Pick<AppointmentPorts, 'digest' | 'clock' | 'patients' | 'texting'>;

/** Files of visits: guessed, read without writing anything, and taken in. */
export class CsvDesk {
  readonly #ports: CsvPorts;
  readonly #parts: { readonly values: AppointmentValues; readonly book: AppointmentBook };

  constructor(
    ports: CsvPorts,
    parts: { readonly values: AppointmentValues; readonly book: AppointmentBook },
  ) {
    this.#ports = ports;
    this.#parts = parts;
  }

  read(text: string, mapping: CsvMapping): CsvDryRun {
    const { digest, patients, clock } = this.#ports;
    const table = readTable(text);
    if (!table)
      throw new ClientError('request.invalid', 'csv', {
        sentence: 'This file has no line with the names of its columns.',
      });
    return dryRun(table, mapping, {
      digest,
      patients: new PatientMatcher(patients),
      known: (id) => this.#parts.book.appointment(id),
      nowMs: clock.nowMs(),
    });
  }

  /** A mapping that was kept and fits comes before a guess. */
  suggest(text: string): CsvMapping | null {
    const table = readTable(text);
    if (!table) return null;
    const known = this.#parts.book
      .all('csv-mapping')
      .find(({ columns }) => Object.values(columns).every((column) => table.columns.includes(column)));
    const timeZone = this.#ports.texting()?.timeZone ?? 'UTC';
    const guessed = guessMapping(table, { ...FIRST_MAPPING, timeZone });
    return known ? { ...known, statuses: { ...guessed.statuses, ...known.statuses } } : guessed;
  }

  async import(
    run: CsvDryRun,
    mapping: CsvMapping,
    progress: (done: number, all: number) => void = () => {},
  ): Promise<void> {
    await this.#parts.values.save(mapping);
    const wanted = run.rows.flatMap(({ appointment, what }) =>
      appointment && (what === 'new' || what === 'changed') ? [appointment] : [],
    );
    progress(0, wanted.length);
    for (const [index, incoming] of wanted.entries()) {
      await this.#takeIn(feedPartOf(incoming));
      progress(index + 1, wanted.length);
    }
    await this.#note(run, mapping);
  }

  async #takeIn(visit: FeedAppointment): Promise<void> {
    await this.#parts.values.change('appointment', `appointment:${visit.id}`, (newest) =>
      mergeFeed(newest, visit, this.#ports.clock.nowMs()),
    );
  }

  async #note({ counts }: CsvDryRun, { id }: CsvMapping): Promise<void> {
    const at = this.#ports.clock.nowMs();
    await this.#parts.values.change('feed', `feed:csv-${id}`, (newest) => ({
      t: 'feed',
      id: `csv-${id}`,
      kind: 'csv',
      lastAt: at,
      taken: (newest?.taken ?? 0) + counts.new + counts.changed + counts.same,
      refused: (newest?.refused ?? 0) + counts.error,
      problems: newest?.problems ?? [],
    }));
  }
}

/** What the file says of a visit: not what patients and colleagues did with it in the meantime. */
function feedPartOf(visit: Appointment): FeedAppointment {
  const { t, id, ref, status, start, end, timeZone, service, practitioner, location, reason, source } = visit;
  return { t, id, ref, status, start, end, timeZone, service, practitioner, location, reason, source };
}
