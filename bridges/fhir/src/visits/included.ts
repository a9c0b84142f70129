import {
  appointmentResource,
  type BundleResource,
  locationResource,
  type PatientResource,
  patientResource,
  practitionerResource,
} from '../resources.ts';

/** `Patient/p1` of whatever a reference looks like: relative, absolute, of a version; a URN stays. null for a contained one. */
export function referenceKey(reference: string): string | null {
  if (reference.startsWith('urn:')) return reference;
  const match =
    /(?:^|\/)([A-Z][A-Za-z]{1,60})\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[A-Za-z0-9.-]{1,64})?$/.exec(
      reference,
    );
  return match ? `${match[1]}/${match[2]}` : null;
}

/** What a bundle brought beside its appointments: whom and where they mean. */
export class Included {
  readonly #patients = new Map<string, PatientResource>();
  readonly #names = new Map<string, string>();

  /** Entries that do not fit are as good as not there. */
  add({ entry }: BundleResource): void {
    for (const { fullUrl, resource } of entry) {
      if (resource === undefined) continue;
      const id = typeof resource['id'] === 'string' ? `${resource.resourceType}/${resource['id']}` : null;
      const keys = [id, fullUrl === undefined ? null : referenceKey(fullUrl)].filter((key) => key !== null);
      const patient = patientResource.safeParse(resource);
      if (patient.success) for (const key of keys) this.#patients.set(key, patient.data);
      const name = nameOf(resource);
      if (name !== null) for (const key of keys) this.#names.set(key, name);
    }
  }

  patient(reference: string): PatientResource | null {
    return this.#patients.get(referenceKey(reference) ?? '') ?? null;
  }

  /** The patients whom an appointment names, as they came. */
  patientsOf(appointment: unknown): readonly PatientResource[] {
    const parsed = appointmentResource.safeParse(appointment);
    const actors = parsed.success ? parsed.data.participant : [];
    return actors.flatMap(({ actor }) => this.patient(actor?.reference ?? '') ?? []);
  }

  /** Name of a person or a place. */
  name(reference: string): string | null {
    return this.#names.get(referenceKey(reference) ?? '') ?? null;
  }
}

function nameOf(resource: unknown): string | null {
  const location = locationResource.safeParse(resource);
  if (location.success) return location.data.name ?? null;
  const practitioner = practitionerResource.safeParse(resource);
  const name = practitioner.success ? practitioner.data.name?.[0] : undefined;
  if (name === undefined) return null;
  const words = [...(name.prefix ?? []), ...(name.given ?? []), name.family].filter(Boolean).join(' ');
  return name.text ?? (words || null);
}
