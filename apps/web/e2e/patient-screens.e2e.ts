import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gallery, startGallery } from './gallery.ts';
import { enterCode, PATIENT_SCREENS } from './patient-screens.ts';

const CONFIG = fileURLToPath(new URL('../dev/patient/vite.config.ts', import.meta.url));
const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const PHONE = { width: 390, height: 844 };

let gallery: Gallery;
let page: Page;

beforeAll(async () => {
  gallery = await startGallery(CONFIG);
  page = await gallery.newPage({ viewport: PHONE, hasTouch: true });
});
afterAll(() => gallery?.close());

async function brokenRules(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG_22_AA).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
}

/** Pixels by which the page is too wide, once the layout has settled. */
async function sideways(): Promise<number> {
  const tooWide = (): number => document.documentElement.scrollWidth - document.documentElement.clientWidth;
  await expect
    .poll(() => page.evaluate(tooWide), { timeout: 10_000 })
    .toBeLessThanOrEqual(0)
    .catch(() => undefined);
  return page.evaluate(tooWide);
}

/** What a thumb cannot hit: 44 px for everything that is pressed, links in running text apart. */
async function smallTargets(): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('button, input:not([type=file]), select, textarea, a[href]')]
      .filter((element) => element.checkVisibility() && element.closest('[data-text]') === null)
      .filter((element) => !element.matches('a[href="#write"]'))
      .map((element) => ({ element, box: (element.closest('label') ?? element).getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.height < 44 || box.width < 44))
      .map(({ element, box }) => `${element.outerHTML.slice(0, 80)} ${box.width}x${box.height}`),
  );
}

async function show(path: string): Promise<void> {
  await page.setViewportSize(PHONE);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  if (page.url().startsWith('http')) await page.evaluate(() => localStorage.clear());
  await gallery.show(page, path);
}

describe('every screen breaks no rule of WCAG 2.2 AA in both themes, is hit by a thumb, and fits 320 px and 200 %', () => {
  it.each(PATIENT_SCREENS.map((screen) => [screen.name, screen] as const))('%s', async (_, screen) => {
    await show(screen.path);
    await screen.reach?.(page);
    expect(await brokenRules(), 'light').toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await brokenRules(), 'dark').toEqual([]);
    expect(await smallTargets()).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await sideways(), 'pixels too wide at 320').toBeLessThanOrEqual(0);
    // Phones of 390 by 844 and of 360 by 640 at 200 %.
    for (const size of [
      { width: 195, height: 422 },
      { width: 180, height: 320 },
    ]) {
      await page.setViewportSize(size);
      expect(await sideways(), 'pixels too wide at 200 %').toBeLessThanOrEqual(0);
      const emergency = page.getByRole('link', { name: /Call 911$/ }).last();
      expect(await emergency.isVisible(), 'the way to call stays').toBe(true);
      const box = await emergency.boundingBox();
      expect(box?.x ?? -1, 'and is all there').toBeGreaterThanOrEqual(0);
    }
  });
});

describe('the page says everything in Spanish, and nothing of it breaks out of the page', () => {
  it.each([
    '/#link',
    '/#used',
    '/?phone=pin',
    '/?phone=new',
    '/?thread=empty',
    '/?chats=none',
    '/?thread=programmes',
  ])('%s', async (path) => {
    await show(path);
    const english = await page.locator('main').innerText();
    await toSpanish();
    await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe('es');
    expect(await page.locator('main').innerText()).not.toBe(english);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await sideways()).toBeLessThanOrEqual(0);
    expect(await brokenRules()).toEqual([]);
  });

  async function toSpanish(): Promise<void> {
    const toggle = page.getByRole('button', { name: 'Español' });
    if ((await toggle.count()) > 0) return toggle.click();
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('radio', { name: 'Español' }).check();
    await page.getByRole('button', { name: 'Volver' }).click();
  }
});

