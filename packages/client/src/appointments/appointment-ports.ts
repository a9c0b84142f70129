import type { AccountId, ConversationId, Rng, Timers } from '@baton/kernel';
import type { Digest } from '@baton/ledger';
import type { PatientRecord, Reach, TextingSettings } from '@baton/wire';
import type { Chart } from '../api/care.ts';
import type { PatientRow } from '../api/patients.ts';
import type { CollectionBook } from '../collections/collection-book.ts';
import type { CollectionDesk } from '../collections/collection-desk.ts';
import type { ConversationBook } from '../conversations/book.ts';
import type { Soon } from '../live/cell.ts';
import type { ServerClock } from '../sync/server-clock.ts';

/** The registry, as far as appointments ask it. */
export interface KnownPatients {
  readonly ready: () => boolean;
  readonly rows: () => readonly PatientRow[];
  readonly read: (ref: string) => PatientRecord | null;
  /** Told when patients came or changed. */
  readonly subscribe: (listener: () => void) => () => void;
}

/** What the appointment desk is made of. */
export interface AppointmentPorts {
  readonly me: AccountId;
  readonly digest: Digest;
  readonly rng: Rng;
  readonly clock: ServerClock;
  readonly soon: Soon;
  readonly timers: Timers;
  readonly book: ConversationBook;
  readonly collections: CollectionBook;
  readonly sealed: Pick<CollectionDesk, 'named' | 'idOf'>;
  readonly patients: KnownPatients;
  readonly reach: (ref: string) => Reach | null;
  readonly chart: (ref: string) => Chart;
  readonly texting: () => TextingSettings | null;
  /** Makes the collection for the team; `CareDesk.establishNamed`. */
  readonly establish: () => Promise<void>;
  readonly may: (action: string) => boolean;
  readonly isOnline: () => boolean;
  readonly failed: (error: unknown) => void;
}

/** Where it is, whether or not it has been made. */
export function collectionOf({ sealed }: Pick<AppointmentPorts, 'sealed'>): ConversationId {
  return sealed.idOf('appointments');
}
