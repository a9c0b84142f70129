import { setTimeout as delay } from 'node:timers/promises';
import { enterAs, type EnteredDevice, findChromium, until } from '@baton/testkit';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arrive, choosePin, PIN } from './patient-practice.ts';
import { photoWithPlace } from './photo-with-place.ts';
import {
  brokenRules,
  type RealPractice,
  type Seat,
  startRealPractice,
  takePicture,
} from './real-practice.ts';
import { noonZone, openPhones, type SimulatedPhones, SLOW } from './simulated-phones.ts';

// Patients and their practice, end to end: the product as it starts, with its station, assistants and simulated phones; a nurse at a desk, a
// patient at a phone. Nothing is replaced but the carrier.

let practice: RealPractice;
let nurse: Seat;
let manager: EnteredDevice;
let phones: SimulatedPhones;
let browser: Browser;

beforeAll(async () => {
  practice = await startRealPractice();
  nurse = await practice.signIn('nurse');
  manager = await enterAs(linkOf('practice manager'));
  const { launchOptions } = await findChromium();
  browser = await chromium.launch(launchOptions);
  phones = await openPhones(browser, practice.product.phonesUrl);
  const { care } = manager.session;
  await until(care.state, ({ established, ready }) => established && ready);
  const settings = care.settings.read();
  if (settings === null) throw new Error('texting is not set up');
  await care.saveSettings({ ...settings, timeZone: noonZone() });
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await manager?.close();
  await practice?.close();
});

function linkOf(job: string): string {
  const link = practice.product.links().find((candidate) => candidate.job === job);
  if (link === undefined) throw new Error(`no sign-in link for a ${job}`);
  return link.url;
}

async function openPatient(page: Page, name: string): Promise<void> {
  await page.goto(`${practice.product.url}/patients`);
  await page.getByRole('searchbox').first().fill(name);
  await page
    .getByRole('link', { name: new RegExp(name) })
    .first()
    .click();
  await page.getByRole('button', { name: /^(Start a|Open the) conversation$/ }).click();
  await page.getByRole('heading', { name, level: 1 }).waitFor(SLOW);
}

const composer = (page: Page) => page.getByRole('textbox', { name: /^Message to/ }).first();
const thread = (page: Page) => page.getByRole('log').first();

async function write(page: Page, words: string): Promise<void> {
  await composer(page).fill(words);
  await page.keyboard.press('Control+Enter');
  await thread(page).getByText(words).waitFor(SLOW);
}

/** The row of a message, with its marks. */
const row = (page: Page, words: string) => page.getByRole('article').filter({ hasText: words }).last();

async function changeReach(
  name: string,
  change: Parameters<EnteredDevice['session']['care']['changeReach']>[1],
): Promise<string> {
  const { care, patients } = manager.session;
  await until(care.state, ({ established, ready }) => established && ready);
  const ref = patients.rows.read().find((candidate) => candidate.name === name)?.ref;
  if (ref === undefined) throw new Error(`${name} is not in the registry`);
  await care.changeReach(ref, change);
  return ref;
}

