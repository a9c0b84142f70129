import type { Repo } from './violation.ts';

export interface LockEntry {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export const LOCK_FILE = 'package-lock.json';

/** The entries of package-lock.json by place ('' is the root, 'node_modules/x' a package); null without a lock file. */
export function lockEntries(repo: Repo): Readonly<Record<string, LockEntry>> | null {
  if (!repo.has(LOCK_FILE)) return null;
  const lock = JSON.parse(repo.read(LOCK_FILE)) as { packages?: Record<string, LockEntry> };
  return lock.packages ?? {};
}
