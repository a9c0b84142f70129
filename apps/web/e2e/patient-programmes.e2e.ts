import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Conversation, LiveSession, TimelineMessage } from '@baton/client';
import { addAgent, until } from '@baton/testkit';
import type { Prompt } from '@baton/wire';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  arrive,
  brokenRules,
  choosePin,
  type PatientPractice,
  ROSA,
  startPatientPractice,
} from './patient-practice.ts';

// A programme's questions on a real phone's page, with the real server between (docs/protocol/programmes.md §3).

const DAY = 86_400_000;
const ARRIVES = { timeout: 30_000 } as const;
const folder = mkdtempSync(join(tmpdir(), 'baton-programmes-'));

let practice: PatientPractice;
let page: Page;
let reminders: LiveSession;
let assistant: Conversation;
let desk: Conversation;

beforeAll(async () => {
  practice = await startPatientPractice();
  const { admin, maria, server } = practice;
  const invitation = await practice.invite(ROSA, 'Rosa Martinez');
  const phone = await practice.newPhone();
  ({ page } = phone);
  await arrive(page, invitation);
  await choosePin(page);
  const access = [
    { kind: 'patient' as const, history: true, writes: ['message' as const, 'settle' as const] },
  ];
  reminders = await addAgent(
    admin,
    { name: 'Visit assistant', program: 'reminders', access },
    { serverUrl: server.url, publicUrl: server.url, dataDir: folder },
  );
  const conv = await maria.session.care.start(ROSA);
  await admin.session.care.keepAccess();
  await until(reminders.conversations.list, (rows) => rows.some(({ id }) => id === conv));
  assistant = await reminders.conversations.open(conv);
  desk = await maria.session.conversations.open(conv);
}, 180_000);
afterAll(async () => {
  await reminders?.close();
  await practice?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(text: string, change: Partial<Prompt> = {}): Promise<void> {
  const start = Date.now() + 2 * DAY;
  const prompt: Prompt = {
    kind: 'reminder',
    about: 'visit-1',
    step: '3d',
    choices: [
      { key: 'C', label: 'I will come' },
      { key: 'X', label: 'I cannot come' },
    ],
    asks: 'choice',
    until: start,
    short: null,
    visit: {
      start,
      end: start + 1_800_000,
      timeZone: 'America/New_York',
      title: 'Check-up',
      place: 'Room 4',
      state: 'booked',
    },
    ...change,
  };
  const marks = { automatic: true, prompt };
  await assistant.send({ text, files: [], mentions: [], replyTo: null, as: null, marks });
}

/** What the patient wrote, once somebody owes an answer to it. */
async function heard(text: string): Promise<TimelineMessage> {
  const find = (): TimelineMessage | undefined =>
    desk.timeline
      .read()
      .items.filter((item): item is TimelineMessage => item.type === 'message')
      .find((message) => message.text === text && message.batons.length > 0);
  await until(desk.timeline, () => find() !== undefined);
  return find() as TimelineMessage;
}

describe('a reminder', () => {
  it('is answered by a tap; somebody owes it until the assistant has dealt with it', async () => {
    await ask('Your visit is in two days. Will you come?');
    const question = page.locator('[data-message]', { hasText: 'Your visit is in two days' });
    await question.getByRole('button', { name: 'I will come' }).click(ARRIVES);
    await question.getByText('Answer: I will come').waitFor(ARRIVES);
    const answer = await heard('I will come');
    expect(answer).toMatchObject({ contract: 'reply', answers: { choice: 'C' } });
    const [baton] = answer.batons;
    if (!baton) throw new Error('nothing is owed');
    await until(reminders.batons.changes, () => reminders.batons.get(baton.id) !== null);
    await reminders.batons.close(baton.id, 'automation');
    const { batons } = practice.maria.session;
    await until(batons.changes, () => batons.get(baton.id)?.status === 'closed');
    expect(batons.get(baton.id)).toMatchObject({ ended: { by: { kind: 'agent' }, reason: 'automation' } });
  });

  it('puts the visit among the visits, with the answer, and breaks no rule of the page', async () => {
    await page.getByRole('button', { name: 'Visits and check-ins' }).click();
    const sheet = page.getByRole('dialog', { name: 'Visits and check-ins' });
    await sheet.getByText('Check-up').waitFor();
    await sheet.getByText('Answer: I will come').waitFor();
    expect(await brokenRules(page)).toEqual([]);
    const download = page.waitForEvent('download');
    await sheet.getByRole('button', { name: 'Add to my calendar' }).click();
    expect((await download).suggestedFilename()).toBe('visit.ics');
    await page.keyboard.press('Escape');
  });
});

describe('a check-in', () => {
  it('is answered in own words, and asks stat where they are an emergency', async () => {
    await ask('How do you feel today?', {
      kind: 'check-in',
      about: 'run-1',
      asks: 'text',
      choices: [],
      visit: null,
    });
    await page.locator('[data-message]', { hasText: 'How do you feel today?' }).waitFor(ARRIVES);
    await page.getByLabel('Your message').fill('my chest hurts and i cant breathe');
    await page.getByText('Your answer to: How do you feel today?').waitFor();
    await page.locator('form').last().getByRole('button', { name: 'Send' }).click();
    await page.getByRole('alertdialog').waitFor(ARRIVES);
    const answer = await heard('my chest hurts and i cant breathe');
    expect(answer).toMatchObject({ contract: 'stat', answers: { choice: null } });
    await page.keyboard.press('Escape');
  });
});

it('the browser never complained', () => {
  expect(practice.complaints).toEqual([]);
});
