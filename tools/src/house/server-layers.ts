import ts from 'typescript';
import { codeFiles, importsOf, isTest, lineOf, parse, resolveRelative, walk } from './sources.ts';
import type { Check, Repo, Violation } from './violation.ts';

const SERVER = 'packages/server/src/';
/** A folder of the server, and the folders that it must not import. */
const FORBIDDEN: Readonly<Record<string, readonly string[]>> = {
  http: ['store'],
  'use-cases': ['http'],
  access: ['http', 'use-cases'],
  store: ['http', 'use-cases', 'access'],
};
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
      ...upwardImports(repo, file),
      ...sqlOutsideStore(repo, file),
      ...decisionsOutsideAccess(repo, file),
    ]);
  },
};

function folderOf(file: string): string {
  return file.startsWith(SERVER) ? (file.slice(SERVER.length).split('/')[0] ?? '') : '';
}

function upwardImports(repo: Repo, file: string): Violation[] {
  const from = folderOf(file);
  const forbidden = FORBIDDEN[from] ?? [];
  return importsOf(repo, file)
    .filter(({ specifier }) => forbidden.includes(folderOf(resolveRelative(file, specifier) ?? '')))
    .map(({ specifier, line }) => ({
      file,
      line,
      rule: 'server-layers',
      what: `${from}/ imports ${specifier}.`,
      why: 'A request goes http -> use-cases -> store and never back, so that each rule has one place.',
      todo: 'Call the use case; what it needs from above, pass as a parameter.',
    }));
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
