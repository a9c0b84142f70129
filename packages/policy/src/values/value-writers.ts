import type { Action } from '../permissions/permission-table.ts';
import { authorCan, type ValueAuthor, type ValueKind } from './value-author.ts';

/** Programs of the assistants that write into the organisation's collections, as their manifests name them. */
type Program = 'sms' | 'triage' | 'reminders' | 'check-ins' | 'hl7v2' | 'fhir';

interface Writers {
  /** People who may do one of these. */
  readonly people: readonly Action[];
  readonly programs: readonly Program[];
}

const STAFF: readonly Action[] = ['patient.registry.write'];
/** Inviting a patient orders a text and says who writes for them. */
const INVITERS: readonly Action[] = [...STAFF, 'people.invite.patient'];
/** Who brings data in from a file or another system as well. */
const IMPORTERS: readonly Action[] = [...STAFF, 'import.run'];
const FEEDS: readonly Program[] = ['hl7v2', 'fhir'];

/**
 * Who may write which kind of sealed value (docs/protocol/patients.md §3). The server cannot look: every reader's client does, and drops what is not
 * listed. A manifest's `put` says that an agent writes collections at all; this says what. What it may change of one is `judgeValue`'s business.
 */
export const VALUE_WRITERS: Readonly<Record<ValueKind, Writers>> = {
  // The registry, in which no assistant is.
  patient: { people: IMPORTERS, programs: [] },
  // `texting`. Feeds set `deceased` of a `reach`, and nothing else.
  reach: { people: INVITERS, programs: FEEDS },
  consent: { people: INVITERS, programs: ['sms', 'check-ins'] },
  optout: { people: STAFF, programs: ['sms'] },
  order: { people: INVITERS, programs: ['sms'] },
  settings: { people: [...STAFF, 'org.settings'], programs: [] },
  // `desk`.
  thread: { people: INVITERS, programs: ['triage'] },
  template: { people: STAFF, programs: [] },
  'sign-off': { people: ['protocol.sign.clinician'], programs: [] },
  // `appointments`.
  appointment: { people: IMPORTERS, programs: ['reminders', ...FEEDS] },
  slot: { people: IMPORTERS, programs: ['reminders'] },
  wait: { people: STAFF, programs: ['reminders'] },
  preparation: { people: STAFF, programs: [] },
  'reminder-settings': { people: [...STAFF, 'org.settings'], programs: [] },
  sent: { people: [], programs: ['reminders'] },
  recall: { people: STAFF, programs: ['reminders'] },
  feed: { people: IMPORTERS, programs: FEEDS },
  held: { people: STAFF, programs: FEEDS },
  'write-back': { people: STAFF, programs: ['reminders', ...FEEDS] },
  'csv-mapping': { people: IMPORTERS, programs: [] },
  'no-show-model': { people: [], programs: ['reminders'] },
  'patient-map': { people: STAFF, programs: [] },
  // `programmes`.
  protocol: { people: ['protocol.write'], programs: [] },
  signature: { people: ['protocol.write', 'protocol.sign.clinician'], programs: [] },
  enrolment: { people: STAFF, programs: ['check-ins'] },
  run: { people: [], programs: ['check-ins'] },
  alert: { people: STAFF, programs: ['check-ins'] },
};

/** Kinds that are never deleted. */
const LASTING: ReadonlySet<ValueKind> = new Set(['consent', 'optout', 'sign-off', 'signature']);

export function mayWriteValue(kind: ValueKind, author: ValueAuthor): boolean {
  const { people, programs }: Writers = VALUE_WRITERS[kind];
  if (author.kind === 'agent') return programs.some((program) => program === author.program);
  return people.some((action) => authorCan(author, action));
}

/** Deleting a value is writing its kind, where that may end at all. An assistant deletes messages of a feed that were dealt with, and nothing else. */
export function mayDeleteValue(kind: ValueKind, author: ValueAuthor): boolean {
  if (LASTING.has(kind) || (author.kind === 'agent' && kind !== 'held')) return false;
  return mayWriteValue(kind, author);
}
