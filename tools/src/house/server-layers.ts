import ts from 'typescript';
import { codeFiles, importsOf, isTest, lineOf, parse, resolveRelative, walk } from './sources.ts';
import type { Check, Repo, Violation } from './violation.ts';

const SERVER = 'packages/server/src/';
/** The folders of the server, lowest first: each imports lower ones only. */
const RANKS: readonly (readonly string[])[] = [
  ['store', 'adapters', 'telemetry', 'blobs'],
  ['keylog', 'notices'],
  ['push', 'integrations'],
  // What judges, commits and tells an obligation is one machine in five folders, which know each other.
  ['access', 'commit', 'duty', 'fanout', 'batons'],
  ['use-cases'],
  ['http', 'background'],
];
const MACHINE = RANKS[3] ?? [];
/** All that a handler may see: what it did not ask a use case for, it cannot decide about. */
const BELOW_HTTP: readonly string[] = ['use-cases', 'access', 'fanout', 'telemetry'];
const DATABASE_PACKAGES = new Set(['pg', 'kysely', 'pg-cursor', 'pg-copy-streams']);
const SQL =
  /^\s*(select\s|insert\s+into\s|update\s+\S+\s+set\s|delete\s+from\s|with\s+\S+\s+as\s|create\s+(table|index|role|schema|policy|function)|alter\s+(table|role)|drop\s+(table|role)|truncate\s|set\s+(local|role|session)\s|begin\b|commit\b|rollback\b|listen\s|notify\s)/i;
/** Decisions about who may do what: taken in one place, or they drift apart. */
const DECISION =
  /^(can|may|permits?|authori[sz]e|isAllowed|isPermitted|hasPermission|requirePermission)($|[A-Z])/;

/** Inside the server: http -> use-cases -> store; SQL only under store/; authorisation only in access/. */
export const serverLayers: Check = {
  rule: 'server-layers',
  run(repo) {
    const files = codeFiles(repo).filter((file) => file.startsWith(SERVER) && !isTest(file));
    return files.flatMap((file) => [
      ...unrankedFolder(file),
      ...upwardImports(repo, file),
      ...sqlOutsideStore(repo, file),
      ...decisionsOutsideAccess(repo, file),
    ]);
  },
};

/** The folder directly below src/; '' for files beside the folders, which put the server together. */
function folderOf(file: string): string {
  const [folder = '', ...rest] = file.startsWith(SERVER) ? file.slice(SERVER.length).split('/') : [];
  return rest.length === 0 ? '' : folder;
}

function rankOf(folder: string): number {
  return RANKS.findIndex((folders) => folders.includes(folder));
}

function unrankedFolder(file: string): Violation[] {
  const folder = folderOf(file);
  if (folder === '' || rankOf(folder) >= 0) return [];
  return [
    {
      file,
      line: 0,
      rule: 'server-layers',
      what: `${folder}/ has no rank.`,
      why: 'A folder without a rank may import everything, and everything it.',
      todo: 'Put it among RANKS in tools/src/house/server-layers.ts, as low as it can be.',
    },
  ];
}

function upwardImports(repo: Repo, file: string): Violation[] {
  const from = folderOf(file);
  if (rankOf(from) < 0) return [];
  return importsOf(repo, file)
    .filter(({ specifier }) => !mayImport(from, folderOf(resolveRelative(file, specifier) ?? '')))
    .map(({ specifier, line }) => ({
      file,
      line,
      rule: 'server-layers',
      what: `${from}/ imports ${specifier}.`,
      why: 'A request goes http -> use-cases -> store and never back, so that each rule has one place.',
      todo: 'Call the use case; what it needs from above, pass as a parameter.',
    }));
}

function mayImport(from: string, to: string): boolean {
  if (to === '' || to === from) return true;
  if (from === 'http') return BELOW_HTTP.includes(to);
  return rankOf(to) < rankOf(from) || (MACHINE.includes(from) && MACHINE.includes(to));
}

function sqlOutsideStore(repo: Repo, file: string): Violation[] {
  if (folderOf(file) === 'store') return [];
  const source = parse(repo, file);
  const found: Violation[] = [];
  const add = (line: number, what: string): void => {
    found.push({
      file,
      line,
      rule: 'server-layers',
      what,
      why: 'Row-level security, statement names and the hot path are only right when all SQL lies under store/.',
      todo: 'Move the statement into a file of packages/server/src/store and call that.',
    });
  };
  for (const { specifier, line } of importsOf(repo, file)) {
    if (DATABASE_PACKAGES.has(specifier)) add(line, `imports ${specifier} outside store/.`);
  }
  walk(source, (node) => {
    const text = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) ? node.text : '';
    if (SQL.test(text)) add(lineOf(source, node.getStart(source)), 'SQL outside store/.');
  });
  return found;
}

function decisionsOutsideAccess(repo: Repo, file: string): Violation[] {
  if (folderOf(file) === 'access') return [];
  const found: Violation[] = [];
  const add = (line: number, what: string): void => {
    found.push({
      file,
      line,
      rule: 'server-layers',
      what,
      why: 'There is one door: a handler cannot get at a conversation any other way than through access/.',
      todo: 'Ask access/ for the thing itself; it answers "not found" to who may not see it.',
    });
  };
  for (const { specifier, names, line } of importsOf(repo, file)) {
    if (specifier !== '@baton/policy') continue;
    const name = names.find((candidate) => DECISION.test(candidate));
    if (name !== undefined) add(line, `takes the decision ${name} outside access/.`);
  }
  const source = parse(repo, file);
  walk(source, (node) => {
    if (!ts.isFunctionDeclaration(node) || node.name === undefined || !DECISION.test(node.name.text)) return;
    add(lineOf(source, node.getStart(source)), `declares the decision ${node.name.text} outside access/.`);
  });
  return found;
}
