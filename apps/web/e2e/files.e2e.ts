import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, mkdtempSync, openSync, closeSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Frame, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { madePdf } from './made-pdf.ts';
import { photoWithPlace } from './photo-with-place.ts';
import {
  brokenRules,
  type RealPractice,
  type Seat,
  startRealPractice,
  takePicture,
} from './real-practice.ts';

// Files between two browsers: long ones over a line that breaks, photos that told where they were taken, PDFs that could run something, and
// a server that hands over less than it was given (threats T7, T30, T31).

const MIB = 1024 * 1024;
const ARRIVES = { timeout: 60_000 };
const PHYSICIANS_THREAD = /Elizbeth Ratke(?!,)/;

let practice: RealPractice;
let physicianSeat: Seat;
let physician: Page;
let nurse: Page;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'baton-files-'));
  practice = await startRealPractice();
  physicianSeat = await practice.signIn('physician');
  physician = physicianSeat.page;
  nurse = (await practice.signIn('nurse')).page;
  await openThread(physician, /Shonta Sanford/);
  await say(physician, 'Files follow');
  await nurse.getByRole('region', { name: 'Inbox' }).getByText('Files follow').first().waitFor(ARRIVES);
  await openThread(nurse, PHYSICIANS_THREAD);
});
afterAll(async () => {
  await practice?.close();
  rmSync(folder, { recursive: true, force: true });
});

const message = (page: Page, text: string): Locator =>
  page.locator('[data-message]').filter({ hasText: text });

async function openThread(page: Page, title: string | RegExp): Promise<void> {
  await page.getByRole('region', { name: 'Inbox' }).getByRole('link', { name: title }).first().click();
  await page.getByRole('textbox', { name: /^Message to/ }).waitFor();
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: /^Message to/ }).fill(text);
  await page.keyboard.press('Control+Enter');
  await message(page, text).waitFor();
}

async function attach(
  page: Page,
  file: Parameters<Locator['setInputFiles']>[0],
  name: string,
): Promise<void> {
  await page.getByLabel('Files to attach').setInputFiles(file);
  await page.getByRole('list', { name: 'Attached files' }).getByText(name).waitFor();
}

