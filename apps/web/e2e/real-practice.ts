import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import { createProduct, findChromium, type Product } from '@baton/testkit';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
const BUILT = join(REPOSITORY, 'apps', 'web', 'dist', 'index.html');
/** A tone in place of a microphone, which a machine that tests has none of. Pages still have to be allowed to hear it. */
const MADE_UP_MICROPHONE = '--use-fake-device-for-media-stream';
const READY_WITHIN_MS = 120_000;
const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** One person at one browser. */
export interface Seat {
  readonly context: BrowserContext;
  readonly page: Page;
}

/** The product as `npm start` runs it, with its demo practice, and a browser to look at it with. */
export interface RealPractice {
  readonly product: Product;
  /** A browser of its own, where nobody has signed in. */
  newSeat(): Promise<Seat>;
  /** One that has followed the sign-in link of a demo persona. */
  signIn(job: string): Promise<Seat>;
  /** Violations of the content security policy, errors and warnings of the console, exceptions, answers that refuse. */
  readonly complaints: string[];
  close(): Promise<void>;
}

export async function startRealPractice(): Promise<RealPractice> {
  if (!existsSync(BUILT)) throw new Error('The web app is not built. Run: node scripts/setup.cjs test');
  const product = await createProduct();
  const { launchOptions } = await findChromium();
  let browser: Browser | null = null;
  const complaints: string[] = [];
  const close = async (): Promise<void> => {
    await browser?.close();
    await product.dispose();
  };
  try {
    await product.up().ready(READY_WITHIN_MS);
    const args = [...(launchOptions.args ?? []), MADE_UP_MICROPHONE];
    browser = await chromium.launch({ ...launchOptions, args });
  } catch (error) {
    await close();
    throw error;
  }
  const opened = browser;
  const newSeat = async (): Promise<Seat> => {
    const context = await opened.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'en-US',
      timezoneId: 'America/New_York',
      reducedMotion: 'reduce',
      colorScheme: 'light',
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    listen(page, complaints);
    return { context, page };
  };
  return {
    product,
    newSeat,
    async signIn(job) {
      const link = product.links().find((candidate) => candidate.job === job);
      if (link === undefined) throw new Error(`no sign-in link for a ${job}`);
      const seat = await newSeat();
      await seat.page.goto(link.url);
      await seat.page.getByRole('heading', { name: 'My batons' }).waitFor();
      await seat.page.getByRole('navigation').getByRole('link', { name: 'Inbox' }).click();
      await seat.page.getByRole('heading', { name: 'Inbox' }).waitFor();
      return seat;
    },
    complaints,
    close,
  };
}

/** What a browser says about a page while its network is cut on purpose is no complaint. */
const CUT_OFF = /net::ERR_INTERNET_DISCONNECTED/;

function listen(page: Page, complaints: string[]): void {
  const complain = (text: string): void => {
    if (!CUT_OFF.test(text)) complaints.push(`${URL.parse(page.url())?.pathname ?? ''}: ${text}`);
  };
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complain(message.text());
  });
  page.on('pageerror', (error) => complain(error.stack ?? error.message));
  page.on('response', (response) => {
    if (response.status() >= 400) complain(`${response.status()} ${response.url()}`);
  });
}

/** Rules of WCAG 2.2 AA that the page breaks, in light and dark. */
export async function brokenRules(page: Page): Promise<string[]> {
  const broken: string[] = [];
  for (const theme of ['dark', 'light'] as const) {
    await turn(page, theme);
    const { violations } = await new AxeBuilder({ page }).withTags(WCAG_22_AA).analyze();
    for (const { id, nodes } of violations)
      for (const node of nodes)
        broken.push(`${theme}: ${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`);
  }
  return broken;
}

export async function turn(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme: theme });
  await page.waitForFunction(
    (wanted) => document.documentElement.dataset['mantineColorScheme'] === wanted,
    theme,
  );
}

/** Takes a picture for looking at, under `.cache/e2e/`. Answers its file. */
export async function takePicture(page: Page, name: string): Promise<string> {
  const file = join(REPOSITORY, '.cache', 'e2e', name);
  mkdirSync(dirname(file), { recursive: true });
  await page.mouse.move(0, 0);
  await page.screenshot({ path: file, animations: 'disabled' });
  return file;
}

/** The README's picture. It shows the hour, so it is replaced only by who removes it first: a test leaves no changed files behind. */
export function keepForReadme(file: string): void {
  const kept = join(REPOSITORY, 'docs', 'images', 'conversation.png');
  if (!existsSync(kept)) copyFileSync(file, kept);
}
