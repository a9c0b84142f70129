import { enterAs, type EnteredDevice, findChromium, until } from '@baton/testkit';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  brokenRules,
  type RealPractice,
  type Seat,
  startRealPractice,
  takePicture,
} from './real-practice.ts';
import { noonZone, openPhones, type SimulatedPhones, SLOW } from './simulated-phones.ts';

// Programmes end to end: the product as it starts, with its station, assistants and simulated phones; patients answer by text, staff look at
// the result. Nothing is replaced but the carrier.

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const QUARTER_MS = 15 * MINUTE_MS;
const ZONE = noonZone();

let practice: RealPractice;
let nurse: Seat;
let manager: EnteredDevice;
let phones: SimulatedPhones;
let browser: Browser;

beforeAll(async () => {
  practice = await startRealPractice();
  nurse = await practice.signIn('nurse');
  const link = practice.product.links().find(({ job }) => job === 'practice manager');
  if (link === undefined) throw new Error('no sign-in link for the practice manager');
  manager = await enterAs(link.url);
  const { launchOptions } = await findChromium();
  browser = await chromium.launch(launchOptions);
  phones = await openPhones(browser, practice.product.phonesUrl);
  const { care, appointments, programmes } = manager.session;
  for (const state of [care.state, appointments.state, programmes.state])
    await until(state, ({ established, ready }) => established && ready);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await manager?.close();
  await practice?.close();
});

/** A patient with a phone here who has agreed to texts with their content. */
async function meet(name: string, number: string): Promise<string> {
  const { care, patients } = manager.session;
  const ref = patients.rows.read().find((candidate) => candidate.name === name)?.ref;
  if (ref === undefined) throw new Error(`${name} is not in the registry`);
  await phones.add(number, name);
  await care.start(ref);
  await care.changeReach(ref, (reach) => ({
    ...reach,
    phones: [{ number, use: 'mobile' }],
    channel: 'plain',
    timeZone: ZONE,
  }));
  const given = { ref, phone: number, how: 'phone', note: '' } as const;
  await care.giveConsent({ ...given, purpose: 'plain-text', warning: 'plain-text-warning-1' });
  await care.giveConsent({ ...given, purpose: 'reminders', warning: null });
  return ref;
}

/** A visit in two days, of which the first reminder is due. */
async function book(ref: string): Promise<string> {
  const start = Math.ceil((Date.now() + 2 * DAY_MS) / QUARTER_MS) * QUARTER_MS;
  return manager.session.appointments.book({
    ref,
    start,
    end: start + 20 * MINUTE_MS,
    timeZone: ZONE,
    service: { code: null, text: 'Wound check' },
    practitioner: null,
    location: null,
    reason: null,
    preparation: null,
    slot: null,
  });
}

const visits = () => manager.session.appointments.visits.read().map(({ appointment }) => appointment);
const visitOf = (id: string) => visits().find((visit) => visit.id === id);
const bookedOf = (ref: string) =>
  visits().filter(
    (visit) => visit.ref === ref && visit.status === 'booked' && visit.service.text === 'Wound check',
  );
const owedBy = (name: string) =>
  manager.session.care.threads.read().find((thread) => thread.name === name)?.owed.all;

async function openPatient(name: string): Promise<void> {
  const { page } = nurse;
  await page.goto(`${practice.product.url}/patients`);
  await page.getByRole('searchbox').first().fill(name);
  await page
    .getByRole('link', { name: new RegExp(name) })
    .first()
    .click();
  await page.getByRole('button', { name: /^(Start a|Open the) conversation$/ }).click();
  await page.getByRole('heading', { name, level: 1 }).waitFor(SLOW);
}

describe('a reminder', () => {
  it('is confirmed by one letter, which staff see, and which leaves nobody owing an answer', async () => {
    const name = 'Crysta Rogahn';
    const id = await book(await meet(name, '+16175550180'));
    const reminder = /You have a visit on/;
    await phones.log(name).getByText(reminder).waitFor(SLOW);
    await phones.text(name, 'C');
    await expect.poll(() => visitOf(id)?.answer, SLOW).toMatchObject({ state: 'confirmed', by: 'patient' });
    await openPatient(name);
    const { page } = nurse;
    await page.getByRole('log').first().getByText(reminder).waitFor(SLOW);
    await expect.poll(() => owedBy(name), SLOW).toBe(0);
    await page.goto(`${practice.product.url}/appointments`);
    await page.getByText('Week', { exact: true }).click();
    const at = new Date(visitOf(id)?.start ?? 0).toLocaleDateString('en-CA', {
      timeZone: 'America/New_York',
    });
    await page.locator('input[type=date]').fill(at);
    await page.getByText(name).first().waitFor(SLOW);
    await takePicture(page, 'appointments-week.png');
    expect(await brokenRules(page)).toEqual([]);
  }, 180_000);

  it('that is declined gives the time to the next on the waitlist, once', async () => {
    const gone = 'Malcom Harris';
    const next = 'Marlin Hagenes';
    const { appointments } = manager.session;
    const goneRef = await meet(gone, '+16175550181');
    const id = await book(goneRef);
    const ref = await meet(next, '+16175550182');
    await appointments.wait({
      ref,
      service: { code: null, text: 'Wound check' },
      practitioner: null,
      from: null,
      until: null,
      priority: 5,
      appointment: null,
    });
    await phones
      .log(gone)
      .getByText(/You have a visit on/)
      .waitFor(SLOW);
    await phones.text(gone, 'X');
    await expect.poll(() => visitOf(id)?.status, SLOW).toBe('cancelled');
    await expect.poll(() => phones.log(next).innerText(), SLOW).toMatch(/reply 1/i);
    await phones.text(next, '1');
    await expect.poll(() => bookedOf(ref).length, SLOW).toBe(1);
    expect(bookedOf(ref)[0]?.start).toBe(visitOf(id)?.start);
    await expect
      .poll(() => appointments.waitlist.read().find((entry) => entry.ref === ref)?.state, SLOW)
      .toBe('booked');
    // A late yes of the first one takes it from nobody.
    await phones.text(gone, 'C');
    await expect.poll(() => phones.log(gone).getByText('C', { exact: true }).count(), SLOW).toBe(1);
    const both = [...bookedOf(goneRef), ...bookedOf(ref)];
    expect(both.map((visit) => visit.ref)).toEqual([ref]);
  }, 180_000);
});

