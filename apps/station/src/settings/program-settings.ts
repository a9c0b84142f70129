import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NAME = /^[a-z][a-z0-9-]{1,39}$/;
const LONGEST = 65_536;
const OTHERS = 0o077;

export type ReadSettings =
  | { readonly ok: true; readonly json: string | null }
  /** A file that others can read, or that is no JSON: nothing goes on with it, nor as if it were not there. */
  | { readonly ok: false; readonly sentence: string };

/** `<dataDir>/settings/<program>.json`, 0600: accounts and secrets of what a bridge reaches. They never leave this machine but to the provider. */
export class ProgramSettings {
  readonly #folder: string;

  constructor(dataDir: string) {
    this.#folder = join(dataDir, 'settings');
  }

  path(program: string): string {
    if (!NAME.test(program)) throw new Error('No such program.');
    return join(this.#folder, `${program}.json`);
  }

  read(program: string): ReadSettings {
    const path = this.path(program);
    if (!existsSync(path)) return { ok: true, json: null };
    const { mode, size } = statSync(path);
    if ((mode & OTHERS) !== 0)
      return { ok: false, sentence: `${program}.json can be read by others on this machine: make it 0600.` };
    if (size > LONGEST) return { ok: false, sentence: `${program}.json is too long.` };
    const json = readFileSync(path, 'utf8');
    try {
      JSON.parse(json);
      return { ok: true, json };
    } catch {
      return { ok: false, sentence: `${program}.json is no JSON.` };
    }
  }

  write(program: string, value: unknown): void {
    const path = this.path(program);
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    writeFileSync(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
}
