import { enterAs, type EnteredDevice, until } from '@baton/testkit';
import { nodeRng } from '@baton/client-node';
import { newId } from '@baton/kernel';
import { type CheckInAlert, programmesCodec, programmesKey, type ProgrammesValue } from '@baton/wire';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  brokenRules,
  type RealPractice,
  type Seat,
  startRealPractice,
  takePicture,
} from './real-practice.ts';

// Check-in programmes as staff meet them: a protocol from an example to two signatures at two browsers, an enrolment with its calendar, and
// an alert until it is done. The product as it starts; nothing is replaced.

const SLOW = { timeout: 60_000 } as const;
const PROTOCOL = 'after-our-ward';

let practice: RealPractice;
let manager: Seat;
let nurse: Seat;
let desk: EnteredDevice;

beforeAll(async () => {
  practice = await startRealPractice();
  manager = await practice.signIn('practice manager');
  nurse = await practice.signIn('nurse');
  const link = practice.product.links().find(({ job }) => job === 'practice manager');
  desk = await enterAs(link?.url ?? '');
  await until(desk.session.care.state, ({ established, ready }) => established && ready);
}, 300_000);

afterAll(async () => {
  await desk?.close();
  await practice?.close();
});

async function goTo(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name }).click();
}

async function sign(page: Page, as: 'author' | 'clinician'): Promise<void> {
  await page.getByRole('tab', { name: 'Check' }).click();
  await page.getByText('Every dialogue ends in').waitFor(SLOW);
  await page.getByRole('tab', { name: 'Sign' }).click();
  await page.getByRole('checkbox', { name: /I have read every question/ }).check();
  await page.getByRole('button', { name: `Sign as ${as}` }).click();
}

/** As the assistant writes. */
async function write(value: ProgrammesValue): Promise<void> {
  const collection = await desk.session.collections.named('programmes');
  await collection.put(programmesKey(value), () => programmesCodec.encode(value));
}

describe('a protocol', () => {
  it('goes from an example to two signatures, at two browsers', async () => {
    const { page } = manager;
    await goTo(page, 'Check-ins');
    await page.getByRole('link', { name: 'Protocols' }).click(SLOW);
    await page.getByRole('button', { name: 'New protocol' }).click();
    await page.getByRole('radio', { name: 'After the hospital: 30 days' }).check();
    await page.getByRole('textbox', { name: 'Short name' }).fill(PROTOCOL);
    await page.getByRole('button', { name: 'Begin', exact: true }).click();
    await page.getByText('Not for clinical use').first().waitFor();
    await sign(page, 'author');
    await page.getByText('Draft, 1 of 2 signatures').waitFor();
    await expect(page.getByRole('button', { name: 'Sign as clinician' }).count()).resolves.toBe(0);

    const other = nurse.page;
    await other.goto(new URL(`/programmes/protocols/${PROTOCOL}~1`, other.url()).href);
    await sign(other, 'clinician');
    await other.getByText('Signed by both.').waitFor();
    await page.getByText('Signed by both.').waitFor();
    await takePicture(other, 'programmes-signed.png');
    await expect(brokenRules(other)).resolves.toEqual([]);
  });

  it('talks in its preview as it will to patients', async () => {
    const { page } = manager;
    await page.getByRole('tab', { name: 'Try it' }).click();
    await page.getByRole('button', { name: 'Begin', exact: true }).click();
    const talk = page.getByRole('list', { name: 'Conversation' });
    await talk.getByText('Programme').first().waitFor();
    const before = await talk.getByRole('listitem').count();
    await page.getByRole('textbox', { name: /as the patient would write/ }).fill('I have chest pain');
    await page.getByRole('button', { name: 'Send' }).click();
    await talk.getByText('RED').waitFor();
    expect(await talk.getByRole('listitem').count()).toBeGreaterThan(before + 1);
  });
});

describe('a patient', () => {
  it('is enrolled with a consent and thresholds, and an alert keeps its clock until somebody has done something', async () => {
    const { page } = nurse;
    await page.goto(new URL('/programmes', page.url()).href);
    await page.getByRole('button', { name: 'Enrol a patient' }).click(SLOW);
    const [thread] = desk.session.care.threads.read();
    if (!thread) throw new Error('the demo has no patient conversation');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Patient' }).fill(thread.name);
    await dialog.getByRole('list', { name: 'Patients found' }).getByRole('button').first().click();
    const key = `${PROTOCOL}:1`;
    await dialog.getByRole('combobox', { name: 'Protocol' }).selectOption(key);
    const record = dialog.getByRole('button', { name: 'Record the consent' });
    if (await record.isVisible()) await record.click();
    await dialog.getByText('Consent to daily check-ins given').waitFor();
    const thresholds = dialog.getByRole('combobox').filter({ hasText: 'Choose' });
    for (const field of await thresholds.all()) await field.selectOption({ index: 1 });
    await dialog.getByRole('button', { name: 'Enrol and invite' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: thread.name }).first().waitFor();

    const { programmes } = desk.session;
    const line = () => programmes.cohort.read().find((one) => one.enrolment.protocol.id === PROTOCOL);
    await until(programmes.cohort, () => line() !== undefined);
    const enrolment = line()?.enrolment;
    if (!enrolment) throw new Error('nobody is enrolled');
    const at = Date.now();
    const alert: CheckInAlert = {
      t: 'alert',
      id: newId('event', nodeRng),
      enrolment: enrolment.id,
      ref: enrolment.ref,
      date: new Date(at).toISOString().slice(0, 10),
      at,
      band: 'red',
      reason: 'Says that breathing is harder than yesterday',
      line: 'breathing: harder',
      kind: 'symptom',
      message: null,
      callBackBy: at + 900_000,
      act: null,
      patientSays: 'urgent',
      nurseSays: null,
      shadow: null,
    };
    await write(alert);
    await page.getByText('Says that breathing is harder').first().waitFor();
    const conversation = desk.session.care.chart(enrolment.ref).read().thread?.conversation ?? '';
    await page.goto(new URL(`/inbox/${conversation}`, page.url()).href);
    const card = page.getByRole('article', { name: 'Alert: Symptom' });
    await card.getByText('Protocol: breathing: harder').waitFor(SLOW);
    await takePicture(page, 'programmes-alert.png');
    await expect(brokenRules(page)).resolves.toEqual([]);
    await card.getByRole('button', { name: 'Call', exact: true }).click();
    await card.getByText(/chose: Call/).waitFor();
    await card.getByRole('button', { name: 'Done' }).click();
    await card.getByRole('button', { name: 'Yes' }).click();
    await until(programmes.cohort, () => line()?.alerts[0]?.nurseSays === 'useful');
    expect(line()).toMatchObject({ dueBy: null, alerts: [{ act: { way: 'call' } }] });
    expect(practice.complaints).toEqual([]);
  });
});
