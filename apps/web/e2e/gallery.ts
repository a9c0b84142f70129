import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '@baton/testkit';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { type GalleryServer, serveGallery } from './gallery-server.ts';

const CONFIG = fileURLToPath(new URL('../dev/vite.config.ts', import.meta.url));
const BUILDS = fileURLToPath(new URL('../../../.cache/', import.meta.url));

export interface Gallery {
  /** A page in a context of its own. What the browser complains about lands in `complaints`. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
  /** Loads a screen of the gallery. */
  show(page: Page, path: string): Promise<void>;
  /** Violations of the content security policy, errors and warnings of the console, exceptions. */
  readonly complaints: string[];
  close(): Promise<void>;
}

/** Builds a gallery (the staff's, unless told otherwise) as the product is built, serves it under the product's policy, and opens a browser. */
export async function startGallery(config = CONFIG): Promise<Gallery> {
  // A folder of its own: two files of tests run side by side.
  mkdirSync(BUILDS, { recursive: true });
  const folder = mkdtempSync(join(BUILDS, 'gallery-'));
  await build({ configFile: config, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
  const server: GalleryServer = await serveGallery(folder);
  const { launchOptions } = await findChromium();
  const browser: Browser = await chromium.launch(launchOptions);
  const complaints: string[] = [];
  return {
    complaints,
    async newPage(options = {}) {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        locale: 'en-US',
        timezoneId: 'America/New_York',
        reducedMotion: 'reduce',
        ...options,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      const complain = (text: string): void => {
        complaints.push(`${new URL(page.url()).pathname}: ${text}`);
      };
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complain(message.text());
      });
      page.on('pageerror', (error) => complain(error.message));
      return page;
    },
    async show(page, path) {
      const [address = '', fragment] = path.split('#');
      const query = `${address.includes('?') ? '&' : '?'}clock=fixed`;
      // Two addresses that differ after the # only would not load the page again.
      await page.goto('about:blank');
      await page.goto(`${server.origin}${address}${query}${fragment === undefined ? '' : `#${fragment}`}`);
      await page.locator('main').waitFor();
    },
    async close() {
      await browser.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
