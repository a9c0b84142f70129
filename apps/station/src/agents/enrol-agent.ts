import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ownManifest } from '@baton/agent';
import type { LiveSession } from '@baton/client';
import { createNodeDoor, nodeMonotonic, nodeTimers } from '@baton/client-node';
import { type EnrolledAgent, EnrolledAgents } from './enrolled-agents.ts';

const MANIFEST_LIMIT_MS = 20_000;
const LOOK_MS = 200;

export interface EnrolInput {
  readonly serverUrl: string;
  readonly dataDir: string;
  /** The whole link, or what follows its `#`. */
  readonly link: string;
}

/** Makes an agent's keys in a folder of its own and keeps them there. Throws ClientError as a claim does. */
export async function enrolAgent(input: EnrolInput): Promise<EnrolledAgent> {
  const agents = new EnrolledAgents(input.dataDir);
  mkdirSync(input.dataDir, { recursive: true, mode: 0o700 });
  const folder = mkdtempSync(join(input.dataDir, 'enrolling-'));
  try {
    const door = await createNodeDoor({
      serverUrl: input.serverUrl,
      dataDir: folder,
      deviceClass: 'agent',
      deviceLabel: 'Station',
    });
    const session = await door.claim(input.link.slice(input.link.indexOf('#') + 1), [
      { kind: 'device', label: 'Station' },
    ]);
    const { account, name } = session.me.read();
    const program = await awaitProgram(session);
    await session.close();
    agents.remove(account);
    renameSync(folder, agents.place(account));
    return agents.keep({ account, program, name });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** The invitation names the manifest, and the manifest names the program. */
async function awaitProgram(session: LiveSession): Promise<string> {
  const until = nodeMonotonic.nowMs() + MANIFEST_LIMIT_MS;
  for (;;) {
    const manifest = ownManifest(session);
    if (manifest) return manifest.program;
    if (nodeMonotonic.nowMs() > until) throw new Error('The invitation names no manifest that can be found.');
    await new Promise<void>((resolve) => nodeTimers.after(LOOK_MS, resolve));
  }
}
