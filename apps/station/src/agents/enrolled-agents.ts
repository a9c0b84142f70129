import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type AccountId, isId } from '@baton/kernel';
import { z } from 'zod';

const agentFile = z.strictObject({
  account: z.string().refine((text): text is AccountId => isId('account', text)),
  program: z.string(),
  name: z.string(),
});

/** An agent whose keys this station holds. */
export interface EnrolledAgent {
  readonly account: AccountId;
  readonly program: string;
  readonly name: string;
  /** 0700: keys and sealed rows of this agent alone. */
  readonly folder: string;
}

const FILE = 'agent.json';

/** `dataDir/agents/<account>/`, one for each. */
export class EnrolledAgents {
  readonly #root: string;

  constructor(dataDir: string) {
    this.#root = join(dataDir, 'agents');
  }

  list(): EnrolledAgent[] {
    if (!existsSync(this.#root)) return [];
    return readdirSync(this.#root)
      .filter((name) => isId('account', name))
      .sort()
      .flatMap((name) => this.#read(name) ?? []);
  }

  /** Where an agent's folder is to be. */
  place(account: AccountId): string {
    mkdirSync(this.#root, { recursive: true, mode: 0o700 });
    return join(this.#root, account);
  }

  /** From here on it is run. */
  keep(agent: Omit<EnrolledAgent, 'folder'>): EnrolledAgent {
    const folder = this.place(agent.account);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    const { account, program, name } = agent;
    writeFileSync(join(folder, `${FILE}.new`), JSON.stringify({ account, program, name }), { mode: 0o600 });
    renameSync(join(folder, `${FILE}.new`), join(folder, FILE));
    return { ...agent, folder };
  }

  /** Its keys are gone for good. */
  remove(account: AccountId): boolean {
    const folder = join(this.#root, account);
    if (!existsSync(folder)) return false;
    rmSync(folder, { recursive: true, force: true });
    return true;
  }

  #read(account: string): EnrolledAgent | null {
    const folder = join(this.#root, account);
    const path = join(folder, FILE);
    if (!existsSync(path)) return null;
    const parsed = agentFile.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    return parsed.success ? { ...parsed.data, folder } : null;
  }
}
