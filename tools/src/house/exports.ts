import ts from 'typescript';
import { type ExportAllowance, UNUSED_EXPORTS } from './allowances.ts';
import { codeFiles, isTest, lineOf, parse, resolveRelative, walk } from './sources.ts';
import type { Check, Repo, Violation } from './violation.ts';
import { splitSpecifier, workspaceOf } from './workspace.ts';

/** The door of an assistant or a bridge. */
const PROGRAM = /^(agents|bridges)\/[^/]+\/src\/index\.ts$/;

/** Every value that a file exports is used by another file that ships. What only its own file and a test use is a door for the test. */
export function exportsCheck(allowed: readonly ExportAllowance[]): Check {
  return {
    rule: 'exports',
    run(repo) {
      const isAllowed = ({ file, name }: UnusedExport): boolean =>
        allowed.some(({ path, names }) => path === file && names.includes(name));
      return unusedExports(repo)
        .filter((unused) => !isAllowed(unused))
        .map(({ file, name, line, by }) => ({ file, line, rule: 'exports', ...words(name, by) }));
    },
  };
}

export const exports = exportsCheck(UNUSED_EXPORTS);

export interface UnusedExport {
  readonly file: string;
  readonly name: string;
  readonly line: number;
  /** Who uses it all the same. */
  readonly by: 'nobody' | 'tests' | 'itself';
}

const known = new WeakMap<Repo, readonly UnusedExport[]>();

export function unusedExports(repo: Repo): readonly UnusedExport[] {
  const found = known.get(repo) ?? findUnused(repo);
  known.set(repo, found);
  return found;
}

function findUnused(repo: Repo): UnusedExport[] {
  const files = codeFiles(repo);
  const shipped = takenNames(
    repo,
    files.filter((file) => !isTest(file)),
  );
  const tried = takenNames(repo, files);
  return files
    .filter((file) => !isTest(file))
    .flatMap((file) => {
      const source = parse(repo, file);
      return exportedValues(source)
        .filter(({ name }) => !shipped.has(nameIn(file, name)))
        .flatMap(({ name, line }) => {
          const usesItself = countIdentifiers(source, name) > 1;
          const isTried = tried.has(nameIn(file, name));
          if (usesItself && isTried) return [];
          const by = usesItself ? 'itself' : isTried ? 'tests' : 'nobody';
          return [{ file, name, line, by } as const];
        });
    });
}

function words(name: string, by: UnusedExport['by']): Pick<Violation, 'what' | 'why' | 'todo'> {
  const why =
    'A name that nobody needs is read, kept in order and believed to matter by everybody who comes by.';
  if (by === 'itself')
    return { what: `${name} is exported for nobody.`, why, todo: 'Take the word export away.' };
  const what = by === 'tests' ? `Only tests use ${name}.` : `Nothing uses ${name}.`;
  return { what, why, todo: 'Remove it; what has to stay is named with its reason in UNUSED_EXPORTS.' };
}

/** Constants, functions and classes; types cost nothing, and `export default` is a setting of some tool. */
function exportedValues(source: ts.SourceFile): { readonly name: string; readonly line: number }[] {
  return source.statements.flatMap((statement) => {
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    const kinds = new Set(modifiers?.map(({ kind }) => kind));
    if (!kinds.has(ts.SyntaxKind.ExportKeyword) || kinds.has(ts.SyntaxKind.DefaultKeyword)) return [];
    const line = lineOf(source, statement.getStart(source));
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.map(({ name }) => ({ name: name.getText(source), line }));
    }
    if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      return [{ name: statement.name?.text ?? '', line }];
    }
    return [];
  });
}

function countIdentifiers(source: ts.SourceFile, name: string): number {
  let count = 0;
  walk(source, (node) => {
    if (ts.isIdentifier(node) && node.text === name) count += 1;
  });
  return count;
}

/** `*` stands for whatever the file exports. */
function nameIn(file: string, name: string): string {
  return `${file} ${name}`;
}

/** Every name that one of the files imports, followed through the doors of packages to the file that makes it. */
function takenNames(repo: Repo, files: readonly string[]): ReadonlySet<string> {
  const exported = new Map(codeFiles(repo).map((file) => [file, exportedValues(parse(repo, file))]));
  const passedOn = new Map<string, ReadonlyMap<string, { readonly file: string; readonly name: string }>>();
  for (const file of files) passedOn.set(file, passingOn(repo, file));
  const taken = new Set<string>();
  const take = (file: string, name: string): void => {
    if (taken.has(nameIn(file, name))) return;
    taken.add(nameIn(file, name));
    const passed = passedOn.get(file) ?? new Map<string, { file: string; name: string }>();
    if (name === '*') {
      for (const own of exported.get(file) ?? []) take(file, own.name);
      for (const from of passed.values()) take(from.file, from.name);
    } else {
      const from = passed.get(name);
      if (from !== undefined) take(from.file, from.name);
    }
  };
  for (const file of files) for (const { from, name } of imported(repo, file)) take(from, name);
  // The station loads a program by the name of its folder.
  for (const file of files) if (PROGRAM.test(file)) take(file, 'program');
  return taken;
}

function passingOn(repo: Repo, file: string): Map<string, { file: string; name: string }> {
  const found = new Map<string, { file: string; name: string }>();
  for (const node of parse(repo, file).statements) {
    if (!ts.isExportDeclaration(node) || !node.exportClause || !ts.isNamedExports(node.exportClause))
      continue;
    const from = targetOf(repo, file, node.moduleSpecifier);
    if (from === null) continue;
    for (const { propertyName, name } of node.exportClause.elements) {
      found.set(name.text, { file: from, name: (propertyName ?? name).text });
    }
  }
  return found;
}

function imported(repo: Repo, file: string): { readonly from: string; readonly name: string }[] {
  const found: { from: string; name: string }[] = [];
  const add = (specifier: ts.Node | undefined, names: readonly string[]): void => {
    const from = targetOf(repo, file, specifier);
    if (from !== null) found.push(...names.map((name) => ({ from, name })));
  };
  walk(parse(repo, file), (node) => {
    if (ts.isImportDeclaration(node)) {
      const bindings = node.importClause?.namedBindings;
      if (bindings === undefined) return;
      const names = ts.isNamespaceImport(bindings)
        ? ['*']
        : bindings.elements.map(({ propertyName, name }) => (propertyName ?? name).text);
      add(node.moduleSpecifier, names);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], ['*']);
    }
  });
  return found;
}

/** The file behind a specifier; null outside the repository. */
function targetOf(repo: Repo, file: string, specifier: ts.Node | undefined): string | null {
  if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return null;
  const bare = splitSpecifier(specifier.text);
  if (bare === null) return resolveRelative(file, specifier.text) ?? null;
  const owner = workspaceOf(repo).byName.get(bare.name);
  return owner === undefined ? null : `${owner.folder}/src/index.ts`;
}
