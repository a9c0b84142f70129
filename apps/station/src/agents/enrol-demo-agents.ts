import type { LiveSession } from '@baton/client';
import { nodeTimers } from '@baton/client-node';
import { CHECK_INS_MANIFEST } from '@baton/agent-check-ins';
import { REMINDERS_MANIFEST } from '@baton/agent-reminders';
import { TRIAGE_MANIFEST } from '@baton/agent-triage';
import { hostsFor, SIMULATED, SMS_MANIFEST } from '@baton/bridge-sms';
import { dutyManifest } from './duty-manifest.ts';
import { enrolAgent } from './enrol-agent.ts';
import { type EnrolledAgent, EnrolledAgents } from './enrolled-agents.ts';
import { type ManifestWish, ownManifest } from './own-manifest.ts';

/** The one role of the demo for which the duty assistant is switched on. */
const KEPT_ROLE = 'Cardiology on call';
const KNOWN_LIMIT_MS = 15_000;
const LOOK_MS = 100;

export interface DemoAgentsInput {
  readonly serverUrl: string;
  /** The station's own folder. */
  readonly dataDir: string;
  /** An administrator who made the roles and is in their keyrings. */
  readonly admin: LiveSession;
}

/** As an administrator would: invites the assistants and takes them in here. The duty assistant is switched on for one role; the others stay without it. */
export async function enrolDemoAgents(input: DemoAgentsInput): Promise<readonly EnrolledAgent[]> {
  const { admin, dataDir, serverUrl } = input;
  const enrolled = new EnrolledAgents(dataDir);
  // Of an organisation that a seeding left half made: its keys open nothing any more.
  for (const { account } of enrolled.list()) enrolled.remove(account);
  const responsible = admin.me.read().account;
  const wishes: readonly { readonly name: string; readonly manifest: ManifestWish }[] = [
    { name: 'Duty assistant', manifest: dutyManifest(responsible) },
    {
      name: 'Texting assistant',
      manifest: ownManifest(SMS_MANIFEST, { responsible, hosts: hostsFor(SIMULATED) }),
    },
    { name: 'Triage assistant', manifest: ownManifest(TRIAGE_MANIFEST, { responsible, hosts: [] }) },
    { name: 'Reminders assistant', manifest: ownManifest(REMINDERS_MANIFEST, { responsible, hosts: [] }) },
    { name: 'Check-in assistant', manifest: ownManifest(CHECK_INS_MANIFEST, { responsible, hosts: [] }) },
  ];
  const agents: EnrolledAgent[] = [];
  for (const wish of wishes) {
    const { link } = await admin.agents.invite(wish);
    const agent = await enrolAgent({ serverUrl, dataDir, link });
    await untilKnown(admin, agent);
    agents.push(agent);
  }
  const role = admin.directory.roles.read().find(({ name }) => name === KEPT_ROLE);
  const [duty] = agents;
  if (role && duty) await admin.agents.keepRole(duty.account, role.id, true);
  return agents;
}

async function untilKnown(admin: LiveSession, agent: EnrolledAgent): Promise<void> {
  for (let waited = 0; waited < KNOWN_LIMIT_MS; waited += LOOK_MS) {
    if (admin.agents.rows.read().some((row) => row.agent.id === agent.account && row.manifest)) return;
    await new Promise<void>((resolve) => nodeTimers.after(LOOK_MS, resolve));
  }
  throw new Error('The demo does not show its assistant.');
}
