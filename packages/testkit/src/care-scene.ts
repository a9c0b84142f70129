import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TemporaryPostgres } from '@baton/embedded-postgres';
import type { CareThread, Conversation, LiveSession, OutgoingMessage, TimelineMessage } from '@baton/client';
import type { NodePlatformOptions } from '@baton/client-node';
import type { ConversationId } from '@baton/kernel';
import type { Manifest } from '@baton/wire';
import { addAgent } from './add-agent.ts';
import { createSteppedClock, type SteppedClock } from './chance/stepped-clock.ts';
import {
  type EnteredPatient,
  enterPatient,
  establishCare,
  invitePatient,
  patientRecord,
} from './patient-phone.ts';
import { createPractice, type Device } from './practice.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from './until.ts';

export const ROSA = 'Patient/rosa';
export const BEN = 'Patient/ben';
export const TEEN = 'Patient/teen';
/** Has died. */
export const LENA = 'Patient/lena';
export const MANY = Array.from({ length: 12 }, (_, index) => `Patient/many-${index}`);

/** A practice that texts, with a nurse and a front desk, on a clock that can be set on. */
export interface CareScene {
  readonly server: TestServer;
  readonly clock: SteppedClock;
  readonly admin: Device;
  readonly maria: Device;
  readonly finn: Device;
  /** Maria's device again, after its session was closed. */
  reopen(): Promise<Device>;
  /** Invites by Maria, and comes in on a phone. */
  enter(wish: Parameters<typeof invitePatient>[1]): Promise<EnteredPatient>;
  /** Sets the clock on and lets everybody look again, which they would do by themselves within ten seconds. */
  pass(ms: number): void;
  /** An assistant with this program, without a station. */
  addAgent(
    name: string,
    program: string,
    access: Manifest['access'],
    platform?: Partial<NodePlatformOptions>,
  ): Promise<LiveSession>;
  close(): Promise<void>;
}

/** `postgres`: for a test that looks into the database. */
export async function createCareScene(
  options: { readonly postgres?: TemporaryPostgres } = {},
): Promise<CareScene> {
  const clock = createSteppedClock();
  const folder = mkdtempSync(join(tmpdir(), 'baton-care-'));
  const server = await startTestServer({ clock, ...options });
  const practice = await createPractice(server, {
    platform: { clock },
    people: [
      { name: 'Maria Lopez', jobs: ['nurse'] },
      { name: 'Finn Desk', jobs: ['front-desk'] },
    ],
  });
  const { admin } = practice;
  const [first, finn] = practice.people as [Device, Device];
  let maria = first;
  await establishCare(admin.session, {
    holders: [maria.account, finn.account],
    patients: [
      patientRecord(ROSA, { language: 'es' }),
      patientRecord(BEN, { given: ['Ben'], family: 'Adler' }),
      patientRecord(TEEN, { given: ['Tia'], family: 'Young', birthDate: '2012-01-01' }),
      patientRecord(LENA, { given: ['Lena'], family: 'Gone', deceased: '2026-01-01' }),
      ...MANY.map((ref) => patientRecord(ref)),
    ],
    others: [maria.session, finn.session],
  });
  const open: { close(): Promise<void> }[] = [];
  return {
    server,
    clock,
    admin,
    finn,
    get maria() {
      return maria;
    },
    async reopen() {
      maria = await practice.reopen(maria, server.url, { clock });
      return maria;
    },
    async enter(wish) {
      const invitation = await invitePatient(maria.session, wish);
      const phone = await enterPatient(server.url, invitation, { clock });
      open.push(phone);
      return phone;
    },
    pass(ms) {
      clock.step(ms);
      for (const { session } of [admin, maria, finn]) session.care.changedAll();
    },
    async addAgent(name, program, access, platform = {}) {
      const session = await addAgent(
        admin,
        { name, program, access },
        { serverUrl: server.url, publicUrl: server.url, dataDir: join(folder, program), clock, ...platform },
      );
      open.push(session);
      return session;
    },
    async close() {
      for (const session of open) await session.close();
      await practice.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function text(words: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return { text: words, files: [], mentions: [], replyTo: null, as: null, ...more };
}

export function messagesOf(thread: Conversation): TimelineMessage[] {
  return thread.timeline.read().items.filter((item): item is TimelineMessage => item.type === 'message');
}

export function threadOf(device: Device, conv: ConversationId): CareThread | undefined {
  return device.session.care.threads.read().find(({ conversation }) => conversation === conv);
}

/** Waits until a device's inbox shows the conversation so. */
export async function seesThread(
  device: Device,
  conv: ConversationId,
  holds: (thread: CareThread) => boolean,
): Promise<CareThread> {
  await until(
    device.session.care.threads,
    () => {
      const found = threadOf(device, conv);
      return found !== undefined && holds(found);
    },
    { show: () => threadOf(device, conv) },
  );
  return threadOf(device, conv) as CareThread;
}
