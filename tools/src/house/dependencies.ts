import { LOCK_FILE, lockEntries } from './lock-file.ts';
import { codeFiles, importsOf, isTest } from './sources.ts';
import type { Check, Repo, Violation } from './violation.ts';
import {
  DEPENDENCY_KINDS,
  lineOfKey,
  type Manifest,
  manifests,
  splitSpecifier,
  workspaceOf,
} from './workspace.ts';

const EXACT = /^(npm:(@[\w.-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/;

/** Dependencies are pinned, locked, declared where they are used, and run nothing when installed. */
export const dependencies: Check = {
  rule: 'dependencies',
  run: (repo) => [...unpinned(repo), ...outOfSync(repo), ...undeclared(repo), ...installScripts(repo)],
};

function unpinned(repo: Repo): Violation[] {
  return eachDependency(repo).flatMap(({ manifest, name, range }) => {
    if (EXACT.test(range)) return [];
    return violation(repo, manifest, name, {
      what: `${name} is "${range}", not one version.`,
      why: 'The same commit must install the same code next year.',
      todo: 'Write the exact version.',
    });
  });
}

function eachDependency(repo: Repo): { manifest: Manifest; name: string; range: string }[] {
  return manifests(repo).flatMap((manifest) =>
    DEPENDENCY_KINDS.flatMap((kind) =>
      Object.entries(manifest[kind]).map(([name, range]) => ({ manifest, name, range })),
    ),
  );
}

function outOfSync(repo: Repo): Violation[] {
  const entries = lockEntries(repo);
  if (entries === null) return [];
  return manifests(repo).flatMap((manifest) => {
    const entry = entries[manifest.folder];
    const differs = DEPENDENCY_KINDS.find((kind) => !sameRecord(manifest[kind], entry?.[kind] ?? {}));
    if (entry !== undefined && differs === undefined) return [];
    return {
      file: manifest.file,
      line: 0,
      rule: 'dependencies' as const,
      what: entry === undefined ? `is not in ${LOCK_FILE}.` : `${differs} differ from ${LOCK_FILE}.`,
      why: 'npm ci refuses a lock file that does not fit, on every other machine.',
      todo: 'Run npm install and commit the lock file with the change.',
    };
  });
}

function sameRecord(
  left: Readonly<Record<string, string>>,
  right: Readonly<Record<string, string>>,
): boolean {
  const names = Object.keys(left);
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name]);
}

function undeclared(repo: Repo): Violation[] {
  const workspace = workspaceOf(repo);
  return codeFiles(repo).flatMap((file) => {
    const owner = workspace.ownerOf(file);
    const shipped = new Set([
      ...Object.keys(owner?.dependencies ?? {}),
      ...Object.keys(owner?.optionalDependencies ?? {}),
      ...Object.keys(owner?.peerDependencies ?? {}),
    ]);
    const forTests = new Set([
      ...Object.keys(owner?.devDependencies ?? {}),
      ...Object.keys(workspace.root?.devDependencies ?? {}),
    ]);
    // Tests see every workspace package (links of one install); settings files and tools are never shipped.
    const neverShips =
      isTest(file) || owner === undefined || owner.folder === 'tools' || !file.includes('/src/');
    return importsOf(repo, file).flatMap(({ specifier, line }) => {
      const name = splitSpecifier(specifier)?.name;
      if (name === undefined || name === owner?.name || shipped.has(name)) return [];
      if (neverShips && (forTests.has(name) || workspace.byName.has(name))) return [];
      if (name === 'vite' && specifier === 'vite/client') return [];
      return {
        file,
        line,
        rule: 'dependencies' as const,
        what: `imports ${name}, which ${owner?.file ?? 'package.json'} does not name.`,
        why: 'It is found by luck (another package brings it) and vanishes when that one changes.',
        todo: 'Add it to the package.json beside the source, in the exact version of the lock file.',
      };
    });
  });
}

function installScripts(repo: Repo): Violation[] {
  const root = manifests(repo).find(({ folder }) => folder === '');
  if (root === undefined) return [];
  const { allowScripts = {} } = JSON.parse(repo.read(root.file)) as {
    allowScripts?: Record<string, boolean>;
  };
  const withScripts = Object.entries(lockEntries(repo) ?? {})
    .filter(([, entry]) => entry.hasInstallScript === true)
    .map(([place]) => place.replace(/^.*node_modules\//, ''));
  const open = [
    ...withScripts.filter((name) => !(name in allowScripts)),
    ...Object.keys(allowScripts).filter((name) => allowScripts[name] !== false),
  ];
  return [...new Set(open)].flatMap((name) =>
    violation(repo, root, 'allowScripts', {
      what: `${name} may run a script when it is installed.`,
      why: 'An install script runs with all rights of whoever types npm install.',
      todo: `Set "${name}": false under allowScripts; what the script does, do in scripts/setup.`,
    }),
  );
}

interface Text {
  readonly what: string;
  readonly why: string;
  readonly todo: string;
}

function violation(repo: Repo, manifest: Manifest, key: string, text: Text): Violation {
  const line = lineOfKey(repo.read(manifest.file), key);
  return { file: manifest.file, line, rule: 'dependencies', ...text };
}