describe('a patient who is invited by text', () => {
  const NAME = 'Stanford Windler';
  const NUMBER = '+16175550150';
  let patient: Page;
  let code = '';

  it('gets the link on the phone and the code another way, and comes in', async () => {
    const { page } = nurse;
    await phones.add(NUMBER, NAME);
    await openPatient(page, NAME);
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Invite to the conversation' });
    await dialog.getByRole('radio', { name: 'by text' }).check();
    await dialog.getByRole('textbox', { name: 'Mobile number' }).fill(NUMBER);
    await takePicture(page, 'care-invite.png');
    await dialog.getByRole('button', { name: 'Make the invitation' }).click();
    const made = page.getByRole('dialog', { name: `Tell ${NAME} the code` });
    await made.waitFor(SLOW);
    code = (await made.getByText(/^\d{3} \d{3}$/).innerText()).replaceAll(/\s/g, '');
    expect(code).toMatch(/^\d{6}$/);
    // Said when it is so, not before.
    await made.getByText(/The link has been sent/).waitFor(SLOW);
    await made.getByRole('button', { name: 'Done' }).click();
    const link = phones.log(NAME).getByRole('link').last();
    await link.waitFor(SLOW);
    const href = (await link.getAttribute('href')) ?? '';
    // The text says who writes and nothing of why; the code is not in it.
    const words = await phones.log(NAME).innerText();
    expect(words).not.toContain(code);
    expect(words).toContain('Harbor Family Practice');

    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true });
    patient = await context.newPage();
    await arrive(patient, { link: href, code });
    await choosePin(patient);
  }, 180_000);

  it('sends a photo, which staff open, and is answered by name', async () => {
    const { page } = nurse;
    await patient
      .locator('input[type=file][accept]')
      .setInputFiles({ name: 'ankle.jpg', mimeType: 'image/jpeg', buffer: await photoWithPlace(patient) });
    await patient.getByRole('list', { name: 'Files to send' }).getByText('ankle.jpg').waitFor();
    await patient.getByLabel('Your message').fill('My ankle is swollen since this morning.');
    await patient.getByRole('button', { name: 'Send' }).click();
    await thread(page).getByText('My ankle is swollen since this morning.').waitFor(SLOW);
    await row(page, 'My ankle is swollen')
      .getByRole('button', { name: 'Show photo ankle.jpg' })
      .locator('img')
      .waitFor(SLOW);
    // Beside the conversation it is listed by its name, to be opened there.
    await page
      .getByRole('complementary', { name: 'About the patient' })
      .getByRole('button', { name: /^Open\s*ankle\.jpg/ })
      .waitFor(SLOW);
    // Somebody owes the answer from the moment it arrived.
    await row(page, 'My ankle is swollen')
      .getByText(/^with /)
      .waitFor(SLOW);
    await takePicture(page, 'care-thread.png');
    await write(page, 'Thank you. Please keep it up and come by at three.');
    await patient.getByRole('log').getByText('Please keep it up and come by at three.').waitFor(SLOW);
    expect(await patient.getByRole('log').innerText()).toContain('Shonta Sanford');
    await row(page, 'My ankle is swollen')
      .getByText(/answered by Shonta Sanford/)
      .waitFor(SLOW);
    await takePicture(patient, 'care-patient.png');
  }, 120_000);

  it('reads nothing of what the team writes beside the conversation', async () => {
    const { page } = nurse;
    await page.getByRole('button', { name: 'Team notes' }).click();
    const notes = page.getByRole('complementary', { name: 'Team notes' });
    await notes.getByText('The patient never has the keys to this.').waitFor(SLOW);
    await notes
      .getByRole('textbox', { name: /^Message to/ })
      .fill('Sounds anxious, lives alone. SIDEBAR-CANARY');
    await page.keyboard.press('Control+Enter');
    await notes.getByRole('log').getByText('SIDEBAR-CANARY').waitFor(SLOW);
    await takePicture(page, 'care-notes.png');
    expect(await brokenRules(page)).toEqual([]);
    await patient.reload();
    const pin = patient.getByLabel('Your PIN');
    await pin.or(patient.getByLabel('Your message')).first().waitFor(SLOW);
    if (await pin.isVisible()) {
      await pin.fill(PIN);
      await patient.getByRole('button', { name: 'Open' }).click();
    }
    // All that this phone can show is there.
    await patient.getByRole('log').getByText('Please keep it up and come by at three.').waitFor(SLOW);
    expect(await patient.content()).not.toContain('SIDEBAR-CANARY');
    await page.getByRole('button', { name: 'About the patient' }).click();
    // One look of links, the browser's own blue is none of it.
    const link = page.getByRole('link', { name: 'Whole record' });
    expect(await link.evaluate((shown) => getComputedStyle(shown).color)).toBe('rgb(11, 88, 86)');
  }, 90_000);

  it('stops texts with STOP in everyday words, and starts them again with START', async () => {
    const { page } = nurse;
    // With the page open nothing would have to be announced.
    await patient.context().close();
    // START counts only where there was a consent to come back to.
    const ref = manager.session.patients.rows.read().find(({ name }) => name === NAME)?.ref ?? '';
    await manager.session.care.giveConsent({
      ref,
      purpose: 'texts',
      phone: NUMBER,
      how: 'in-person',
      warning: null,
      note: '',
    });
    await page.getByText('Texts that a message waits').waitFor(SLOW);
    await phones.text(NAME, 'please stop texting me');
    await page.getByText('Opted out of texts.').first().waitFor(SLOW);
    await write(page, 'Your appointment is at three.');
    await row(page, 'Your appointment is at three.')
      .getByText(/not texted.*opted out/)
      .waitFor(SLOW);
    await phones.text(NAME, 'START');
    await page
      .getByText('Opted out of texts.')
      .first()
      .waitFor({ state: 'detached', ...SLOW });
    expect(await phones.log(NAME).innerText()).not.toContain('at three.');
  }, 120_000);
});

