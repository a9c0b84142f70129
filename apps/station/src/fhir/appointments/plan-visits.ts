import {
  bundleResource,
  Included,
  mapAppointment,
  type MappedVisit,
  type MappingSettings,
  referenceKey,
} from '@baton/bridge-fhir';
import type { TimestampMs } from '@baton/kernel';
import { type BundleProblem, MAX_BUNDLE_LENGTH } from '../bundle.ts';
import type { SourceFile } from '../import-plan.ts';

export interface VisitPlan {
  readonly visits: readonly PlannedVisit[];
  /** A plan with problems is not carried out. */
  readonly problems: readonly BundleProblem[];
  /** Entries that are no appointments and no part of one. */
  readonly ignored: number;
}

export interface PlannedVisit {
  readonly mapped: MappedVisit;
  /** `Patient/<id>` as the file names the patient; null where it names none. */
  readonly patient: string | null;
}

export type PlanSettings = Pick<MappingSettings, 'timeZone' | 'locations' | 'minutes'>;

const USED = new Set(['Patient', 'Practitioner', 'PractitionerRole', 'Location']);

/** Reads the appointments of FHIR R4 bundles. Nothing is written; an appointment that several files carry is taken once, the newest version wins. */
export function planVisits(
  files: readonly SourceFile[],
  settings: PlanSettings,
  nowMs: TimestampMs,
): VisitPlan {
  const visits = new Map<string, PlannedVisit>();
  const problems: BundleProblem[] = [];
  let ignored = 0;
  for (const { name: file, text } of files) {
    const bundle = bundleResource.safeParse(text.length > MAX_BUNDLE_LENGTH ? null : parseJson(text));
    if (!bundle.success) {
      problems.push({
        file,
        where: '',
        sentence: 'This is not a FHIR R4 Bundle as JSON of at most 256 MiB.',
      });
      continue;
    }
    const included = new Included();
    included.add(bundle.data);
    for (const [index, { fullUrl, resource }] of bundle.data.entry.entries()) {
      if (resource?.resourceType !== 'Appointment') {
        if (!USED.has(resource?.resourceType ?? '')) ignored += 1;
        continue;
      }
      const source = sourceOf(fullUrl);
      const mapped = mapAppointment(resource, {
        settings: { ...settings, ...source, sameIds: false },
        included,
        nowMs,
      });
      if (!mapped.ok) {
        const where = `entry.${index}.${mapped.error.at}`;
        problems.push({ file, where, sentence: 'This appointment does not fit FHIR R4, or has no time.' });
        continue;
      }
      const { id, source: version } = mapped.value.visit;
      const known = visits.get(id);
      if (known === undefined || known.mapped.visit.source.version <= version.version)
        visits.set(id, { mapped: mapped.value, patient: patientOf(resource) });
    }
  }
  return { visits: [...visits.values()], problems, ignored };
}

/** An entry that says its server is the same visit as one of that server's feed. */
function sourceOf(fullUrl: string | undefined): Pick<MappingSettings, 'origin' | 'system'> {
  const match = /^(https:\/\/[^/?#]+(?:\/[^?#]*)?)\/Appointment\/[A-Za-z0-9.-]+$/.exec(fullUrl ?? '');
  const base = match?.[1];
  if (base === undefined || !URL.canParse(base)) return { origin: 'file', system: null };
  return { origin: new URL(base).host, system: base };
}

function patientOf(resource: Readonly<Record<string, unknown>>): string | null {
  const participants = Array.isArray(resource['participant']) ? (resource['participant'] as unknown[]) : [];
  for (const participant of participants) {
    const reference = (participant as { actor?: { reference?: unknown } } | null)?.actor?.reference;
    const key = typeof reference === 'string' ? referenceKey(reference) : null;
    if (key?.startsWith('Patient/')) return key;
  }
  return null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
