import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openPhonesStage, type PhonesStage } from './phones-stage.ts';

const ROSA = '+12025550143';
const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const LINK = 'https://baton.example/p#i_abc.secret.hash';
let stage: PhonesStage;

beforeAll(async () => {
  stage = await openPhonesStage();
});
afterEach(async () => {
  for (const context of stage.browser.contexts()) await context.close();
});
afterAll(() => stage?.close());

const phone = (page: Page, name: string) => page.getByRole('region', { name });
const texts = (page: Page, name: string) => phone(page, name).getByRole('log').getByRole('listitem');

it('shows what the practice sends, and brings what a patient answers', async () => {
  const page = await stage.open();
  await page.getByText('No phone yet.').waitFor();
  await page.getByLabel('Number').fill('+1 202 555 0143');
  await page.getByLabel('Whose phone').fill('Rosa Alvarez');
  await page.getByRole('button', { name: 'Add a phone' }).click();
  await phone(page, 'Rosa Alvarez').waitFor();
  await stage.line.carrier.send({ to: ROSA, text: `You have a message: ${LINK}.`, reference: 'm' });
  const arrived = texts(page, 'Rosa Alvarez').filter({ hasText: 'You have a message' });
  await arrived.filter({ hasNotText: 'on its way' }).waitFor();
  const link = arrived.getByRole('link');
  expect(await link.getAttribute('href')).toBe(LINK);
  expect(await link.getAttribute('rel')).toBe('noopener noreferrer');

  const box = phone(page, 'Rosa Alvarez').getByRole('textbox');
  await box.fill('STOP');
  await box.press('Enter');
  await texts(page, 'Rosa Alvarez').filter({ hasText: 'STOP' }).waitFor();
  await expect
    .poll(() => stage.events.filter(({ t }) => t === 'text'))
    .toMatchObject([{ from: ROSA, text: 'STOP' }]);
  expect(await box.inputValue()).toBe('');
  expect(stage.complaints).toEqual([]);
});

it('sends a picture, made small enough for a carrier', async () => {
  const page = await stage.open();
  // Noise does not get small by itself.
  const png = await page.evaluate(`(async () => {
    const canvas = document.createElement('canvas');
    canvas.width = 1800; canvas.height = 1400;
    const pen = canvas.getContext('2d');
    const noise = pen.createImageData(1800, 1400);
    for (let i = 0; i < noise.data.length; i += 1) noise.data[i] = (i * 2654435761) >>> 24;
    pen.putImageData(noise, 0, 0);
    return canvas.toDataURL('image/png').split(',')[1];
  })()`);
  const region = phone(page, 'Rosa Alvarez');
  await region.locator('input[type=file]').setInputFiles({
    name: 'rash.png',
    mimeType: 'image/png',
    buffer: Buffer.from(String(png), 'base64'),
  });
  await region.getByText('rash.png').waitFor();
  await region.getByRole('button', { name: 'Send' }).click();
  await region.getByRole('img', { name: 'Picture' }).waitFor();
  await expect
    .poll(() => stage.events.flatMap((event) => (event.t === 'text' ? event.media : [])))
    .toMatchObject([{ mime: 'image/jpeg' }]);
  const [media] = stage.events.flatMap((event) => (event.t === 'text' ? event.media : []));
  const fetched = media && (await stage.line.carrier.fetchMedia(media));
  expect(fetched?.ok && fetched.bytes.length).toBeLessThan(200_000);
  expect(stage.complaints).toEqual([]);
});

