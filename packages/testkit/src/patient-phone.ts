import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InviteWish, LiveSession, NewInvitation, PhoneDoor, PhoneSession } from '@baton/client';
import { createNodePatientDoor, type NodePlatformOptions } from '@baton/client-node';
import type { AccountId } from '@baton/kernel';
import type { PatientRecord } from '@baton/wire';
import { until } from './until.ts';

/** A PIN that nobody tries first. */
export const TEST_PIN = '730519';

/** A patient of the registry; what a test does not say is made up. */
export function patientRecord(ref: string, more: Partial<PatientRecord> = {}): PatientRecord {
  return {
    t: 'patient',
    ref,
    family: 'Martinez',
    given: ['Rosa'],
    prefix: null,
    birthDate: '1958-03-12',
    deceased: null,
    gender: 'female',
    identifiers: [],
    telecom: [{ system: 'phone', value: '(617) 555-0101', use: 'mobile' }],
    address: [],
    language: null,
    practitioners: [],
    conditions: [],
    medications: [],
    allergies: [],
    lastEncounter: null,
    importedAt: 1,
    source: new Uint8Array(32).fill(ref.length),
    ...more,
  };
}

/** Registry, texting and desk, as an administrator sets them up once; resolves when the others have them. */
export async function establishCare(
  admin: LiveSession,
  input: {
    readonly holders: readonly AccountId[];
    readonly patients: readonly PatientRecord[];
    readonly others?: readonly LiveSession[];
  },
): Promise<void> {
  const { holders, patients, others = [] } = input;
  const team = await admin.people.defineRole({ name: 'Care team', unit: null, use: 'team', holders });
  await admin.patients.establish([team]);
  for (const record of patients) await admin.patients.put(record);
  await admin.duty.establish();
  await until(admin.care.state, ({ available }) => available);
  await admin.care.establish(admin.care.suggestSettings());
  for (const session of [admin, ...others])
    await until(session.care.state, ({ established, ready }) => established && ready);
}

/** Invites somebody, by hand unless said otherwise. */
export function invitePatient(
  staff: LiveSession,
  wish: Pick<InviteWish, 'ref'> & Partial<InviteWish>,
): Promise<NewInvitation> {
  return staff.care.invite({
    relation: 'self',
    name: 'Rosa Martinez',
    send: 'hand',
    to: null,
    until: null,
    consent: null,
    confidential: false,
    ...wish,
  });
}

/** A patient's phone without a screen. */
export interface PatientPhone {
  readonly door: PhoneDoor;
  readonly dataDir: string;
  /** Ends nothing but the folder: sessions are the caller's to close. */
  remove(): void;
}

export async function createPhone(
  serverUrl: string,
  own: Partial<NodePlatformOptions> = {},
): Promise<PatientPhone> {
  const dataDir = own.dataDir ?? mkdtempSync(join(tmpdir(), 'baton-phone-'));
  const door = await createNodePatientDoor({
    serverUrl,
    publicUrl: serverUrl,
    durable: false,
    deviceLabel: 'Phone',
    ...own,
    dataDir,
  });
  return { door, dataDir, remove: () => rmSync(dataDir, { recursive: true, force: true }) };
}

/** A patient who is in: opened the link, typed the code, chose a PIN. */
export interface EnteredPatient extends PatientPhone {
  readonly session: PhoneSession;
  readonly words: string;
  /** Ends the session and removes the phone's folder. */
  close(): Promise<void>;
}

export async function enterPatient(
  serverUrl: string,
  invitation: Pick<NewInvitation, 'link' | 'code'>,
  own: Partial<NodePlatformOptions> & { readonly pin?: string } = {},
): Promise<EnteredPatient> {
  const { pin = TEST_PIN, ...platform } = own;
  const phone = await createPhone(serverUrl, platform);
  const { fits } = await phone.door.tryCode(fragmentOf(invitation.link), invitation.code);
  if (!fits) throw new Error('the code does not fit the link');
  const { session, words } = await phone.door.claim({ kind: 'pin', pin });
  return {
    ...phone,
    session,
    words: (words ?? []).join(' '),
    async close() {
      await session.close();
      phone.remove();
    },
  };
}

export function fragmentOf(link: string): string {
  return link.slice(link.indexOf('#') + 1);
}
