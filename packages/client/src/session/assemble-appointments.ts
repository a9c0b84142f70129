import { explain } from '@baton/policy';
import { AppointmentDesk } from '../appointments/appointment-desk.ts';
import type { CareDesk } from '../care/care-desk.ts';
import { actorOf } from '../conversations/conversation-view.ts';
import type { Desks } from './assemble-desks.ts';
import type { Records } from './assemble-records.ts';
import type { Streams } from './assemble-streams.ts';
import type { PartsPorts } from './parts-ports.ts';

/** Appointments, reminders, waitlist and recalls, as staff see and keep them. */
export function assembleAppointments(
  ports: PartsPorts,
  records: Records,
  flow: Streams,
  made: Desks & { readonly care: CareDesk },
): AppointmentDesk {
  const { platform, secrets, events, connection } = ports;
  const { primitives, rng, soon, timers } = platform;
  const { directory, book, serverClock } = records;
  const { sealed, patients, care } = made;
  const me = secrets.account;
  return new AppointmentDesk({
    me,
    digest: primitives.sha256,
    rng,
    clock: serverClock,
    soon,
    timers,
    book,
    collections: flow.collections,
    sealed,
    patients: {
      ready: () => patients.state.read().ready,
      rows: () => patients.rows.read(),
      read: (ref) => patients.read(ref),
      subscribe: (listener) => patients.rows.subscribe(listener),
    },
    reach: (ref) => care.reachOf(ref),
    chart: (ref) => care.chart(ref).read(),
    texting: () => care.settings.read(),
    establish: () => care.establishNamed('appointments'),
    may: (action) => explain(actorOf(directory.person(me)), action).allowed,
    isOnline: () => connection().isOnline,
    failed: (error) => events.failed(error),
  });
}
