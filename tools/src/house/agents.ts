import { codeFiles, importsOf, isTest } from './sources.ts';
import type { Check } from './violation.ts';

/** The one list of what programs may import beside their own files, by street; the station enforces it when it loads a program. */
const LIST = 'apps/station/src/agents/guard/program-imports.json';
type Street = 'agents' | 'bridges';
const PROGRAM = /^(agents|bridges)\/[^/]+\//;

/** The same that the station enforces when it loads a program: whatever a program can reach, it was handed. */
export const agents: Check = {
  rule: 'agents',
  run(repo) {
    const programs = codeFiles(repo).filter((file) => PROGRAM.test(file) && !isTest(file));
    if (programs.length === 0) return [];
    const streets = JSON.parse(repo.read(LIST)) as Readonly<Record<Street, readonly string[]>>;
    return programs.flatMap((file) => {
      const allowed = streets[file.split('/')[0] as Street];
      return importsOf(repo, file)
        .filter(({ specifier }) => !/^\.{1,2}\//.test(specifier) && !allowed.includes(specifier))
        .map(({ specifier, line }) => ({
          file,
          line,
          rule: 'agents' as const,
          what: `imports ${specifier}.`,
          why: "An assistant's manifest holds only as long as its program has nothing but what the runtime hands it.",
          todo: `Take it from the context (@baton/agent), or from ${allowed.join(', ')}.`,
        }));
    });
  },
};
