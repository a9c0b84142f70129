import { type SpawnOptions, spawnSync } from 'node:child_process';
import { cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { type Binaries, binariesIn } from './binaries.ts';
import { EmbeddedPostgresError } from './errors.ts';

/**
 * PostgreSQL refuses to run as root. The account says under which user it runs instead:
 * - own: we are an ordinary user, and so is it;
 * - other: we are root, it runs under `uid`;
 * - namespace: it sees an ordinary user, the machine sees root without its privileges (files stay root's).
 */
export type Account =
  | { readonly kind: 'own' }
  | { readonly kind: 'other'; readonly uid: number; readonly gid: number }
  | { readonly kind: 'namespace' };

export type AccountKind = Account['kind'] | 'copy';

/**
 * A number no user of the machine has (30000-59999 is left free by distributions), so that no other service can read
 * the files, as it could if we used "nobody".
 */
const UNPRIVILEGED = 58_420;
/** initdb, unlike the server, insists on a user with a name; it runs as "nobody" before its result changes hands. */
const NOBODY = 65_534;

/** What was tried, for the sentence when nothing works. */
const ATTEMPTS: Readonly<Record<AccountKind, string>> = {
  own: 'as this user',
  other: 'as another user than root',
  namespace: 'in a user namespace (root, and users without a name in /etc/passwd, need one)',
  copy: 'as another user, from a copy',
};

export interface Foothold {
  readonly account: Account;
  readonly binaries: Binaries;
}

interface Candidate extends Foothold {
  readonly label: AccountKind;
}

/**
 * Picks the first account under which the programs really run here. `kinds` narrows the choice (tests).
 * As root: another user where the programs' folder can be reached by it, else a user namespace (a checkout below a
 * private home), else another user with the programs copied where it can reach them (containers without namespaces).
 */
export function findFoothold(binaries: Binaries, dataDir: string, kinds?: readonly AccountKind[]): Foothold {
  const failures: string[] = [];
  for (const candidate of candidates(binaries, dataDir)) {
    const { label, account } = candidate;
    if (kinds !== undefined && !kinds.includes(label)) continue;
    const usable = label === 'copy' ? copyOut(candidate.binaries) : candidate.binaries;
    const probe = runUnder(account, usable.postgres, ['--version']);
    if (probe.ok) return { account, binaries: usable };
    failures.push(`${ATTEMPTS[label]}: ${probe.output}`);
  }
  throw new EmbeddedPostgresError(
    'binaries_broken',
    `The embedded PostgreSQL cannot run on this machine (${failures.join('; ')}). ` +
      'Set BATON_DATABASE_URL to a PostgreSQL 15 or newer instead.',
  );
}

function* candidates(binaries: Binaries, dataDir: string): Generator<Candidate> {
  if (process.getuid?.() !== 0) {
    if (hasName()) yield { label: 'own', account: { kind: 'own' }, binaries };
    else yield { label: 'namespace', account: { kind: 'namespace' }, binaries };
    return;
  }
  // Data an ordinary user made before stays that user's.
  const owner = statSync(dataDir, { throwIfNoEntry: false });
  const other: Account =
    owner === undefined || owner.uid === 0
      ? { kind: 'other', uid: UNPRIVILEGED, gid: UNPRIVILEGED }
      : { kind: 'other', uid: owner.uid, gid: owner.gid };
  yield { label: 'other', account: other, binaries };
  yield { label: 'namespace', account: { kind: 'namespace' }, binaries };
  yield { label: 'copy', account: other, binaries };
}

/** Containers are often started under a number without a name; initdb refuses those. */
function hasName(): boolean {
  try {
    return userInfo().username !== '';
  } catch {
    return false;
  }
}

/** The account for initdb: see {@link NOBODY}. */
export function namedAccount(account: Account): Account {
  return account.kind === 'other' && account.uid === UNPRIVILEGED
    ? { kind: 'other', uid: NOBODY, gid: NOBODY }
    : account;
}

/** The numeric owner that files of this account must have, or null when they are simply ours. */
export function fileOwner(account: Account): { uid: number; gid: number } | null {
  if (account.kind === 'other') return { uid: account.uid, gid: account.gid };
  if (account.kind === 'namespace' && process.getuid?.() === 0) return { uid: 0, gid: 0 };
  return null;
}

export interface Invocation {
  readonly program: string;
  readonly args: readonly string[];
  readonly options: Pick<SpawnOptions, 'uid' | 'gid'>;
}

/** How to start `program` under `account`; unshare becomes the program, so the process id is the program's own. */
export function invocation(account: Account, program: string, args: readonly string[]): Invocation {
  switch (account.kind) {
    case 'own':
      return { program, args, options: {} };
    case 'other':
      return { program, args, options: { uid: account.uid, gid: account.gid } };
    case 'namespace': {
      const map = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];
      return { program: 'unshare', args: [...map, '--', program, ...args], options: {} };
    }
  }
}

/** Runs a short-lived program to its end. `cwd` is entered before the user changes, so it may be private to us. */
export function runUnder(
  account: Account,
  program: string,
  args: readonly string[],
  run: { cwd?: string; input?: string } = {},
): { ok: boolean; output: string } {
  const call = invocation(account, program, args);
  const result = spawnSync(call.program, call.args, {
    ...call.options,
    cwd: run.cwd ?? '/',
    env: cleanEnvironment(),
    encoding: 'utf8',
    input: run.input ?? '',
  });
  if (result.error) return { ok: false, output: result.error.message };
  return { ok: result.status === 0, output: `${result.stdout}${result.stderr}`.trim() };
}

/** PG* and locale variables of the caller must not steer the server. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

/**
 * Copies the programs to a root-owned folder every user can reach. Each build gets a folder of its own, made whole
 * under another name first, and is trusted only when root owns it.
 */
function copyOut(binaries: Binaries): Binaries {
  const build = statSync(binaries.postgres);
  for (const base of ['/var/lib', '/var/tmp']) {
    if (!existsSync(base)) continue;
    const target = join(base, `baton-postgres-${build.size}-${Math.trunc(build.mtimeMs / 1000)}`);
    const found = lstatSync(target, { throwIfNoEntry: false });
    if (found?.isDirectory() && found.uid === 0) return binariesIn(target);
    if (found !== undefined) continue;
    const unfinished = `${target}.${process.pid}`;
    try {
      mkdirSync(unfinished, { mode: 0o755 });
      cpSync(binaries.nativeDir, unfinished, { recursive: true, verbatimSymlinks: true });
      spawnSync('chmod', ['-R', 'a+rX,go-w', unfinished]); // whatever the caller's umask was
      renameSync(unfinished, target);
      return binariesIn(target);
    } catch {
      rmSync(unfinished, { recursive: true, force: true });
      if (existsSync(target)) return binariesIn(target); // another process was quicker
    }
  }
  return binaries;
}
