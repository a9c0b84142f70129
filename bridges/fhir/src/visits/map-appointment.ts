import type { FeedVisit, OutsideIdentifier } from '@baton/agent';
import { err, ok, type Result, type TimestampMs } from '@baton/kernel';
import { PATIENT_REF_SYSTEM } from '@baton/wire';
import { type AppointmentResource, appointmentResource } from '../resources.ts';
import { type Included, referenceKey } from './included.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const LONGEST_ID = 160;
/** Identifier types (HL7 table 0203) that are never looked at (minimum necessary, 45 CFR 164.502(b)). */
const LEFT_OUT = new Set(['SS', 'DL', 'PPN']);
/** Nobody is reminded of these: they may be kept without a time. */
const OVER = new Set<AppointmentResource['status']>(['cancelled', 'entered-in-error', 'noshow']);

export interface MappingSettings {
  /** Where it is from: the host of the server, or another word. */
  readonly origin: string;
  /** Base of the server; null for a file. */
  readonly system: string | null;
  readonly timeZone: string;
  readonly locations: Readonly<Record<string, { readonly name: string; readonly timeZone: string | null }>>;
  readonly minutes: number;
  readonly sameIds: boolean;
}

export interface MappedVisit {
  readonly visit: Omit<FeedVisit, 'ref' | 'start' | 'end'>;
  /** null: it says no time, and is over. */
  readonly when: { readonly start: TimestampMs; readonly end: TimestampMs } | null;
  readonly patient: {
    readonly identifiers: readonly OutsideIdentifier[];
    readonly born: string | null;
    readonly isDeceased: boolean;
  };
}

/** Path of what does not fit; nothing of its content. */
export interface MappingFault {
  readonly code: 'unreadable' | 'missing-field';
  readonly at: string;
}

/** Maps one FHIR R4 Appointment to a visit (standards: Scheduling). `nowMs` orders a resource that has no `meta.lastUpdated`. */
export function mapAppointment(
  resource: unknown,
  input: { readonly settings: MappingSettings; readonly included: Included; readonly nowMs: TimestampMs },
): Result<MappedVisit, MappingFault> {
  const parsed = appointmentResource.safeParse(resource);
  if (!parsed.success)
    return err({ code: 'unreadable', at: parsed.error.issues[0]?.path.join('.') || 'resource' });
  const { data } = parsed;
  const { settings, included, nowMs } = input;
  const id = `fhir/${settings.origin}/${data.id}`;
  if (id.length > LONGEST_ID) return err({ code: 'unreadable', at: 'id' });
  const when = whenOf(data, settings);
  if (when === null && !OVER.has(data.status)) return err({ code: 'missing-field', at: 'start' });
  const place = placeOf(data, settings, included);
  const said = data.meta?.lastUpdated === undefined ? nowMs : Date.parse(data.meta.lastUpdated);
  return ok({
    visit: {
      t: 'appointment',
      id,
      status: data.status,
      timeZone: place.timeZone,
      service: serviceOf(data),
      practitioner: practitionerOf(data, included),
      location: place.name,
      reason: clip(data.reasonCode?.map(wordsOf).find(Boolean) ?? data.description ?? '', 300) || null,
      source: {
        kind: 'fhir',
        system: settings.system === null ? null : clip(settings.system, 120),
        // A clock that is a little ahead is still in order with itself; one that is a day ahead would keep every later version out.
        version: Math.max(0, said > nowMs + DAY_MS ? nowMs : said),
        message: clip(data.meta?.versionId ?? '', 120) || null,
      },
    },
    when,
    patient: patientOf(data, settings, included),
  });
}

function whenOf(
  { start, end, minutesDuration }: AppointmentResource,
  settings: MappingSettings,
): MappedVisit['when'] {
  if (start === undefined) return null;
  const from = Date.parse(start);
  const until = end === undefined ? Number.NaN : Date.parse(end);
  if (until > from && until - from <= DAY_MS) return { start: from, end: until };
  const minutes =
    minutesDuration !== undefined && minutesDuration <= 1440 ? minutesDuration : settings.minutes;
  return { start: from, end: from + minutes * MINUTE_MS };
}

type Concept = NonNullable<AppointmentResource['appointmentType']>;

function wordsOf(concept: Concept): string {
  return concept.text ?? concept.coding?.find(({ display }) => display)?.display ?? '';
}

function serviceOf({ serviceType, appointmentType, specialty }: AppointmentResource): FeedVisit['service'] {
  for (const concept of [...(serviceType ?? []), appointmentType, ...(specialty ?? [])]) {
    if (concept === undefined) continue;
    const code = clip(concept.coding?.find((coding) => coding.code)?.code ?? '', 80) || null;
    const text = clip(wordsOf(concept) || (code ?? ''), 160);
    if (text !== '') return { code, text };
  }
  return { code: null, text: 'Visit' };
}

function actorsOf({ participant }: AppointmentResource, types: readonly string[]) {
  return participant.flatMap(({ actor }) => {
    if (actor === undefined) return [];
    const type = /^([A-Z][A-Za-z]+)\//.exec(referenceKey(actor.reference ?? '') ?? '')?.[1] ?? actor['type'];
    return types.includes(String(type)) ? [actor] : [];
  });
}

function practitionerOf(data: AppointmentResource, included: Included): FeedVisit['practitioner'] {
  for (const { reference = '', display } of actorsOf(data, ['Practitioner', 'PractitionerRole'])) {
    const text = clip(display ?? included.name(reference) ?? '', 160);
    if (text !== '') return { code: clip(referenceKey(reference) ?? '', 80) || null, text };
  }
  return null;
}

function placeOf(
  data: AppointmentResource,
  settings: MappingSettings,
  included: Included,
): { readonly name: string | null; readonly timeZone: string } {
  const [actor] = actorsOf(data, ['Location']);
  const key = referenceKey(actor?.reference ?? '') ?? '';
  const known = Object.hasOwn(settings.locations, key) ? settings.locations[key] : undefined;
  if (known) return { name: known.name, timeZone: known.timeZone ?? settings.timeZone };
  const name = actor === undefined ? '' : (actor.display ?? included.name(actor.reference ?? '') ?? '');
  return { name: clip(name, 200) || null, timeZone: settings.timeZone };
}

function patientOf(
  data: AppointmentResource,
  settings: MappingSettings,
  included: Included,
): MappedVisit['patient'] {
  const [actor] = actorsOf(data, ['Patient']);
  const resource = actor?.reference === undefined ? null : included.patient(actor.reference);
  const key = referenceKey(actor?.reference ?? '');
  const said = [actor?.identifier, ...(resource?.identifier ?? [])].flatMap((identifier) => {
    const value = identifier?.value?.trim() ?? '';
    const type = identifier?.type?.coding?.[0]?.code ?? '';
    // The registry's own references are no identifiers of the outside: who could send one would choose any patient.
    if (identifier?.system === PATIENT_REF_SYSTEM) return [];
    if (value === '' || value.length > 200 || LEFT_OUT.has(type)) return [];
    return [{ system: identifier?.system ?? '', value }];
  });
  const own = settings.sameIds && key !== null ? [{ system: PATIENT_REF_SYSTEM, value: key }] : [];
  return {
    identifiers: [...own, ...said].slice(0, 20),
    born: resource?.birthDate ?? null,
    isDeceased: resource?.deceasedBoolean === true || resource?.deceasedDateTime !== undefined,
  };
}

function clip(text: string, length: number): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, length).trim();
}
