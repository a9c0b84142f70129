import { createHash } from 'node:crypto';
import { type PatientRecord, patientRecordCodec } from '@baton/wire';
import type { ReadBundle } from './bundle.ts';
import type { CodeableConcept, EncounterResource, HumanName, PatientResource } from './resources.ts';

/** Identifier types (HL7 table 0203) that are never taken: messaging has no need of them (minimum necessary, 45 CFR 164.502(b)). */
const LEFT_OUT_IDENTIFIERS = new Set(['SS', 'DL', 'PPN']);

export interface MappedPatient {
  readonly record: PatientRecord;
  /** Identifiers left out under the minimum-necessary rule. */
  readonly leftOut: number;
}

/** Maps every patient of a bundle to a registry record. `importedAt` is UTC milliseconds; it is no part of the source hash. */
export function mapPatients(bundle: ReadBundle, importedAt: number): MappedPatient[] {
  const practitioners = new Map(
    bundle.resources.Practitioner.map((entry) => [entry.ref, displayName(entry.resource.name)]),
  );
  return bundle.resources.Patient.map(({ ref, resource }) =>
    mapPatient({ ref, resource, bundle, practitioners, importedAt }),
  );
}

function mapPatient(input: {
  ref: string;
  resource: PatientResource;
  bundle: ReadBundle;
  practitioners: ReadonlyMap<string, string>;
  importedAt: number;
}): MappedPatient {
  const { ref, resource, bundle } = input;
  const name = preferredName(resource.name);
  const mine = (reference: { reference?: string | undefined } | undefined) =>
    reference?.reference !== undefined &&
    (reference.reference === ref || reference.reference === `Patient/${resource.id}`);
  const encounters = bundle.resources.Encounter.map((entry) => entry.resource).filter((encounter) =>
    mine(encounter.subject),
  );
  const identifiers = (resource.identifier ?? []).filter((identifier) => identifier.value);
  const wanted = identifiers.filter(
    (identifier) => !LEFT_OUT_IDENTIFIERS.has(identifier.type?.coding?.[0]?.code ?? ''),
  );
  // Sources repeat a record number without saying what it is; the one that says so is enough.
  const taken = wanted.filter(
    ({ type, value }) =>
      type !== undefined || !wanted.some((other) => other.type !== undefined && other.value === value),
  );
  const unhashed: PatientRecord = {
    t: 'patient',
    ref: `Patient/${resource.id ?? ref.replace(/^urn:uuid:/, '')}`,
    family: clip(name?.family ?? name?.text ?? '', 200),
    given: (name?.given ?? []).slice(0, 10).map((given) => clip(given, 200)),
    prefix: name?.prefix?.[0] === undefined ? null : clip(name.prefix[0], 200),
    birthDate: resource.birthDate ?? null,
    deceased: resource.deceasedDateTime ?? resource.deceasedBoolean ?? null,
    gender: resource.gender ?? null,
    identifiers: taken.slice(0, 20).map((identifier) => ({
      system: clip(identifier.system ?? '', 200),
      value: clip(identifier.value ?? '', 200),
      label: clip(identifier.type?.text ?? identifier.type?.coding?.[0]?.code ?? '', 80),
    })),
    telecom: (resource.telecom ?? [])
      .filter((point) => point.value)
      .slice(0, 20)
      .map((point) => ({
        system: clip(point.system ?? 'other', 20),
        value: clip(point.value ?? '', 100),
        use: point.use === undefined ? null : clip(point.use, 20),
      })),
    address: (resource.address ?? [])
      .slice(0, 5)
      .map((address) =>
        clip(
          [
            ...(address.line ?? []),
            address.city,
            [address.state, address.postalCode].filter(Boolean).join(' '),
          ]
            .filter(Boolean)
            .join(', '),
          300,
        ),
      ),
    language: preferredLanguage(resource),
    practitioners: careGivers({ resource, encounters, practitioners: input.practitioners }),
    conditions: bundle.resources.Condition.map((entry) => entry.resource)
      .filter((condition) => mine(condition.subject))
      .slice(0, 200)
      .map((condition) => ({
        text: clip(conceptText(condition.code), 300),
        active: condition.clinicalStatus?.coding?.[0]?.code === 'active',
        onset: condition.onsetDateTime ?? null,
      })),
    medications: bundle.resources.MedicationRequest.map((entry) => entry.resource)
      .filter((request) => mine(request.subject))
      .slice(0, 200)
      .map((request) => ({
        text: clip(conceptText(request.medicationCodeableConcept), 300),
        active: request.status === 'active',
        authored: request.authoredOn ?? null,
      })),
    allergies: bundle.resources.AllergyIntolerance.map((entry) => entry.resource)
      .filter((allergy) => mine(allergy.patient))
      .slice(0, 100)
      .map((allergy) => clip(conceptText(allergy.code), 300)),
    lastEncounter: lastEncounter(encounters),
    importedAt: 0,
    source: new Uint8Array(32),
  };
  const source = new Uint8Array(createHash('sha256').update(patientRecordCodec.encode(unhashed)).digest());
  return {
    record: { ...unhashed, importedAt: input.importedAt, source },
    leftOut: identifiers.length - wanted.length,
  };
}

/** "Elizbeth Ratke": given and family name, digits that Synthea appends left out of neither; empty when unnamed. */
export function displayName(names: readonly HumanName[] | undefined): string {
  const name = preferredName(names);
  if (name === undefined) return '';
  return [...(name.given ?? []), name.family].filter(Boolean).join(' ') || (name.text ?? '');
}

function preferredName(names: readonly HumanName[] | undefined): HumanName | undefined {
  return (
    names?.find((name) => name.use === 'official') ??
    names?.find((name) => name.use === 'usual') ??
    names?.[0]
  );
}

function preferredLanguage(resource: PatientResource): string | null {
  const communication =
    resource.communication?.find((entry) => entry.preferred) ?? resource.communication?.[0];
  const code = communication?.language.coding?.[0]?.code ?? communication?.language.text;
  return code === undefined ? null : clip(code, 20);
}

function careGivers(input: {
  resource: PatientResource;
  encounters: readonly EncounterResource[];
  practitioners: ReadonlyMap<string, string>;
}): { ref: string; name: string }[] {
  const refs = new Set<string>();
  for (const general of input.resource.generalPractitioner ?? [])
    if (general.reference) refs.add(general.reference);
  for (const encounter of [...input.encounters].sort(latestFirst)) {
    for (const participant of encounter.participant ?? [])
      if (participant.individual?.reference) refs.add(participant.individual.reference);
  }
  return [...refs]
    .slice(0, 20)
    .map((ref) => ({ ref: clip(ref, 200), name: clip(input.practitioners.get(ref) ?? '', 200) }));
}

function lastEncounter(encounters: readonly EncounterResource[]): PatientRecord['lastEncounter'] {
  const latest = [...encounters].sort(latestFirst)[0];
  if (latest?.period?.start === undefined) return null;
  return { at: clip(latest.period.start, 40), text: clip(conceptText(latest.type?.[0]), 300) };
}

function latestFirst(a: EncounterResource, b: EncounterResource): number {
  return (b.period?.start ?? '').localeCompare(a.period?.start ?? '');
}

function conceptText(concept: CodeableConcept | undefined): string {
  return concept?.text ?? concept?.coding?.[0]?.display ?? concept?.coding?.[0]?.code ?? '';
}

function clip(text: string, length: number): string {
  return text.length <= length ? text : text.slice(0, length);
}
