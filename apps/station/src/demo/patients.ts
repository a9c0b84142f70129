import { join } from 'node:path';
import type { LiveSession, NewInvitation } from '@baton/client';
import { createNodePatientDoor } from '@baton/client-node';
import type { RoleId } from '@baton/kernel';
import type { TextingSettings } from '@baton/wire';
import { awaitLive } from './await-live.ts';
import type { PatientsPlan } from './patients-plan.ts';
import type { StaffMember } from './staff.ts';

const LIMIT_MS = 30_000;
/** Of the patient whose phone lies in the seeding folder; nobody needs it afterwards. */
const SEEDED_PIN = '730519';

/** Somebody who can be: the link and the code, as staff would hand them over. */
export interface PatientLink {
  readonly name: string;
  readonly url: string;
  readonly code: string;
}

export interface PatientsInput {
  readonly plan: PatientsPlan;
  readonly admin: LiveSession;
  readonly staff: ReadonlyMap<string, StaffMember>;
  readonly roles: ReadonlyMap<string, RoleId>;
  readonly serverUrl: string;
  readonly publicUrl: string;
  readonly folder: string;
}

type Thread = PatientsPlan['threads'][number];

/** Sets texting up, and lets the patients of the plan come in and write as they would: by link and code, from a phone of their own. */
export async function seedPatients(input: PatientsInput): Promise<readonly PatientLink[]> {
  const { admin, plan } = input;
  await awaitLive(admin.care.state, ({ available }) => available, {
    what: 'the registry',
    limitMs: LIMIT_MS,
  });
  await admin.care.establish(settingsOf(input));
  await awaitLive(admin.care.state, ({ established, ready }) => established && ready, {
    what: 'texting',
    limitMs: LIMIT_MS,
  });
  for (const { kind, name, text } of plan.templates)
    await admin.care.saveTemplate({
      t: 'template',
      id: admin.care.newTemplateId(),
      kind,
      name,
      text,
      active: true,
    });
  const links: PatientLink[] = [];
  for (const [index, thread] of plan.threads.entries()) {
    const invitation = await holdThread(input, thread, index);
    if (thread.state === 'invited' && invitation !== null)
      links.push({ name: thread.patient, url: invitation.link, code: invitation.code });
  }
  return links;
}

function settingsOf({ plan, admin, roles }: PatientsInput): TextingSettings {
  const suggested = admin.care.suggestSettings();
  const urgentTo = roles.get(plan.urgentTo);
  if (urgentTo === undefined) throw new Error(`There is no role "${plan.urgentTo}" in the demo's plan.`);
  const queues = admin.duty.queues.read();
  return {
    ...suggested,
    number: plan.number,
    phone: plan.phone,
    timeZone: plan.timeZone,
    hours: plan.open.flatMap(({ days, from, to }) =>
      days.map((day) => ({ day, from: minutesOf(from), to: minutesOf(to) })),
    ),
    urgentTo,
    routes: Object.entries(plan.routes).flatMap(([topic, name]) => {
      const queue = queues.find((candidate) => candidate.name === name);
      return queue ? [{ topic, location: null, practitioner: null, to: queue.queue }] : [];
    }),
    confidentialFromAge: plan.confidentialFromAge,
    resultOpenDays: plan.resultOpenDays,
  };
}

async function holdThread(
  input: PatientsInput,
  thread: Thread,
  index: number,
): Promise<NewInvitation | null> {
  // Whoever knows the patient invites them, not the administrator.
  const inviter = input.staff.get(thread.by)?.session;
  if (inviter === undefined) throw new Error(`${thread.by} is not on the demo's staff.`);
  const { care } = inviter;
  const ref = refOf(input.admin, thread.patient);
  await awaitLive(care.state, ({ established, ready }) => established && ready, {
    what: 'texting',
    limitMs: LIMIT_MS,
  });
  const conversation = await care.start(ref);
  await care.changeReach(ref, (before) => ({
    ...before,
    channel: thread.channel,
    phones: [{ number: thread.mobile, use: 'mobile' }],
  }));
  if (thread.channel === 'plain')
    await care.giveConsent({
      ref,
      purpose: 'plain-text',
      phone: thread.mobile,
      how: 'phone',
      warning: 'plain-text-warning-1',
      note: '',
    });
  const invitation =
    thread.state === 'none'
      ? null
      : await care.invite({
          ref,
          relation: 'self',
          name: thread.patient,
          send: 'hand',
          to: null,
          until: null,
          consent: null,
          confidential: false,
        });
  const phone =
    thread.state === 'joined' && invitation !== null ? await enterByLink(input, invitation, index) : null;
  try {
    for (const { by, text, topic } of thread.messages) {
      if (by === null) {
        if (phone === null) throw new Error(`${thread.patient} has no phone in the demo's plan.`);
        await phone
          .open(conversation)
          .then((opened) => opened.send({ ...PLAIN, text, marks: topic ? { topic } : {} }));
      } else await say(input, { by, conversation, text });
      await arrived(inviter, conversation, text);
    }
    const sidebar = care.threads.read().find((row) => row.conversation === conversation)?.sidebar ?? null;
    for (const { by, text } of thread.notes)
      if (sidebar !== null) await say(input, { by, conversation: sidebar, text });
  } finally {
    await phone?.close();
  }
  return invitation;
}

const PLAIN = { files: [], mentions: [], replyTo: null, as: null } as const;

async function enterByLink(input: PatientsInput, invitation: NewInvitation, index: number) {
  const door = await createNodePatientDoor({
    serverUrl: input.serverUrl,
    publicUrl: input.publicUrl,
    dataDir: join(input.folder, `phone-${index}`),
    deviceLabel: 'Phone',
  });
  const fragment = invitation.link.slice(invitation.link.indexOf('#') + 1);
  const { fits } = await door.tryCode(fragment, invitation.code);
  if (!fits) throw new Error('The demo’s code does not fit its link.');
  const { session } = await door.claim({ kind: 'pin', pin: SEEDED_PIN });
  await awaitLive(session.ready, (ready) => ready, { what: "the patient's phone", limitMs: LIMIT_MS });
  return session;
}

async function say(
  input: PatientsInput,
  {
    by,
    conversation,
    text,
  }: { by: string; conversation: Parameters<LiveSession['conversations']['open']>[0]; text: string },
): Promise<void> {
  const session = input.staff.get(by)?.session;
  if (session === undefined) throw new Error(`${by} is not on the demo's staff.`);
  await awaitLive(
    session.care.threads,
    (rows) => rows.some((row) => row.conversation === conversation || row.sidebar === conversation),
    {
      what: 'a conversation with a patient',
      limitMs: LIMIT_MS,
    },
  );
  const opened = await session.conversations.open(conversation);
  await opened.send({ ...PLAIN, text, answers: opened.asking.read().answers.map(({ id }) => id) });
}

/** One after the other, as people write: the next waits until everybody can have read this one. */
async function arrived(
  admin: LiveSession,
  conversation: Parameters<LiveSession['conversations']['open']>[0],
  text: string,
): Promise<void> {
  const { timeline } = await admin.conversations.open(conversation);
  await awaitLive(
    timeline,
    ({ items }) => items.some((item) => item.type === 'message' && item.text === text && item.seq !== null),
    { what: 'a message', limitMs: LIMIT_MS },
  );
}

function refOf(admin: LiveSession, name: string): string {
  const row = admin.patients.rows.read().find((candidate) => candidate.name === name);
  if (row === undefined) throw new Error(`${name} is not in the demo's registry.`);
  return row.ref;
}

function minutesOf(clock: string): number {
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
}
