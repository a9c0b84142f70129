// Brings a checkout into a state in which `npm start` or `npm test` can run: dependencies as the lock file says, the
// pinned Node, the web bundle. Runs before anything is installed, hence plain CommonJS without a dependency that an
// old Node (20) understands. Does nothing, fast, when nothing is stale.
//
//   node scripts/setup.cjs start|test [--no-build]
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { install, installIsCurrent, hydrateSymlinks } = require('./setup/install.cjs');
const { findNode } = require('./setup/node.cjs');
const { buildWeb, webIsCurrent } = require('./setup/web.cjs');
const { withLock } = require('./setup/lock.cjs');
const { Refusal } = require('./setup/run.cjs');

const ROOT = path.resolve(__dirname, '..');

async function main(args) {
  const mode = args[0];
  if (mode !== 'start' && mode !== 'test') {
    throw new Refusal(
      'setup.cjs does not know what to set up.',
      'Call it as: node scripts/setup.cjs start|test',
    );
  }
  const wantsDev = mode === 'test';
  const wantsWeb = !args.includes('--no-build') && fs.existsSync(path.join(ROOT, 'apps/web/index.html'));
  const isCurrent = () => installIsCurrent(ROOT, wantsDev) && (!wantsWeb || webIsCurrent(ROOT));

  if (!isCurrent()) {
    await withLock(path.join(ROOT, '.cache', 'setup.lock'), async () => {
      // Another set-up may have done the work while this one waited for the lock.
      if (!installIsCurrent(ROOT, wantsDev)) await install(ROOT, wantsDev);
      await hydrateSymlinks(ROOT);
      const node = findNode(ROOT);
      if (wantsWeb && !webIsCurrent(ROOT)) await buildWeb(ROOT, node);
    });
  }
  await hydrateSymlinks(ROOT);
  findNode(ROOT);
}

main(process.argv.slice(2)).catch((error) => {
  if (error instanceof Refusal) process.stderr.write(`\n${error.message}\n`);
  else process.stderr.write(`\nSet-up failed: ${error.stack}\n`);
  // Who reads only the last line of `npm test` must not mistake a failed set-up for a run without tests.
  if (process.argv[2] === 'test') process.stdout.write('\n0 passed, 1 failed\n');
  process.exitCode = 1;
});
