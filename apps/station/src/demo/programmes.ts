import { canonicalProtocol, EXAMPLE_PROTOCOLS } from '@baton/clinical';
import type { LiveSession } from '@baton/client';
import type { TimestampMs } from '@baton/kernel';
import { instantOf, localDayAt } from '@baton/policy';
import type { Appointment } from '@baton/wire';
import { awaitLive } from './await-live.ts';
import type { ProgrammesPlan } from './programmes-plan.ts';
import type { StaffMember } from './staff.ts';

const LIMIT_MS = 30_000;
const MINUTE_MS = 60_000;

export interface ProgrammesInput {
  readonly plan: ProgrammesPlan;
  readonly admin: LiveSession;
  readonly staff: ReadonlyMap<string, StaffMember>;
  readonly timeZone: string;
  readonly nowMs: TimestampMs;
}

/** Visits with reminders, and check-ins that two people of the staff have signed, as the staff would set them up. */
export async function seedProgrammes(input: ProgrammesInput): Promise<void> {
  await seedVisits(input);
  await seedProtocols(input);
  await seedEnrolments(input);
}

async function seedVisits(input: ProgrammesInput): Promise<void> {
  const { plan, admin } = input;
  const { appointments } = admin;
  await appointments.establish();
  await ready(appointments.state, 'the visits');
  for (const { name, service, text } of plan.preparations)
    await appointments.savePreparation({
      t: 'preparation',
      id: appointments.newId(),
      name,
      service,
      text,
      active: true,
    });
  for (const slot of plan.slots) {
    const { with: practitioner, service } = slot;
    await appointments.saveSlot({
      t: 'slot',
      id: appointments.newId(),
      ...timesOf(input, slot),
      timeZone: input.timeZone,
      service: { code: null, text: service },
      practitioner: { code: null, text: practitioner },
      location: plan.place,
      state: 'free',
      holder: null,
      updatedAt: input.nowMs,
    });
  }
  for (const visit of plan.visits) await bookVisit(input, visit);
  for (const { patient, service } of plan.waitlist)
    await appointments.wait({
      ref: refOf(admin, patient),
      service: { code: null, text: service },
      practitioner: null,
      from: null,
      until: null,
      priority: 5,
      appointment: null,
    });
  await appointments.saveSettings({ ...appointments.suggestSettings(), on: true });
}

async function bookVisit(input: ProgrammesInput, visit: ProgrammesPlan['visits'][number]): Promise<void> {
  const { admin, plan, timeZone } = input;
  const { appointments } = admin;
  const id = await appointments.book({
    ref: refOf(admin, visit.patient),
    ...timesOf(input, visit),
    timeZone,
    service: { code: null, text: visit.service },
    practitioner: { code: null, text: visit.with },
    location: plan.place,
    reason: null,
    preparation: null,
    slot: null,
  });
  if (visit.answer) await appointments.change(id, { answer: visit.answer });
  if (visit.status) await appointments.setStatus(id, visit.status);
}

/** Days are counted at the practice's place, and times are its wall clock. */
function timesOf(
  { timeZone, nowMs }: ProgrammesInput,
  { inDays, at, minutes }: { readonly inDays: number; readonly at: string; readonly minutes: number },
): Pick<Appointment, 'start' | 'end'> {
  const [hour = 0, minute = 0] = at.split(':').map(Number);
  const today = localDayAt(timeZone, nowMs);
  const start = today === null ? null : instantOf(timeZone, today + inDays, hour * 60 + minute);
  if (start === null) throw new Error(`There is no time zone "${timeZone}".`);
  return { start, end: start + minutes * MINUTE_MS };
}

async function seedProtocols({ plan, admin, staff }: ProgrammesInput): Promise<void> {
  await admin.programmes.establish();
  const author = sessionOf(staff, plan.author).programmes;
  const clinician = sessionOf(staff, plan.clinician).programmes;
  await ready(author.state, 'the check-ins');
  for (const protocol of EXAMPLE_PROTOCOLS) {
    const { id, name } = protocol;
    await author.saveDraft({ id, version: 1, name: name.en, body: canonicalProtocol(protocol) });
    if (!plan.signed.includes(id)) continue;
    await author.sign(id, 1, 'author');
    await awaitLive(
      clinician.protocols,
      (known) => known.some(({ version, author: by }) => version.id === id && by),
      {
        what: `the protocol ${id}`,
        limitMs: LIMIT_MS,
      },
    );
    await clinician.sign(id, 1, 'clinician');
  }
}

async function seedEnrolments(input: ProgrammesInput): Promise<void> {
  for (const { patient, protocol, by, startsInDays, settings } of input.plan.enrolments) {
    const session = sessionOf(input.staff, by);
    const { programmes, care } = session;
    await awaitLive(
      programmes.protocols,
      (known) => known.some(({ version, mayRun }) => version.id === protocol && mayRun),
      { what: `the signed protocol ${protocol}`, limitMs: LIMIT_MS },
    );
    const { version } =
      programmes.protocols.read().find((one) => one.version.id === protocol) ?? missing(protocol);
    const ref = refOf(session, patient);
    const consent = await care.giveConsent({
      ref,
      purpose: 'check-ins',
      phone: null,
      how: 'in-person',
      warning: null,
      note: '',
    });
    const document = EXAMPLE_PROTOCOLS.find(({ id }) => id === protocol) ?? missing(protocol);
    await programmes.enrol({
      ref,
      protocol: { id: protocol, version: version.version, hash: version.hash },
      consent,
      language: 'en',
      timeZone: input.timeZone,
      times: Object.fromEntries(document.slots.map(({ id, minute }) => [id, minute])),
      proxy: null,
      startsOn: dateIn(input, startsInDays),
      regimen: null,
      settings,
      askTo: null,
    });
  }
}

function dateIn({ timeZone, nowMs }: ProgrammesInput, days: number): string {
  const day = localDayAt(timeZone, nowMs);
  if (day === null) throw new Error(`There is no time zone "${timeZone}".`);
  return new Date((day + days) * 86_400_000).toISOString().slice(0, 10);
}

function sessionOf(staff: ReadonlyMap<string, StaffMember>, name: string): LiveSession {
  return (staff.get(name) ?? missing(name)).session;
}

function refOf({ patients }: LiveSession, name: string): string {
  return (patients.rows.read().find((row) => row.name === name) ?? missing(name)).ref;
}

function ready(
  state: LiveSession['programmes']['state'] | LiveSession['appointments']['state'],
  what: string,
): Promise<unknown> {
  return awaitLive(state, (now) => now.established && now.ready, { what, limitMs: LIMIT_MS });
}

function missing(name: string): never {
  throw new Error(`The demo's plan knows nothing of "${name}".`);
}
