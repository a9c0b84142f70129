import { assembleDesks } from './assemble-desks.ts';
import { assembleRecords } from './assemble-records.ts';
import { assembleStreams } from './assemble-streams.ts';
import { assembleWriting } from './assemble-writing.ts';
import type { PartsPorts } from './parts-ports.ts';

export type SessionParts = ReturnType<typeof createParts>;

/** Every part of a signed-in client. Each knows only the ports it was given; this is the one place that knows them all. */
export function createParts(ports: PartsPorts) {
  const records = assembleRecords(ports);
  const incoming = assembleStreams(ports, records, {
    deliver: (row) => writing.sender.deliver(row),
    putsChanged: (conv, rows) => {
      desks.patients.take(conv, rows);
      desks.sealed.changed(conv);
    },
    rowsStored: (conv, rows, where) => desks.conversations.peek(conv)?.stored(rows, where),
  });
  const writing = assembleWriting(ports, records, incoming);
  const desks = assembleDesks(ports, records, { ...incoming, ...writing });
  return { ...records, ...incoming, ...writing, ...desks };
}
