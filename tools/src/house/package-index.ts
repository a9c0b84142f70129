import ts from 'typescript';
import { codeFiles, importsOf, lineOf, parse, resolveRelative } from './sources.ts';
import { roomOf } from './street-plan.ts';
import type { Check, Repo, Violation } from './violation.ts';
import { splitSpecifier, workspaceOf } from './workspace.ts';

/** The door of a package, or of a program that the tests of the station let it run. */
const DOOR =
  /^(packages|agents|bridges|apps\/station\/src\/agents\/fixtures\/programs)\/[^/]+\/src\/index\.ts$/;
const WHY = 'One door per package: what is not in its index.ts can change without asking anybody.';

/** One index.ts per package, names written out, nobody past it. */
export const packageIndex: Check = {
  rule: 'index',
  run: (repo) => [...doors(repo), ...stars(repo), ...deepImports(repo)],
};

function doors(repo: Repo): Violation[] {
  const found: Violation[] = [];
  for (const { folder, file } of workspaceOf(repo).byName.values()) {
    const sources = repo.files.filter((path) => path.startsWith(`${folder}/src/`) && path.endsWith('.ts'));
    const door = `${folder}/src/index.ts`;
    if (folder.startsWith('packages/') && sources.length > 0 && !repo.has(door)) {
      const what = `${folder} has sources and no src/index.ts.`;
      found.push({ file, line: 0, rule: 'index', what, why: WHY, todo: `Add ${door} with named exports.` });
    }
  }
  for (const path of codeFiles(repo)) {
    if (!/\/index\.tsx?$/.test(path) || DOOR.test(path)) {
      continue;
    }
    const what = 'An index.ts that is not the door of a package.';
    const todo = 'Import the files themselves, and name the file after what it holds.';
    found.push({ file: path, line: 0, rule: 'index', what, why: 'Barrels hide where things are.', todo });
  }
  return found;
}

function stars(repo: Repo): Violation[] {
  const found: Violation[] = [];
  for (const file of codeFiles(repo)) {
    const source = parse(repo, file);
    for (const statement of source.statements) {
      if (!ts.isExportDeclaration(statement) || statement.exportClause !== undefined) continue;
      const line = lineOf(source, statement.getStart(source));
      const what = 'export * from another file.';
      found.push({ file, line, rule: 'index', what, why: WHY, todo: 'Write the exported names out.' });
    }
  }
  return found;
}

function deepImports(repo: Repo): Violation[] {
  const { byName } = workspaceOf(repo);
  const found: Violation[] = [];
  for (const file of codeFiles(repo)) {
    const home = roomOf(file)?.path;
    for (const { specifier, line } of importsOf(repo, file)) {
      const bare = splitSpecifier(specifier);
      const relative = resolveRelative(file, specifier);
      const leaves =
        relative !== undefined && roomOf(relative)?.path !== home && roomOf(relative) !== undefined;
      const goesDeep = bare !== null && bare.path !== '' && byName.has(bare.name);
      if (!leaves && !goesDeep) continue;
      const what = `${specifier} reaches past the index of another package.`;
      const todo = 'Import the package by its name; if the name is not exported, ask whether it should be.';
      found.push({ file, line, rule: 'index', what, why: WHY, todo });
    }
  }
  return found;
}
