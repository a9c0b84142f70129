import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Gallery, startGallery } from './gallery.ts';

let gallery: Gallery;
let page: Page;

beforeAll(async () => {
  gallery = await startGallery();
});
beforeEach(async () => {
  page = await gallery.newPage();
});
afterEach(() => page.context().close());
afterAll(() => gallery?.close());

const part = (name: string) => page.getByRole('region', { name });
const rows = (name: string) => part(name).getByRole('listitem');
const composer = () => page.getByRole('textbox', { name: /^Message to/ });
const count = async (name: string) =>
  (await page.getByRole('heading', { name }).count()) * (await rows(name).count());

async function owed(): Promise<number> {
  return Number(/^\((\d+)\)/.exec(await page.title())?.[1] ?? 0);
}

async function home(path = '/'): Promise<void> {
  await gallery.show(page, path);
  await rows('You owe').first().waitFor();
}

async function openAsking(): Promise<void> {
  await gallery.show(page, '/inbox');
  await page.getByRole('searchbox', { name: 'Search threads' }).fill('4 West and');
  await page.getByRole('link', { name: '4 West and cardiology' }).first().click();
  await composer().waitFor();
}

describe('my batons, with the keyboard alone', () => {
  it('stands first, with what escalates on top, and counts only what I owe', async () => {
    await home();
    await rows('Escalates now').first().getByText('STAT').waitFor();
    const shown = (await count('Escalates now')) + (await count('You owe'));
    // One of what escalates is somebody else's that reached me.
    expect(await owed()).toBe(shown - 1);
  });

  it('acknowledges what is open', async () => {
    await home();
    const before = await count('Escalates now');
    await page.keyboard.press('a');
    await expect.poll(() => count('Escalates now')).toBe(before - 1);
  });

  it('closes with a reason, and takes that back within five seconds', async () => {
    // The page's own clock, so that the five seconds do not run out on a slow machine.
    await page.clock.install();
    await home();
    const before = await owed();
    await page.keyboard.press('e');
    await page.getByRole('menuitem', { name: 'Asked twice' }).waitFor();
    await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 1000);
    await page.getByRole('menuitem', { name: 'Asked twice' }).click();
    await page.clock.runFor(1000);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.clock.runFor(10_000);
    await page.clock.resume();
    expect(await owed()).toBe(before);
    await page.keyboard.press('e');
    await page.getByRole('menuitem', { name: 'Asked twice' }).click();
    await expect.poll(owed, { timeout: 20_000 }).toBe(before - 1);
    await rows('Ended today').first().getByText('Sam Oduya').waitFor();
  });

  it('acknowledges and closes what an outside system asks, and offers no answer to it', async () => {
    await home();
    await page
      .getByRole('link', { name: /TRIAGE-20418/ })
      .first()
      .click();
    const detail = page.getByRole('article');
    await detail.getByText('An outside system').first().waitFor();
    await detail.getByText('TRIAGE-20418').waitFor();
    expect(await detail.getByRole('button', { name: 'Answer' }).count()).toBe(0);
    const before = new URL(page.url()).pathname;
    await page.keyboard.press('r');
    expect(new URL(page.url()).pathname).toBe(before);
    await page.keyboard.press('a');
    await detail.getByRole('button', { name: 'Acknowledge' }).waitFor({ state: 'detached' });
    expect(await detail.getByRole('button', { name: 'Answer' }).count()).toBe(0);
    await page.keyboard.press('e');
    await page.getByRole('menuitem', { name: 'Done' }).click();
    await page.getByText(/Closed: Done/).waitFor();
  });

  it('hands over to a colleague, who has to accept', async () => {
    await home('/?batons=calm');
    const before = await owed();
    await page.keyboard.press('h');
    await page.keyboard.type('ruth');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: /^What they should know/ }).fill('Scanner is in 12');
    await page.getByRole('button', { name: 'Hand over', exact: true }).click();
    await page.getByText(/offered it to Ruth Goldberg/).waitFor({ timeout: 12_000 });
    expect(await owed()).toBe(before);
  });

  it('goes to the text field of the conversation to answer', async () => {
    await home('/?batons=calm');
    await page.keyboard.press('r');
    await composer().waitFor();
    const inField = () => page.evaluate(() => document.activeElement?.hasAttribute('data-composer'));
    await expect.poll(inField).toBe(true);
  });

  it('has addresses that the server answers with the page', async () => {
    await home();
    await page.keyboard.press('j');
    await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/batons\/[^.]+$/);
  });
});

describe('asking', () => {
  it('takes one key to a stat, names who can read it, and sends it at once', async () => {
    await openAsking();
    await composer().focus();
    await page.keyboard.press('Alt+4');
    await page.getByText('Can be read through the ladder by:').waitFor();
    await page.getByText(/This is not a primary alarm\. For an emergency/).waitFor();
    await page.keyboard.type('BP 84/50 in 9B');
    await page.getByRole('button', { name: 'Send STAT' }).click();
    const mine = page.locator('[data-message]').last();
    await mine.locator('[data-baton]').getByText('STAT', { exact: true }).waitFor();
    expect(await page.getByRole('radio', { name: 'FYI' }).isChecked()).toBe(true);
  });

  it('answers the newest request unless that is unticked', async () => {
    await openAsking();
    const before = await owed();
    await page.getByRole('checkbox', { name: /^This answers Dr\. Jin Park's request/ }).waitFor();
    await composer().fill('On my way');
    await page.keyboard.press('Control+Enter');
    await expect.poll(owed, { timeout: 20_000 }).toBe(before - 1);
    await page.getByRole('checkbox', { name: /^This answers/ }).uncheck();
    await composer().fill('One more thing');
    await page.keyboard.press('Control+Enter');
    const last = page.locator('[data-message]').last();
    await last.getByText('One more thing').waitFor();
    await last.getByText('Sent').first().waitFor({ timeout: 15_000 });
    expect(await owed()).toBe(before - 1);
  });

  it('makes one baton for each role of a care plan', async () => {
    await openAsking();
    await page.keyboard.press('Alt+t');
    await page.getByRole('menuitem', { name: 'Change of the care plan' }).click();
    await page.keyboard.type('NPO from midnight');
    await page.keyboard.press('Tab');
    await page.keyboard.type('CT with contrast');
    await page.keyboard.press('Control+Enter');
    const mine = page.locator('[data-message]').last();
    await mine.getByText('0 of 5 have acknowledged').waitFor({ timeout: 15_000 });
    expect(await mine.textContent()).toContain('NPO from midnight');
  });

  it('lets only FYI be sent where no supervisor is named, and says why', async () => {
    await gallery.show(page, '/inbox?duty=none');
    await page
      .getByRole('link', { name: /Sam Oduya/ })
      .first()
      .click();
    await page.getByText(/^Only FYI for now/).waitFor();
    expect(await page.getByRole('radio', { name: 'STAT' }).isDisabled()).toBe(true);
  });
});

it('accepts what a colleague hands over', async () => {
  await gallery.show(page, '/hand-over');
  await page.getByRole('button', { name: 'Accept' }).waitFor();
  const before = await owed();
  await page.getByRole('button', { name: 'Accept' }).click();
  await expect.poll(owed).toBe(before + 1);
});

it('the browser never complained: no violation of the policy, no error, no warning', () => {
  expect(gallery.complaints).toEqual([]);
});
