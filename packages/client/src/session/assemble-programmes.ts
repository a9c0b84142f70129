import { explain } from '@baton/policy';
import { batonsToClose } from '../programmes/open-asks.ts';
import type { CareDesk } from '../care/care-desk.ts';
import { requireContact } from '../care/may-contact.ts';
import { actorOf } from '../conversations/conversation-view.ts';
import { toPatientRow } from '../patients/patient-row.ts';
import { ProgrammesDesk } from '../programmes/programmes-desk.ts';
import type { Desks } from './assemble-desks.ts';
import type { Duties } from './assemble-duty.ts';
import type { Records } from './assemble-records.ts';
import type { Streams } from './assemble-streams.ts';
import type { PartsPorts } from './parts-ports.ts';

/** Check-in programmes, as staff see and keep them. */
export function assembleProgrammes(
  ports: PartsPorts,
  records: Records,
  flow: Streams,
  made: Desks & Duties & { readonly care: CareDesk },
): ProgrammesDesk {
  const { platform, secrets, events, identityNow } = ports;
  const { primitives, rng, soon } = platform;
  const { directory, book, serverClock, keyLog, protocolJudge } = records;
  const { sealed, patients, care, batons } = made;
  const me = secrets.account;
  return new ProgrammesDesk({
    me,
    primitives,
    rng,
    clock: serverClock,
    soon,
    identity: identityNow,
    book,
    collections: flow.collections,
    sealed,
    sync: flow.sync,
    directory,
    keyLog,
    judge: protocolJudge,
    may: (action) => explain(actorOf(directory.person(me)), action).allowed,
    establish: () => care.establishNamed('programmes'),
    record: (ref) => patients.read(ref),
    patientName: (ref) => {
      const record = patients.read(ref);
      return care.reachOf(ref)?.name ?? (record ? toPatientRow(record, serverClock.nowMs()).name : ref);
    },
    consent: (ref, id) =>
      care
        .chart(ref)
        .read()
        .consents.find((consent) => consent.id === id) ?? null,
    requireContact: (ref) =>
      requireContact(care.reachOf(ref) ?? { deceased: false, doNotContact: false }, patients.read(ref)),
    openBatons: (message) => batonsToClose(batons.ofMessage(message)),
    closeBaton: (baton, reason) => batons.close(baton, reason),
    failed: (error) => events.failed(error),
  });
}