describe('a check-in day', () => {
  const NAME = 'Stanford Windler';
  const QUESTION = /How are you feeling compared to 12 hours ago/;

  /** Minutes after midnight where the patient is, so many minutes from now. */
  const minuteIn = (minutes: number): number => {
    const at = new Date(Date.now() + minutes * MINUTE_MS);
    const clock = at.toLocaleTimeString('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' });
    const [hour = 0, minute = 0] = clock.split(':').map(Number);
    return hour * 60 + minute;
  };

  it('ends in advice where the patient is no worse', async () => {
    const { care, programmes } = manager.session;
    const ref = await meet(NAME, '+16175550183');
    const consent = await care.giveConsent({
      ref,
      purpose: 'check-ins',
      phone: null,
      how: 'in-person',
      warning: null,
      note: '',
    });
    const signed = () => programmes.protocols.read().find(({ mayRun }) => mayRun)?.version;
    await expect.poll(signed, SLOW).toBeDefined();
    const { id = '', version = 0, hash = new Uint8Array(32) } = signed() ?? {};
    await programmes.enrol({
      ref,
      protocol: { id, version, hash },
      consent,
      language: 'en',
      timeZone: ZONE,
      times: { morning: minuteIn(3), evening: minuteIn(5) },
      proxy: null,
      startsOn: new Date().toLocaleDateString('en-CA', { timeZone: ZONE }),
      regimen: null,
      settings: { 'amber-minutes': 240 },
      askTo: null,
    });
    // Staff enrolled; the patient is asked all the same.
    await phones
      .log(NAME)
      .getByText(/Do you want this/)
      .waitFor(SLOW);
    await phones.text(NAME, 'yes');
    await phones
      .log(NAME)
      .getByText(/We will ask you twice a day/)
      .waitFor(SLOW);
    await phones.log(NAME).getByText(QUESTION).first().waitFor({ timeout: 200_000 });
    await phones.text(NAME, 'about the same');
    await expect
      .poll(
        () =>
          phones
            .log(NAME)
            .getByText(/Thank you\. If you feel worse, write to us/)
            .count(),
        SLOW,
      )
      .toBe(1);
    await expect.poll(() => owedBy(NAME), SLOW).toBe(0);
  }, 400_000);

  it('ends in a call where the patient breathes harder, and the clock runs until it is made', async () => {
    const { programmes } = manager.session;
    await expect
      .poll(() => phones.log(NAME).getByText(QUESTION).count(), { timeout: 240_000, interval: 1000 })
      .toBe(2);
    await phones.text(NAME, 'worse');
    await phones
      .log(NAME)
      .getByText(/harder than usual for you to breathe/)
      .waitFor(SLOW);
    await phones.text(NAME, 'Yes');
    await phones
      .log(NAME)
      .getByText(/A nurse will call you/)
      .waitFor(SLOW);
    const { page } = nurse;
    await openPatient(NAME);
    const alert = page.getByRole('article', { name: /^Alert/ }).first();
    await alert.getByText(/call back by/).waitFor(SLOW);
    await takePicture(page, 'check-in-alert.png');
    await alert.getByRole('button', { name: 'Call', exact: true }).click();
    await alert.getByRole('button', { name: /done/i }).first().click();
    const done = () =>
      programmes.cohort.read().flatMap(({ alerts }) => alerts.filter(({ act }) => act?.doneAt));
    await expect.poll(() => done().map(({ band, act }) => [band, act?.way]), SLOW).toEqual([['red', 'call']]);
    await page.goto(`${practice.product.url}/programmes`);
    await page.getByText(NAME).first().waitFor(SLOW);
    await takePicture(page, 'programmes-cohort.png');
    expect(await brokenRules(page)).toEqual([]);
    expect(practice.complaints).toEqual([]);
  }, 500_000);
});
