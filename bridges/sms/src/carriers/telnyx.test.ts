import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeTelnyxKeys, telnyxInbound, telnyxRequest, telnyxSettings } from './fixtures/signed-webhooks.ts';
import {
  answerJson,
  type FakeProvider,
  makePorts,
  SetClock,
  startFakeProvider,
} from './fixtures/surroundings.ts';
import { createTelnyx } from './telnyx.ts';

const keys = makeTelnyxKeys();
const settings = telnyxSettings(keys.publicKey);
let provider: FakeProvider;

beforeAll(async () => {
  provider = await startFakeProvider();
});
beforeEach(() => {
  provider.heard.length = 0;
});
afterAll(() => provider.close());

const open = (ports = makePorts([provider.host], { clock: new SetClock(Date.now()) })) =>
  createTelnyx({ ...settings, apiOrigin: provider.origin }, ports);
const TEXT = { to: '+12025550143', text: 'You have a message.', reference: 'e_1' };

describe('a text to Telnyx', () => {
  it('goes out as JSON under the API key', async () => {
    provider.answer = answerJson(200, {
      data: { id: '40385f64-5717-4562-b3fc-2c963f66afa6', to: [{ status: 'queued' }] },
    });
    const carrier = await open();
    expect(await carrier.send(TEXT)).toEqual({
      ok: true,
      id: '40385f64-5717-4562-b3fc-2c963f66afa6',
      state: 'waiting',
    });
    const [heard] = provider.heard;
    expect(heard).toMatchObject({ method: 'POST', url: '/v2/messages' });
    expect(JSON.parse(heard?.body ?? '')).toEqual({ to: TEXT.to, from: settings.number, text: TEXT.text });
    expect(heard?.headers.authorization).toBe(`Bearer ${settings.apiKey}`);
    expect(provider.heard).toHaveLength(1);
  });

  it.each([
    [400, '40300', 'carrier.opted-out', false],
    [422, '40310', 'carrier.bad-number', false],
    [401, '10009', 'carrier.settings', false],
    [403, '1', 'carrier.settings', false],
    [400, '99999', 'carrier.failed', false],
    [429, '10011', 'carrier.busy', true],
    [502, '', 'carrier.busy', true],
  ])('tells %s with error %s as %s, after one try', async (status, code, mine, isPassing) => {
    provider.answer = answerJson(status, { errors: [{ code, title: 'words of theirs' }] });
    expect(await (await open()).send(TEXT)).toEqual({ ok: false, code: mine, isPassing });
    expect(provider.heard).toHaveLength(1);
  });

  it('is tried again later where nobody answers, or the host is not in the manifest', async () => {
    provider.answer = (_heard, response) => void response.destroy();
    expect(await (await open()).send(TEXT)).toMatchObject({ ok: false, isPassing: true });
    expect(await (await open(makePorts([]))).send(TEXT)).toMatchObject({ ok: false, isPassing: true });
  });
});

