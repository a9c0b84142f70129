import type { CDPSession } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  arrive,
  choosePin,
  type PatientPractice,
  type Phone,
  PIN,
  ROSA,
  startPatientPractice,
} from './patient-practice.ts';

/** All script that the page fetches until one can read and write, the rules for emergencies with it: as it goes over the line. */
const MOST_SCRIPT_BYTES = 200_000;
/** What browsers call slow 3G: 400 ms there and back, 400 kbit/s. */
const SLOW_3G = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };
const OLD_PHONE_CPU = 4;
const TYPED = 'Is it normal that my arm is red?';

let practice: PatientPractice;
let phone: Phone;

beforeAll(async () => {
  practice = await startPatientPractice();
  phone = await practice.newPhone();
  await arrive(phone.page, await practice.invite(ROSA, 'Rosa Martinez'));
  await choosePin(phone.page);
  await phone.page.getByLabel('Your message').fill(TYPED);
  await phone.page.getByRole('button', { name: 'Send' }).click();
  await phone.page.getByText('Sent to your care team').waitFor();
}, 180_000);
afterAll(() => practice?.close());

interface Weight {
  readonly scripts: ReadonlyMap<string, number>;
  readonly encodings: ReadonlySet<string>;
}

/** Counts the bytes of every script that comes over the line. */
async function weigh(cdp: CDPSession): Promise<Weight> {
  const names = new Map<string, string>();
  const scripts = new Map<string, number>();
  const encodings = new Set<string>();
  cdp.on('Network.responseReceived', ({ requestId, type, response }) => {
    if (type !== 'Script' || response.fromDiskCache === true) return;
    names.set(requestId, new URL(response.url).pathname);
    encodings.add(response.headers['content-encoding'] ?? 'none');
  });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const name = names.get(requestId);
    if (name !== undefined) scripts.set(name, encodedDataLength);
  });
  await cdp.send('Network.enable');
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true });
  return { scripts, encodings };
}

async function openWithPin(): Promise<void> {
  await phone.page.getByLabel('Your PIN').fill(PIN);
  await phone.page.getByRole('button', { name: 'Open' }).click();
  await phone.page.getByRole('log').getByText(TYPED).waitFor({ timeout: 60_000 });
}

async function nextVisit(): Promise<void> {
  await phone.page.close();
  const page = await phone.context.newPage();
  page.setDefaultTimeout(60_000);
  phone = { context: phone.context, page, cdp: await phone.context.newCDPSession(page) };
}

it('fetches less than 200 KB of script to read and write, packed as the server hands it out', async () => {
  await nextVisit();
  const { scripts, encodings } = await weigh(phone.cdp);
  await phone.page.goto(`${practice.server.url}/p`);
  await openWithPin();
  await phone.page.waitForLoadState('networkidle');
  const bytes = [...scripts.values()].reduce((sum, size) => sum + size, 0);
  console.log(`script to the thread: ${bytes} bytes in ${scripts.size} files`);
  expect([...encodings]).toContain('br');
  expect(scripts.size).toBeGreaterThanOrEqual(2);
  expect(bytes, [...scripts].map(([name, size]) => `${size} ${name}`).join('\n')).toBeLessThan(
    MOST_SCRIPT_BYTES,
  );
});

it('is there on slow 3G and an old phone before one puts it away', async () => {
  await nextVisit();
  const { page, cdp } = phone;
  await weigh(cdp);
  await cdp.send('Network.emulateNetworkConditions', SLOW_3G);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: OLD_PHONE_CPU });
  const startMs = performance.now();
  await page.goto(`${practice.server.url}/p`);
  await page.getByLabel('Your PIN').waitFor();
  const asksMs = performance.now() - startMs;
  const openMs = performance.now();
  await openWithPin();
  const showsMs = performance.now() - openMs;
  console.log(
    `slow 3G, CPU / ${OLD_PHONE_CPU}: PIN after ${Math.round(asksMs)} ms, thread ${Math.round(showsMs)} ms later`,
  );
  expect(asksMs).toBeLessThan(20_000);
  expect(showsMs).toBeLessThan(30_000);
});
