import { err, ok, type Result } from '@baton/kernel';
import type { z } from 'zod';
import { bundleSchema, type ReadType, readResources } from './resources.ts';

/** Why a file was refused. `where` is a path into the bundle, never a value from it. */
export interface BundleProblem {
  readonly file: string;
  readonly where: string;
  readonly sentence: string;
}

/** Resources of one bundle by type, each with the reference that others in the bundle use for it. */
export interface ReadBundle {
  readonly file: string;
  readonly resources: {
    readonly [Type in ReadType]: readonly {
      readonly ref: string;
      readonly resource: z.infer<(typeof readResources)[Type]>;
    }[];
  };
  /** Resource types that an import does not read, with how many there were. */
  readonly ignored: ReadonlyMap<string, number>;
}

/** Largest bundle accepted, in characters. */
export const MAX_BUNDLE_LENGTH = 256 * 1024 * 1024;

/**
 * Reads one FHIR R4 bundle. One resource that does not fit refuses the whole bundle, so that an import is never half of a record.
 */
export function readBundle(file: string, text: string): Result<ReadBundle, BundleProblem> {
  if (text.length > MAX_BUNDLE_LENGTH)
    return err({
      file,
      where: '',
      sentence: 'The file is larger than 256 MiB. Split it into smaller bundles.',
    });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return err({ file, where: '', sentence: 'This is not JSON. Export the bundle again as FHIR R4 JSON.' });
  }
  const bundle = bundleSchema.safeParse(json);
  if (!bundle.success) {
    return err({
      file,
      where: pathOf(bundle.error),
      sentence: 'This is not a FHIR R4 Bundle. Export the data as a Bundle and try again.',
    });
  }
  const resources = {
    Patient: [],
    Practitioner: [],
    Encounter: [],
    Condition: [],
    MedicationRequest: [],
    AllergyIntolerance: [],
  } as {
    [Type in ReadType]: { ref: string; resource: never }[];
  };
  const ignored = new Map<string, number>();
  for (const [index, entry] of bundle.data.entry.entries()) {
    const type = entry.resource?.resourceType;
    if (!entry.resource || type === undefined) continue;
    if (!isReadType(type)) {
      ignored.set(type, (ignored.get(type) ?? 0) + 1);
      continue;
    }
    const parsed = readResources[type].safeParse(entry.resource);
    if (!parsed.success) {
      return err({
        file,
        where: `entry[${index}].resource.${pathOf(parsed.error)}`,
        sentence: `A ${type} does not fit FHIR R4. Nothing of this file was taken.`,
      });
    }
    const id = typeof entry.resource['id'] === 'string' ? `${type}/${entry.resource['id']}` : '';
    resources[type].push({ ref: entry.fullUrl ?? id, resource: parsed.data as never });
  }
  return ok({ file, resources: resources, ignored });
}

function isReadType(type: string): type is ReadType {
  return Object.hasOwn(readResources, type);
}

function pathOf(error: z.ZodError): string {
  return error.issues[0]?.path.join('.') ?? '';
}
