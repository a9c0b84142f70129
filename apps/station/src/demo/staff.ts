import { join } from 'node:path';
import type { LiveSession } from '@baton/client';
import { createNodeDoor, type NodeDoor, nodeRng } from '@baton/client-node';
import { Secret } from '@baton/kernel';
import type { PlannedPractitioner } from '../fhir/import-plan.ts';
import type { PracticePlan } from './practice-plan.ts';

/** One member of the demo's staff, signed in on a device of this seeding. */
export interface StaffMember {
  /** As in the FHIR bundle, without a title. */
  readonly name: string;
  readonly jobs: PracticePlan['staff'][number]['jobs'];
  readonly persona: string | null;
  readonly session: LiveSession;
  /** Signs in as this person: a key in a link. */
  readonly link: string;
}

export interface StaffInput {
  readonly plan: PracticePlan;
  readonly practitioners: readonly PlannedPractitioner[];
  readonly serverUrl: string;
  readonly publicUrl: string;
  readonly seedToken: string;
  /** Folder for the devices of this seeding; it goes when the demo stands. */
  readonly folder: string;
}

/** How many claims are under way at once: the machine has few cores. */
const CLAIMS_AT_ONCE = 1;
const DEVICE_LABEL = 'Demo set-up';

/** Sets the organisation up as the plan's first person and lets everybody else claim an invitation. In the plan's order. */
export async function createStaff(input: StaffInput): Promise<StaffMember[]> {
  const [first, ...others] = input.plan.staff;
  if (first === undefined) throw new Error('The demo practice has no staff.');
  const admin = await setUp(input, first);
  const rest: StaffMember[] = [];
  for (let start = 0; start < others.length; start += CLAIMS_AT_ONCE) {
    const group = others.slice(start, start + CLAIMS_AT_ONCE);
    const links: string[] = [];
    for (const person of group) {
      const { link } = await admin.session.people.invite({
        name: titledName(input, person),
        jobs: person.jobs,
      });
      links.push(link);
    }
    rest.push(
      ...(await Promise.all(group.map((person, index) => claim(input, person, links[index] as string)))),
    );
  }
  return [admin, ...rest];
}

async function setUp(input: StaffInput, person: PracticePlan['staff'][number]): Promise<StaffMember> {
  const door = await openDoor(input, person.practitioner);
  const secret = Secret.of(nodeRng.bytes(32));
  const adminName = titledName(input, person);
  const { session } = await door.setUp({
    token: input.seedToken,
    orgName: input.plan.name,
    adminName,
    jobs: person.jobs,
    credentials: [{ kind: 'demo', label: 'Demo link', secret }],
  });
  const fragment = `${session.me.read().account}.${Buffer.from(secret.reveal()).toString('base64url')}`;
  return { ...describe(input, person), session, link: `${input.publicUrl}/demo#${fragment}` };
}

async function claim(
  input: StaffInput,
  person: PracticePlan['staff'][number],
  invitation: string,
): Promise<StaffMember> {
  const door = await openDoor(input, person.practitioner);
  const { session, link } = await door.claimAsPersona(
    invitation.slice(invitation.indexOf('#') + 1),
    'Demo link',
  );
  return { ...describe(input, person), session, link };
}

function openDoor(input: StaffInput, practitioner: string): Promise<NodeDoor> {
  return createNodeDoor({
    serverUrl: input.serverUrl,
    publicUrl: input.publicUrl,
    dataDir: join(input.folder, practitioner),
    deviceLabel: DEVICE_LABEL,
    // Lost with the power, like the whole of an unfinished seeding.
    durable: false,
  });
}

function describe(
  input: StaffInput,
  person: PracticePlan['staff'][number],
): { name: string; jobs: StaffMember['jobs']; persona: string | null } {
  return { name: plainName(input, person), jobs: person.jobs, persona: person.persona ?? null };
}

function plainName(input: StaffInput, person: PracticePlan['staff'][number]): string {
  const found = input.practitioners.find(({ ref }) => ref === `Practitioner/${person.practitioner}`);
  if (found === undefined) throw new Error(`The demo bundles have no Practitioner ${person.practitioner}.`);
  return found.name;
}

function titledName(input: StaffInput, person: PracticePlan['staff'][number]): string {
  const name = plainName(input, person);
  return person.jobs.includes('physician') ? `Dr. ${name}` : name;
}
