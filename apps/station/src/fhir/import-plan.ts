import type { PatientRecord } from '@baton/wire';
import { type BundleProblem, type ReadBundle, readBundle } from './bundle.ts';
import { displayName, mapPatients } from './patient-mapping.ts';

export interface PlannedPractitioner {
  readonly ref: string;
  readonly name: string;
}

/** What an import would do. Nothing is written while a plan is made; a plan with problems is not carried out. */
export interface ImportPlan {
  readonly patients: readonly PatientRecord[];
  readonly practitioners: readonly PlannedPractitioner[];
  readonly skipped: readonly { readonly what: string; readonly count: number; readonly why: string }[];
  readonly problems: readonly BundleProblem[];
}

export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** Reads all files before anything is written; a patient or practitioner that several bundles carry is taken once, the last one wins. */
export function planImport(files: readonly SourceFile[], importedAt: number): ImportPlan {
  const bundles: ReadBundle[] = [];
  const problems: BundleProblem[] = [];
  for (const file of files) {
    const read = readBundle(file.name, file.text);
    if (read.ok) bundles.push(read.value);
    else problems.push(read.error);
  }
  const patients = new Map<string, PatientRecord>();
  const practitioners = new Map<string, PlannedPractitioner>();
  const skipped = new Map<string, { what: string; count: number; why: string }>();
  const skip = (what: string, count: number, why: string) => {
    if (count > 0) skipped.set(what, { what, why, count: count + (skipped.get(what)?.count ?? 0) });
  };
  for (const bundle of bundles) {
    for (const { record, leftOut } of mapPatients(bundle, importedAt)) {
      if (record.family === '' && record.given.length === 0) {
        skip('patients without a name', 1, 'A patient cannot be recognised without a name.');
        continue;
      }
      if (patients.has(record.ref))
        skip('repeated patients', 1, 'The last one of several with the same id was taken.');
      patients.set(record.ref, record);
      skip('identifiers', leftOut, 'Social security, driver licence and passport numbers are never taken.');
    }
    for (const { ref, resource } of bundle.resources.Practitioner) {
      const name = displayName(resource.name);
      if (resource.active === false) skip('inactive practitioners', 1, 'Marked inactive in the source.');
      else if (name === '')
        skip('practitioners without a name', 1, 'A colleague cannot be recognised without a name.');
      else
        practitioners.set(`Practitioner/${resource.id ?? ref.replace(/^urn:uuid:/, '')}`, {
          ref: `Practitioner/${resource.id ?? ref}`,
          name,
        });
    }
    for (const [type, count] of bundle.ignored)
      skip(type, count, 'Messaging does not need this resource type.');
  }
  return {
    patients: [...patients.values()],
    practitioners: [...practitioners.values()],
    skipped: [...skipped.values()],
    problems,
  };
}