it('with text alone at 200 % the thread still fits', async () => {
  await show('/');
  await page.setViewportSize({ width: 360, height: 640 });
  await page.evaluate(() => {
    document.documentElement.style.fontSize = '225%';
    dispatchEvent(new Event('resize'));
  });
  expect(await sideways()).toBeLessThanOrEqual(0);
  await page.getByLabel('Your message').fill('It still works');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('log').getByText('It still works').waitFor();
});

describe('a thumb, a keyboard, a screen reader', () => {
  it('pastes a code with spaces, and is told how many tries are left until none is', async () => {
    await show('/#link');
    expect(await page.evaluate(() => location.hash)).toBe('');
    const field = page.getByLabel('Your 6-digit code');
    expect(await field.getAttribute('autocomplete')).toBe('one-time-code');
    for (const left of [4, 3, 2]) {
      await enterCode(page, '111 111');
      await page.getByRole('alert').getByText(`You have ${left} tries left.`).waitFor();
    }
    await enterCode(page, '111111');
    await page.getByText('You have 1 try left.').waitFor();
    await enterCode(page, '111111');
    await page.getByRole('heading', { name: 'This link is locked' }).waitFor();
  });

  it('sends, and says so in the status', async () => {
    await show('/');
    await page.getByLabel('Your message').fill('Thank you so much');
    await page.getByRole('button', { name: 'Send' }).click();
    await page
      .locator('[role=status]', { hasText: 'Sent to your care team' })
      .first()
      .waitFor({ state: 'attached' });
    await page.getByRole('log').getByText('Read by your care team').last().waitFor();
    // What was here before was not read out; what comes from now on is.
    await expect.poll(() => page.getByRole('log').getAttribute('aria-live')).toBe('polite');
    expect(await page.getByLabel('Your message').inputValue()).toBe('');
  });

  it('shows the way to call first where a red flag is found, and sends all the same', async () => {
    await show('/');
    await page.getByLabel('Your message').fill('my chest hurts and i cant breathe');
    await page.getByRole('button', { name: 'Send' }).click();
    const notice = page.getByRole('alertdialog');
    await notice.waitFor();
    expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe('tel:911');
    await page.keyboard.press('Escape');
    await notice.waitFor({ state: 'detached' });
    const sent = page.getByRole('log').getByText('my chest hurts and i cant breathe');
    await sent.waitFor();
    await page.getByRole('log').getByText('Urgent', { exact: true }).last().waitFor();
  });

  it('closes what lies over the thread with the back button of the phone, and keeps what was typed', async () => {
    await show('/');
    await page.getByLabel('Your message').fill('half a thought');
    await page.getByRole('button', { name: 'Who can read this' }).click();
    await page.getByRole('dialog', { name: 'Who can read this' }).waitFor();
    await page.goBack();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.getByLabel('Your message').inputValue()).toBe('half a thought');
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('dialog', { name: 'Settings' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('changes, takes back and thanks', async () => {
    await show('/');
    await page.getByLabel('Your message').fill('I take 2 pils');
    await page.getByRole('button', { name: 'Send' }).click();
    const own = page.locator('[data-message]').last();
    const more = own.getByRole('button', { name: 'More for this message' });
    await more.click();
    await own.getByRole('button', { name: 'Change' }).click();
    await own.getByLabel('Change your message').fill('I take 2 pills');
    await own.getByRole('button', { name: 'Save' }).click();
    await own.getByText('I take 2 pills').waitFor();
    await own.getByText('Changed', { exact: true }).click();
    await own.getByText('I take 2 pils', { exact: false }).first().waitFor();
    await more.click();
    await own.getByRole('button', { name: 'Take back' }).click();
    await own.getByRole('button', { name: 'Yes, take it back' }).click();
    await own.getByText('You took this message back.').waitFor();
    expect(await own.innerText()).not.toContain('pill');
    const theirs = page.locator('[data-message]', { hasText: 'Hello Ana' });
    await theirs.getByRole('button', { name: 'More for this message' }).click();
    await theirs.getByRole('button', { name: 'I got it' }).click();
    await theirs.getByText('Got it: You').waitFor();
  });

  it('stays in place when older messages come above', async () => {
    await show('/?thread=long');
    const log = page.getByRole('log');
    await log.evaluate((element) => element.scrollTo(0, 0));
    const first = page.locator('[data-message]').first();
    const text = (await first.locator('[data-text]').innerText()).slice(0, 12);
    await page.getByRole('button', { name: 'Show older messages' }).click();
    await expect.poll(() => page.locator('[data-message]').count()).toBe(80);
    expect(await page.getByText(text, { exact: false }).first().isVisible()).toBe(true);
    const box = await page.locator('[data-message]', { hasText: text }).first().boundingBox();
    expect(box?.y).toBeGreaterThan(0);
    expect(box?.y).toBeLessThan(PHONE.height);
  });
});

describe('questions of programmes', () => {
  const question = (text: string) => page.locator('[data-message]', { hasText: text });

  it('are answered by a tap, by words and by a letter alone, and can be changed while they are open', async () => {
    await show('/?thread=programmes');
    const feels = question('Do you feel better');
    await feels.getByRole('button', { name: 'Worse' }).click();
    await feels.getByText('Answer: Worse').waitFor();
    await feels.getByRole('button', { name: 'Change the answer' }).click();
    await feels.getByRole('button', { name: 'The same' }).click();
    await feels.getByText('Answer: The same').waitFor();
    // Now the newest that waits is the number before it; a topic of one's own answers nothing.
    const temperature = question('What is your temperature');
    await page.getByLabel('Your message').fill('101.2');
    await page.getByText('Your answer to: What is your temperature').waitFor();
    await page.getByRole('button', { name: 'Something else' }).click();
    await page.locator('form').last().getByRole('button', { name: 'Send' }).click();
    expect(await temperature.getByText('Answer:').count()).toBe(0);
    await temperature.getByLabel('Number', { exact: true }).fill('151');
    await temperature.getByRole('button', { name: 'Add a second number' }).click();
    await temperature.getByLabel('Second number').fill('94');
    await temperature.getByRole('button', { name: 'Send' }).click();
    await temperature.getByText('Answer: 151/94').waitFor();
    await page.getByLabel('Your message').fill('c');
    await page.locator('form').last().getByRole('button', { name: 'Send' }).click();
    await question('Your visit with Dr. Okonkwo').getByText('Answer: I will come').waitFor();
    expect(await question('How do you feel today').getByText('too late').isVisible()).toBe(true);
  });

  it('stand with the visits, which go into the calendar of the phone', async () => {
    await show('/?thread=programmes');
    await page.getByRole('button', { name: 'Visits and check-ins' }).click();
    const sheet = page.getByRole('dialog', { name: 'Visits and check-ins' });
    const visit = sheet.getByRole('listitem').filter({ hasText: 'Tuesday, November 24' });
    await visit.getByText('2:30 – 3:00 PM').waitFor();
    const download = page.waitForEvent('download');
    await visit.getByRole('button', { name: 'Add to my calendar' }).click();
    const file = await (await download).path();
    expect((await download).suggestedFilename()).toBe('visit.ics');
    const text = await readFile(file, 'utf8');
    expect(text).toContain('DTSTART:20261124T193000Z');
    expect(text).toContain('SUMMARY:Check-up with Dr. Okonkwo');
    await sheet.getByRole('button', { name: /^Answer now: Do you feel better/ }).click();
    await sheet.waitFor({ state: 'detached' });
    await question('Do you feel better').getByRole('button', { name: 'Better' }).click();
    await page.getByRole('button', { name: 'Visits and check-ins' }).click();
    await sheet.getByText('Better', { exact: true }).waitFor();
  });
});

it('the browser never complained: no violation of the policy, no error, no warning', () => {
  expect(gallery.complaints).toEqual([]);
});
