import type { CareDesk } from '../care/care-desk.ts';
import type { ThreadAsks } from '../conversations/thread-asks.ts';
import { assembleAppointments } from './assemble-appointments.ts';
import { assembleBatons } from './assemble-batons.ts';
import { assembleCare } from './assemble-care.ts';
import { assembleDesks } from './assemble-desks.ts';
import { assembleDuty } from './assemble-duty.ts';
import { assembleProgrammes } from './assemble-programmes.ts';
import { assembleRecords } from './assemble-records.ts';
import { assembleStreams } from './assemble-streams.ts';
import { assembleWriting } from './assemble-writing.ts';
import type { PartsPorts } from './parts-ports.ts';

export type SessionParts = ReturnType<typeof createParts>;

/** Every part of a signed-in client. Each knows only the ports it was given; this is the one place that knows them all. */
export function createParts(ports: PartsPorts) {
  // Asked from the first name on, and known once the care desk is made.
  const late: { care: CareDesk | null } = { care: null };
  const records = assembleRecords(ports, {
    patientName: (account) => late.care?.nameOf(account) ?? null,
  });
  const asks: ThreadAsks = {
    batonsOf: (message) => duties.asks.batonsOf(message),
    owner: (id) => duties.asks.owner(id),
    canGive: (role) => duties.asks.canGive(role),
    responsibleFor: (manifest) => duties.asks.responsibleFor(manifest),
    defaultsIn: (conv) => duties.asks.defaultsIn(conv),
  };
  const incoming = assembleStreams(ports, records, {
    deliver: (row) => writing.sender.deliver(row),
    upload: (message, isWanted) => writing.files.upload(message, isWanted),
    takenBack: (row) => writing.files.giveUp(row),
    performAct: (act) => batonParts.batonActs.perform(act),
    batonsChanged: () => duties.batons.invalidate(),
    putsChanged: (conv, rows) => {
      desks.patients.take(conv, rows);
      care.take(conv, rows);
      appointments.take(conv, rows);
      programmes.take(conv, rows);
      desks.sealed.changed(conv, rows);
    },
    rowsStored: (conv, rows, where) => {
      if (where === 'newer') batonParts.watch.take(rows);
      duties.batons.stored(rows);
      care.stored(conv, rows);
      desks.conversations.peek(conv)?.stored(rows, where);
    },
  });
  const writing = assembleWriting(ports, records, incoming);
  const batonParts = assembleBatons(
    ports,
    records,
    { ...incoming, ...writing },
    {
      changed: (batons) => duties.batons.changed(batons),
      invalidated: () => duties.batons.invalidate(),
    },
  );
  const flow = { ...incoming, ...writing, ...batonParts };
  const desks = assembleDesks(ports, records, flow, { asks, titleFor: (conv) => care.titleOf(conv) });
  const duties = assembleDuty(ports, records, flow, desks);
  const care = assembleCare(ports, records, flow, { ...desks, ...duties });
  late.care = care;
  const appointments = assembleAppointments(ports, records, flow, { ...desks, care });
  const programmes = assembleProgrammes(ports, records, flow, { ...desks, ...duties, care });
  return { ...records, ...flow, ...desks, ...duties, care, appointments, programmes };
}
