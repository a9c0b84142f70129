import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import '../dev/sent-files.ts';
import { type Gallery, startGallery } from './gallery.ts';
import { photoWithPlace } from './photo-with-place.ts';

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

const composer = () => page.getByRole('textbox', { name: /^Message to/ });
const log = () => page.getByRole('log');
const lastMessage = () => page.locator('[data-message]').last();

/** A live region says this, sooner or later: bursts are batched. */
async function says(role: 'status' | 'alert', text: unknown): Promise<void> {
  await expect.poll(() => page.getByRole(role).allTextContents(), { timeout: 20_000 }).toContainEqual(text);
}

async function openThread(title: string, path = '/inbox'): Promise<void> {
  await gallery.show(page, path);
  await page.getByRole('searchbox', { name: 'Search threads' }).fill(title);
  await page.getByRole('link', { name: title }).first().click();
  await page.locator('[data-message]').first().waitFor();
}

describe('with the keyboard alone', () => {
  it('goes to a thread, answers it and says so', async () => {
    await gallery.show(page, '/inbox');
    await page.keyboard.press('j');
    await log().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('r');
    await page.keyboard.type('Written by keyboard');
    await page.keyboard.press('Control+Enter');
    await lastMessage().getByText('Written by keyboard').waitFor();
    await says('status', expect.stringContaining('Sent'));
    expect(await composer().inputValue()).toBe('');
  });

  it('chooses a message with the arrows and answers that one', async () => {
    await openThread('4 West, day shift');
    await log().focus();
    await page.keyboard.press('ArrowUp');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.hasAttribute('data-message')))
      .toBe(true);
    const chosen = await page.evaluate(() => document.activeElement?.querySelector('p + p, p')?.textContent);
    await page.keyboard.press('r');
    await page.keyboard.type('Yes');
    await page.keyboard.press('Control+Enter');
    await lastMessage().getByText('Yes', { exact: true }).waitFor();
    const quote = await lastMessage().locator('button').first().textContent();
    expect(chosen).not.toBe('');
    expect(quote).toContain('In reply to');
  });

  it('leaves single keys alone once they are switched off', async () => {
    await gallery.show(page, '/settings');
    await page.getByRole('switch', { name: /single key/ }).click({ force: true });
    await page.getByRole('heading', { name: 'Settings' }).click();
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await page.waitForTimeout(200);
    expect(new URL(page.url()).pathname).toBe('/settings');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Search people/ }).waitFor();
  });
});

describe('reading', () => {
  it('opens at the unread line, announces once how many there are, and jumps to the latest', async () => {
    await openThread('Huddle 08:15');
    await page.getByText(/^\d+ new$/).waitFor();
    await says('status', expect.stringMatching(/\d+ unread messages/));
    await page.getByRole('button', { name: 'Jump to latest' }).click();
    await page.getByRole('button', { name: 'Jump to latest' }).waitFor({ state: 'detached' });
  });

  it('keeps its place when older messages come in above', async () => {
    await openThread('4 West, day shift');
    const drift = await page.evaluate(async () => {
      const scroller = document.querySelector('[role=log]');
      if (scroller === null) throw new Error('no transcript');
      const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
      await pause(800);
      const height = scroller.scrollHeight;
      scroller.scrollTop = 700;
      // As soon as a row of this place is drawn: older ones take the gallery 150 ms.
      const box = scroller.getBoundingClientRect();
      const inView = (): HTMLElement | undefined =>
        [...document.querySelectorAll<HTMLElement>('[data-message]')].find((element) => {
          const { top } = element.getBoundingClientRect();
          return top > box.top && top < box.bottom;
        });
      let row = inView();
      for (let tries = 0; row === undefined && tries < 50; tries += 1) {
        await pause(10);
        row = inView();
      }
      const before = row?.getBoundingClientRect().top ?? 0;
      await pause(1200);
      const after = document
        .querySelector(`[data-message="${row?.dataset['message'] ?? ''}"]`)
        ?.getBoundingClientRect().top;
      return { grew: scroller.scrollHeight > height + 500, drift: Math.abs((after ?? 1e6) - before) };
    });
    expect(drift.grew).toBe(true);
    expect(drift.drift).toBeLessThan(4);
  });
});