it('lets phones be off, repeats what was not taken, and knows all of it after a restart', async () => {
  const page = await stage.open();
  const region = phone(page, 'Rosa Alvarez');
  await region.getByRole('combobox', { name: 'This phone' }).selectOption('off');
  await stage.line.carrier.send({ to: ROSA, text: 'Second message', reference: 'm' });
  await texts(page, 'Rosa Alvarez')
    .filter({ hasText: 'Second message' })
    .filter({ hasText: 'not on this phone yet' })
    .waitFor();

  stage.takes = false;
  await region.getByRole('textbox').fill('Can you hear me?');
  await region.getByRole('button', { name: 'Send' }).click();
  await texts(page, 'Rosa Alvarez').filter({ hasText: 'on its way to the practice' }).waitFor();
  await stage.restart();
  stage.takes = true;
  await stage.line.mail?.send({ to: 'rosa@example.org', subject: 'Your invitation', text: `Open ${LINK}` });
  await page.reload();
  await texts(page, 'Rosa Alvarez')
    .filter({ hasText: 'Can you hear me?' })
    .filter({ hasNotText: 'on its way' })
    .waitFor();
  expect(await region.getByRole('combobox').inputValue()).toBe('off');
  await region.getByRole('combobox').selectOption('normal');
  await texts(page, 'Rosa Alvarez')
    .filter({ hasText: 'Second message' })
    .filter({ hasNotText: 'on its way' })
    .waitFor();
  await page.getByText('Your invitation').click();
  expect(await page.getByRole('link', { name: LINK }).last().getAttribute('href')).toBe(LINK);
  expect(
    stage.events.filter((event) => event.t === 'text' && event.text === 'Can you hear me?'),
  ).toHaveLength(1);
});

it('shows what anybody texts as text', async () => {
  const page = await stage.open();
  const evil = '<img src=x onerror=alert(1)> javascript:alert(1) <a href="https://evil.example">x</a>';
  await stage.line.carrier.send({ to: ROSA, text: evil, reference: 'm' });
  await texts(page, 'Rosa Alvarez').filter({ hasText: evil }).first().waitFor();
  expect(await phone(page, 'Rosa Alvarez').locator('img[src="x"]').count()).toBe(0);
  expect(stage.complaints).toEqual([]);
});

it.each(['light', 'dark'] as const)('is usable by everybody, narrow and wide, in %s', async (colorScheme) => {
  for (const number of ['+12025550144', '+5215512345678']) {
    await stage.line.carrier.send({
      to: number,
      text: 'Recordatorio: su cita es mañana a las 9:00.',
      reference: 'm',
    });
  }
  for (const width of [1440, 390]) {
    const page = await stage.open({ colorScheme, width });
    await phone(page, 'Rosa Alvarez').waitFor();
    const { violations } = await new AxeBuilder({ page }).withTags(WCAG_22_AA).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    const isWider = await page.evaluate(
      'document.documentElement.scrollWidth > document.documentElement.clientWidth',
    );
    expect(isWider).toBe(false);
  }
});

it('T23 answers no other site, not even one that points its own name here', async () => {
  const answers = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>elsewhere</h1>');
  }).listen(0, '127.0.0.1');
  await once(answers, 'listening');
  const { port } = answers.address() as AddressInfo;
  const context = await stage.browser.newContext();
  const page = await context.newPage();
  await page.goto(`http://localhost:${port}/`);
  const tried = await page.evaluate(`(async () => {
    const target = '${stage.url}';
    const how = [
      [target + '/state', {}],
      [target + '/state', { mode: 'no-cors' }],
      [target + '/texts', { method: 'POST', mode: 'no-cors', body: '{}' }],
      [target + '/clear', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }],
    ];
    const outcomes = [];
    for (const [url, options] of how)
      outcomes.push(await fetch(url, options).then((response) => response.type + ' ' + response.status, (error) => error.name));
    return outcomes;
  })()`);
  for (const outcome of tried as string[]) expect(outcome).not.toMatch(/^(?:basic|cors) 200$/);
  // The browser believes that it stays with the site it is on.
  const rebound = await page.goto(`http://rebound.example:${stage.listener.port}/sms/phones`);
  expect(rebound?.status()).toBe(403);
  answers.close();
  const again = await stage.open();
  await phone(again, 'Rosa Alvarez').waitFor();
});

it('is cleared when somebody says so twice', async () => {
  const page = await stage.open();
  await page.getByRole('button', { name: 'Clear everything' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Keep' }).click();
  await phone(page, 'Rosa Alvarez').waitFor();
  await page.getByRole('button', { name: 'Clear everything' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Clear' }).click();
  await page.getByText('No phone yet.').waitFor();
  expect(await page.getByRole('region').count()).toBe(1);
});
