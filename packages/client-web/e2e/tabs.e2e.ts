import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isIn, Stage, within } from './stage.ts';

// One browser, one account: each test goes on where the one before ended, as the tabs of one person do.

let stage: Stage;
let first: Page;
let second: Page;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage?.close());

describe('tabs of one account in a real browser', () => {
  it('sign in and exchange messages', async () => {
    first = await stage.openTab();
    await stage.signIn(first);
    await stage.startConversation(first);
    await stage.send(first, 'Can you look at bed 4?');
    expect(await stage.jamesReads('Can you look at bed 4?')).toHaveLength(1);
    await stage.jamesSends('On my way');
    await stage.reads(first, 'On my way');
  });

  it('go on after a reload without asking anything', async () => {
    await stage.violations(first);
    await first.reload();
    await first.waitForFunction(() => globalThis.adapters !== undefined);
    await stage.resume(first);
    expect(await stage.reads(first, 'On my way')).toHaveLength(2);
  });

  it('shares one socket between two tabs, and both are served', async () => {
    const before = stage.sockets;
    second = await stage.openTab();
    await stage.resume(second);
    await stage.jamesSends('to both tabs');
    await Promise.all([stage.reads(first, 'to both tabs'), stage.reads(second, 'to both tabs')]);
    await stage.send(second, 'from the second tab');
    await stage.jamesReads('from the second tab');
    await stage.reads(first, 'from the second tab');
    expect(stage.sockets).toBe(before);
  });

  it('goes on in the other tab when the one that holds the socket is closed', async () => {
    const before = stage.sockets;
    await stage.violations(first);
    await first.close();
    await stage.jamesSends('after the close');
    await stage.reads(second, 'after the close');
    expect(stage.sockets).toBe(before + 1);
  });

  it('goes on in the other tab when the one that holds the socket crashes', async () => {
    first = await stage.openTab();
    await stage.resume(first);
    const before = stage.sockets;
    const crashed = new Promise((resolve) => second.once('crash', resolve));
    const cdp = await stage.context.newCDPSession(second);
    // Never answered: the page that would answer is gone.
    void cdp.send('Page.crash').catch(() => {});
    await within(10_000, 'the crash', crashed);
    await stage.jamesSends('after the crash');
    await stage.reads(first, 'after the crash');
    expect(stage.sockets).toBe(before + 1);
    await second.close();
  });

  it('takes the socket from a tab that stands still, which comes back as a guest', async () => {
    const before = stage.sockets;
    const cdp = await stage.context.newCDPSession(first);
    // A page whose script stands still keeps its locks, as a frozen one does.
    const paused = new Promise((resolve) => cdp.once('Debugger.paused', resolve));
    await cdp.send('Debugger.enable');
    await cdp.send('Debugger.pause');
    const stuck = first.evaluate(() => null);
    await within(10_000, 'the pause', paused);
    second = await stage.openTab();
    await stage.resume(second);
    await stage.jamesSends('while one stands still');
    await stage.reads(second, 'while one stands still');
    expect(stage.sockets).toBe(before + 1);
    await cdp.send('Debugger.resume');
    await within(10_000, 'the resumption', stuck);
    await cdp.detach();
    await stage.reads(first, 'while one stands still');
    expect(stage.sockets).toBe(before + 1);
  });

  it('sends what two tabs wrote offline, each once', async () => {
    stage.proxy.setOffline(true);
    await Promise.all([isIn(first, 'offline'), isIn(second, 'offline')]);
    await stage.send(first, 'written offline, one');
    await stage.send(second, 'written offline, two');
    stage.proxy.setOffline(false);
    for (const page of [first, second]) await page.evaluate(() => dispatchEvent(new Event('online')));
    await stage.jamesReads('written offline, one');
    const texts = await stage.jamesReads('written offline, two');
    expect(texts.filter((text) => text.startsWith('written offline')).toSorted()).toEqual([
      'written offline, one',
      'written offline, two',
    ]);
    const alarms = await Promise.all(
      [first, second].map((page) => page.evaluate(() => globalThis.session.alarms.read())),
    );
    expect(alarms.flat()).toEqual([]);
  });

  it('signs out of every tab and leaves nothing behind', async () => {
    expect(await stage.violations(first, second)).toEqual([]);
    await second.evaluate(() => globalThis.session.signOut({ wipe: true }));
    await isIn(first, 'ended');
    const names = await second.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
    expect(names).toEqual(['baton']);
    const resumed = await second.evaluate(async () => (await globalThis.adapters.createWebDoor()).resume());
    expect(resumed).toBeNull();
  });
});
