import type { Conversation, LiveSession, NewInvitation, PhoneDoor, TimelineMessage } from '@baton/client';
import { nodeTimers } from '@baton/client-node';
import { type PatientLink, parsePatientFragment } from '@baton/crypto';
import { startTemporaryPostgres } from '@baton/embedded-postgres';
import { createSteppedClock, type SteppedClock } from '../chance/stepped-clock.ts';
import { createLyingTransport, type Lies } from '../network/lying-transport.ts';
import {
  createPhone,
  type EnteredPatient,
  enterPatient,
  establishCare,
  fragmentOf,
  patientRecord,
} from '../patient-phone.ts';
import { createPractice, type Device } from '../practice.ts';
import { startTestServer, type TestServer } from '../test-server.ts';
import { until } from '../until.ts';
import { becomeOperator, type Operator } from './operator.ts';

/** Many keys are made and many sockets opened on whatever machine this is. */
export const SLOW = { withinMs: 30_000 };

/** A practice whose patients come in by links, and those who would like to come in by them too. */
export interface LinkStage {
  readonly server: TestServer;
  readonly operator: Operator;
  /** Superuser's address of the server's own database. */
  readonly databaseUrl: string;
  /** The server's and every client's; setting it on ends sessions as well. */
  readonly clock: SteppedClock;
  /** A nurse. */
  readonly maria: Device;
  /** A patient whom nobody has invited yet. */
  nextRef(): string;
  /** Somebody's phone that has seen nothing yet; `lies` stand between it and the server. */
  phone(lies?: Lies): Promise<PhoneDoor>;
  enter(invitation: NewInvitation): Promise<EnteredPatient>;
  /** Done before everything else ends. */
  atEnd(close: () => Promise<void> | void): void;
  close(): Promise<void>;
}

export async function setLinkStage(): Promise<LinkStage> {
  const clock = createSteppedClock();
  // Links are looked after once a minute; here at once.
  const timers = {
    after: (delayMs: number, task: () => void) => nodeTimers.after(delayMs === 60_000 ? 300 : delayMs, task),
  };
  const postgres = await startTemporaryPostgres();
  const server = await startTestServer({ postgres, clock });
  const operator = await becomeOperator(server, postgres.superuserUrl);
  const practice = await createPractice(server, {
    people: [{ name: 'Maria Lopez', jobs: ['nurse'] }],
    platform: { clock, timers },
  });
  const [maria] = practice.people as [Device];
  await establishCare(practice.admin.session, {
    holders: [maria.account],
    patients: Array.from({ length: 12 }, (_, index) => patientRecord(`Patient/${index}`)),
    others: [maria.session],
  });
  const closing: (() => Promise<void> | void)[] = [];
  const database = /@[^/]*\/([^?]*)/.exec(server.databaseUrl)?.[1] ?? '';
  let patients = 0;
  return {
    server,
    operator,
    databaseUrl: postgres.superuserUrl.replace(/(@[^/]*)\/[^?]*/, `$1/${database}`),
    clock,
    maria,
    nextRef() {
      patients += 1;
      return `Patient/${patients - 1}`;
    },
    async phone(lies) {
      const lying = createLyingTransport();
      Object.assign(lying.lies, lies);
      const phone = await createPhone(server.url, { clock, wrapTransport: lying.wrap });
      closing.push(() => phone.remove());
      return phone.door;
    },
    async enter(invitation) {
      const patient = await enterPatient(server.url, invitation, { clock });
      closing.push(() => patient.close());
      return patient;
    },
    atEnd: (close) => void closing.push(close),
    async close() {
      for (const close of closing) await close();
      await practice.close();
      await operator.close();
      await server.stop();
      await postgres.stop();
    },
  };
}

/** Six codes that are not the right one. */
export function wrongCodes(code: string): string[] {
  return Array.from({ length: 6 }, (_, index) =>
    String((Number(code) + index + 1) % 1_000_000).padStart(6, '0'),
  );
}

/** The code of the failure; undefined where it has none. */
export async function refusal(task: Promise<unknown>): Promise<string | undefined> {
  return task.then(
    () => 'nothing was refused',
    (failure: unknown) => (failure as { code?: string }).code,
  );
}

/** What a link holds. */
export function linkOf(made: NewInvitation): PatientLink {
  const link = parsePatientFragment(fragmentOf(made.link));
  if (!link) throw new Error('no link');
  return link;
}

export function textsIn(thread: Conversation): string[] {
  return thread.timeline
    .read()
    .items.filter((item): item is TimelineMessage => item.type === 'message')
    .map(({ text }) => text);
}

/** Sends and waits until it is committed. */
export async function tell(session: LiveSession, id: Conversation['id'], text: string): Promise<void> {
  const thread = await session.conversations.open(id);
  await thread.send({ text, files: [], mentions: [], replyTo: null, as: null });
  await until(
    thread.timeline,
    ({ items }) => items.some((item) => item.type === 'message' && item.text === text && item.seq !== null),
    SLOW,
  );
}
