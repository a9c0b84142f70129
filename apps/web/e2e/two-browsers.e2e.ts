import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  brokenRules,
  keepForReadme,
  type RealPractice,
  type Seat,
  startRealPractice,
  takePicture,
  turn,
} from './real-practice.ts';

// The whole path: the product is started as a newcomer does, two members of staff open their links in two browsers and talk. Nothing is
// played: every message is sealed in one browser and opened in the other.

let practice: RealPractice;
let physician: Page;
let nurse: Page;
let physicianSeat: Seat;

/** A message goes out after the time in which it can be taken back; a watermark follows within 5 s. */
const ARRIVES = { timeout: 20_000 };

beforeAll(async () => {
  practice = await startRealPractice();
  physicianSeat = await practice.signIn('physician');
  physician = physicianSeat.page;
  nurse = (await practice.signIn('nurse')).page;
});
afterAll(() => practice?.close());

const composer = (page: Page): Locator => page.getByRole('textbox', { name: /^Message to/ });
const message = (page: Page, text: string): Locator =>
  page.locator('[data-message]').filter({ hasText: text });
const pictureOf = (page: Page): Locator => message(page, 'The strip from bed 4').locator('img');
const stateOf = (page: Page, text: string): Locator => message(page, text).locator('[data-state]');

const STRIP = { width: 960, height: 320 };

/** A photo of a rhythm strip, as a camera would have it: paper with lines, and a trace. */
async function drawStrip(page: Page): Promise<Buffer> {
  const drawn = await page.evaluate(async ({ width, height }) => {
    const canvas = new OffscreenCanvas(width, height);
    const pen = canvas.getContext('2d');
    if (pen === null) throw new Error('no canvas');
    pen.fillStyle = '#fdf3ee';
    pen.fillRect(0, 0, width, height);
    for (let at = 0; at <= width; at += 16) {
      pen.strokeStyle = at % 80 === 0 ? '#e9a79a' : '#f5d5cc';
      pen.strokeRect(at, -1, 16, height + 2);
      pen.strokeRect(-1, at, width + 2, 16);
    }
    pen.strokeStyle = '#1d2b33';
    pen.lineWidth = 3;
    pen.beginPath();
    pen.moveTo(0, 190);
    const beat = [
      [40, 190],
      [52, 172],
      [64, 190],
      [78, 190],
      [84, 202],
      [94, 60],
      [104, 226],
      [112, 190],
      [138, 190],
      [156, 128],
      [174, 190],
      [192, 190],
    ];
    for (let start = 0; start < width; start += 192)
      for (const [x = 0, y = 0] of beat) pen.lineTo(start + x, y);
    pen.stroke();
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
    return Array.from(new Uint8Array(await blob.arrayBuffer()));
  }, STRIP);
  return Buffer.from(drawn);
}

/** The nurse's direct thread; the one with the role names the role behind a comma, and comes first while a new device still loads. */
const PHYSICIANS_THREAD = /Elizbeth Ratke(?!,)/;

async function openThread(page: Page, title: string | RegExp): Promise<void> {
  await page.getByRole('region', { name: 'Inbox' }).getByRole('link', { name: title }).first().click();
  await page.locator('[data-message]').first().waitFor();
}

async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await page.keyboard.press('Control+Enter');
  await message(page, text).waitFor();
}

