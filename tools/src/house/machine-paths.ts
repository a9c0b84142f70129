import type { Check } from './violation.ts';

const TEXT = /\.(ts|tsx|cjs|mjs|js|json|md|css|html|sql|sh|ya?ml|toml|po)$|^\.[a-z]+rc$|^\.ci\//;
// The brackets keep this file from finding itself.
const PATTERNS: readonly RegExp[] = [
  /(^|[\s"'`(=])\/[w]ork\/[\w.-]+/,
  /(^|[\s"'`(=])\/([h]ome|[U]sers)\/[\w.-]+/,
  /(^|[\s"'`(=])\/[r]oot\/[\w.-]+/,
  /[A-Z]:\\[U]sers\\/,
  /\b[r]egistry\.[\w-]+\.[a-z]{2,}/,
  /"[r]esolved": "http/,
];

/** Nothing in the repository names one machine or one package registry. */
export const machinePaths: Check = {
  rule: 'machine-paths',
  run(repo) {
    const files = repo.files.filter((path) => TEXT.test(path));
    return files.flatMap((file) =>
      repo
        .read(file)
        .split('\n')
        .flatMap((text, index) => {
          const match = PATTERNS.map((pattern) => pattern.exec(text)?.[0]).find((hit) => hit !== undefined);
          if (match === undefined) return [];
          return {
            file,
            line: index + 1,
            rule: 'machine-paths' as const,
            what: `names ${match.trim()}.`,
            why: 'What is right on one machine, or with one registry, is wrong on the next.',
            todo: 'Use a path relative to the file, a setting, or a made-up example.',
          };
        }),
    );
  },
};
