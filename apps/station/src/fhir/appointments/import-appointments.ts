import { readFhirSettings } from '@baton/bridge-fhir';
import { ClientError, type Collection, type LiveSession } from '@baton/client';
import { nodeClock } from '@baton/client-node';
import { type Bytes, isTimeZone } from '@baton/kernel';
import { appointmentsCodec, type Appointment } from '@baton/wire';
import type { StationConfig } from '../../config.ts';
import { awaitLive } from '../../demo/await-live.ts';
import { ProgramSettings } from '../../settings/program-settings.ts';
import type { SourceFile } from '../import-plan.ts';
import { signIn } from '../import-session.ts';
import { readSource } from '../read-source.ts';
import { decideVisit, type VisitDecision } from './decide-visit.ts';
import { PatientMatcher } from './match-patients.ts';
import { type PlannedVisit, planVisits, type PlanSettings, type VisitPlan } from './plan-visits.ts';

const WAIT_MS = 120_000;
const MOST_SHOWN = 20;

export interface AppointmentsImport {
  readonly config: StationConfig;
  readonly source: string;
  readonly dryRun: boolean;
  readonly sameIds: boolean;
  /** null: that of the FHIR interface, if one is set up. */
  readonly timeZone: string | null;
}

/**
 * `import appointments`: reads everything, says what is wrong or what will be done, then writes as a device of a signed-in account. A dry run signs in
 * too, to compare with what is there, and writes nothing. Answers the exit code.
 */
export async function importAppointments(input: AppointmentsImport): Promise<number> {
  const settings = settingsFor(input);
  if (typeof settings === 'string') {
    say(settings);
    return 78;
  }
  let files: SourceFile[];
  try {
    files = await readSource(input.source);
  } catch (error) {
    say(`Could not read ${input.source}: ${error instanceof Error ? error.message : 'unknown reason'}.`);
    return 66;
  }
  const plan = planVisits(files, settings, nodeClock.nowMs());
  if (plan.problems.length > 0) {
    for (const { file, where, sentence } of plan.problems.slice(0, MOST_SHOWN))
      say(`${file}${where === '' ? '' : ` at ${where}`}: ${sentence}`);
    if (plan.problems.length > MOST_SHOWN) say(`… and ${plan.problems.length - MOST_SHOWN} more.`);
    say('Nothing was changed.');
    return 65;
  }
  say(`${files.length} files: ${plan.visits.length} appointments.`);
  if (plan.ignored > 0) say(`Skipped ${plan.ignored} entries of other kinds.`);
  const session = await signIn(input.config);
  if (session === null) {
    say(
      'Nobody signed in, so nothing was changed. Answer the questions, or pipe the answers in, one a line.',
    );
    return 77;
  }
  try {
    const refusal = await awaitAppointments(session);
    if (refusal !== null) {
      say(refusal);
      return 77;
    }
    await carryOut(session, plan, { ...input, minutes: settings.minutes, say });
    return 0;
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    say(`${error.sentence} (${error.code})`);
    return 1;
  } finally {
    await session.close();
  }
}

function settingsFor({ config, timeZone }: AppointmentsImport): PlanSettings | string {
  if (timeZone !== null && !isTimeZone(timeZone))
    return 'There is no such time zone; an example is America/New_York.';
  const file = new ProgramSettings(config.dataDir).read('fhir');
  const read = file.ok && file.json !== null ? readFhirSettings(JSON.parse(file.json)) : null;
  const known = read?.ok ? read.value : null;
  const zone = timeZone ?? known?.timeZone;
  if (zone === undefined) return 'Say the time zone of the practice: --zone America/New_York';
  return { timeZone: zone, locations: known?.locations ?? {}, minutes: known?.minutes ?? 30 };
}

/** A sentence where this account cannot write appointments. */
async function awaitAppointments(session: LiveSession): Promise<string | null> {
  if (!session.can('patient.registry.write'))
    return 'Your role does not allow importing appointments. Ask an administrator.';
  await awaitLive(session.patients.state, ({ ready }) => ready, {
    what: 'the patient registry',
    limitMs: WAIT_MS,
  });
  const { available, established } = session.appointments.state.read();
  if (!available || !established)
    return 'Appointments are not set up, or your roles do not reach them. Open the page Appointments in the app once.';
  await awaitLive(session.appointments.state, ({ ready }) => ready, {
    what: 'the appointments',
    limitMs: WAIT_MS,
  });
  return null;
}

export interface CarryOutOptions {
  readonly dryRun: boolean;
  readonly sameIds: boolean;
  readonly minutes: number;
  readonly say: (line: string) => void;
}

/** Writes, or with `dryRun` only counts. Answers how many of each. */
export async function carryOut(
  session: LiveSession,
  plan: VisitPlan,
  options: CarryOutOptions,
): Promise<Readonly<Record<VisitDecision['what'] | 'unknown', number>>> {
  const done = { new: 0, changed: 0, same: 0, older: 0, unknown: 0 };
  const records = session.patients.rows.read().flatMap(({ ref }) => session.patients.read(ref) ?? []);
  const matcher = new PatientMatcher(records, options.sameIds);
  const collection = await session.collections.named('appointments');
  for (const [index, planned] of plan.visits.entries()) {
    const ref = matcher.find(planned);
    if (ref === null) done.unknown += 1;
    else done[await takeVisit(collection, planned, { ...options, ref })] += 1;
    if ((index + 1) % 100 === 0) options.say(`  ${index + 1} of ${plan.visits.length}`);
  }
  const { say } = options;
  say(
    `Appointments: ${done.new} new, ${done.changed} changed, ${done.same} unchanged, ${done.older} older than what is there.`,
  );
  if (done.unknown > 0)
    say(`Skipped ${done.unknown} of patients who are not in the registry, or not surely.`);
  if (options.dryRun) say('Dry run: nothing was changed.');
  return done;
}

async function takeVisit(
  collection: Collection,
  { mapped }: PlannedVisit,
  { ref, minutes, dryRun }: { readonly ref: string; readonly minutes: number; readonly dryRun: boolean },
): Promise<VisitDecision['what']> {
  const key = `appointment:${mapped.visit.id}`;
  const decide = (value: Bytes | null): VisitDecision =>
    decideVisit(decode(value), { mapped, ref, minutes }, nodeClock.nowMs());
  if (dryRun) return decide((await collection.get(key))?.value ?? null).what;
  let decision: VisitDecision = { what: 'same', next: null };
  await collection.put(key, (newest) => {
    decision = decide(newest?.value ?? null);
    return decision.next && appointmentsCodec.encode(decision.next);
  });
  return decision.what;
}

function decode(value: Bytes | null): Appointment | null {
  const decoded = value === null ? null : appointmentsCodec.decode(value);
  return decoded?.ok && decoded.value.t === 'appointment' ? decoded.value : null;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