describe('two people in two browsers', () => {
  it('come in by their links, whose secret leaves the address', async () => {
    for (const page of [physician, nurse]) {
      expect(new URL(page.url()).hash).toBe('');
      await page.getByText('Demo practice. Do not enter real patients.').waitFor();
    }
  });

  it('see a message delivered, then opened, and answer it', async () => {
    await openThread(physician, /Shonta Sanford/);
    await say(physician, 'Bed 4: potassium 5.9, please repeat it now');
    await expect.poll(() => stateOf(physician, 'potassium 5.9').textContent(), ARRIVES).toBe('Delivered');
    await openThread(nurse, PHYSICIANS_THREAD);
    await message(nurse, 'potassium 5.9').waitFor();
    await expect.poll(() => stateOf(physician, 'potassium 5.9').textContent(), ARRIVES).toBe('Opened');
    await say(nurse, 'Drawn, it is on its way to the lab');
    await message(physician, 'on its way to the lab').waitFor();
  });

  it('acknowledge with a silent reaction', async () => {
    await message(nurse, 'potassium 5.9').hover();
    await message(nurse, 'potassium 5.9').getByRole('button', { name: 'Got it', exact: true }).click();
    await message(physician, 'potassium 5.9')
      .getByRole('button', { name: /^Got it: Shonta Sanford/ })
      .waitFor();
    await expect.poll(() => stateOf(physician, 'potassium 5.9').textContent(), ARRIVES).toBe('Acknowledged');
  });

  it('edit what they said, and leave a trail', async () => {
    await say(physician, 'And an ECG for bed 5');
    await message(nurse, 'ECG for bed 5').waitFor(ARRIVES);
    await message(physician, 'ECG for bed 5').hover();
    await message(physician, 'ECG for bed 5')
      .getByRole('button', { name: /^Actions for/ })
      .click();
    await physician.getByRole('menuitem', { name: 'Edit' }).click();
    await physician.getByRole('textbox', { name: 'Edit your message' }).fill('And an ECG for bed 4');
    await physician.keyboard.press('Control+Enter');
    await message(nurse, 'ECG for bed 4').getByRole('button', { name: 'edited' }).click();
    const earlier = nurse.getByRole('list', { name: 'Earlier versions' });
    expect(await earlier.textContent()).toContain('And an ECG for bed 5');
    await nurse.keyboard.press('Escape');
  });

  it('send a photo, which the other opens', async () => {
    const buffer = await drawStrip(nurse);
    await nurse
      .locator('input[type=file]')
      .setInputFiles({ name: 'strip.jpg', mimeType: 'image/jpeg', buffer });
    await nurse.getByRole('list', { name: 'Attached files' }).getByText('strip.jpg').waitFor();
    await composer(nurse).fill('The strip from bed 4');
    await nurse.keyboard.press('Control+Enter');
    await pictureOf(physician).waitFor(ARRIVES);
    expect(await pictureOf(physician).evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBe(
      STRIP.width,
    );
    await message(physician, 'The strip from bed 4')
      .getByRole('button', { name: 'Show photo strip.jpg' })
      .click();
    await physician.getByRole('dialog').getByRole('img', { name: 'strip.jpg' }).waitFor();
    expect(await brokenRules(physician)).toEqual([]);
    await physician.keyboard.press('Escape');
  });

  it('write while offline, and it goes out later, once', async () => {
    await physicianSeat.context.setOffline(true);
    await say(physician, 'Thank you, I come by at nine');
    await expect
      .poll(() => stateOf(physician, 'I come by at nine').textContent(), ARRIVES)
      .toBe('Waiting to be sent');
    await physician
      .getByText(/^You are offline|offline since/i)
      .first()
      .waitFor(ARRIVES);
    expect(await message(nurse, 'I come by at nine').count()).toBe(0);
    await takePicture(physician, 'offline.png');
    await physicianSeat.context.setOffline(false);
    await message(nurse, 'I come by at nine').waitFor({ timeout: 60_000 });
    await expect
      .poll(() => stateOf(physician, 'I come by at nine').textContent(), { timeout: 60_000 })
      .toMatch(/Delivered|Opened/);
    await nurse.waitForTimeout(1500);
    expect(await message(nurse, 'I come by at nine').count()).toBe(1);
  });

  it('find everything again after loading the page anew', async () => {
    const before = await texts(physician);
    expect(before.length).toBeGreaterThan(5);
    for (const page of [physician, nurse]) {
      await page.reload();
      await message(page, 'I come by at nine').waitFor();
      await expect.poll(() => texts(page)).toEqual(before);
    }
  });

  it('and on a new device, with the whole history', async () => {
    const before = await texts(nurse);
    const { page, context } = await practice.signIn('nurse');
    await openThread(page, PHYSICIANS_THREAD);
    await message(page, 'I come by at nine').waitFor();
    await expect.poll(() => texts(page)).toEqual(before);
    await pictureOf(page).waitFor();
    await context.close();
  });
});

/** What each message says, oldest first. */
async function texts(page: Page): Promise<string[]> {
  return page
    .locator('[data-message]')
    .evaluateAll((rows) => rows.map((row) => row.querySelector('p[class*="_text_"]')?.textContent ?? ''));
}

describe('the practice', () => {
  it('takes a short thread as read once all of it is in view', async () => {
    const unread = nurse
      .getByRole('region', { name: 'Inbox' })
      .getByRole('link', { name: /Morning huddle.*unread/ });
    await unread.click();
    await message(nurse, 'Room 5 supplies').waitFor();
    await unread.waitFor({ state: 'detached' });
    expect(await nurse.getByRole('button', { name: 'Jump to latest' }).count()).toBe(0);
    await openThread(nurse, PHYSICIANS_THREAD);
  });

  it('finds a patient in the sealed registry', async () => {
    const { page, context } = await practice.signIn('medical assistant');
    await page.getByRole('link', { name: 'Patients' }).click();
    await page.getByRole('searchbox', { name: /^Name, birth date/ }).fill('schimel');
    await page.getByRole('link', { name: /Patria.*Schimmel/ }).click();
    await page.getByRole('heading', { name: 'Conditions' }).waitFor();
    expect(await brokenRules(page)).toEqual([]);
    await takePicture(page, 'patients.png');
    await context.close();
  });

  it('invites a compliance officer, who joins with a passkey and reads the record', async () => {
    const manager = await practice.signIn('practice manager');
    await manager.page.goto(`${practice.product.url}/people`);
    await manager.page.getByRole('button', { name: 'Invite somebody' }).click();
    await manager.page
      .getByRole('textbox', { name: /^Name, as colleagues know it/ })
      .fill('Olga Recordkeeper');
    await manager.page.getByRole('checkbox', { name: 'Compliance officer' }).check();
    expect(await brokenRules(manager.page)).toEqual([]);
    await manager.page.getByRole('button', { name: 'Make the invitation' }).click();
    const link = (await manager.page.getByRole('dialog').locator('code').textContent()) ?? '';
    await manager.page.getByRole('button', { name: 'I have handed it over' }).click();
    await takePicture(manager.page, 'people.png');

    const { page, context } = await practice.newSeat();
    await addAuthenticator(page);
    await page.goto(link);
    await page.getByRole('button', { name: 'Accept and continue' }).click();
    await page.getByRole('textbox', { name: /^Sign-in name/ }).fill('olga@harbor.example');
    await page.getByRole('radio', { name: /^Passkey/ }).check();
    await page.getByRole('button', { name: 'Continue' }).click();
    const words = (await page.locator('code').textContent()) ?? '';
    expect(words.split(' ')).toHaveLength(12);
    await takePicture(page, 'join.png');
    await page.getByRole('button', { name: 'I have written them down' }).click();
    await page.getByRole('textbox', { name: /^Type the twelve words/ }).fill(words);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('heading', { name: 'My batons' }).waitFor();

    await page.goto(`${practice.product.url}/audit`);
    await page.getByText('Verified: this page belongs to the append-only record.').waitFor();
    await page.getByRole('row').nth(5).waitFor();
    expect(await page.locator('main').textContent()).not.toContain('potassium');
    expect(await brokenRules(page)).toEqual([]);
    await takePicture(page, 'audit.png');
    await manager.context.close();
    await context.close();
  });
});

/** A device that has the finger of its owner on it, with the extension that unlocks keys. */
async function addAuthenticator(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      hasPrf: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

describe('what was on the screen', () => {
  it('breaks no rule of WCAG 2.2 AA', async () => {
    await openThread(physician, /Morning huddle/);
    expect(await brokenRules(physician)).toEqual([]);
    await takePicture(physician, 'group.png');
    await openThread(physician, /Shonta Sanford/);
    await pictureOf(physician).waitFor();
    expect(await brokenRules(physician)).toEqual([]);
    keepForReadme(await takePicture(physician, 'conversation.png'));
    await turn(physician, 'dark');
    await takePicture(physician, 'conversation-dark.png');
    await takePicture(nurse, 'nurse.png');
  });

  it('gave the browser nothing to complain about', async () => {
    const { headers } = await fetch(practice.product.url);
    expect(headers.get('content-security-policy')).toContain("require-trusted-types-for 'script'");
    expect(practice.complaints).toEqual([]);
  });
});
