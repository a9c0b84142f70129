import type { Bytes, Clock, TimestampMs } from '@baton/kernel';
import { type PatientRecord, patientRecordCodec } from '@baton/wire';
import type { PatientRow } from '../api/patients.ts';
import { PatientIndex } from './patient-index.ts';
import { toPatientRow } from './patient-row.ts';
import { wordsOf } from './patient-words.ts';

const MOST_HITS = 100;
/** Records kept open; the others are opened from their bytes when somebody asks. */
const OPEN_RECORDS = 200;
/** More changes than this are sorted together. */
const SORTED_ONE_BY_ONE = 64;

interface Known {
  readonly document: number;
  readonly row: PatientRow;
  readonly family: string;
  readonly given: string;
  readonly value: Bytes;
  readonly at: TimestampMs;
}

const COLLATOR = new Intl.Collator();

/**
 * Every patient of the registry in memory: the row that lists show, the words that find it, and the sealed record's opened bytes. Built once and
 * kept patient by patient: a change of one costs one.
 */
export class PatientShelf {
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();
  readonly #open = new Map<string, PatientRecord>();
  readonly #documents: (Known | null)[] = [];
  readonly #index = new PatientIndex();
  #sorted: Known[] = [];
  /** Place in the sorted list by document. */
  #places: Uint32Array | null = null;
  #loose = new Set<Known>();
  #gone = new Set<Known>();
  #updatedAt: TimestampMs | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#known.size;
  }

  /** When the newest of the records came. */
  get updatedAt(): TimestampMs | null {
    return this.#updatedAt;
  }

  put(record: PatientRecord, from: { readonly value: Bytes; readonly at: TimestampMs }): void {
    const { ref } = record;
    this.remove(ref);
    const known: Known = {
      document: this.#documents.length,
      row: toPatientRow(record, this.#clock.nowMs()),
      family: record.family,
      given: record.given.join(' '),
      ...from,
    };
    this.#documents.push(known);
    this.#known.set(ref, known);
    this.#index.add(known.document, wordsOf(record));
    this.#loose.add(known);
    this.#places = null;
    if (this.#updatedAt === null || from.at > this.#updatedAt) this.#updatedAt = from.at;
  }

  remove(ref: string): void {
    const known = this.#known.get(ref);
    const record = this.read(ref);
    if (!known || !record) return;
    this.#index.remove(known.document, wordsOf(record));
    this.#documents[known.document] = null;
    this.#known.delete(ref);
    this.#open.delete(ref);
    if (!this.#loose.delete(known)) this.#gone.add(known);
    this.#places = null;
  }

  read(ref: string): PatientRecord | null {
    const open = this.#open.get(ref);
    if (open) return open;
    const known = this.#known.get(ref);
    const decoded = known ? patientRecordCodec.decode(known.value) : null;
    if (!decoded?.ok) return null;
    if (this.#open.size >= OPEN_RECORDS) this.#open.clear();
    this.#open.set(ref, decoded.value);
    return decoded.value;
  }

  /** Everything that a first list or search would wait for. */
  prepare(): void {
    this.#index.prepare();
    this.#placesOf();
  }

  /** Sorted by family name, then given name. */
  rows(): readonly PatientRow[] {
    return this.#sort().map(({ row }) => row);
  }

  /** Best first, then as sorted. */
  search(query: string): readonly PatientRow[] {
    const hits = this.#index.search(query);
    const places = this.#placesOf();
    return [...hits]
      .sort(([a, better], [b, worse]) => worse - better || (places[a] ?? 0) - (places[b] ?? 0))
      .slice(0, MOST_HITS)
      .flatMap(([document]) => this.#documents[document]?.row ?? []);
  }

  #placesOf(): Uint32Array {
    if (this.#places) return this.#places;
    const places = new Uint32Array(this.#documents.length);
    for (const [place, { document }] of this.#sort().entries()) places[document] = place;
    this.#places = places;
    return places;
  }

  #sort(): readonly Known[] {
    const [loose, gone] = [this.#loose, this.#gone];
    if (loose.size === 0 && gone.size === 0) return this.#sorted;
    const kept = gone.size === 0 ? this.#sorted : this.#sorted.filter((known) => !gone.has(known));
    if (loose.size > SORTED_ONE_BY_ONE) this.#sorted = [...kept, ...loose].sort(compare);
    else {
      this.#sorted = kept === this.#sorted ? [...kept] : kept;
      for (const known of loose) this.#sorted.splice(placeFor(this.#sorted, known), 0, known);
    }
    this.#loose = new Set();
    this.#gone = new Set();
    return this.#sorted;
  }
}

/** Family name, then given names, as a person would sort them; never equal. */
function compare(a: Known, b: Known): number {
  return (
    COLLATOR.compare(a.family, b.family) ||
    COLLATOR.compare(a.given, b.given) ||
    (a.row.ref < b.row.ref ? -1 : 1)
  );
}

function placeFor(sorted: readonly Known[], known: Known): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(sorted[middle] as Known, known) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
