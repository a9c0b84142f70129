import { readFileSync } from 'node:fs';
import { AgentError, type ServedRequest } from '@baton/agent';
import { type Bytes, decodeUtf8, Secret } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import type { CarrierEvent, Disbelief } from './carrier.ts';
import {
  makeTelnyxKeys,
  telnyxInbound,
  telnyxRequest,
  telnyxSettings,
  TWILIO,
  twilioFields,
  twilioRequest,
} from './fixtures/signed-webhooks.ts';
import { makePorts, memoryDrawer, realTimers, requestOf, SetClock } from './fixtures/surroundings.ts';
import { type LineContext, openTextingLine } from './texting-line.ts';

const keys = makeTelnyxKeys();
const asset = (path: string): Bytes | null => {
  try {
    return new Uint8Array(readFileSync(new URL(`../${path}`, import.meta.url)));
  } catch {
    return null;
  }
};

async function open(settings: unknown, rows = new Map<string, Bytes>()) {
  const { clock, egress, rng } = makePorts([], { clock: new SetClock(Date.now()) });
  const context: LineContext = {
    clock,
    egress,
    rng,
    wait: realTimers,
    drawer: memoryDrawer(rows),
    asset,
    secrets: settings === null ? null : Secret.of<unknown>(settings),
  };
  const events: CarrierEvent[] = [];
  const doubts: Disbelief[] = [];
  const state = { isDown: false };
  const line = await openTextingLine(context, {
    async deliver(event) {
      if (state.isDown) throw new Error('not committed');
      events.push(event);
    },
    disbelieved: (why) => void doubts.push(why),
    nameOf: async (number) => (number === '+12025550143' ? 'Rosa Alvarez' : null),
  });
  return { line, events, doubts, state };
}

describe('webhooks', () => {
  it.each([
    ['twilio', { carrier: TWILIO }, () => twilioRequest(), '<Response/>'],
    [
      'telnyx',
      { carrier: telnyxSettings(keys.publicKey) },
      () => telnyxRequest(telnyxInbound(), { keys }),
      undefined,
    ],
  ])(
    'of %s are thanked for only once what they brought is committed; a repeat does nothing more',
    async (_name, settings, make, thanks) => {
      const { line, events, state, doubts } = await open(settings);
      const request: ServedRequest = make();
      state.isDown = true;
      expect(await line.serve(request)).toMatchObject({ status: 503, headers: { 'retry-after': '10' } });
      state.isDown = false;
      expect(await line.serve(request)).toMatchObject({ status: 200, ...(thanks && { body: thanks }) });
      expect(events).toHaveLength(1);
      expect(await line.serve(request)).toMatchObject({ status: 200 });
      expect(events).toHaveLength(1);
      expect(doubts).toEqual(['replay']);
      expect(await line.serve({ ...request, path: '/sms/other' })).toEqual({ status: 404 });
      expect(await line.serve({ ...request, path: '/sms/phones' })).toEqual({ status: 404 });
    },
  );

  it('T23 tell whoever made them up nothing', async () => {
    const { line, events, doubts } = await open({ carrier: TWILIO });
    const answer = await line.serve(twilioRequest(twilioFields(), 'some other token of this length'));
    expect(answer).toEqual({ status: 403 });
    expect([events, doubts]).toEqual([[], ['bad-signature']]);
  });

  it('T23 are refused all together where a secret is missing: the line does not open, nor is one simulated', async () => {
    const { authToken: _left, ...half } = TWILIO;
    for (const settings of [{ carrier: half }, { carrier: { ...TWILIO, authToken: '' } }, {}, [], 'twilio']) {
      const failure = await open(settings).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(AgentError);
      expect((failure as AgentError).code).toBe('settings');
      expect(String(failure)).not.toContain(TWILIO.account);
    }
  });
});

