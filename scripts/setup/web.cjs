'use strict';

const fs = require('node:fs');
const path = require('node:path');
const crypto = require('node:crypto');
const zlib = require('node:zlib');
const { Refusal, run, lastLines, seconds } = require('./run.cjs');

/** Everything the bundle is made of. A test keeps the package list equal to what apps/web depends on. */
const INPUT_FOLDERS = [
  'apps/web/src',
  'apps/web/public',
  ...['kernel', 'wire', 'ledger', 'policy', 'crypto', 'clinical', 'client', 'client-web'].map(
    (name) => `packages/${name}/src`,
  ),
  'packages/clinical/content/triage',
];
const INPUT_FILES = ['package-lock.json', 'scripts/setup/web.cjs'];
const STAMP = 'apps/web/dist/.stamp';
/** The staff app empties the folder; the patient's page is put beside it. */
const BUILDS = [
  ['apps/web', '--emptyOutDir'],
  ['--config', 'apps/web/vite.patient.config.ts'],
];
/** Smaller files gain nothing by being packed. */
const PACKED_FROM_BYTES = 1024;

function webIsCurrent(root) {
  try {
    return fs.readFileSync(path.join(root, STAMP), 'utf8').trim() === inputHash(root);
  } catch {
    return false;
  }
}

async function buildWeb(root, node) {
  const startedMs = Date.now();
  const hash = inputHash(root);
  process.stderr.write('Building the web app…\n');
  // Built beside the old bundle and swapped, so that a running server never serves half of one.
  const next = path.join(root, 'apps/web/dist.next');
  for (const build of BUILDS) {
    const result = await run(node, ['node_modules/vite/bin/vite.js', 'build', ...build, '--outDir', next], {
      cwd: root,
      env: { ...process.env, NODE_ENV: 'production' },
    });
    if (result.code !== 0) {
      throw new Refusal(
        'The web app could not be built. Its last lines:',
        'mend what the lines above name; `node scripts/setup.cjs start` builds again.',
        lastLines(result.output, 30),
      );
    }
  }
  for (const folder of ['assets', 'frames']) pack(path.join(next, folder));
  fs.writeFileSync(path.join(next, '.stamp'), `${hash}\n`);
  const dist = path.join(root, 'apps/web/dist');
  fs.rmSync(`${dist}.old`, { recursive: true, force: true });
  if (fs.existsSync(dist)) fs.renameSync(dist, `${dist}.old`);
  fs.renameSync(next, dist);
  fs.rmSync(`${dist}.old`, { recursive: true, force: true });
  process.stderr.write(`Built in ${seconds(startedMs)}.\n`);
}

/** Scripts and styles beside themselves as brotli and gzip: the server hands them out as they are, and a phone on slow data waits less. */
function pack(folder) {
  if (!fs.existsSync(folder)) return;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isFile() || !/\.(?:js|mjs|css|svg|wasm)$/.test(entry.name)) continue;
    const content = fs.readFileSync(file);
    if (content.length < PACKED_FROM_BYTES) continue;
    fs.writeFileSync(`${file}.br`, zlib.brotliCompressSync(content));
    fs.writeFileSync(`${file}.gz`, zlib.gzipSync(content, { level: 9 }));
  }
}

/** Hash over names and contents of all inputs, tests left out: they do not enter the bundle. */
function inputHash(root) {
  const hash = crypto.createHash('sha256');
  for (const file of inputFiles(root)) {
    const content = fs.readFileSync(path.join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function inputFiles(root) {
  const files = [];
  const walk = (folder) => {
    for (const entry of fs.readdirSync(path.join(root, folder), { withFileTypes: true })) {
      const file = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(file);
      else if (!/\.test\.tsx?$/.test(entry.name)) files.push(file);
    }
  };
  for (const folder of INPUT_FOLDERS) if (fs.existsSync(path.join(root, folder))) walk(folder);
  // index.html, vite.config.ts, lingui.config.ts, package.json: every file directly in the app's folder.
  for (const entry of fs.readdirSync(path.join(root, 'apps/web'), { withFileTypes: true })) {
    if (entry.isFile()) files.push(`apps/web/${entry.name}`);
  }
  files.push(...INPUT_FILES);
  return files.sort();
}

module.exports = { buildWeb, webIsCurrent, inputFiles, INPUT_FOLDERS };
