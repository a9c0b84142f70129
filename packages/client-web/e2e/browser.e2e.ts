import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Door, Session, TimelineMessage } from '@baton/client';
import type { createWebDoor, createWebPlatform } from '@baton/client-web';
import type { ConversationId } from '@baton/kernel';
import {
  createPractice,
  type Device,
  type FaultProxy,
  findCanaries,
  findChromium,
  type Practice,
  startFaultProxy,
  startTestServer,
  type TestServer,
  until,
} from '@baton/testkit';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlePage, pageAnswers } from './page-bundle.ts';

// One browser, one account: the tests go on where the one before ended, as tabs of one person do.

declare global {
  var adapters: { createWebDoor: typeof createWebDoor; createWebPlatform: typeof createWebPlatform };
  var violations: string[];
  var door: Door;
  var session: Session;
}

let server: TestServer;
let proxy: FaultProxy;
let practice: Practice;
let james: Device;
let userData: string;
let context: BrowserContext;
let conv: ConversationId;
const violations: string[] = [];

beforeAll(async () => {
  const scripts = await bundlePage();
  server = await startTestServer();
  practice = await createPractice(server, {
    people: [
      { name: 'Maria Lopez', jobs: ['nurse'] },
      { name: 'James Chen', jobs: ['physician'] },
    ],
  });
  james = practice.people[1] as Device;
  proxy = await startFaultProxy({
    target: server.url,
    seed: 'browser',
    answer: pageAnswers(scripts),
  });
  userData = mkdtempSync(join(tmpdir(), 'client-web-e2e-'));
  const { launchOptions } = await findChromium();
  context = await chromium.launchPersistentContext(userData, launchOptions);
  context.setDefaultTimeout(30_000);
});

afterAll(async () => {
  await context?.close();
  await practice?.close();
  await proxy?.close();
  await server?.stop();
  if (userData) rmSync(userData, { recursive: true, force: true });
});

const origin = () => proxy.url.replace('127.0.0.1', 'localhost');

async function openTab(): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${origin()}/app/`);
  await page.waitForFunction(() => globalThis.adapters !== undefined);
  return page;
}

async function resumeIn(page: Page): Promise<void> {
  await page.evaluate(async () => {
    globalThis.door = await globalThis.adapters.createWebDoor();
    const session = await globalThis.door.resume();
    if (!session) throw new Error('nothing to resume');
    globalThis.session = session;
  });
  await isIn(page, 'online');
}

async function isIn(page: Page, state: string): Promise<void> {
  await page.waitForFunction((wanted) => globalThis.session.connection.read().state === wanted, state, {
    polling: 20,
  });
}

/** Texts of the conversation in a tab, once `text` is among them. */
function reads(page: Page, text: string): Promise<string[]> {
  return page.evaluate(
    async ([id, wanted]) => {
      const { timeline } = await globalThis.session.conversations.open(id);
      const deadline = performance.now() + 20_000;
      for (;;) {
        const messages = timeline.read().items.filter((item) => item.type === 'message');
        const texts = messages.map((message) => message.text);
        if (messages.some((message) => message.text === wanted && message.seq !== null)) return texts;
        if (performance.now() > deadline) throw new Error(`never read "${wanted}", but ${texts.join(' | ')}`);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
    },
    [conv, text] as const,
  );
}

async function send(page: Page, text: string): Promise<void> {
  await page.evaluate(
    async ([id, written]) => {
      const conversation = await globalThis.session.conversations.open(id);
      await conversation.send({ text: written, files: [], mentions: [], replyTo: null, as: null });
    },
    [conv, text] as const,
  );
}

async function jamesReads(text: string): Promise<string[]> {
  const conversation = await james.session.conversations.open(conv);
  const isMessage = (item: { type: string }): item is TimelineMessage => item.type === 'message';
  const { items } = await until(conversation.timeline, (timeline) =>
    timeline.items.filter(isMessage).some((message) => message.text === text),
  );
  return items.filter(isMessage).map((message) => message.text);
}

async function jamesSends(text: string): Promise<void> {
  const conversation = await james.session.conversations.open(conv);
  await conversation.send({ text, files: [], mentions: [], replyTo: null, as: null });
}

function within<T>(limitMs: number, what: string, task: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what}: not within ${limitMs} ms`)), limitMs);
  return Promise.race([task, promise]).finally(() => clearTimeout(timer));
}

