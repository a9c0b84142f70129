import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SCRIPTS = fileURLToPath(new URL('../../../scripts', import.meta.url));

/** Stands in for npm: notes how it was called, takes a moment, makes what an install makes, or fails as told. */
const NPM = `
const fs = require('node:fs');
fs.appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
if (fs.existsSync('npm-fails')) {
  console.error(fs.readFileSync('npm-fails', 'utf8'));
  process.exit(1);
}
setTimeout(() => {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const bin = 'node_modules/node-' + platform + '-' + process.arch + '/bin';
  for (const folder of [bin, 'node_modules/.bin', 'node_modules/vite/bin']) fs.mkdirSync(folder, { recursive: true });
  if (!fs.existsSync('no-platform-node') && !fs.existsSync(bin + '/node')) {
    fs.symlinkSync(process.execPath, bin + '/node');
    fs.symlinkSync(process.execPath, 'node_modules/.bin/node');
  }
  fs.copyFileSync('vite.js', 'node_modules/vite/bin/vite.js');
}, 300);
`;

const VITE = `
const fs = require('node:fs');
const out = process.argv[process.argv.indexOf('--outDir') + 1];
fs.appendFileSync('vite-calls', 'build\\n');
fs.mkdirSync(out, { recursive: true });
fs.writeFileSync(out + '/index.html', fs.readFileSync('apps/web/src/main.tsx'));
if (fs.existsSync('vite-fails')) {
  console.error('main.tsx: unexpected token');
  process.exit(1);
}
`;

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with the real set-up scripts and stand-ins for npm and vite, for one test. */
export class MadeCheckout {
  readonly root = mkdtempSync(join(tmpdir(), 'baton-setup-'));

  constructor() {
    cpSync(SCRIPTS, join(this.root, 'scripts'), { recursive: true });
    this.write('npm-cli.cjs', NPM);
    this.write('vite.js', VITE);
    this.write('package-lock.json', lockFile('1.0.0'));
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), text);
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  read(path: string): string {
    return this.has(path) ? readFileSync(join(this.root, path), 'utf8') : '';
  }

  lines(path: string): string[] {
    return this.read(path).split('\n').filter(Boolean);
  }

  /** Runs setup.cjs; `require` names a file that Node loads first. */
  setUp(mode: string, { preload = '', path = process.env['PATH'] ?? '' } = {}): Promise<Ended> {
    const args = [...(preload === '' ? [] : ['--require', preload]), 'scripts/setup.cjs', mode];
    const env = {
      PATH: path,
      npm_execpath: join(this.root, 'npm-cli.cjs'),
      npm_node_execpath: process.execPath,
    };
    return new Promise((resolve) => {
      execFile(process.execPath, args, { cwd: this.root, env }, (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
      });
    });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function lockFile(version: string): string {
  return JSON.stringify({
    packages: {
      '': {},
      'node_modules/pg': { version, integrity: 'sha512-a' },
      'node_modules/vitest': { version: '5.1.0', integrity: 'sha512-b', dev: true },
      'node_modules/elsewhere': { version: '1.0.0', integrity: 'sha512-c', optional: true },
    },
  });
}