/** A file of random bytes on disk; answers its path and hash. */
function makeLongFile(sizeBytes: number): { readonly path: string; readonly hash: string } {
  const path = join(folder, 'whole-slide.bin');
  const file = openSync(path, 'w');
  const hash = createHash('sha256');
  for (let written = 0; written < sizeBytes; written += MIB) {
    const piece = randomBytes(Math.min(MIB, sizeBytes - written));
    hash.update(piece);
    writeSync(file, piece);
  }
  closeSync(file);
  return { path, hash: hash.digest('hex') };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

it('brings 100 MiB there over a line that breaks in the middle, and a browser that is started anew', async () => {
  const { path, hash } = makeLongFile(100 * MIB);
  const parts: number[] = [];
  physician.on('request', (request) => {
    const url = new URL(request.url());
    if (request.method() === 'PUT' && url.pathname.includes('/blobs/'))
      parts.push(Number(url.searchParams.get('offset')));
  });
  // Slow enough that the line breaks in the middle on any machine.
  await physician.route('**/blobs/**', async (route) => {
    await delay(400);
    // Given up by the page meanwhile.
    await route.continue().catch(() => {});
  });
  await attach(physician, path, 'whole-slide.bin');
  await say(physician, 'The whole slide');
  const bar = message(physician, 'The whole slide').getByRole('progressbar', { name: 'Files on their way' });
  const share = (): Promise<number> =>
    bar.evaluate((shown) => 100 * (shown as HTMLProgressElement).position, undefined, ARRIVES);
  await expect.poll(share, ARRIVES).toBeGreaterThan(20);
  await physicianSeat.context.setOffline(true);
  await message(physician, 'The whole slide')
    .getByText('goes on when the connection is back')
    .waitFor(ARRIVES);
  await takePicture(physician, 'file-upload.png');
  await physicianSeat.context.setOffline(false);
  const before = await share();
  await expect.poll(share, ARRIVES).toBeGreaterThan(before);
  await physician.reload();
  await message(nurse, 'The whole slide').waitFor({ timeout: 120_000 });
  expect(parts.filter((offset) => offset === 0).length).toBe(1);
  const card = message(nurse, 'The whole slide');
  const downloading = nurse.waitForEvent('download', { timeout: 120_000 });
  await card.getByRole('button', { name: 'Download whole-slide.bin' }).click();
  const download = await downloading;
  expect(await hashOf(await download.path())).toBe(hash);
  // Unknown: saved, never opened.
  expect(await card.getByRole('button', { name: 'Open whole-slide.bin' }).count()).toBe(0);
});

it('lets a photo arrive without the place where it was taken', async () => {
  const photo = await photoWithPlace(physician);
  expect(photo.toString('latin1')).toContain('GPS-CANARY');
  await attach(physician, { name: 'IMG_4711.JPG', mimeType: 'image/jpeg', buffer: photo }, 'IMG_4711.jpg');
  await say(physician, 'The wound today');
  const shown = message(nurse, 'The wound today').getByRole('button', { name: 'Show photo IMG_4711.jpg' });
  await shown.waitFor(ARRIVES);
  await shown.locator('img').waitFor();
  await shown.click();
  const downloading = nurse.waitForEvent('download');
  await nurse.getByRole('dialog').getByRole('button', { name: 'Download' }).click();
  const saved = await (await downloading).createReadStream();
  const pieces: Buffer[] = [];
  for await (const piece of saved) pieces.push(piece as Buffer);
  const bytes = Buffer.concat(pieces);
  expect(bytes.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  for (const told of ['Exif', 'GPS-CANARY']) expect(bytes.toString('latin1')).not.toContain(told);
  const zoomed = nurse.getByRole('dialog').locator('img');
  const width = async (): Promise<number> => (await zoomed.boundingBox())?.width ?? 0;
  const fitting = await width();
  await nurse.getByRole('dialog').getByRole('button', { name: 'Zoom in' }).click();
  await expect.poll(width).toBeGreaterThan(fitting);
  await nurse.keyboard.press('Escape');
});

describe('a PDF', () => {
  const pdf = madePdf('Hemoglobin 7.9 g/dL');

  it('is drawn in a frame that has no origin, no network and nothing of the app', async () => {
    await attach(physician, { name: 'labs.pdf', mimeType: 'application/pdf', buffer: pdf }, 'labs.pdf');
    await physician.getByText('Documents go as they are').waitFor();
    await say(physician, 'The labs as PDF');
    await message(nurse, 'The labs as PDF').getByRole('button', { name: 'Open labs.pdf' }).click(ARRIVES);
    const view = nurse.getByRole('dialog').locator('iframe');
    expect(await view.getAttribute('sandbox')).toBe('allow-scripts');
    await view.contentFrame().getByText('Hemoglobin 7.9 g/dL').waitFor();
    const frame = nurse.frames().find((each) => each.url().endsWith('/frames/pdf.html')) as Frame;
    const reach = await frame.evaluate(() => {
      const tried = (work: () => unknown): string => {
        try {
          return String(work());
        } catch (error) {
          return (error as Error).name;
        }
      };
      return {
        origin: self.origin,
        storage: tried(() => localStorage.length),
        database: tried(() => indexedDB.databases.name),
        cookie: tried(() => document.cookie),
        app: tried(() => window.parent.document.title),
        ran: tried(() => (window.parent as unknown as { pdfRan?: boolean }).pdfRan),
      };
    });
    expect(reach).toEqual({
      origin: 'null',
      storage: 'SecurityError',
      database: expect.any(String) as string,
      cookie: 'SecurityError',
      app: 'SecurityError',
      ran: 'SecurityError',
    });
    // Before the rules are looked at: their reader tries to load the frame's style, which the frame does not allow.
    expect(practice.complaints).toEqual([]);
    expect(await brokenRules(nurse)).toEqual([]);
    await takePicture(nurse, 'pdf-viewer.png');
    await nurse.keyboard.press('Escape');
  });

  it('that a server hands over cut short or altered is refused, by name', async () => {
    await nurse.reload();
    await openThread(nurse, PHYSICIANS_THREAD).catch(() => {});
    const card = message(nurse, 'The labs as PDF');
    const open = card.getByRole('button', { name: 'Open labs.pdf' });
    for (const [lie, sentence] of [
      [(body: Buffer) => body.subarray(0, body.length - 20), 'did not hand over all of labs.pdf'],
      [
        (body: Buffer) => Buffer.concat([body.subarray(0, -1), Buffer.from([(body.at(-1) ?? 0) ^ 1])]),
        'is not what was sent',
      ],
    ] as const) {
      await nurse.route('**/v1/blobs/*', async (route) => {
        const answer = await route.fetch();
        const body = lie(await answer.body());
        await route.fulfill({
          response: answer,
          body,
          headers: { ...answer.headers(), 'content-length': String(body.length) },
        });
      });
      await open.click(ARRIVES);
      await nurse.getByRole('dialog').getByRole('alert').getByText(sentence).waitFor(ARRIVES);
      expect(await nurse.getByRole('dialog').locator('iframe').count()).toBe(0);
      await nurse.keyboard.press('Escape');
      await nurse.unroute('**/v1/blobs/*');
    }
    await open.click();
    await nurse.getByRole('dialog').locator('iframe').contentFrame().getByText('Hemoglobin').waitFor();
    await nurse.keyboard.press('Escape');
  });
});

it('opens no page or drawing of somebody else in its own place (T31)', async () => {
  const html = Buffer.from('<script>parent.ran=1;window.ran=1</script><h1>Hello</h1>');
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" onload="window.ran=1"><text>x</text></svg>',
  );
  await physician.getByLabel('Files to attach').setInputFiles([
    { name: 'page.html', mimeType: 'text/html', buffer: html },
    { name: 'drawing.svg', mimeType: 'image/svg+xml', buffer: svg },
  ]);
  await say(physician, 'A page and a drawing');
  const row = message(nurse, 'A page and a drawing');
  await row.getByRole('button', { name: 'Download drawing.svg' }).waitFor(ARRIVES);
  expect(await row.getByRole('button', { name: /^Open / }).count()).toBe(0);
  expect(await row.locator('img, iframe, object, embed').count()).toBe(0);
});

it('records a voice note, which is heard before it is sent and played by the other', async () => {
  const context = physicianSeat.context;
  await context.grantPermissions(['microphone']);
  await physician.getByRole('button', { name: 'Record a voice note' }).click();
  const level = physician.getByRole('meter', { name: 'Loudness' });
  await expect.poll(() => level.evaluate((meter) => (meter as HTMLMeterElement).value)).toBeGreaterThan(0);
  await expect.poll(() => physician.getByRole('timer').textContent(), ARRIVES).not.toBe('0:00');
  await physician.getByRole('button', { name: 'Stop', exact: true }).click();
  const chips = physician.getByRole('list', { name: 'Attached files' });
  await chips.locator('audio').waitFor();
  // Thrown away and recorded anew: nothing of the first is sent.
  await chips.getByRole('button', { name: /^Remove Voice note/ }).click();
  await physician.getByRole('button', { name: 'Record a voice note' }).click();
  await physician.getByRole('button', { name: 'Throw the recording away' }).click();
  await physician.getByRole('button', { name: 'Record a voice note' }).click();
  await expect.poll(() => physician.getByRole('timer').textContent(), ARRIVES).not.toBe('0:00');
  await physician.getByRole('button', { name: 'Stop', exact: true }).click();
  await chips.locator('audio').waitFor();
  expect(await chips.getByRole('listitem').count()).toBe(1);
  await say(physician, 'Listen to this');
  await message(nurse, 'Listen to this')
    .getByRole('button', { name: /^Open Voice note/ })
    .click(ARRIVES);
  const player = nurse.getByRole('dialog').locator('audio');
  await expect
    .poll(() => player.evaluate((audio) => (audio as HTMLAudioElement).readyState))
    .toBeGreaterThan(1);
  await nurse.keyboard.press('Escape');
});
