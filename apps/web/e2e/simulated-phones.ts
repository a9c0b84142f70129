import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Locator, Page } from 'playwright-core';

/** A real product behind a cold start answers later than a page that is open. */
export const SLOW = { timeout: 40_000 } as const;

/** The page of the phones that stand in for a carrier. */
export interface SimulatedPhones {
  readonly page: Page;
  of(name: string): Locator;
  /** What came and went on one phone. */
  log(name: string): Locator;
  add(number: string, name: string): Promise<void>;
  /** Sends a text from this phone. */
  text(name: string, words: string): Promise<void>;
}

export async function openPhones(browser: Browser, url: string): Promise<SimulatedPhones> {
  const page = await (await browser.newContext()).newPage();
  // The assistant behind the page is its own process, which is up a little later than the rest.
  await untilServed(page, url);
  await page.getByRole('heading', { name: 'Simulated phones' }).waitFor(SLOW);
  const of = (name: string): Locator => page.getByRole('region', { name });
  const log = (name: string): Locator => of(name).getByRole('log');
  return {
    page,
    of,
    log,
    async add(number, name) {
      await page.getByLabel('Number').fill(number);
      await page.getByLabel('Whose phone').fill(name);
      await page.getByRole('button', { name: 'Add a phone' }).click();
      await of(name).waitFor();
    },
    async text(name, words) {
      await of(name).getByRole('textbox').fill(words);
      await of(name).getByRole('button', { name: 'Send' }).click();
      await log(name).getByText(words).last().waitFor();
    },
  };
}

async function untilServed(page: Page, url: string): Promise<void> {
  for (let left = 120; ; left -= 1) {
    const status = await page.goto(url).then(
      (answer) => answer?.status() ?? 0,
      () => 0,
    );
    if (status === 200) return;
    if (left === 0) throw new Error(`the phones are not served: ${status}`);
    await delay(500);
  }
}

/** Where it is noon at this moment: whether a text goes must not hang on the hour at which the tests run. */
export function noonZone(): string {
  const ahead = new Date().getUTCHours() - 12;
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '+' : '-'}${Math.abs(ahead)}`;
}
