import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gallery, startGallery } from './gallery.ts';
import { SCREENS } from './screens.ts';

const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const WIDE = { width: 1440, height: 900 };

let gallery: Gallery;
let page: Page;

beforeAll(async () => {
  gallery = await startGallery();
  page = await gallery.newPage({ viewport: WIDE });
});
afterAll(() => gallery?.close());

async function brokenRules(): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG_22_AA).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
}

const tooWide = (): number => document.documentElement.scrollWidth - document.documentElement.clientWidth;

/** Pixels by which the page is too wide, once the layout has settled. */
async function sideways(): Promise<number> {
  await expect
    .poll(() => page.evaluate(tooWide), { timeout: 10_000 })
    .toBeLessThanOrEqual(0)
    .catch(() => undefined);
  return page.evaluate(tooWide);
}

async function turn(theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.waitForFunction(
    (wanted) => document.documentElement.dataset['mantineColorScheme'] === wanted,
    theme,
  );
}

describe('every screen breaks no rule of WCAG 2.2 AA in both themes and needs no sideways scrolling at 320 px', () => {
  it.each(SCREENS.map((screen) => [screen.name, screen] as const))('%s', async (_, screen) => {
    await page.setViewportSize(WIDE);
    await gallery.show(page, screen.path);
    await screen.reach?.(page);
    await turn('light');
    expect(await brokenRules(), 'light').toEqual([]);
    await turn('dark');
    expect(await brokenRules(), 'dark').toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await sideways(), 'pixels too wide at 320').toBeLessThanOrEqual(0);
  });
});

describe('with text at 200 %', () => {
  it.each([
    '/',
    '/hand-over',
    '/inbox',
    '/settings',
    '/security',
    '/people?as=manager',
    '/inbox?state=outside',
  ])('%s fits the window', async (path) => {
    await page.setViewportSize({ width: 1280, height: 900 });
    await gallery.show(page, path);
    await page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
    });
    expect(await sideways()).toBeLessThanOrEqual(0);
  });
});

it('the browser never complained: no violation of the policy, no error, no warning', () => {
  expect(gallery.complaints).toEqual([]);
});