const sockets = () => proxy.counts.get('socket') ?? 0;

async function noteViolations(...pages: Page[]): Promise<void> {
  for (const page of pages) violations.push(...(await page.evaluate(() => globalThis.violations)));
}

let first: Page;
let second: Page;

describe('the client in a real browser, under the policy of the app', () => {
  it('has every primitive, natively where the browser has it, and Argon2id in WebAssembly', async () => {
    const page = await openTab();
    const answer = await page.evaluate(async () => {
      const { primitives, rng } = await globalThis.adapters.createWebPlatform();
      const text = (value: string) => new TextEncoder().encode(value);
      const hex = (bytes: Uint8Array) =>
        [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      const started = performance.now();
      const derived = await primitives.argon2id({
        password: text('password'),
        salt: text('somesalt'),
        t: 2,
        mKiB: 65_536,
        p: 1,
        length: 32,
      });
      const argonMs = performance.now() - started;
      const key = await primitives.generateDeviceKey();
      const handle = key.cryptoKey as CryptoKey;
      const exported = await crypto.subtle.exportKey('pkcs8', handle).then(
        () => 'exported',
        (error: unknown) => (error as Error).name,
      );
      const box = await primitives.xwingKeyFromSeed(rng.bytes(32));
      const { ct, ss } = await primitives.xwingEncapsulate(box.publicKey);
      return {
        support: primitives.support,
        argon2id: hex(derived),
        argonMs,
        signs: await primitives.verifyEd25519(key.publicKey, ct, await key.sign(ct)),
        exported,
        agrees: hex(await primitives.xwingDecapsulate(box, ct)) === hex(ss),
      };
    });
    expect(answer).toMatchObject({
      support: { aesGcm: 'native', hkdf: 'native', ed25519: 'native', x25519: 'native' },
      argon2id: '09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7',
      signs: true,
      exported: 'InvalidAccessError',
      agrees: true,
    });
    console.log(
      `Argon2id, 64 MiB, 2 passes: ${answer.argonMs.toFixed(0)} ms; ML-KEM ${answer.support.mlKem768}`,
    );
    await noteViolations(page);
    await page.close();
  });

  it('signs in and exchanges messages', async () => {
    first = await openTab();
    const link = practice.people[0]?.link ?? '';
    const fragment = link.slice(link.indexOf('#') + 1);
    conv = await first.evaluate(
      async ([demo, other]) => {
        globalThis.door = await globalThis.adapters.createWebDoor();
        const session = await globalThis.door.signIn({ kind: 'demo', fragment: demo });
        globalThis.session = session;
        await new Promise<void>((resolve) => {
          const look = () => session.connection.read().state === 'online' && resolve();
          session.connection.subscribe(look);
          look();
        });
        return (await globalThis.session.conversations.startDirect(other)).id;
      },
      [fragment, james.account] as const,
    );
    await isIn(first, 'online');
    await send(first, 'Canary Robertson, bed 4');
    expect(await jamesReads('Canary Robertson, bed 4')).toHaveLength(1);
    await jamesSends('On my way, Robertson canary');
    await reads(first, 'On my way, Robertson canary');
  });

  it('goes on after a reload without asking anything', async () => {
    await noteViolations(first);
    await first.reload();
    await first.waitForFunction(() => globalThis.adapters !== undefined);
    await resumeIn(first);
    expect(await reads(first, 'On my way, Robertson canary')).toHaveLength(2);
  });

  it('shares one socket between two tabs, and both are served', async () => {
    const before = sockets();
    second = await openTab();
    await resumeIn(second);
    await jamesSends('to both tabs');
    await Promise.all([reads(first, 'to both tabs'), reads(second, 'to both tabs')]);
    await send(second, 'from the second tab');
    await jamesReads('from the second tab');
    await reads(first, 'from the second tab');
    expect(sockets()).toBe(before);
  });

  it('goes on in the other tab when the one that holds the socket is closed', async () => {
    const before = sockets();
    await noteViolations(first);
    await first.close();
    await jamesSends('after the close');
    await reads(second, 'after the close');
    expect(sockets()).toBe(before + 1);
  });

  it('goes on in the other tab when the one that holds the socket crashes', async () => {
    first = await openTab();
    await resumeIn(first);
    const before = sockets();
    const crashed = new Promise((resolve) => second.once('crash', resolve));
    const cdp = await context.newCDPSession(second);
    // Never answered: the page that would answer is gone.
    void cdp.send('Page.crash').catch(() => {});
    await within(10_000, 'the crash', crashed);
    await jamesSends('after the crash');
    await reads(first, 'after the crash');
    expect(sockets()).toBe(before + 1);
    await second.close();
  });

  it('takes the socket from a tab that stands still, which comes back as a guest', async () => {
    const before = sockets();
    const cdp = await context.newCDPSession(first);
    // A page whose script stands still keeps its locks, as a frozen one does.
    const paused = new Promise((resolve) => cdp.once('Debugger.paused', resolve));
    await cdp.send('Debugger.enable');
    await cdp.send('Debugger.pause');
    const stuck = first.evaluate(() => null);
    await within(10_000, 'the pause', paused);
    second = await openTab();
    await resumeIn(second);
    await jamesSends('while one stands still');
    await reads(second, 'while one stands still');
    expect(sockets()).toBe(before + 1);
    await cdp.send('Debugger.resume');
    await within(10_000, 'the resumption', stuck);
    await cdp.detach();
    await reads(first, 'while one stands still');
    expect(sockets()).toBe(before + 1);
  });

  it('sends what two tabs wrote offline, each once', async () => {
    proxy.setOffline(true);
    await Promise.all([isIn(first, 'offline'), isIn(second, 'offline')]);
    await send(first, 'written offline, one');
    await send(second, 'written offline, two');
    proxy.setOffline(false);
    for (const page of [first, second]) await page.evaluate(() => dispatchEvent(new Event('online')));
    await jamesReads('written offline, one');
    const texts = await jamesReads('written offline, two');
    expect(texts.filter((text) => text.startsWith('written offline')).toSorted()).toEqual([
      'written offline, one',
      'written offline, two',
    ]);
    const alarms = await Promise.all(
      [first, second].map((page) => page.evaluate(() => globalThis.session.alarms.read())),
    );
    expect(alarms).toEqual([[], []]);
  });

  it('unlocks by passkey, and the secret stays in the page', async () => {
    const cdp = await context.newCDPSession(second);
    await cdp.send('WebAuthn.enable');
    await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        ctap2Version: 'ctap2_1',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
        hasPrf: true,
      },
    });
    const answer = await second.evaluate(async () => {
      const { passkeys } = await globalThis.adapters.createWebPlatform();
      if (!passkeys) throw new Error('no passkeys');
      const text = (value: string) => btoa(value).replaceAll('=', '');
      const salt = new Uint8Array(32).fill(5);
      const made = await passkeys.create(
        {
          challenge: text('challenge 1'),
          rp: { id: 'localhost', name: 'Baton' },
          user: { id: text('user'), name: 'maria', displayName: 'Maria' },
          pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
          authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        },
        salt,
      );
      const request = { challenge: text('challenge 2'), rpId: 'localhost', userVerification: 'required' };
      const used = await passkeys.get(request, salt);
      const again = await passkeys.get(request, salt);
      const other = await passkeys.get(request, new Uint8Array(32).fill(6));
      const refused = await passkeys.get({ ...request, rpId: 'elsewhere.example' }, salt).then(
        () => 'used',
        (error: unknown) => (error as { code?: string }).code,
      );
      return {
        isAvailable: await passkeys.isAvailable(),
        made: made.response,
        used: used.response,
        length: used.prf?.length,
        same: String(used.prf) === String(again.prf),
        differs: String(used.prf) !== String(other.prf),
        refused,
        text: JSON.stringify([made.response, used.response]),
        secret: btoa(String.fromCharCode(...(used.prf ?? [])))
          .replaceAll('+', '-')
          .replaceAll('/', '_'),
      };
    });
    expect(answer).toMatchObject({
      isAvailable: true,
      made: { clientExtensionResults: { prf: { enabled: true } } },
      length: 32,
      same: true,
      differs: true,
      refused: 'auth.failed',
    });
    expect(answer.text).not.toContain(answer.secret.replaceAll('=', ''));
    expect(answer.text).not.toContain('results');
  });

  it('writes so fast', async () => {
    const figures = await second.evaluate(async () => {
      const { profiles } = await globalThis.adapters.createWebPlatform();
      const account = globalThis.session.me.read().account;
      const { store } = await profiles.open(account);
      const value = new Uint8Array(1024).fill(1);
      const timed = async (task: () => Promise<unknown>) => {
        const started = performance.now();
        await task();
        return performance.now() - started;
      };
      const row = (index: number) => ({
        table: 'puts' as const,
        key: `bench/${String(index).padStart(6, '0')}`,
        value,
      });
      const oneMs = await timed(async () => {
        for (let index = 0; index < 50; index += 1) await store.write([row(index)]);
      });
      const batchMs = await timed(() => store.write(Array.from({ length: 5000 }, (_, index) => row(index))));
      const newestMs = await timed(() =>
        store.list('puts', { from: 'bench/', to: 'bench/~', limit: 50, reverse: true }),
      );
      await store.write(Array.from({ length: 5000 }, (_, index) => ({ ...row(index), value: null })));
      await store.close();
      return { oneMs: oneMs / 50, batchMs, newestMs };
    });
    console.log(
      `durable write ${figures.oneMs.toFixed(1)} ms; 5,000 rows ${figures.batchMs.toFixed(0)} ms; newest 50 ${figures.newestMs.toFixed(0)} ms`,
    );
    expect(figures.newestMs).toBeLessThan(1000);
  });

  it('signs out of every tab and leaves nothing behind', async () => {
    await noteViolations(first, second);
    await second.evaluate(() => globalThis.session.signOut({ wipe: true }));
    await isIn(first, 'ended');
    const names = await second.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
    expect(names).toEqual(['baton']);
    const resumed = await second.evaluate(async () => (await globalThis.adapters.createWebDoor()).resume());
    expect(resumed).toBeNull();
    expect(violations).toEqual([]);
  });

  it('has written nothing readable to the disk, which a search would have found', async () => {
    const page = await openTab();
    const link = practice.people[0]?.link ?? '';
    await page.evaluate(
      async (fragment) => {
        globalThis.door = await globalThis.adapters.createWebDoor();
        globalThis.session = await globalThis.door.signIn({ kind: 'demo', fragment });
      },
      link.slice(link.indexOf('#') + 1),
    );
    await page.waitForFunction(() => globalThis.session.conversations.ready.read());
    await reads(page, 'Canary Robertson, bed 4');
    await page.evaluate(
      () =>
        new Promise<void>((resolve, reject) => {
          const opening = indexedDB.open('control');
          opening.addEventListener('upgradeneeded', () => opening.result.createObjectStore('rows'));
          opening.addEventListener('success', () => {
            const writing = opening.result.transaction('rows', 'readwrite');
            writing.objectStore('rows').put(new TextEncoder().encode('Planted Canary Smith'), 'key');
            writing.addEventListener('complete', () => resolve());
            writing.addEventListener('error', () => reject(new Error('not written')));
          });
        }),
    );
    await context.close();
    const finds = await findCanaries({
      haystacks: [userData],
      needles: [
        'Canary Robertson',
        'Robertson canary',
        'to both tabs',
        'written offline',
        'Planted Canary Smith',
        'James Chen',
        'Harbor Family Practice',
      ],
    });
    expect(new Set(finds.map((find) => find.needle))).toEqual(new Set(['Planted Canary Smith']));
  });
});
