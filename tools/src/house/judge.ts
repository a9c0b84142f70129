import {
  type Allowance,
  CLOCK_ADAPTERS,
  covers,
  ENV_READERS,
  UNUSED_EXPORTS,
  WAIVERS,
  type Waiver,
} from './allowances.ts';
import { agents } from './agents.ts';
import { budgets } from './budgets.ts';
import { clock, clockCheck } from './clock.ts';
import { cycles } from './cycles.ts';
import { dependencies } from './dependencies.ts';
import { documents } from './documents.ts';
import { env, envCheck } from './env.ts';
import { exports, unusedExports } from './exports.ts';
import { independence } from './independence.ts';
import { layers } from './layers.ts';
import { leftovers } from './leftovers.ts';
import { licences } from './licences.ts';
import { machinePaths } from './machine-paths.ts';
import { mocks } from './mocks.ts';
import { names } from './names.ts';
import { packageIndex } from './package-index.ts';
import { references } from './references.ts';
import { serverLayers } from './server-layers.ts';
import { typeCoverage } from './type-coverage.ts';
import type { Check, Repo, Violation } from './violation.ts';
import { webLayers } from './web-layers.ts';

export const CHECKS: readonly Check[] = [
  layers,
  cycles,
  packageIndex,
  serverLayers,
  webLayers,
  agents,
  independence,
  env,
  clock,
  names,
  budgets,
  documents,
  references,
  exports,
  leftovers,
  mocks,
  machinePaths,
  dependencies,
  licences,
  typeCoverage,
];

/** Runs one check and takes out what is waived; `used` collects the waivers that were needed. */
export function judge(repo: Repo, check: Check, waivers: readonly Waiver[], used: Set<Waiver>): Violation[] {
  return check.run(repo).filter((violation) => {
    const waiver = waivers.find(({ rule, file }) => rule === violation.rule && file === violation.file);
    if (waiver !== undefined) used.add(waiver);
    return waiver === undefined;
  });
}

/** Exceptions that nothing needs any more: they would hide the next violation. */
export function staleExceptions(repo: Repo, used: ReadonlySet<Waiver>): Violation[] {
  const stale = (what: string): Violation => ({
    file: 'tools/src/house/allowances.ts',
    line: 0,
    rule: 'waivers',
    what,
    why: 'An exception without a need hides the next violation.',
    todo: 'Remove the line.',
  });
  const unneeded = (list: readonly Allowance[], name: string, found: readonly Violation[]): Violation[] =>
    list
      .filter((allowance) => !found.some(({ file }) => covers(allowance, file)))
      .map((allowance) => stale(`${name}: ${allowance.path} does nothing that needs it.`));
  const unusedNames = new Set(unusedExports(repo).map(({ file, name }) => `${file} ${name}`));
  return [
    ...WAIVERS.filter((waiver) => !used.has(waiver)).map((waiver) =>
      stale(`The waiver of ${waiver.rule} for ${waiver.file} is not needed.`),
    ),
    ...unneeded(CLOCK_ADAPTERS, 'CLOCK_ADAPTERS', clockCheck([]).run(repo)),
    ...unneeded(ENV_READERS, 'ENV_READERS', envCheck([]).run(repo)),
    ...UNUSED_EXPORTS.flatMap(({ path, names }) =>
      names
        .filter((name) => !unusedNames.has(`${path} ${name}`))
        .map((name) => stale(`UNUSED_EXPORTS: ${name} of ${path} is used, or gone.`)),
    ),
  ];
}
