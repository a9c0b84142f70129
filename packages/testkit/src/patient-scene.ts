import type {
  Conversation,
  LiveSession,
  OutgoingMessage,
  PatientConversation,
  PatientMessage,
  TimelineMessage,
} from '@baton/client';
import type { AccountId, ConversationId } from '@baton/kernel';
import { expect } from 'vitest';
import { createSteppedClock, type SteppedClock } from './chance/stepped-clock.ts';
import {
  createPhone,
  type EnteredPatient,
  enterPatient,
  establishCare,
  fragmentOf,
  invitePatient,
  type PatientPhone,
  patientRecord,
} from './patient-phone.ts';
import { createPractice, type Device, type Practice } from './practice.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from './until.ts';

const DAY = 86_400_000;
const PATIENTS = 20;

/** A practice with texting set up, a clock that can be set on, and patients' phones. */
export class PatientScene {
  readonly clock: SteppedClock = createSteppedClock();
  server!: TestServer;
  maria!: Device;
  finn!: Device;
  readonly #open: { close(): Promise<void> }[] = [];
  readonly #folders: PatientPhone[] = [];
  #practice!: Practice;
  #patients = 0;

  static async create(): Promise<PatientScene> {
    const scene = new PatientScene();
    const { clock } = scene;
    scene.server = await startTestServer({ clock });
    scene.#practice = await createPractice(scene.server, {
      people: [
        { name: 'Maria Lopez', jobs: ['nurse'] },
        { name: 'Finn Desk', jobs: ['front-desk'] },
      ],
      platform: { clock },
    });
    [scene.maria, scene.finn] = scene.#practice.people as [Device, Device];
    await establishCare(scene.#practice.admin.session, {
      holders: [scene.maria.account, scene.finn.account],
      patients: Array.from({ length: PATIENTS }, (_, index) => patientRecord(`Patient/${index}`)),
      others: [scene.maria.session, scene.finn.session],
    });
    return scene;
  }

  async close(): Promise<void> {
    for (const session of this.#open) await session.close();
    for (const made of this.#folders) made.remove();
    await this.#practice.close();
    await this.server.stop();
  }

  /** Time passes, and what was signed in is not any more; those of the practice are back afterwards. */
  async afterDays(days: number, meanwhile: () => Promise<void> = async () => {}): Promise<void> {
    for (const { session } of [this.#practice.admin, this.maria, this.finn]) await session.close();
    this.clock.step(days * DAY);
    await meanwhile();
    const { clock, server } = this;
    this.maria = await this.#practice.addDevice(this.maria.link, server.url, { clock });
    this.finn = await this.#practice.addDevice(this.finn.link, server.url, { clock });
    for (const { session } of [this.maria, this.finn]) {
      await until(session.conversations.ready, (ready) => ready);
      await until(session.care.state, ({ ready }) => ready);
    }
  }

  /** One of the registry that no other test uses. */
  nextPatient(): string {
    this.#patients += 1;
    return `Patient/${this.#patients - 1}`;
  }

  async phone(dataDir?: string): Promise<PatientPhone> {
    const made = await createPhone(this.server.url, { clock: this.clock, ...(dataDir && { dataDir }) });
    this.#folders.push(made);
    return made;
  }

  async enter(invitation: { readonly link: string; readonly code: string }): Promise<EnteredPatient> {
    return this.keep(await enterPatient(this.server.url, invitation, { clock: this.clock }));
  }

  /** Closed with the scene. */
  keep<T extends { close(): Promise<void> }>(session: T): T {
    this.#open.push(session);
    return session;
  }

  /** A patient who is in, and the thread on both sides. */
  async joined(ref: string = this.nextPatient()) {
    const invitation = await invitePatient(this.maria.session, { ref });
    const patient = await this.enter(invitation);
    const conv = this.conversationOf(ref);
    const thread = await openOn(patient, conv);
    const staff = await this.maria.session.conversations.open(conv);
    return { ref, conv, patient, thread, staff };
  }

  conversationOf(ref: string): ConversationId {
    return this.maria.session.care.chart(ref).read().reach?.conversation as ConversationId;
  }

  accountOf(ref: string): AccountId {
    return this.maria.session.care.chart(ref).read().people[0]?.account as AccountId;
  }

  /** As the clock does once a minute: another invitation makes this device look at once. */
  async lookAtLinks(): Promise<void> {
    await invitePatient(this.maria.session, { ref: this.nextPatient() });
  }
}

export function text(words: string, more: Partial<PatientMessage> = {}): OutgoingMessage & PatientMessage {
  return { text: words, files: [], mentions: [], replyTo: null, as: null, ...more };
}

export function messagesOf(thread: Conversation): TimelineMessage[] {
  return thread.timeline.read().items.filter((item): item is TimelineMessage => item.type === 'message');
}

export function wordsOf(thread: Conversation): string[] {
  return messagesOf(thread).map(({ text: words }) => words);
}

/** Waits for a committed message with these words. */
export async function sees(thread: Conversation, words: string): Promise<TimelineMessage> {
  const isIt = (message: TimelineMessage): boolean => message.text === words && message.seq !== null;
  await until(thread.timeline, () => messagesOf(thread).some(isIt), {
    show: ({ items }) =>
      items.map((item) =>
        item.type === 'message'
          ? [item.author.name, item.text, item.state, item.failure?.code]
          : item.type === 'event'
            ? [item.what, item.by.name]
            : [item.code, item.sentence],
      ),
  });
  return messagesOf(thread).find(isIt) as TimelineMessage;
}

export async function openOn(
  { session }: Pick<EnteredPatient, 'session'>,
  conv: ConversationId,
): Promise<PatientConversation> {
  await until(session.conversations, (rows) => rows.some(({ id, card }) => id === conv && card !== null));
  return session.open(conv);
}

/** Types wrong codes and answers what was left after each. */
export async function typeWrongCodes(
  { door }: PatientPhone,
  { link, code }: { readonly link: string; readonly code: string },
  count: number,
): Promise<number[]> {
  const left: number[] = [];
  for (let tried = 1; tried <= count; tried++) {
    const wrong = String((Number(code) + tried) % 1_000_000).padStart(6, '0');
    const answer = await door.tryCode(fragmentOf(link), wrong);
    expect(answer.fits).toBe(false);
    left.push(answer.triesLeft);
  }
  return left;
}

export function acknowledgeAll(session: LiveSession): void {
  for (const { id } of session.alarms.read()) session.acknowledgeAlarm(id);
}

/** Alarms that are not about somebody's link: another test may have made those. */
export function otherAlarms(session: LiveSession) {
  return session.alarms.read().filter(({ about }) => about?.startsWith('link.') !== true);
}
