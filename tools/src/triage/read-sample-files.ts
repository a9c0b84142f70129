import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSamples, readScenarios, type Sample, type SamplePart } from '@baton/clinical';
import type { Language } from '@baton/wire';

const FOLDER = join(import.meta.dirname, '../../../packages/clinical/content/triage/samples');
const PARTS: readonly SamplePart[] = ['development', 'held-out'];
const LANGUAGES: readonly Language[] = ['en', 'es'];

/** All labelled messages of the repository. */
export function readSampleFiles(): readonly Sample[] {
  const read = (name: string): string => readFileSync(join(FOLDER, name), 'utf8');
  const digest = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
  const scenarios = readScenarios(read('scenarios.tsv'), digest);
  return PARTS.flatMap((part) =>
    LANGUAGES.flatMap((language) =>
      readSamples(read(`${part}.${language}.txt`), { language, part, scenarios }),
    ),
  );
}
