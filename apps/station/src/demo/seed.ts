import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeTimers } from '@baton/client-node';
import type { RoleId } from '@baton/kernel';
import { API_PREFIX, errorBody } from '@baton/wire';
import { enrolDemoAgents } from '../agents/enrol-demo-agents.ts';
import { planImport } from '../fhir/import-plan.ts';
import { awaitLive } from './await-live.ts';
import { planDuty } from './duty-plan.ts';
import { type PlannedConversation, type PracticePlan, practicePlanSchema } from './practice-plan.ts';
import { LINKS_FILE, writeSignInLinks } from './sign-in-links.ts';
import { seedPatients } from './patients.ts';
import { seedProgrammes } from './programmes.ts';
import { createStaff, type StaffMember } from './staff.ts';
import { holdConversation } from './talk.ts';

export interface SeedInput {
  readonly serverUrl: string;
  readonly publicUrl: string;
  readonly seedToken: string;
  /** Where the sign-in links go. */
  readonly demoDir: string;
  /** The station's own folder. */
  readonly dataDir: string;
  readonly nowMs: number;
  readonly log: (line: string) => void;
}

const DEMO = fileURLToPath(new URL('../../demo/', import.meta.url));

/**
 * Makes the demo practice as its own people would: set-up, invitations, roles, registry, conversations, all through the client. Does
 * nothing where the server has one already. A seeding that was cut short starts over with an organisation of its own; what it left behind
 * opens for nobody, because its keys are gone.
 */
export async function seedDemo(input: SeedInput): Promise<'made' | 'there'> {
  if (!(await isWanted(input))) return 'there';
  rmSync(join(input.demoDir, LINKS_FILE), { force: true });
  await makePractice(input);
  await reportComplete(input);
  return 'made';
}

/** The server says by /readyz whether a demo practice is missing; while it starts, it is asked again. */
async function isWanted(input: SeedInput): Promise<boolean> {
  for (;;) {
    const answer = await fetch(`${input.serverUrl}/readyz`).catch(() => null);
    if (answer?.ok) return false;
    const body: unknown = await answer?.json().catch(() => null);
    const error = errorBody.safeParse(body);
    if (error.success && error.data.at === 'demo') return true;
    await new Promise<void>((resolve) => nodeTimers.after(250, resolve));
  }
}

async function makePractice(input: SeedInput): Promise<void> {
  const folder = join(input.dataDir, 'seeding');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const plan = practicePlanSchema.parse(JSON.parse(readFileSync(join(DEMO, 'practice.json'), 'utf8')));
  const imported = planImport(readBundles(), input.nowMs);
  if (imported.problems.length > 0)
    throw new Error(`The demo bundles are damaged: ${imported.problems[0]?.sentence}`);
  const staff = await createStaff({ ...input, plan, practitioners: imported.practitioners, folder });
  try {
    input.log(`${staff.length} members of staff`);
    const byName = new Map(staff.map((member) => [member.name, member]));
    const roles = await defineRoles(plan, staff);
    await planDuty({ duty: plan.duty, admin: staff[0] as StaffMember, staff: byName, roles });
    const agents = await enrolDemoAgents({ ...input, admin: (staff[0] as StaffMember).session });
    input.log(`taken in: ${agents.map(({ name }) => name).join(', ')}`);
    await closeIdle(plan, staff);
    const writer = byName.get(plan.registry.writer);
    if (writer === undefined) throw new Error('Nobody writes the demo registry.');
    const { members } = plan.registry;
    const roleIds = members.map((key) => requireRole(roles, key));
    await writer.session.patients.establish(roleIds);
    for (const record of imported.patients) await writer.session.patients.put(record);
    input.log(`${imported.patients.length} patients in the sealed registry`);
    const patients = await seedPatients({
      ...input,
      plan: plan.patients,
      admin: (staff[0] as StaffMember).session,
      staff: byName,
      roles,
      folder,
    });
    input.log(`${plan.patients.threads.length} conversations with patients`);
    const { timeZone } = plan.patients;
    await seedProgrammes({ ...input, plan: plan.programmes, admin: writer.session, staff: byName, timeZone });
    input.log(`${plan.programmes.visits.length} visits, ${plan.programmes.signed.length} signed check-in`);
    for (const conversation of plan.conversations)
      await holdConversation({ conversation, staff: byName, roles });
    input.log(`${plan.conversations.length} conversations`);
    writeSignInLinks(input.demoDir, staff, patients);
  } finally {
    await Promise.all(staff.map((member) => member.session.close()));
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Most of the staff only had to claim their accounts; devices that listen on cost time. */
async function closeIdle(plan: PracticePlan, staff: readonly StaffMember[]): Promise<void> {
  const speaking = new Set([
    plan.registry.writer,
    ...plan.patients.threads.flatMap(({ by, messages, notes }) => [
      by,
      ...[...messages, ...notes].flatMap((said) => said.by ?? []),
    ]),
    ...plan.conversations.flatMap(peopleOf),
    plan.programmes.author,
    plan.programmes.clinician,
    ...plan.programmes.enrolments.map(({ by }) => by),
  ]);
  await Promise.all(staff.filter(({ name }) => !speaking.has(name)).map(({ session }) => session.close()));
}

function peopleOf(conversation: PlannedConversation): string[] {
  const speakers = conversation.messages.flatMap(({ by, reaction, acknowledgedBy }) =>
    [by, reaction?.by, acknowledgedBy].filter((name) => name !== undefined),
  );
  switch (conversation.kind) {
    case 'direct':
      return [...conversation.between, ...speakers];
    case 'group':
      return [...conversation.members, ...speakers];
    case 'role':
      return [conversation.by, ...speakers];
  }
}

async function defineRoles(plan: PracticePlan, staff: readonly StaffMember[]): Promise<Map<string, RoleId>> {
  const admin = staff[0] as StaffMember;
  const roles = new Map<string, RoleId>();
  for (const role of plan.roles) {
    const holders = staff
      .filter(
        (member) =>
          role.holdersByName?.includes(member.name) || role.holders?.some((job) => member.jobs.includes(job)),
      )
      .map((member) => member.session.me.read().account);
    roles.set(
      role.key,
      await admin.session.people.defineRole({ name: role.name, unit: role.unit, use: role.use, holders }),
    );
  }
  // Everybody must know the roles before talking to them.
  await Promise.all(
    staff.map((member) =>
      awaitLive(member.session.directory.roles, (known) => known.length > plan.roles.length, {
        what: 'the roles',
        limitMs: 30_000,
      }),
    ),
  );
  return roles;
}

function requireRole(roles: ReadonlyMap<string, RoleId>, key: string): RoleId {
  const role = roles.get(key);
  if (role === undefined) throw new Error(`There is no role "${key}" in the demo's plan.`);
  return role;
}

function readBundles(): { name: string; text: string }[] {
  const folder = join(DEMO, 'fhir-r4');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));
}

async function reportComplete(input: SeedInput): Promise<void> {
  const answer = await fetch(`${input.serverUrl}${API_PREFIX}/demo/complete`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: input.seedToken }),
  });
  if (!answer.ok) throw new Error(`The server did not take note of the demo (${answer.status}).`);
}
