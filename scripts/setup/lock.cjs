'use strict';

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const TOUCH_MS = 2_000;
const STALE_MS = 20_000;
const POLL_MS = 250;

/**
 * Runs `work` while holding a lock file, so that two set-ups started together do not write into each other's
 * node_modules. The holder touches the file; one that is no longer touched, or whose process is gone, is taken over.
 */
async function withLock(file, work) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  let told = false;
  while (!tryTake(file)) {
    if (isAbandoned(file)) {
      remove(file);
      continue;
    }
    if (!told) process.stderr.write('Another set-up is running in this folder; waiting for it…\n');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const touch = setInterval(() => {
    const now = new Date();
    try {
      fs.utimesSync(file, now, now);
    } catch {
      // The file was removed by hand; the work goes on, and the end of it removes nothing.
    }
  }, TOUCH_MS);
  const release = () => {
    clearInterval(touch);
    remove(file);
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function tryTake(file) {
  try {
    fs.writeFileSync(file, JSON.stringify({ pid: process.pid, host: os.hostname() }), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function isAbandoned(file) {
  try {
    if (Date.now() - fs.statSync(file).mtimeMs > STALE_MS) return true;
    const holder = JSON.parse(fs.readFileSync(file, 'utf8'));
    return holder.host === os.hostname() && !isAlive(holder.pid);
  } catch {
    // Gone, or not yet written: look again.
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function remove(file) {
  fs.rmSync(file, { force: true });
}

module.exports = { withLock };