describe('a webhook of Telnyx', () => {
  it('brings a text, whatever script it is in, its parts joined', async () => {
    expect(await (await open()).parse(telnyxRequest(telnyxInbound(), { keys }))).toMatchObject({
      ok: true,
      events: [
        {
          t: 'text',
          id: 'b0c7e8cb-6227-4c74-9f32-c7f80c30934b',
          from: '+12025550143',
          to: '+12025550100',
          text: 'Is the pharmacy open? ¿Está abierta? 😀',
          segments: 2,
          at: Date.UTC(2026, 5, 18, 12),
        },
      ],
    });
  });

  it('brings a picture without words', async () => {
    const url = 'https://media.telnyx.com/abc.jpg';
    const value = telnyxInbound({
      text: null,
      type: 'MMS',
      media: [{ url, content_type: 'image/jpeg', size: 9 }],
    });
    expect(await (await open()).parse(telnyxRequest(value, { keys }))).toMatchObject({
      ok: true,
      events: [{ text: '', media: [{ url, mime: 'image/jpeg' }] }],
    });
  });

  it.each([
    { type: 'message.sent', status: 'sent', errors: [], state: 'sent', code: null },
    { type: 'message.finalized', status: 'delivered', errors: [], state: 'delivered', code: null },
    { type: 'message.finalized', status: 'delivery_unconfirmed', errors: [], state: 'sent', code: null },
    {
      type: 'message.finalized',
      status: 'delivery_failed',
      errors: [{ code: '40001', title: 'x' }],
      state: 'failed',
      code: 'carrier.unreachable',
    },
    {
      type: 'message.finalized',
      status: 'sending_failed',
      errors: [{ code: 40300 }],
      state: 'failed',
      code: 'carrier.opted-out',
    },
    {
      type: 'message.finalized',
      status: 'delivery_failed',
      errors: [],
      state: 'failed',
      code: 'carrier.failed',
    },
  ])('reports $type $status as it is meant', async ({ type, status, errors, state, code }) => {
    const payload = {
      id: '40385f64-5717-4562-b3fc-2c963f66afa6',
      direction: 'outbound',
      to: [{ status }],
      errors,
      parts: 3,
    };
    const value = { data: { id: 'event-00000001', event_type: type, payload } };
    expect(await (await open()).parse(telnyxRequest(value, { keys }))).toMatchObject({
      ok: true,
      events: [{ t: 'report', id: payload.id, state, code, segments: 3 }],
    });
  });

  it('is thanked for what Baton has no use for', async () => {
    const value = {
      data: { id: 'event-00000002', event_type: 'call.initiated', payload: { anything: true } },
    };
    expect(await (await open()).parse(telnyxRequest(value, { keys }))).toMatchObject({
      ok: true,
      events: [],
    });
  });

  it('T23 is believed only whole, signed, fresh and once', async () => {
    const carrier = await open();
    const good = telnyxRequest(telnyxInbound(), { keys });
    const {
      'telnyx-signature-ed25519': signature = '',
      'telnyx-timestamp': timestamp = '',
      ...rest
    } = good.headers;
    const judge = (change: Partial<typeof good>) => carrier.parse({ ...good, ...change });

    expect(await judge({ headers: { ...rest, 'telnyx-timestamp': timestamp } })).toEqual({
      ok: false,
      why: 'no-signature',
      status: 403,
    });
    expect(await judge({ headers: { ...rest, 'telnyx-signature-ed25519': signature } })).toMatchObject({
      why: 'no-signature',
    });
    expect(await carrier.parse(telnyxRequest(telnyxInbound(), { keys: makeTelnyxKeys() }))).toEqual({
      ok: false,
      why: 'bad-signature',
      status: 403,
    });
    const otherTime = { ...good.headers, 'telnyx-timestamp': String(Number(timestamp) - 1) };
    expect(await judge({ headers: otherTime })).toMatchObject({ why: 'bad-signature' });
    for (const atMs of [Date.now() - 301_000, Date.now() + 301_000])
      expect(await carrier.parse(telnyxRequest(telnyxInbound(), { keys, atMs }))).toMatchObject({
        why: 'stale',
        status: 403,
      });
    for (const odd of ['', 'soon', '1e9', '-5', '9'.repeat(40)])
      expect(await judge({ headers: { ...good.headers, 'telnyx-timestamp': odd } })).toMatchObject({
        ok: false,
      });
    // The same content written in another way, in another encoding, or altered.
    const pretty = Buffer.from(JSON.stringify(telnyxInbound(), null, 1));
    expect(await judge({ body: new Uint8Array(pretty) })).toMatchObject({ why: 'bad-signature' });
    const escaped = Buffer.from(good.body).toString('utf8').replace('á', '\\u00e1');
    expect(await judge({ body: new Uint8Array(Buffer.from(escaped)) })).toMatchObject({
      why: 'bad-signature',
    });
    const latin = Buffer.from(Buffer.from(good.body).toString('utf8'), 'latin1');
    expect(await judge({ body: new Uint8Array(latin) })).toMatchObject({ ok: false });
    expect(await judge({ body: new Uint8Array([...good.body, 32]) })).toMatchObject({ why: 'bad-signature' });
    expect(await judge({ body: new Uint8Array(0) })).toMatchObject({ ok: false });
    expect(await judge({ method: 'GET' })).toMatchObject({ why: 'malformed' });
    // Signed, but no message of Telnyx.
    for (const body of ['{', 'null', '[]', '{"data":null}', '{"data":{"id":"x"}}', '1'])
      expect(await carrier.parse(telnyxRequest(null, { keys, body }))).toMatchObject({ ok: false });

    const ports = makePorts([provider.host], { clock: new SetClock(Date.now()) });
    const fresh = await open(ports);
    expect(await fresh.parse(good)).toMatchObject({ ok: true });
    const believed = await fresh.parse(good);
    if (believed.ok) await believed.taken();
    // Telnyx signs a repeat anew: what makes it the same is the event's id.
    const repeat = telnyxRequest(telnyxInbound(), { keys, atMs: Date.now() + 1000 });
    for (const again of [good, repeat])
      expect(await fresh.parse(again)).toEqual({ ok: false, why: 'replay', status: 200 });
  });

  it('T23 believes nobody where there is no public key', async () => {
    const carrier = await createTelnyx(
      { ...settings, publicKey: '' },
      makePorts([], { clock: new SetClock(Date.now()) }),
    );
    expect(await carrier.parse(telnyxRequest(telnyxInbound(), { keys }))).toMatchObject({
      ok: false,
      why: 'no-secret',
    });
  });
});
