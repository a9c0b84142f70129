import { fileURLToPath } from 'node:url';
import { openTextingLine } from '@baton/bridge-sms';
import type { ServedResponse } from '@baton/agent';
import { nodeClock, nodeRng, nodeTimers } from '@baton/client-node';
import type { Bytes } from '@baton/kernel';
import { findChromium } from '@baton/testkit';
import { type Browser, chromium, type Page } from 'playwright-core';
import { readPageAssets } from '../src/agents/child/page-assets.ts';
import type { Answer } from '../src/agents/request-relay.ts';
import { startStationListener, type StationListener } from '../src/listener/station-listener.ts';

const BRIDGE = fileURLToPath(new URL('../../../bridges/sms', import.meta.url));

type Line = Awaited<ReturnType<typeof openTextingLine>>;
type Event = Parameters<Parameters<typeof openTextingLine>[1]['deliver']>[0];

/** The simulated phones behind the station's real listener, in a browser. What comes in is written down. */
export interface PhonesStage {
  readonly line: Line;
  readonly events: Event[];
  readonly listener: StationListener;
  readonly browser: Browser;
  readonly url: string;
  /** What the console, the policy and the network complained of. */
  readonly complaints: string[];
  open(options?: { readonly colorScheme?: 'light' | 'dark'; readonly width?: number }): Promise<Page>;
  /** The program behind the listener starts anew, from what is in the agent's folder. */
  restart(): Promise<void>;
  /** While false, nothing that comes in can be committed. */
  takes: boolean;
  close(): Promise<void>;
}

export async function openPhonesStage(): Promise<PhonesStage> {
  const rows = new Map<string, Bytes>();
  const asset = readPageAssets(BRIDGE);
  const events: Event[] = [];
  const complaints: string[] = [];
  const openLine = async (): Promise<Line> => {
    const line = await openTextingLine(
      {
        secrets: null,
        egress: { fetch },
        clock: nodeClock,
        wait: nodeTimers,
        rng: nodeRng,
        asset,
        drawer: drawerOf(rows),
      },
      {
        async deliver(event) {
          if (!stage.takes) throw new Error('not committed');
          events.push(event);
        },
        disbelieved: () => {},
      },
    );
    line.start();
    return line;
  };
  const listener = await startStationListener({
    host: '127.0.0.1',
    port: 0,
    has: (program) => program === 'sms',
    ask: async (_program, request) => toAnswer(await stage.line.serve(request)),
  });
  const { launchOptions } = await findChromium();
  const browser = await chromium.launch({
    ...launchOptions,
    // Somebody's own name that was pointed at this machine.
    args: [...(launchOptions.args ?? []), '--host-resolver-rules=MAP rebound.example 127.0.0.1'],
  });
  const url = `http://localhost:${listener.port}/sms/phones`;
  const stage: { -readonly [K in keyof PhonesStage]: PhonesStage[K] } = {
    line: null as unknown as Line,
    events,
    listener,
    browser,
    url,
    complaints,
    takes: true,
    async open({ colorScheme = 'light', width = 1440 } = {}) {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width, height: 900 },
        locale: 'en-US',
      });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(url);
      await page.getByRole('heading', { name: 'Simulated phones' }).waitFor();
      return page;
    },
    async restart() {
      stage.line.stop();
      stage.line = await openLine();
    },
    async close() {
      stage.line.stop();
      await browser.close();
      await listener.stop();
    },
  };
  stage.line = await openLine();
  return stage;
}

function toAnswer({ status, headers = {}, body = '' }: ServedResponse): Answer {
  return { status, headers, body: Buffer.from(typeof body === 'string' ? body : body) };
}

function drawerOf(rows: Map<string, Bytes>): Parameters<typeof openTextingLine>[0]['drawer'] {
  return {
    get: async (key) => rows.get(key) ?? null,
    put: async (key, value) => void rows.set(key, value),
    remove: async (key) => void rows.delete(key),
    list: async (prefix) =>
      [...rows]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, value]) => ({ key, value }))
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}
