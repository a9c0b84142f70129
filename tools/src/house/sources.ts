import ts from 'typescript';
import type { Repo } from './violation.ts';

const CODE = /\.(ts|tsx)$/;
const TEST = /\.(test\.tsx?|e2e\.ts)$/;
const SCENARIOS = /^(apps|packages)\/[^/]+\/e2e\//;
/** What tests play in, beside the source that they try. */
const SCENES = /\/fixtures\/|\.fixture\.ts$|^packages\/server\/src\/testing\//;

/** TypeScript sources; scripts that run before an install are plain JavaScript and have their own tests. */
export function codeFiles(repo: Repo): string[] {
  return repo.files.filter((file) => CODE.test(file));
}

/** Files that never ship: tests, the browser scenarios and what only they use. */
export function isTest(file: string): boolean {
  return TEST.test(file) || SCENARIOS.test(file) || isScene(file) || file.startsWith('packages/testkit/');
}

/** A scene of tests that lies among the sources. */
export function isScene(file: string): boolean {
  return SCENES.test(file);
}

const parsed = new WeakMap<Repo, Map<string, ts.SourceFile>>();

export function parse(repo: Repo, file: string): ts.SourceFile {
  const files = parsed.get(repo) ?? new Map<string, ts.SourceFile>();
  parsed.set(repo, files);
  const found = files.get(file);
  if (found !== undefined) return found;
  const kind = file.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(file, repo.read(file), ts.ScriptTarget.Latest, true, kind);
  files.set(file, source);
  return source;
}

export function lineOf(source: ts.SourceFile, position: number): number {
  return source.getLineAndCharacterOfPosition(position).line + 1;
}

/** Visits every node of the file, outermost first. */
export function walk(source: ts.SourceFile, visit: (node: ts.Node) => void): void {
  const step = (node: ts.Node): void => {
    visit(node);
    ts.forEachChild(node, step);
  };
  step(source);
}

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Names as the other file exports them; empty for `import x`, `import *`, `export *` and dynamic imports. */
  readonly names: readonly string[];
}

/** Everything the file takes from other files: imports, re-exports, import types and dynamic imports. */
export function importsOf(repo: Repo, file: string): Import[] {
  const source = parse(repo, file);
  const found: Import[] = [];
  const add = (literal: ts.Node | undefined, names: readonly string[]): void => {
    if (literal === undefined || !ts.isStringLiteralLike(literal)) return;
    found.push({ specifier: literal.text, line: lineOf(source, literal.getStart(source)), names });
  };
  walk(source, (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, importedNames(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, exportedNames(node.exportClause));
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node.argument.literal, []);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], []);
    }
  });
  return found;
}

function importedNames(clause: ts.ImportClause | undefined): string[] {
  const bindings = clause?.namedBindings;
  if (bindings === undefined || !ts.isNamedImports(bindings)) return [];
  return bindings.elements.map((element) => (element.propertyName ?? element.name).text);
}

function exportedNames(clause: ts.NamedExportBindings | undefined): string[] {
  if (clause === undefined || !ts.isNamedExports(clause)) return [];
  return clause.elements.map((element) => (element.propertyName ?? element.name).text);
}

/** Resolves a relative specifier to a path of the repository; undefined when it is not relative. */
export function resolveRelative(file: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const parts = file.split('/').slice(0, -1);
  for (const part of specifier.replace(/\?.*$/, '').split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  return parts.join('/');
}
