import { LOCK_FILE, lockEntries } from './lock-file.ts';
import type { Check } from './violation.ts';

/** Licences that ask for no more than a notice (MPL-2.0: for its own files). */
const ACCEPTED = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC-BY-4.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'MPL-2.0',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
  'WTFPL',
  'Zlib',
]);

/** What ships may be passed on by anybody: no GPL, no AGPL, nothing without a licence. */
export const licences: Check = {
  rule: 'licences',
  run(repo) {
    return Object.entries(lockEntries(repo) ?? {}).flatMap(([place, entry]) => {
      if (!place.includes('node_modules/') || entry.dev === true || entry.link === true) return [];
      const licence = repo.installedLicence(place) ?? entry.license;
      if (licence !== undefined && isAccepted(licence)) return [];
      return {
        file: LOCK_FILE,
        line: 0,
        rule: 'licences' as const,
        what: `${place.replace(/^.*node_modules\//, '')} is under ${licence ?? 'no licence'}.`,
        why: 'A clinic, and whoever hosts for one, must be able to use and pass on all of it.',
        todo: 'Choose another package; a licence that asks for no more than MIT or MPL-2.0 goes into licences.ts.',
      };
    });
  },
};

/** Evaluates the SPDX expressions that occur: names, AND, OR, brackets. OR needs one accepted side, AND both. */
export function isAccepted(expression: string): boolean {
  const tokens = expression.replace(/[()]/g, ' $& ').trim().split(/\s+/);
  let position = 0;
  const either = (): boolean => {
    let result = both();
    while (tokens[position]?.toUpperCase() === 'OR') {
      position += 1;
      const right = both();
      result = result || right;
    }
    return result;
  };
  const both = (): boolean => {
    let result = single();
    while (tokens[position]?.toUpperCase() === 'AND') {
      position += 1;
      const right = single();
      result = result && right;
    }
    return result;
  };
  const single = (): boolean => {
    const token = tokens[position] ?? '';
    position += 1;
    if (token !== '(') return ACCEPTED.has(token);
    const inner = either();
    position += 1;
    return inner;
  };
  const result = either();
  return result && position === tokens.length;
}
