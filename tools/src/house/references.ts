import { codeFiles } from './sources.ts';
import type { Check, Repo, Violation } from './violation.ts';

const PROTOCOL = 'docs/protocol/';
const STREETS = /^(packages|apps|agents|bridges|tools|docs|protocol|scripts)\//;
/** Where each process reads its settings; what one process sets for another by itself is in no document. */
const CONFIGS = ['apps/baton/src/config.ts', 'apps/station/src/config.ts'];
const SET_BY_BATON = new Set(['BATON_STATION_DEMO_TOKEN', 'BATON_STATION_DEMO_DIR']);

/** What the documents name is there: files, commands, settings, sections of the protocol; and code cites sections that are there. */
export const references: Check = {
  rule: 'references',
  run(repo) {
    const pages = repo.files.filter((file) => file.endsWith('.md'));
    const known: Known = {
      scripts: scriptsOf(repo),
      settings: settingsOf(repo),
      sections: sectionsOf(repo, pages),
    };
    return [
      ...pages.flatMap((page) => eachLine(repo, page, (text) => wrongInPage(repo, page, text, known))),
      ...codeFiles(repo)
        .filter((file) => !file.startsWith('tools/src/house/'))
        .flatMap((file) => eachLine(repo, file, (text) => wrongSections(text, known))),
      ...unnamedSettings(repo, pages, known.settings),
    ];
  },
};

interface Known {
  readonly scripts: ReadonlySet<string>;
  readonly settings: ReadonlySet<string>;
  /** `sealing.md 14`, for each page of the protocol. */
  readonly sections: ReadonlySet<string>;
}

function wrongInPage(repo: Repo, page: string, text: string, known: Known): string[] {
  return [
    ...wrongPaths(repo, page, text),
    ...wrongSections(text, known),
    ...matches(text, /\bnpm run ([\w:-]+)/g)
      .filter((name) => !known.scripts.has(name))
      .map((name) => `npm run ${name} is no script`),
    ...matches(text, /\b(BATON_[A-Z0-9_]*[A-Z0-9])\b/g)
      .filter((name) => !known.settings.has(name))
      .map((name) => `${name} is no setting`),
  ];
}

/** Paths from the root in backticks, pages by their name, and where links lead. A path with a made-up part is an example. */
function wrongPaths(repo: Repo, page: string, text: string): string[] {
  const folder = page.slice(0, page.lastIndexOf('/') + 1);
  const inBackticks = matches(text, /`([\w@.*/-]+)`/g);
  const missing = [
    ...inBackticks.filter((path) => STREETS.test(path) && !exists(repo, path)),
    ...inBackticks.filter(
      (path) =>
        /^[\w-]+\.md$/.test(path) &&
        ![folder, PROTOCOL, 'docs/operations/', ''].some((where) => repo.has(`${where}${path}`)),
    ),
    ...matches(text, /\]\(([\w./-]+)\)/g).filter((path) => !exists(repo, joined(folder, path))),
  ];
  return missing.map((path) => `${path} does not exist`);
}

function exists(repo: Repo, path: string): boolean {
  const bare = path.replace(/\/$/, '');
  if (!bare.includes('*')) return repo.files.some((file) => file === bare || file.startsWith(`${bare}/`));
  const pattern = new RegExp(`^${bare.replaceAll('.', '\\.').replaceAll('*', '[^/]*')}(/|$)`);
  return repo.files.some((file) => pattern.test(file));
}

function joined(folder: string, path: string): string {
  const parts = folder.split('/').slice(0, -1);
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}

function wrongSections(text: string, { sections }: Known): string[] {
  return [...text.matchAll(/\b([a-z-]+\.md)`? §(\d+)/g)]
    .filter(([, page, number]) => !sections.has(`${page} ${number}`))
    .map(([, page, number]) => `${page} has no §${number}`);
}

function unnamedSettings(repo: Repo, pages: readonly string[], settings: ReadonlySet<string>): Violation[] {
  const all = pages.map((page) => repo.read(page)).join('\n');
  return [...settings]
    .filter((name) => !SET_BY_BATON.has(name) && !new RegExp(`\\b${name}\\b`).test(all))
    .map((name) => violation(CONFIGS[0] ?? '', 0, `${name} is in no document`));
}

function scriptsOf(repo: Repo): Set<string> {
  const { scripts = {} } = JSON.parse(repo.read('package.json')) as { scripts?: Record<string, string> };
  return new Set(Object.keys(scripts));
}

function settingsOf(repo: Repo): Set<string> {
  const texts = CONFIGS.filter((file) => repo.has(file)).map((file) => repo.read(file));
  return new Set(texts.flatMap((text) => matches(text, /^ {2}(BATON_[A-Z0-9_]+):/gm)));
}

function sectionsOf(repo: Repo, pages: readonly string[]): Set<string> {
  return new Set(
    pages
      .filter((page) => page.startsWith(PROTOCOL))
      .flatMap((page) =>
        matches(repo.read(page), /^## §(\d+) /gm).map((number) => `${page.slice(PROTOCOL.length)} ${number}`),
      ),
  );
}

function eachLine(repo: Repo, file: string, wrongIn: (text: string) => string[]): Violation[] {
  return repo
    .read(file)
    .split('\n')
    .flatMap((text, index) => wrongIn(text).map((what) => violation(file, index + 1, what)));
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

function violation(file: string, line: number, what: string): Violation {
  return {
    file,
    line,
    rule: 'references',
    what: `${what}.`,
    why: 'A page that names what is not there is not believed about the rest either.',
    todo: 'Name what is there now, or take the sentence out.',
  };
}
