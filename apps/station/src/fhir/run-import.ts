import { ClientError, type LiveSession } from '@baton/client';
import { nodeClock } from '@baton/client-node';
import type { StationConfig } from '../config.ts';
import { awaitLive } from '../demo/await-live.ts';
import { signIn } from './import-session.ts';
import { readSource } from './read-source.ts';
import { type ImportPlan, planImport, type SourceFile } from './import-plan.ts';

export interface ImportInput {
  readonly config: StationConfig;
  readonly source: string;
  readonly dryRun: boolean;
}

/** Reads everything, says what is wrong or what will be done, then writes as a device of a signed-in account. Answers the exit code. */
export async function runImport(input: ImportInput): Promise<number> {
  let files: SourceFile[];
  try {
    files = await readSource(input.source);
  } catch (error) {
    say(`Could not read ${input.source}: ${error instanceof Error ? error.message : 'unknown reason'}.`);
    return 66;
  }
  const plan = planImport(files, nodeClock.nowMs());
  if (plan.problems.length > 0) {
    for (const problem of plan.problems)
      say(`${problem.file}${problem.where === '' ? '' : ` at ${problem.where}`}: ${problem.sentence}`);
    say('Nothing was changed.');
    return 65;
  }
  say(`${files.length} files: ${plan.patients.length} patients, ${plan.practitioners.length} practitioners.`);
  if (input.dryRun) {
    reportSkipped(plan);
    say('Dry run: nothing was changed.');
    return 0;
  }
  try {
    return await write(input.config, plan);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    say(`${error.sentence} (${error.code})`);
    return 1;
  }
}

async function write(config: StationConfig, plan: ImportPlan): Promise<number> {
  const session = await signIn(config);
  if (session === null) {
    say(
      'Nobody signed in, so nothing was changed. Answer the questions, or pipe the answers in, one a line.',
    );
    return 77;
  }
  try {
    if (!session.can('patient.registry.write')) {
      say('Your role does not allow changing the patient registry. Ask an administrator.');
      return 77;
    }
    await awaitLive(session.patients.state, (state) => state.ready, {
      what: 'the patient registry',
      limitMs: 120_000,
    });
    if (!session.patients.state.read().available) {
      say('Your roles do not reach the patient registry, or there is none yet. Ask an administrator.');
      return 77;
    }
    const done = { added: 0, changed: 0, unchanged: 0 };
    for (const [index, record] of plan.patients.entries()) {
      done[await session.patients.put(record)] += 1;
      if ((index + 1) % 100 === 0) say(`  ${index + 1} of ${plan.patients.length}`);
    }
    say(`Patients: ${done.added} added, ${done.changed} changed, ${done.unchanged} unchanged.`);
    say(`Practitioners: ${matchStaff(session, plan)}`);
    reportSkipped(plan);
    return 0;
  } finally {
    await session.close();
  }
}

/** Staff get accounts by an administrator's invitation, never by an import: only a person can vouch for a person. */
function matchStaff(session: LiveSession, plan: ImportPlan): string {
  const known = new Set(session.directory.people.read().map((person) => person.name.replace(/^Dr\. /, '')));
  const missing = plan.practitioners.filter((practitioner) => !known.has(practitioner.name));
  const found = plan.practitioners.length - missing.length;
  if (missing.length === 0) return `${found} known already.`;
  return `${found} known already; ${missing.length} have no account. Invite them in the app, under People: ${missing.map(({ name }) => name).join(', ')}.`;
}

function reportSkipped(plan: ImportPlan): void {
  for (const { what, count, why } of plan.skipped) say(`Skipped ${count} ${what}: ${why}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