describe('without settings', () => {
  const local = (path: string, body?: object, own: Partial<ServedRequest> = {}): ServedRequest => ({
    ...requestOf({
      path,
      method: body ? 'POST' : 'GET',
      body: body ? JSON.stringify(body) : '',
      headers: body ? { 'content-type': 'application/json' } : {},
    }),
    isLocal: true,
    ...own,
  });
  const stateOf = async (line: Awaited<ReturnType<typeof open>>['line'], query = '') => {
    const answer = await line.serve(local('/sms/phones/state', undefined, { query }));
    return JSON.parse(String(answer.body)) as {
      revision: number;
      texts?: { text: string; media: { id: string }[] }[];
      mails?: unknown[];
      phones?: unknown[];
    };
  };

  it('shows phones, on this machine only', async () => {
    const { line } = await open(null);
    expect(line.carrier.name).toBe('simulator');
    const page = await line.serve(local('/sms/phones'));
    expect(page).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8' } });
    const csp = page.headers?.['content-security-policy'] ?? '';
    expect(csp).toContain("default-src 'none'");
    expect(csp).not.toContain('unsafe');
    const html = decodeUtf8(page.body as Bytes) ?? '';
    expect(html).not.toMatch(/<script(?![^>]*src=)|\son\w+=|style=/);
    for (const [file, type] of [
      ['phones.css', 'text/css'],
      ['phones.js', 'text/javascript'],
    ])
      expect((await line.serve(local(`/sms/phones/${file}`))).headers?.['content-type']).toContain(type);
    for (const path of ['', '/state', '/phones.js', '/media/x'])
      expect((await line.serve(local(`/sms/phones${path}`, undefined, { isLocal: false }))).status).toBe(403);
    for (const path of ['/texts', '/phone', '/clear'])
      expect((await line.serve(local(`/sms/phones${path}`, {}, { isLocal: false }))).status).toBe(403);
    for (const path of [
      '/sms/phones/../x',
      '/sms/phones/page/phones.ts',
      '/sms/phonesx',
      '/sms/webhook',
      '/sms',
    ])
      expect((await line.serve(local(path))).status).toBe(404);
  });

  it('takes what is typed on a phone, and shows what is new', async () => {
    const { line, events } = await open(null);
    const media = [Buffer.from([0xff, 0xd8, 0xff, 0xe0]).toString('base64')];
    const before = await stateOf(line);
    expect(
      (await line.serve(local('/sms/phones/texts', { number: '+12025550143', text: 'Hola', media }))).status,
    ).toBe(200);
    await expect.poll(() => events).toMatchObject([{ t: 'text', from: '+12025550143', text: 'Hola' }]);
    const after = await stateOf(line);
    expect(after.revision).toBeGreaterThan(before.revision);
    expect(await stateOf(line, `revision=${after.revision}`)).toEqual({ revision: after.revision });
    expect(after.phones).toMatchObject([{ label: 'Rosa Alvarez' }]);
    await line.serve(local('/sms/phones/phone', { number: '+12025550143', label: 'Her tablet' }));
    expect((await stateOf(line)).phones).toMatchObject([{ label: 'Her tablet' }]);
    const [text] = after.texts ?? [];
    const picture = await line.serve(local(`/sms/phones/media/${text?.media[0]?.id ?? ''}`));
    expect(picture).toMatchObject({ status: 200, headers: { 'content-type': 'image/jpeg' } });
    line.stop();
  });

  it('shows no file as a page that is none of its pictures', async () => {
    const { line } = await open(null);
    const html = Buffer.from('<html><script>alert(1)</script>').toString('base64');
    await line.serve(local('/sms/phones/texts', { number: '+12025550143', text: '', media: [html] }));
    const [text] = (await stateOf(line)).texts ?? [];
    expect((await line.serve(local(`/sms/phones/media/${text?.media[0]?.id ?? ''}`))).status).toBe(404);
    line.stop();
  });

  it.each([
    ['no number', { number: 'rosa', text: 'a', media: [] }],
    ['nothing', { number: '+12025550143', text: '', media: [] }],
    ['too much', { number: '+12025550143', text: 'a'.repeat(1601), media: [] }],
    ['more than is asked', { number: '+12025550143', text: 'a', media: [], from: 'x' }],
  ])('does not take %s', async (_what, wish) => {
    const { line } = await open(null);
    expect((await line.serve(local('/sms/phones/texts', wish))).status).toBe(400);
    const form = local('/sms/phones/texts', wish, { headers: { 'content-type': 'text/plain' } });
    expect((await line.serve(form)).status).toBe(400);
  });
});
