import type { Conversation, OutgoingMessage, TimelineMessage } from '@baton/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createPhone,
  type EnteredPatient,
  enterPatient,
  establishCare,
  fragmentOf,
  invitePatient,
  patientRecord,
  TEST_PIN,
} from './patient-phone.ts';
import { createPractice, type Device, type Practice } from './practice.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from './until.ts';

let server: TestServer;
let practice: Practice;
let maria: Device;
let finn: Device;
const phones: { close(): Promise<void> }[] = [];

const refs = ['Patient/rosa', 'Patient/ben', 'Patient/carl'] as const;

beforeAll(async () => {
  server = await startTestServer();
  practice = await createPractice(server, {
    people: [
      { name: 'Maria Lopez', jobs: ['nurse'] },
      { name: 'Finn Desk', jobs: ['front-desk'] },
    ],
  });
  [maria, finn] = practice.people as [Device, Device];
  await establishCare(practice.admin.session, {
    holders: [maria.account, finn.account],
    patients: refs.map((ref) => patientRecord(ref)),
    others: [maria.session, finn.session],
  });
}, 60_000);

afterAll(async () => {
  for (const phone of phones) await phone.close();
  await practice?.close();
  await server?.stop();
});

function text(words: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return { text: words, files: [], mentions: [], replyTo: null, as: null, ...more };
}

function messagesOf(thread: Conversation): TimelineMessage[] {
  return thread.timeline.read().items.filter((item): item is TimelineMessage => item.type === 'message');
}

async function sees(thread: Conversation, words: string): Promise<TimelineMessage> {
  await until(thread.timeline, () => messagesOf(thread).some((message) => message.text === words), {
    show: ({ items }) =>
      items.map((item) =>
        item.type === 'message'
          ? [item.author.name, item.text, item.state, item.failure?.code]
          : item.type === 'event'
            ? [item.what, item.by.name]
            : [item.code, item.sentence],
      ),
  });
  return messagesOf(thread).find((message) => message.text === words) as TimelineMessage;
}

async function enter(invitation: { link: string; code: string }): Promise<EnteredPatient> {
  const phone = await enterPatient(server.url, invitation);
  phones.push(phone);
  return phone;
}

describe('a patient with a link and a code', () => {
  it('reads what was written before, answers, and is answered', async () => {
    const [ref] = refs;
    const conv = await maria.session.care.start(ref);
    const staffThread = await maria.session.conversations.open(conv);
    await staffThread.send(text('Welcome, Rosa'));
    await sees(staffThread, 'Welcome, Rosa');
    const invitation = await invitePatient(maria.session, { ref });
    const rosa = await enter(invitation);
    await until(rosa.session.conversations, (rows) => rows.length === 1 && rows[0]?.card !== null);
    const thread = await rosa.session.open(conv);
    await sees(thread, 'Welcome, Rosa');
    await thread.send(text('Thank you'));
    await sees(staffThread, 'Thank you');
    await staffThread.send(text('How are you?'));
    await sees(thread, 'How are you?');
    expect(rosa.session.alarms.read()).toEqual([]);
    expect(maria.session.alarms.read()).toEqual([]);
  });
});
