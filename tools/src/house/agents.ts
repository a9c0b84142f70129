import { codeFiles, importsOf, isTest } from './sources.ts';
import type { Check } from './violation.ts';

/** Programs that a station runs, by street, and what their sources may import beside their own files. */
const STREETS = {
  agents: ['@baton/agent', '@baton/clinical', '@baton/policy', '@baton/wire', '@baton/kernel', 'zod'],
  bridges: ['@baton/agent', '@baton/clinical', '@baton/policy', '@baton/wire', '@baton/kernel', 'zod'],
} as const;
const PROGRAM = /^(agents|bridges)\/[^/]+\//;

/** The same that the station enforces when it loads a program: whatever a program can reach, it was handed. */
export const agents: Check = {
  rule: 'agents',
  run(repo) {
    return codeFiles(repo).flatMap((file) => {
      const street = PROGRAM.exec(file)?.[1] as keyof typeof STREETS | undefined;
      if (street === undefined || isTest(file)) return [];
      const allowed: readonly string[] = STREETS[street];
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
