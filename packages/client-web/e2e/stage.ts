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
  findChromium,
  type Practice,
  startFaultProxy,
  startTestServer,
  type TestServer,
  until,
} from '@baton/testkit';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { bundlePage, pageAnswers } from './page-bundle.ts';

declare global {
  var adapters: { createWebDoor: typeof createWebDoor; createWebPlatform: typeof createWebPlatform };
  var violations: string[];
  var door: Door;
  var session: Session;
}

/** A real server, Maria's browser in front of it behind a network that can fail, and James on a client of his own. */
export class Stage {
  readonly context: BrowserContext;
  readonly proxy: FaultProxy;
  /** The browser's folder on disk. */
  readonly userData: string;
  readonly #server: TestServer;
  readonly #practice: Practice;
  readonly #violations: string[] = [];
  #conv: ConversationId | null = null;

  constructor(parts: {
    readonly context: BrowserContext;
    readonly proxy: FaultProxy;
    readonly userData: string;
    readonly server: TestServer;
    readonly practice: Practice;
  }) {
    this.context = parts.context;
    this.proxy = parts.proxy;
    this.userData = parts.userData;
    this.#server = parts.server;
    this.#practice = parts.practice;
  }

  static async open(): Promise<Stage> {
    const scripts = await bundlePage();
    const server = await startTestServer();
    const practice = await createPractice(server, {
      people: [
        { name: 'Maria Lopez', jobs: ['nurse'] },
        { name: 'James Chen', jobs: ['physician'] },
      ],
    });
    const proxy = await startFaultProxy({
      target: server.url,
      seed: 'browser',
      answer: pageAnswers(scripts),
    });
    const userData = mkdtempSync(join(tmpdir(), 'client-web-e2e-'));
    const { launchOptions } = await findChromium();
    const context = await chromium.launchPersistentContext(userData, launchOptions);
    context.setDefaultTimeout(30_000);
    return new Stage({ context, proxy, userData, server, practice });
  }

  async close(): Promise<void> {
    await this.context.close();
    await this.#practice.close();
    await this.proxy.close();
    await this.#server.stop();
    rmSync(this.userData, { recursive: true, force: true });
  }

  /** Sockets that reached the network so far. */
  get sockets(): number {
    return this.proxy.counts.get('socket') ?? 0;
  }

  async openTab(): Promise<Page> {
    const page = await this.context.newPage();
    // Passkeys want a name, not an address.
    await page.goto(`${this.proxy.url.replace('127.0.0.1', 'localhost')}/app/`);
    await page.waitForFunction(() => globalThis.adapters !== undefined);
    return page;
  }

  /** Signs Maria in by her demo link. */
  async signIn(page: Page): Promise<void> {
    const link = (this.#practice.people[0] as Device).link;
    await page.evaluate(
      async (fragment) => {
        globalThis.door = await globalThis.adapters.createWebDoor();
        globalThis.session = await globalThis.door.signIn({ kind: 'demo', fragment });
      },
      link.slice(link.indexOf('#') + 1),
    );
    await isIn(page, 'online');
    await page.waitForFunction(() => globalThis.session.conversations.ready.read());
  }

  async resume(page: Page): Promise<void> {
    await page.evaluate(async () => {
      globalThis.door = await globalThis.adapters.createWebDoor();
      const session = await globalThis.door.resume();
      if (!session) throw new Error('nothing to resume');
      globalThis.session = session;
    });
    await isIn(page, 'online');
  }

  /** The conversation that all messages of these tests are in. */
  async startConversation(page: Page): Promise<void> {
    this.#conv = await page.evaluate(
      async (other) => (await globalThis.session.conversations.startDirect(other)).id,
      this.#james.account,
    );
  }

  /** Texts of the conversation in a tab, once `text` is among them. */
  reads(page: Page, text: string): Promise<string[]> {
    return page.evaluate(
      async ([id, wanted]) => {
        const { timeline } = await globalThis.session.conversations.open(id);
        const deadline = performance.now() + 20_000;
        for (;;) {
          const messages = timeline.read().items.filter((item) => item.type === 'message');
          const texts = messages.map((message) => message.text);
          if (messages.some((message) => message.text === wanted && message.seq !== null)) return texts;
          if (performance.now() > deadline)
            throw new Error(`never read "${wanted}", but ${texts.join(' | ')}`);
          await new Promise((resolve) => setTimeout(resolve, 30));
        }
      },
      [this.#conversation, text] as const,
    );
  }

  async send(page: Page, text: string): Promise<void> {
    await page.evaluate(
      async ([id, written]) => {
        const conversation = await globalThis.session.conversations.open(id);
        await conversation.send({ text: written, files: [], mentions: [], replyTo: null, as: null });
      },
      [this.#conversation, text] as const,
    );
  }

  async jamesReads(text: string): Promise<string[]> {
    const conv = this.#conversation;
    const { conversations } = this.#james.session;
    await until(conversations.list, (rows) => rows.some(({ id }) => id === conv));
    const conversation = await conversations.open(conv);
    const isMessage = (item: { type: string }): item is TimelineMessage => item.type === 'message';
    const { items } = await until(conversation.timeline, (timeline) =>
      timeline.items.filter(isMessage).some((message) => message.text === text),
    );
    return items.filter(isMessage).map((message) => message.text);
  }

  async jamesSends(text: string): Promise<void> {
    const conversation = await this.#james.session.conversations.open(this.#conversation);
    await conversation.send({ text, files: [], mentions: [], replyTo: null, as: null });
  }

  /** What the page's policy has refused: of these tabs now, and of all that were asked about before. */
  async violations(...pages: readonly Page[]): Promise<readonly string[]> {
    for (const page of pages)
      this.#violations.push(...(await page.evaluate(() => globalThis.violations.splice(0))));
    return this.#violations;
  }

  get #james(): Device {
    return this.#practice.people[1] as Device;
  }

  get #conversation(): ConversationId {
    if (this.#conv === null) throw new Error('startConversation comes first');
    return this.#conv;
  }
}

export async function isIn(page: Page, state: string): Promise<void> {
  await page.waitForFunction((wanted) => globalThis.session.connection.read().state === wanted, state, {
    polling: 20,
  });
}

/** For what playwright would wait for without end. */
export function within<T>(limitMs: number, what: string, task: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`${what}: not within ${limitMs} ms`)), limitMs);
  return Promise.race([task, promise]).finally(() => clearTimeout(timer));
}
