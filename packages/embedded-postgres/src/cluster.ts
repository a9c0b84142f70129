import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  fsyncSync,
  lchownSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { type Account, type Foothold, fileOwner, namedAccount, runUnder } from './account.ts';
import { EmbeddedPostgresError } from './errors.ts';

/** Everything of one embedded server lies in one folder; only `data` (and the socket) belongs to its account. */
export interface Layout {
  readonly folder: string;
  readonly data: string;
  readonly lock: string;
  readonly log: string;
  readonly secrets: string;
  readonly endpoint: string;
}

export function layoutOf(folder: string): Layout {
  return {
    folder,
    data: join(folder, 'data'),
    lock: join(folder, 'lock'),
    log: join(folder, 'log'),
    secrets: join(folder, 'secrets.json'),
    endpoint: join(folder, 'endpoint.json'),
  };
}

/** Random passwords (base64url, so they need no escaping in a URL or in SQL). */
export interface Secrets {
  readonly superuser: string;
  readonly owner: string;
}

export const SUPERUSER = 'postgres';
export const OWNER = 'baton';

/** An initdb of a run that was killed may still be writing. */
const REMOVE = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 };

/** `-D` value: through the working directory, which our account can use even where it cannot walk the path to it. */
export function dataArgument(account: Account, data: string): string {
  return process.platform === 'linux' && account.kind !== 'own' ? '/proc/self/cwd' : data;
}

/** Creates what is missing of the data folder, whole or not at all, and checks what is there. */
export function prepareCluster(layout: Layout, foothold: Foothold, durable: boolean): Secrets {
  for (const name of readdirSync(layout.folder)) {
    if (name.startsWith('data.unfinished')) rmSync(join(layout.folder, name), REMOVE);
  }
  if (!existsSync(layout.data)) {
    const secrets = { superuser: newPassword(), owner: newPassword() };
    writeSecrets(layout, secrets);
    initialise(layout, foothold, { durable, password: secrets.superuser });
    return secrets;
  }
  checkVersion(layout, foothold);
  giveFiles(layout.data, foothold.account);
  return readSecrets(layout) ?? resetSecrets(layout, foothold);
}

function initialise(
  layout: Layout,
  foothold: Foothold,
  options: { durable: boolean; password: string },
): void {
  const unfinished = join(layout.folder, `data.unfinished-${randomBytes(4).toString('hex')}`);
  const passwordFile = `${unfinished}.password`;
  const account = namedAccount(foothold.account);
  const owner = fileOwner(account);
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, options.password, { mode: 0o600 });
  try {
    if (owner) {
      chownSync(unfinished, owner.uid, owner.gid);
      chownSync(passwordFile, owner.uid, owner.gid);
    }
    const data = dataArgument(account, unfinished);
    const args = [
      `--pgdata=${data}`,
      `--pwfile=${data}/../${basename(passwordFile)}`,
      `--username=${SUPERUSER}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // The builtin provider sorts the same on every machine; libc is left at C, which every machine has.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--data-checksums',
      '--no-instructions',
      ...(options.durable ? [] : ['--no-sync']),
    ];
    const run = runUnder(account, foothold.binaries.initdb, args, { cwd: unfinished });
    if (!run.ok) throw new EmbeddedPostgresError('init_failed', initFailure(layout, run.output));
    giveFiles(unfinished, foothold.account);
    renameSync(unfinished, layout.data);
    if (options.durable) syncFolder(layout.folder);
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(unfinished, REMOVE);
  }
}

function initFailure(layout: Layout, output: string): string {
  const reason = output.split('\n').filter((line) => line.includes('error:') || line.includes('FATAL'));
  return `PostgreSQL could not create its data in ${layout.data}: ${reason.join(' ') || output.slice(-400)}`;
}

function checkVersion(layout: Layout, foothold: Foothold): void {
  const file = join(layout.data, 'PG_VERSION');
  const made = existsSync(file) ? readFileSync(file, 'utf8').trim() : 'unknown';
  const { output } = runUnder(foothold.account, foothold.binaries.postgres, ['--version']);
  const ours = /(\d+)\./.exec(output)?.[1];
  if (made === ours) return;
  throw new EmbeddedPostgresError(
    'version_mismatch',
    `The data in ${layout.data} was made by PostgreSQL ${made}, these programs are PostgreSQL ${ours ?? 'unknown'}. ` +
      'Use the release of Baton that made it, or restore a backup into a new data folder.',
  );
}

/** Makes every file the account's own, where another account made them. Needs root only if something must change. */
function giveFiles(data: string, account: Account): void {
  const owner = fileOwner(account) ?? { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const found = statSync(data);
  if (found.uid === owner.uid) return;
  if (process.getuid?.() !== 0) {
    throw new EmbeddedPostgresError(
      'folder_not_ours',
      `${data} belongs to user ${found.uid}, and this is user ${owner.uid}: start as the user who made it (root, if it was root).`,
    );
  }
  for (const entry of readdirSync(data, { recursive: true, encoding: 'utf8' })) {
    lchownSync(join(data, entry), owner.uid, owner.gid);
  }
  chownSync(data, owner.uid, owner.gid); // last, so that an interrupted change is taken up again
}

function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

function writeSecrets(layout: Layout, secrets: Secrets): void {
  writePrivate(layout.secrets, secrets);
}

/** Replaces a 0600 file by a whole new one. */
export function writePrivate(path: string, value: unknown): void {
  const next = `${path}.new`;
  rmSync(next, { force: true });
  const file = openSync(next, 'wx', 0o600);
  try {
    writeFileSync(file, `${JSON.stringify(value)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
}

function readSecrets(layout: Layout): Secrets | null {
  const value = readJson(layout.secrets);
  if (!('superuser' in value) || typeof value.superuser !== 'string') return null;
  if (!('owner' in value) || typeof value.owner !== 'string') return null;
  chmodSync(layout.secrets, 0o600);
  return { superuser: value.superuser, owner: value.owner };
}

/** The object in a JSON file, or an empty one when there is none or it is torn. */
export function readJson(path: string): object {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** The secrets file is lost: whoever owns the files may set new passwords, in the server's single-user mode. */
function resetSecrets(layout: Layout, foothold: Foothold): Secrets {
  const secrets = { superuser: newPassword(), owner: newPassword() };
  const account = namedAccount(foothold.account); // this mode, too, insists on a user with a name
  giveFiles(layout.data, account);
  const run = runUnder(
    account,
    foothold.binaries.postgres,
    ['--single', '-D', dataArgument(account, layout.data), 'postgres'],
    { cwd: layout.data, input: `ALTER ROLE ${SUPERUSER} PASSWORD '${secrets.superuser}';\n` },
  );
  giveFiles(layout.data, foothold.account);
  if (!run.ok || /ERROR|FATAL/.test(run.output)) {
    throw new EmbeddedPostgresError(
      'start_failed',
      `${layout.secrets} is missing and the password could not be set anew: ${run.output.slice(-400)}`,
    );
  }
  writeSecrets(layout, secrets);
  return secrets;
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