describe('a message of mine', () => {
  it('can be taken back, and its text is in the field again', async () => {
    await openThread('Sam Oduya');
    await composer().fill('Too early');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('button', { name: 'Undo send' }).click();
    await expect.poll(() => composer().inputValue()).toBe('Too early');
  });

  it('can be edited and withdrawn, and leaves a trail', async () => {
    await openThread('Sam Oduya');
    await composer().fill('Bed 9');
    await page.keyboard.press('Control+Enter');
    await lastMessage().getByText('Sent').waitFor();
    await lastMessage().hover();
    await lastMessage()
      .getByRole('button', { name: /^Actions for/ })
      .click();
    await page.getByRole('menuitem', { name: 'Edit' }).click();
    await page.getByRole('textbox', { name: 'Edit your message' }).fill('Bed 9B');
    await page.keyboard.press('Control+Enter');
    await lastMessage().getByRole('button', { name: 'edited' }).click();
    await page.getByRole('list', { name: 'Earlier versions' }).getByText('Bed 9', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await lastMessage().hover();
    await lastMessage()
      .getByRole('button', { name: /^Actions for/ })
      .click();
    await page.getByRole('menuitem', { name: 'Withdraw…' }).click();
    await page.getByRole('textbox', { name: /^Reason/ }).fill('Wrong patient');
    await page.getByRole('button', { name: 'Withdraw', exact: true }).click();
    await expect.poll(() => lastMessage().textContent()).toContain('Reason: Wrong patient.');
  });

  it('that fails says why and can be sent again', async () => {
    await openThread('Sam Oduya');
    await composer().fill('this will fail');
    await page.keyboard.press('Control+Enter');
    await lastMessage().getByText('The server is busy.').waitFor();
    await says('alert', expect.stringContaining('Not sent'));
    await lastMessage().getByRole('button', { name: 'Send again' }).click();
    await lastMessage().getByText('Sent').waitFor();
  });

  it('waits while offline and says so', async () => {
    await openThread('Sam Oduya', '/inbox?state=offline');
    await composer().fill('Later');
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => lastMessage().textContent()).toContain('Waiting to be sent');
    await says('status', expect.stringContaining('offline since'));
  });

  it('keeps its draft when the thread is left', async () => {
    await openThread('Sam Oduya');
    await composer().fill('Half a thought');
    await page.getByRole('searchbox', { name: 'Search threads' }).fill('');
    await page.getByRole('link', { name: /^4 West, day shift/ }).click();
    await page.getByRole('link', { name: /Sam Oduya/ }).click();
    await expect.poll(() => composer().inputValue()).toBe('Half a thought');
  });
});

it('takes place and camera out of a photo before it is sealed', async () => {
  const photo = await photoWithPlace(page);
  expect(photo.toString('latin1')).toContain('Exif');
  await openThread('Sam Oduya');
  await page
    .locator('input[type=file]')
    .setInputFiles({ name: 'IMG_4711.JPG', mimeType: 'image/jpeg', buffer: photo });
  await page.getByRole('list', { name: 'Attached files' }).getByText('IMG_4711.jpg').waitFor();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await lastMessage().getByRole('button', { name: 'Show photo IMG_4711.jpg' }).waitFor();
  const sent = await page.evaluate(() =>
    globalThis.sentFiles?.map(({ bytes }) => (bytes instanceof Uint8Array ? Array.from(bytes) : [])),
  );
  const bytes = Buffer.from(sent?.[0] ?? []);
  expect(bytes.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  expect(bytes.toString('latin1')).not.toContain('Exif');
  expect(bytes.toString('latin1')).not.toContain('GPS-CANARY');
});

it('speaks Spanish everywhere once it is chosen', async () => {
  await gallery.show(page, '/settings');
  await page.getByText('Español').click();
  await page.getByRole('heading', { name: 'Ajustes' }).waitFor();
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('es');
  await page.getByRole('link', { name: 'Bandeja' }).click();
  await page.getByRole('heading', { name: 'Bandeja' }).waitFor();
});

it('takes the secret of a demo link out of the address and opens my batons', async () => {
  await gallery.show(page, '/demo#a_secret.part');
  await page.getByRole('heading', { name: 'My batons' }).waitFor();
  expect(page.url()).not.toContain('secret');
  await page.goBack().catch(() => null);
  expect(page.url()).not.toContain('secret');
});

it('never tells the server which patient is open', async () => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await gallery.show(page, '/patients');
  await page.locator('main li a').nth(4).click();
  await page.getByRole('heading', { name: 'Conditions' }).waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Conditions' }).waitFor();
  expect(asked.some((address) => new URL(address).href.split('#')[0]?.includes('Patient') === true)).toBe(
    false,
  );
  expect(await page.title()).toMatch(/^\(\d+\) Patients · Baton$/);
});
