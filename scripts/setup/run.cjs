'use strict';

const { spawn } = require('node:child_process');

/** A failure that the reader can act on: what happened, why, what to do. */
class Refusal extends Error {
  constructor(what, todo, detail) {
    super([what, detail && indent(detail), todo && `What to do: ${todo}`].filter(Boolean).join('\n'));
    this.name = 'Refusal';
  }
}

function indent(text) {
  return text.replace(/^/gm, '    ');
}

/** Runs a command without input and resolves to its exit code, signal and the end of what it printed. */
function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => {
      output = (output + chunk).slice(-64 * 1024);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    // A set-up that is told to stop must not leave an installer running behind it.
    const forward = (signal) => {
      child.kill(signal);
    };
    process.on('SIGINT', forward).on('SIGTERM', forward);
    const done = (code, signal) => {
      process.off('SIGINT', forward).off('SIGTERM', forward);
      resolve({ code, signal, output });
    };
    child.on('error', (error) => {
      output += `${error.message}\n`;
      done(127, null);
    });
    child.on('close', done);
  });
}

function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

function seconds(sinceMs) {
  return `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;
}

module.exports = { Refusal, run, lastLines, seconds };
