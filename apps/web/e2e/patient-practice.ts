import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { AxeBuilder } from '@axe-core/playwright';
import type { NewInvitation } from '@baton/client';
import {
  createPractice,
  type Device,
  establishCare,
  findChromium,
  invitePatient,
  type Practice,
  patientRecord,
  startTestServer,
  until,
  type TestServer,
} from '@baton/testkit';
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';

const BUILT = fileURLToPath(new URL('../dist', import.meta.url));
const WCAG_22_AA = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export const PIN = '730164';

/** A patient's phone: a browser of its own, with a network that can be made slow. */
export interface Phone {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly cdp: CDPSession;
}

/** A practice with its staff at devices without a screen, and patients at real browsers. */
export interface PatientPractice {
  readonly server: TestServer;
  readonly admin: Device;
  readonly maria: Device;
  /** A phone of a patient's; `passkeys`: with a finger that unlocks keys. */
  newPhone(options?: { readonly passkeys?: boolean }): Promise<Phone>;
  invite(ref: string, name: string): Promise<NewInvitation>;
  /** Violations of the content security policy, errors and warnings of the console, exceptions. */
  readonly complaints: string[];
  close(): Promise<void>;
}

export const ROSA = 'Patient/rosa';
export const BEN = 'Patient/ben';
export const LENA = 'Patient/lena';
export const OMAR = 'Patient/omar';

export async function startPatientPractice(): Promise<PatientPractice> {
  if (!existsSync(`${BUILT}/patient.html`))
    throw new Error("The patient's page is not built. Run: node scripts/setup.cjs test");
  const server = await startTestServer({ webDir: BUILT });
  const practice: Practice = await createPractice(server, {
    people: [{ name: 'Maria Lopez', jobs: ['nurse'] }],
  });
  const [maria] = practice.people as [Device];
  await establishCare(practice.admin.session, {
    holders: [maria.account],
    patients: [
      patientRecord(ROSA),
      patientRecord(BEN, { given: ['Ben'], family: 'Adler' }),
      patientRecord(LENA, { given: ['Lena'], family: 'Ortiz', language: 'es' }),
      patientRecord(OMAR, { given: ['Omar'], family: 'Haddad' }),
    ],
    others: [maria.session],
  });
  const settings = practice.admin.session.care.suggestSettings();
  const hours = [1, 2, 3, 4, 5].map((day) => ({ day, from: 8 * 60, to: 17 * 60 }));
  await practice.admin.session.care.saveSettings({ ...settings, hours });
  await until(maria.session.care.settings, (saved) => saved?.hours.length === 5);
  const { launchOptions } = await findChromium();
  const browser: Browser = await chromium.launch(launchOptions);
  const complaints: string[] = [];
  return {
    server,
    admin: practice.admin,
    maria,
    complaints,
    invite: (ref, name) => invitePatient(maria.session, { ref, name }),
    async newPhone({ passkeys = false } = {}) {
      const context = await browser.newContext({
        viewport: { width: 390, height: 844 },
        hasTouch: true,
        locale: 'en-US',
        timezoneId: 'America/New_York',
        reducedMotion: 'reduce',
      });
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      listen(page, complaints);
      const cdp = await context.newCDPSession(page);
      if (passkeys) await addFinger(cdp);
      return { context, page, cdp };
    },
    async close() {
      await browser.close();
      await practice.close();
      await server.stop();
    },
  };
}

/** What a browser says while its network is cut on purpose, and of two who change one conversation at a time: the second tries again. */
const EXPECTED = /net::ERR_INTERNET_DISCONNECTED|status of 409/;

function listen(page: Page, complaints: string[]): void {
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (!EXPECTED.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.stack ?? error.message));
}

async function addFinger(cdp: CDPSession): Promise<void> {
  await cdp.send('WebAuthn.enable');
  await cdp.send('WebAuthn.addVirtualAuthenticator', {
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

/** Rules that the page breaks, in light and dark. */
export async function brokenRules(page: Page): Promise<string[]> {
  const broken: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).withTags(WCAG_22_AA).analyze();
    for (const { id, nodes } of violations)
      for (const node of nodes) broken.push(`${colorScheme}: ${id}: ${node.target.join(' ')}`);
  }
  return broken;
}

/** By the link and the code to the choice of how this phone opens. */
export async function arrive(
  page: Page,
  { link, code }: Pick<NewInvitation, 'link' | 'code'>,
): Promise<void> {
  await page.goto(link);
  await page.getByLabel('Your 6-digit code').fill(code);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'How do you want to open your messages?' }).waitFor();
}

/** Chooses the PIN; answers the twelve words, and is in the thread afterwards. */
export async function choosePin(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'A PIN' }).click();
  await page.getByLabel('New PIN').fill(PIN);
  await page.getByLabel('Type it once more').fill(PIN);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('heading', { name: 'Keep these 12 words' }).waitFor();
  const words = await page.getByRole('list', { name: 'Your 12 words' }).getByRole('listitem').allInnerTexts();
  await page.getByRole('button', { name: 'I have kept my words' }).click();
  await thread(page);
  return words.map((word) => word.replaceAll(/[\d\s]/g, '')).join(' ');
}

export async function thread(page: Page): Promise<void> {
  await page.getByLabel('Your message').waitFor();
}
