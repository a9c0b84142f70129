import type { Appointment, AppointmentsValue } from '@baton/wire';
import type { AgentContext } from '../program/agent-program.ts';
import type { NamedValues } from '../session/named-values.ts';

/** A visit as a feed says it; everything else of an appointment is not the feed's to say. */
export type FeedVisit = Omit<
  Appointment,
  'answer' | 'slot' | 'replaces' | 'preparation' | 'createdAt' | 'updatedAt'
>;

/** What every part of a feed's program works with (docs/protocol/programmes.md §1). */
export interface FeedPorts {
  readonly context: Pick<AgentContext, 'clock' | 'wait' | 'lease' | 'activity' | 'state'>;
  readonly values: NamedValues<AppointmentsValue>;
  /** Name of the feed: the program's. */
  readonly feed: 'hl7v2' | 'fhir';
  /** `mergeFeed` of `@baton/clinical`: the appointment after one message of its feed; null where nothing changes. */
  readonly merge: (current: Appointment | null, incoming: FeedVisit, nowMs: number) => Appointment | null;
}
