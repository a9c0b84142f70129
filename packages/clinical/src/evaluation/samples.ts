import { type Bytes, compareBytes, encodeUtf8 } from '@baton/kernel';
import type { Language } from '@baton/wire';

/** `development`: rules may be written for it. `held-out`: only counted. */
export type SamplePart = 'development' | 'held-out';

/** Category of a situation in which nothing is to be found. */
export const NO_FLAG = 'none';

/** A situation that messages of both languages tell of. */
export interface Scenario {
  readonly id: string;
  /** Category of the rules that have to find it, or `none`. */
  readonly category: string;
  readonly about: string;
  readonly part: SamplePart;
}

/** One message that was written for this project, with what is to be found in it. */
export interface Sample {
  /** `<language>.<scenario>.<number>`. */
  readonly id: string;
  readonly language: Language;
  readonly scenario: string;
  readonly category: string;
  readonly part: SamplePart;
  /** The practice knows that this patient has chemotherapy. */
  readonly chemotherapy: boolean;
  readonly text: string;
}

/** Seed of the split; a new one is a new split, and what was held out is then no longer unseen. */
const SEED = 'triage-samples-1';

/**
 * Reads the list of scenarios (`id<TAB>category<TAB>about`) and says which are held out: of each category, and of each family of harmless situations
 * (`calm.near-...`), the first half by SHA-256 over seed and name. Nobody chooses which messages are easy.
 */
export function readScenarios(text: string, digest: (bytes: Bytes) => Bytes): readonly Scenario[] {
  const rows = text
    .trim()
    .split('\n')
    .map((line) => {
      const [id = '', category = '', about = ''] = line.split('\t');
      return { id, category, about, order: digest(encodeUtf8(`${SEED}\0${id}`)) };
    });
  const familyOf = (row: (typeof rows)[number]): string =>
    row.category === NO_FLAG ? (row.id.split('-')[0] ?? row.id) : row.category;
  const families = Map.groupBy(rows, familyOf);
  return rows.map(({ id, category, about, order }) => {
    const family = families.get(familyOf({ id, category, about, order })) ?? [];
    const before = family.filter((other) => compareBytes(other.order, order) < 0).length;
    return { id, category, about, part: before < Math.ceil(family.length / 2) ? 'held-out' : 'development' };
  });
}

/**
 * Reads messages: `# scenario` opens a scenario, each line below it is a message, `\n` in it a new line; `+chemo ` before it: the practice knows of a
 * chemotherapy. Throws RangeError for a scenario that is not on the list or belongs to the other part.
 */
export function readSamples(
  text: string,
  of: { readonly language: Language; readonly part: SamplePart; readonly scenarios: readonly Scenario[] },
): readonly Sample[] {
  const byId = new Map(of.scenarios.map((scenario) => [scenario.id, scenario]));
  const samples: Sample[] = [];
  const counts = new Map<string, number>();
  let scenario: Scenario | undefined;
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    if (line.startsWith('# ')) {
      scenario = byId.get(line.slice(2));
      if (scenario?.part !== of.part) throw new RangeError(`${line} is no scenario of the part ${of.part}`);
      continue;
    }
    if (scenario === undefined) throw new RangeError('a message before the first scenario');
    const number = (counts.get(scenario.id) ?? 0) + 1;
    counts.set(scenario.id, number);
    samples.push({
      id: `${of.language}.${scenario.id}.${number}`,
      language: of.language,
      scenario: scenario.id,
      category: scenario.category,
      part: of.part,
      chemotherapy: line.startsWith('+chemo '),
      text: line.replace(/^\+chemo /, '').replaceAll('\\n', '\n'),
    });
  }
  return samples;
}
