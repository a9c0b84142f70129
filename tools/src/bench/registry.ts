import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { LiveSession } from '@baton/client';
import { parseId } from '@baton/kernel';
import { until } from '@baton/testkit';
import { forkScript } from './processes.ts';
import type { RegistryNote } from './registry-device.ts';
import { benchPatient } from './registry-patients.ts';
import { quantile } from './statistics.ts';
import type { Surroundings } from './surroundings.ts';

export const REGISTRY_PATIENTS = 50_000;

export interface RegistryFigures extends Omit<RegistryNote, 'queries'> {
  readonly patients: number;
  /** Sealed, signed and committed one after the other, as an import does. */
  readonly fillPerSecond: number;
  readonly searchP50Ms: number;
  readonly searchP99Ms: number;
  readonly searchMaxMs: number;
  readonly searches: number;
}

/** A registry of a large practice: filled by one client, then taken by a device that is new to it, searched and changed there. */
export async function benchRegistry(
  at: Surroundings,
  admin: LiveSession,
  options: { readonly patients: number; readonly progress: (line: string) => void },
): Promise<RegistryFigures> {
  const { patients, progress } = options;
  const role = await admin.people.defineRole({ name: 'Care team', unit: null, use: 'team', holders: [] });
  await admin.patients.establish([role]);
  // Now: the proof that an administrator is there does not last as long as the filling.
  const { link } = await admin.people.invite({ name: 'Nora Nurse', jobs: ['nurse'] });
  const filling = performance.now();
  for (let index = 0; index < patients; index++) {
    await admin.patients.put(benchPatient(index));
    if ((index + 1) % 5000 === 0) progress(`registry: ${index + 1} of ${patients} patients`);
  }
  const fillPerSecond = (patients / (performance.now() - filling)) * 1000;
  await admin.parts.collectionWriter.flush();
  progress('registry: a new device takes it');
  const { child, message } = await forkScript<{ t: 'ready'; account: string }>('registry-device.ts', [
    at.serverUrl,
    join(at.folder, 'registry'),
    link.slice(link.indexOf('#') + 1),
    String(patients),
  ]);
  const account = parseId('account', message.account);
  if (account === null) throw new Error('the device did not enter');
  await until(admin.directory.people, (people) => people.some(({ id }) => id === account));
  const done = nextNote(child);
  child.send('begin');
  await admin.people.addHolder(role, account);
  const { queries, ...note } = await done;
  return {
    ...note,
    patients,
    fillPerSecond,
    searchP50Ms: quantile(queries, 0.5),
    searchP99Ms: quantile(queries, 0.99),
    searchMaxMs: quantile(queries, 1),
    searches: queries.length,
  };
}

function nextNote(child: ChildProcess): Promise<RegistryNote> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: { t: string; note?: RegistryNote }) => {
      if (message.t === 'done' && message.note) resolve(message.note);
    });
    child.once('exit', (code) => reject(new Error(`the device ended with ${code}`)));
  });
}
