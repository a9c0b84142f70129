import type { Repo } from './violation.ts';

/** What the checks read of a package.json. */
export interface Manifest {
  readonly file: string;
  /** Folder of the package; '' for the root. */
  readonly folder: string;
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

export const DEPENDENCY_KINDS = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
] as const;

export function manifests(repo: Repo): Manifest[] {
  return repo.files
    .filter((file) => file === 'package.json' || file.endsWith('/package.json'))
    .map((file) => readManifest(repo, file));
}

function readManifest(repo: Repo, file: string): Manifest {
  const json = JSON.parse(repo.read(file)) as Partial<Manifest>;
  return {
    file,
    folder: file.slice(0, -'package.json'.length).replace(/\/$/, ''),
    name: json.name ?? '',
    dependencies: json.dependencies ?? {},
    devDependencies: json.devDependencies ?? {},
    optionalDependencies: json.optionalDependencies ?? {},
    peerDependencies: json.peerDependencies ?? {},
  };
}

export interface Workspace {
  /** By package name, without the root. */
  readonly byName: ReadonlyMap<string, Manifest>;
  readonly root: Manifest | undefined;
  /** The package that `file` belongs to. */
  ownerOf(file: string): Manifest | undefined;
}

const opened = new WeakMap<Repo, Workspace>();

export function workspaceOf(repo: Repo): Workspace {
  const found = opened.get(repo);
  if (found !== undefined) return found;
  const all = manifests(repo);
  const packages = all.filter((manifest) => manifest.folder !== '');
  const workspace: Workspace = {
    byName: new Map(packages.map((manifest) => [manifest.name, manifest])),
    root: all.find((manifest) => manifest.folder === ''),
    ownerOf: (file) => packages.find((manifest) => file.startsWith(`${manifest.folder}/`)),
  };
  opened.set(repo, workspace);
  return workspace;
}

/** `@scope/name` or `name` of a bare specifier, and the path behind it; null for relative ones and Node's own. */
export function splitSpecifier(specifier: string): { name: string; path: string } | null {
  if (/^(\.|\/|node:|virtual:|[a-z]+:)/.test(specifier)) return null;
  const parts = specifier.split('/');
  const length = specifier.startsWith('@') ? 2 : 1;
  return { name: parts.slice(0, length).join('/'), path: parts.slice(length).join('/') };
}

/** Line of the first `"key"` in a JSON file; 0 when it is not there. */
export function lineOfKey(text: string, key: string): number {
  const index = text.indexOf(`${JSON.stringify(key)}:`);
  return index < 0 ? 0 : text.slice(0, index).split('\n').length;
}
