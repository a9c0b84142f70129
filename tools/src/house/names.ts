import type { Check, Repo, Violation } from './violation.ts';

const FORBIDDEN = /^(utils?|helpers?|common|misc|shared|managers?|services?|handlers?)$/;
const KEBAB = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;
/** Names that their readers (npm, people, licences) know in this form only. */
const BY_CUSTOM =
  /^(README|ARCHITECTURE|STYLE|SECURITY|CHANGELOG|NOTICE|CONTRIBUTING)\.md$|^(LICENSE|NOTICE)$/;
const CHECKED = /^(packages|apps|agents|bridges|tools|scripts|docs|protocol)\//;
const DATED: readonly { readonly folder: RegExp; readonly name: RegExp; readonly form: string }[] = [
  {
    folder: /\/migrations\/[^/]+$/,
    name: /^\d{14}[-_][a-z0-9]+([-_][a-z0-9]+)*\.sql$/,
    form: 'YYYYMMDDhhmmss-what-it-does.sql (UTC)',
  },
  { folder: /^docs\/decisions\/[^/]+$/, name: /^(\d{4}-[a-z0-9-]+|README)\.md$/, form: 'NNNN-title.md' },
];

/** Data that others made and named. */
const FOREIGN = /^apps\/station\/demo\/|^packages\/[^/]+\/data\//;

/** kebab-case; no name that could hold anything. */
export const names: Check = {
  rule: 'names',
  run: (repo) => [...files(repo), ...folders(repo)],
};

function files(repo: Repo): Violation[] {
  const found: Violation[] = [];
  for (const file of repo.files.filter((path) => CHECKED.test(path) && !FOREIGN.test(path))) {
    const name = file.split('/').at(-1) ?? '';
    const dated = DATED.find(({ folder }) => folder.test(file));
    if (dated !== undefined) {
      if (!dated.name.test(name)) found.push(violation(file, `The name is not ${dated.form}.`));
    } else if (!KEBAB.test(name) && !BY_CUSTOM.test(name)) {
      found.push(violation(file, 'The name is not kebab-case.'));
    } else if (FORBIDDEN.test(name.split('.')[0] ?? '')) {
      found.push(violation(file, `"${name.split('.')[0]}" says nothing about what is inside.`));
    }
  }
  return found;
}

function folders(repo: Repo): Violation[] {
  const seen = new Set<string>();
  for (const file of repo.files.filter((path) => CHECKED.test(path) && !FOREIGN.test(path))) {
    const parts = file.split('/').slice(0, -1);
    for (let length = 1; length <= parts.length; length += 1) seen.add(parts.slice(0, length).join('/'));
  }
  const bad = [...seen].filter((folder) => FORBIDDEN.test(folder.split('/').at(-1) ?? ''));
  return bad.map((folder) => violation(folder, 'A folder for anything at all.'));
}

function violation(file: string, what: string): Violation {
  return {
    file,
    line: 0,
    rule: 'names',
    what,
    why: 'A newcomer finds things by their names, and a file without a subject collects everything.',
    todo: 'Name the file after its main export, the folder after its noun, in kebab-case.',
  };
}
