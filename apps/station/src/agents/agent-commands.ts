import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClientError } from '@baton/client';
import { encodeBase64Url, isId } from '@baton/kernel';
import { z } from 'zod';
import type { StationConfig } from '../config.ts';
import { EnrolledAgents } from './enrolled-agents.ts';
import { enrolAgent } from './enrol-agent.ts';
import { digestProgram, findProgram } from './program-folder.ts';

const healthFile = z.array(z.object({ account: z.string(), state: z.string(), crashes: z.number() }));

/** `agent ...`: the exit code, or null where the words make no command. */
export async function runAgentCommand(
  args: readonly string[],
  config: StationConfig,
): Promise<number | null> {
  const [verb, object] = args;
  if (verb === 'list' && args.length === 1) return listAgents(config);
  if (object === undefined || args.length !== 2) return null;
  if (verb === 'add') return addAgent(object, config);
  if (verb === 'remove') return removeAgent(object, config);
  if (verb === 'digest') return printDigest(object);
  return null;
}

async function addAgent(link: string, config: StationConfig): Promise<number> {
  try {
    const agent = await enrolAgent({ serverUrl: config.serverUrl, dataDir: config.dataDir, link });
    print(`${agent.name} is taken in as ${agent.account} (program ${agent.program}).`);
    if (findProgram(agent.program) === null) print(`This station has no program "${agent.program}".`);
    print('It begins to work when an administrator lets it in, on the page Assistants.');
    return 0;
  } catch (error) {
    process.stderr.write(
      `${error instanceof ClientError ? error.sentence : 'The assistant could not be taken in.'}\n`,
    );
    return 1;
  }
}

function listAgents({ dataDir }: StationConfig): number {
  const agents = new EnrolledAgents(dataDir).list();
  if (agents.length === 0) print('This station has no assistants.');
  const health = readHealth(dataDir);
  for (const { account, name, program } of agents) {
    const known = health.find((row) => row.account === account);
    print(
      [account, program, known?.state ?? 'not started', `${known?.crashes ?? 0} crashes`, name].join('\t'),
    );
  }
  return 0;
}

function removeAgent(account: string, { dataDir }: StationConfig): number {
  if (isId('account', account) && new EnrolledAgents(dataDir).remove(account)) {
    print('Its keys are gone. An administrator ends its account on the page Assistants.');
    return 0;
  }
  process.stderr.write('This station has no such assistant.\n');
  return 1;
}

function printDigest(name: string): number {
  const program = findProgram(name);
  if (program === null) {
    process.stderr.write(`This station has no program "${name}".\n`);
    return 1;
  }
  print(encodeBase64Url(digestProgram(program.folder)));
  return 0;
}

/** What the running station wrote last; of one that is not running it is what was. */
function readHealth(dataDir: string): z.infer<typeof healthFile> {
  const path = join(dataDir, 'agents', 'health.json');
  if (!existsSync(path)) return [];
  const parsed = healthFile.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  return parsed.success ? parsed.data : [];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
