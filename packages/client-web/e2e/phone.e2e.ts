import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PatientDoor, PatientSession } from '@baton/client';
import type { createWebPatientDoor } from '@baton/client-web';
import type { ConversationId } from '@baton/kernel';
import {
  createPractice,
  establishCare,
  type FaultProxy,
  findCanaries,
  findChromium,
  fragmentOf,
  invitePatient,
  type Practice,
  patientRecord,
  startFaultProxy,
  startTestServer,
  type TestServer,
  until,
} from '@baton/testkit';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlePage, pageAnswers } from './page-bundle.ts';

declare global {
  var phoneDoor: PatientDoor;
  var patient: PatientSession;
}

const PIN = '730519';
const REF = 'Patient/1';
let server: TestServer;
let practice: Practice;
let proxy: FaultProxy;
let context: BrowserContext;
let userData: string;

beforeAll(async () => {
  const scripts = await bundlePage();
  server = await startTestServer();
  practice = await createPractice(server, { people: [{ name: 'Maria Lopez', jobs: ['nurse'] }] });
  const [maria] = practice.people;
  if (!maria) throw new Error('nobody');
  await establishCare(practice.admin.session, {
    holders: [maria.account],
    patients: [patientRecord(REF)],
    others: [maria.session],
  });
  proxy = await startFaultProxy({ target: server.url, seed: 'phone', answer: pageAnswers(scripts) });
  userData = mkdtempSync(join(tmpdir(), 'client-web-phone-'));
  context = await chromium.launchPersistentContext(userData, (await findChromium()).launchOptions);
  context.setDefaultTimeout(30_000);
});

afterAll(async () => {
  await context?.close();
  await practice?.close();
  await proxy?.close();
  await server?.stop();
  if (userData) rmSync(userData, { recursive: true, force: true });
});

async function openTab(): Promise<Page> {
  const page = await context.newPage();
  await reach(page);
  return page;
}

async function reach(page: Page): Promise<void> {
  await page.goto(`${proxy.url.replace('127.0.0.1', 'localhost')}/app/`);
  await page.waitForFunction(() => globalThis.adapters !== undefined);
  await page.evaluate(async () => {
    const adapters = globalThis.adapters as unknown as { createWebPatientDoor: typeof createWebPatientDoor };
    globalThis.phoneDoor = await adapters.createWebPatientDoor();
  });
}

const stateOf = (page: Page) => page.evaluate(() => globalThis.phoneDoor.phone());

async function reads(page: Page, conv: ConversationId, words: string): Promise<void> {
  await page.evaluate(
    async ([id, wanted]) => {
      const deadline = performance.now() + 20_000;
      for (;;) {
        const here = globalThis.patient.conversations.read().some((row) => row.id === id);
        const thread = here ? await globalThis.patient.open(id) : null;
        const texts = (thread?.timeline.read().items ?? []).flatMap((item) =>
          item.type === 'message' && item.seq !== null ? [item.text] : [],
        );
        if (texts.includes(wanted)) return;
        if (performance.now() > deadline) throw new Error(`never read "${wanted}", but ${texts.join(' | ')}`);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    },
    [conv, words] as const,
  );
}

describe('a patient in a real browser, under the policy of the app', () => {
  it('comes in with link and code, reads and writes, and is there again after a reload', async () => {
    const maria = practice.people[0]?.session;
    if (!maria) throw new Error('nobody');
    const { link, code } = await invitePatient(maria, { ref: REF });
    const conv = maria.care.chart(REF).read().reach?.conversation as ConversationId;
    const staff = await maria.conversations.open(conv);
    await staff.send({ text: 'Canary Robertson', files: [], mentions: [], replyTo: null, as: null });
    const page = await openTab();
    const wordCount = await page.evaluate(
      async ([fragment, typed, pin]) => {
        const { fits } = await globalThis.phoneDoor.tryCode(fragment, typed);
        if (!fits) throw new Error('the code does not fit');
        const { session, words } = await globalThis.phoneDoor.claim({ kind: 'pin', pin });
        globalThis.patient = session;
        return words?.length;
      },
      [fragmentOf(link), code, PIN] as const,
    );
    expect(wordCount).toBe(12);
    await reads(page, conv, 'Canary Robertson');
    await page.evaluate(async (id) => {
      const thread = await globalThis.patient.open(id);
      await thread.send({ text: 'Robertson canary', files: [], mentions: [], replyTo: null, as: null });
    }, conv);
    await until(staff.timeline, ({ items }) =>
      items.some((item) => item.type === 'message' && item.text === 'Robertson canary'),
    );

    await reach(page);
    expect(await stateOf(page)).toEqual({ state: 'open' });
    await page.evaluate(async () => {
      const session = await globalThis.phoneDoor.resume();
      if (!session) throw new Error('nothing to resume');
      globalThis.patient = session;
    });
    await reads(page, conv, 'Robertson canary');
    await page.evaluate(() => globalThis.patient.lock());
    expect(await stateOf(page)).toMatchObject({ state: 'locked', triesLeft: 10 });

    // Another tab is not let in by what the first one remembered.
    const other = await openTab();
    expect(await stateOf(other)).toMatchObject({ state: 'locked', triesLeft: 10 });
    const refused = await other.evaluate(() =>
      globalThis.phoneDoor.unlock('902817').then(
        () => 'unlocked',
        (error: unknown) => (error as { code?: string }).code,
      ),
    );
    expect(refused).toBe('auth.failed');
    expect(await stateOf(other)).toMatchObject({ state: 'locked', triesLeft: 9 });
    await other.evaluate(async (pin) => {
      globalThis.patient = await globalThis.phoneDoor.unlock(pin);
    }, PIN);
    await reads(other, conv, 'Robertson canary');
    for (const tab of [page, other])
      expect(await tab.evaluate(() => globalThis.violations.splice(0))).toEqual([]);
    // No cookie: a colleague's session in the same browser is another's business.
    expect(await context.cookies()).toEqual([]);
    await context.close();
    const finds = await findCanaries({
      haystacks: [userData],
      needles: ['Canary Robertson', 'Robertson canary', 'Harbor Family Practice'],
    });
    expect(finds).toEqual([]);
  });
});
