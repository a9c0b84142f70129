'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { execFileSync } = require('node:child_process');
const { Refusal } = require('./run.cjs');

/** The first version that runs TypeScript sources without a flag. */
const OLDEST = [22, 18];

/** Path of the Node that runs the project: the pinned one, else a system Node that is new enough. */
function findNode(root) {
  const pinned = pinnedNode(root);
  if (pinned) return pinned;
  const system = systemNode();
  if (system) return system;
  throw new Refusal(
    `This project runs on Node 24; for ${process.platform}-${process.arch} no Node could be installed with it, and this one is ${process.version}.`,
    `install Node ${OLDEST.join('.')} or newer (24 is best), put it first in PATH, and run the command again.`,
  );
}

function pinnedNode(root) {
  const folder = { linux: 'node-linux', win32: 'node-win' }[process.platform];
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const file = path.join(root, 'node_modules', `${folder}-${process.arch}`, 'bin', name);
  // Both are looked at: scripts find it through .bin, the set-up itself calls it directly.
  const link = path.join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  return fs.existsSync(file) && fs.existsSync(link) ? file : null;
}

function systemNode() {
  if (isNewEnough(process.version)) return process.execPath;
  try {
    const version = execFileSync('node', ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return isNewEnough(version.trim()) ? 'node' : null;
  } catch {
    return null;
  }
}

function isNewEnough(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

module.exports = { findNode, isNewEnough };
