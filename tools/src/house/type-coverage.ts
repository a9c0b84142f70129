import ts from 'typescript';
import { codeFiles, isTest } from './sources.ts';
import { PURE_ROOMS } from './street-plan.ts';
import type { Check, Repo } from './violation.ts';

const CONFIG = /^tsconfig\.[a-z-]+\.json$/;
const PURE_CONFIG = 'tsconfig.pure.json';

/** Every source is in a compiler config, and pure sources in the one that knows neither DOM nor Node. */
export const typeCoverage: Check = {
  rule: 'type-coverage',
  run(repo) {
    const byConfig = new Map<string, Set<string>>();
    for (const config of repo.files.filter((file) => CONFIG.test(file) && file !== 'tsconfig.base.json')) {
      byConfig.set(config, filesOf(repo, config));
    }
    return codeFiles(repo).flatMap((file) => {
      const isPure = PURE_ROOMS.some((room) => file.startsWith(`${room}/src/`)) && !isTest(file);
      const configs = isPure ? [byConfig.get(PURE_CONFIG)] : [...byConfig.values()];
      if (configs.some((files) => files?.has(file))) return [];
      return {
        file,
        line: 0,
        rule: 'type-coverage' as const,
        what: isPure ? `is not in ${PURE_CONFIG}.` : 'is in no tsconfig.',
        why: 'A file that the compiler never reads can hold anything.',
        todo: 'Add its folder to the include list of the tsconfig for its surroundings.',
      };
    });
  },
};

function filesOf(repo: Repo, config: string): Set<string> {
  const { config: json } = ts.parseConfigFileTextToJson(config, repo.read(config)) as { config?: unknown };
  const { include = [], exclude = [] } = (json ?? {}) as { include?: string[]; exclude?: string[] };
  const included = include.map(globPattern);
  const excluded = exclude.map(globPattern);
  return new Set(
    repo.files.filter(
      (file) =>
        included.some((pattern) => pattern.test(file)) && !excluded.some((pattern) => pattern.test(file)),
    ),
  );
}

/** tsconfig's globs: `*` within a folder, `**` + slash over any number of folders; a folder stands for all below it. */
function globPattern(glob: string): RegExp {
  const pattern = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('**/', '\u0000')
    .replace(/\/\*\*$/, '(/.*)?')
    .replaceAll('*', '[^/]*')
    .replaceAll('\u0000', '(.*/)?');
  return new RegExp(`^${pattern}(/.*)?$`);
}