describe('a stolen link', () => {
  it('opens nothing without the code: five tries, then staff are told', async () => {
    const [invited] = practice.product.invitedPatients();
    if (invited === undefined) throw new Error('nobody is invited in the demo');
    const thief = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
    await thief.goto(invited.url);
    const wrong = ['000000', '111111', '222222', '333333', '444444'].map((guess) =>
      guess === invited.code ? '555555' : guess,
    );
    for (const [index, guess] of wrong.entries()) {
      await thief.getByLabel('Your 6-digit code').fill(guess);
      await thief.getByRole('button', { name: 'Continue' }).click();
      if (index < 4)
        await thief
          .getByText(new RegExp(`${4 - index} (?:tries|try) left`))
          .first()
          .waitFor(SLOW);
    }
    // The sixth is not even asked for, and the right code is worth nothing any more.
    await thief
      .getByText(/too (?:often|many)|new link|call your practice/i)
      .first()
      .waitFor(SLOW);
    await openPatient(nurse.page, invited.name);
    await nurse.page.getByText(/five wrong codes/).waitFor({ timeout: 90_000 });
    expect(await nurse.page.getByText('joined', { exact: true }).count()).toBe(0);
  }, 180_000);
});

describe('a number that two patients share', () => {
  it('is asked who is writing, and the answer finds its way', async () => {
    const shared = '+16175550160';
    for (const name of ['Malcom Harris', 'Marlin Hagenes']) {
      const { page } = nurse;
      await openPatient(page, name);
      await page.getByRole('button', { name: 'Change', exact: true }).click();
      await page.getByRole('radio', { name: 'Secure link' }).check();
      await page.getByRole('textbox', { name: /^Numbers, one a line/ }).fill(shared);
      await page.getByRole('button', { name: 'Save' }).click();
      // Saved: it stands among the facts, and no longer in the form.
      await page.getByRole('definition').filter({ hasText: shared }).first().waitFor(SLOW);
    }
    // The assistant hears of it when others do, give or take.
    await delay(3000);
    await phones.add(shared, 'Shared phone');
    await phones.text('Shared phone', 'The new pills make me sleepy.');
    const asked = phones.log('Shared phone');
    await asked
      .getByText(/first name/i)
      .last()
      .waitFor(SLOW);
    // Nobody's name is given away.
    expect(await asked.innerText()).not.toMatch(/Malcom|Marlin|Harris|Hagenes/);
    await phones.text('Shared phone', 'Marlin');
    await thread(nurse.page).getByText('The new pills make me sleepy.').waitFor(SLOW);
    await row(nurse.page, 'The new pills make me sleepy.')
      .getByText(/^with /)
      .waitFor(SLOW);
  }, 180_000);
});

describe('an adolescent’s own conversation', () => {
  it('is entered by the adolescent, and made part of the record as what it is', async () => {
    const { page } = nurse;
    const teen = manager.session.patients.rows
      .read()
      .find(({ age, deceased }) => age !== null && age >= 13 && age < 18 && !deceased);
    if (teen === undefined) throw new Error('nobody of the demo is of that age');
    await page.goto(`${practice.product.url}/patients#${teen.ref}`);
    await page.getByRole('button', { name: 'Private conversation, without parents' }).click();
    await page.getByRole('heading', { name: teen.name, level: 1 }).waitFor(SLOW);
    await page.getByText(/nobody who speaks for the patient is in here/).waitFor(SLOW);
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Invite to the private conversation' });
    // Only the patient can be invited, and by no number that is on file.
    expect(await dialog.getByRole('combobox', { name: 'Who is it' }).count()).toBe(0);
    expect(await dialog.getByRole('radio', { name: 'I hand it over' }).isChecked()).toBe(true);
    await dialog.getByRole('button', { name: 'Make the invitation' }).click();
    const made = page.getByRole('dialog', { name: `Tell ${teen.name} the code` });
    const code = (await made.getByText(/^\d{3} \d{3}$/).innerText(SLOW)).replaceAll(/\s/g, '');
    const link = await made.getByText(/\/p#/).innerText();
    await made.getByRole('button', { name: 'Done' }).click();
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true });
    const phone = await context.newPage();
    await arrive(phone, { link, code });
    await choosePin(phone);
    await phone.getByLabel('Your message').fill('Please tell nobody at home.');
    await phone.getByRole('button', { name: 'Send' }).click();
    await thread(page).getByText('Please tell nobody at home.').waitFor(SLOW);
    await context.close();
    await page.getByRole('button', { name: 'Make part of the record…' }).click();
    const record = page.getByRole('dialog', { name: 'Make part of the record' });
    await record.getByRole('radio', { name: 'Chosen messages' }).check();
    await record.getByText('Please tell nobody at home.').waitFor(SLOW);
    await page.keyboard.press('Escape');
  }, 120_000);
});

describe('plain text', () => {
  it('goes only with a recorded consent, and says so on every message', async () => {
    const { page } = nurse;
    await phones.add('+16175550170', 'Crysta Rogahn');
    await openPatient(page, 'Crysta Rogahn');
    await changeReach('Crysta Rogahn', (reach) => ({
      ...reach,
      phones: [{ number: '+16175550170', use: 'mobile' }],
      channel: 'plain',
      timeZone: noonZone(),
    }));
    await page.getByText('Plain text without a recorded consent: nothing will be texted.').waitFor(SLOW);
    await write(page, 'Your cast comes off on Friday.');
    await row(page, 'Your cast comes off')
      .getByText(/not texted.*no recorded consent/)
      .waitFor(SLOW);
    expect(await phones.log('Crysta Rogahn').innerText()).not.toContain('cast');
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Record a consent' });
    await dialog
      .getByRole('combobox', { name: 'What for' })
      .selectOption({ label: 'Content in plain text messages' });
    await dialog.getByRole('checkbox', { name: /still prefers plain text/ }).check();
    await dialog.getByRole('button', { name: 'Record' }).click();
    await page.getByText(/as a plain text message, with what you write in it/).waitFor(SLOW);
    await write(page, 'Your next visit is on Monday.');
    await row(page, 'Your next visit is on Monday.')
      .getByText(/plain text delivered|sent as plain text/)
      .waitFor(SLOW);
  }, 150_000);

  it('waits in quiet hours', async () => {
    const { page } = nurse;
    const { care } = manager.session;
    const settings = care.settings.read();
    if (settings === null) throw new Error('texting is not set up');
    // It is noon where the patient lives, and the practice's window was over at a minute past eight.
    await care.saveSettings({ ...settings, quiet: { from: 480, until: 481 } });
    await write(page, 'Bring your old X-ray along.');
    await row(page, 'Bring your old X-ray along.')
      .getByText(/text waits.*quiet hours/)
      .waitFor(SLOW);
    expect(await phones.log('Crysta Rogahn').innerText()).not.toContain('X-ray');
    await care.saveSettings(settings);
  }, 180_000);
});

describe('the texting assistant, taken out', () => {
  it('reads nothing further, and staff see that nothing is texted', async () => {
    const { page } = nurse;
    const agent = manager.session.agents.rows.read().find(({ manifest }) => manifest?.program === 'sms');
    const conversation = new URL(page.url()).pathname.split('/').at(-1) as Parameters<
      typeof manager.session.agents.revoke
    >[1];
    if (agent === undefined) throw new Error('no texting assistant');
    await manager.session.agents.revoke(agent.agent.id, conversation);
    await thread(page)
      .getByText(/removed Texting assistant/)
      .waitFor(SLOW);
    await page
      .getByText(/^The texting assistant is not in this conversation.*Nothing reaches them/)
      .waitFor(SLOW);
    await write(page, 'ONLY-FOR-THE-PAGE after the assistant has gone.');
    // What the patient texts now goes to the queue: when it is there, the assistant has been past what was written before it.
    const { unknown } = manager.session.care;
    const before = unknown.read().open;
    await phones.text('Crysta Rogahn', 'Is anybody there?');
    await until(unknown, ({ open }) => open > before);
    await delay(5000);
    expect(await phones.log('Crysta Rogahn').innerText()).not.toContain('ONLY-FOR-THE-PAGE');
    expect(await row(page, 'ONLY-FOR-THE-PAGE').getByText(/text/).count()).toBe(0);
    expect(practice.complaints).toEqual([]);
  }, 120_000);
});
