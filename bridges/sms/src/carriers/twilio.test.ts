import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FORM, signTwilio, TWILIO, twilioFields, twilioRequest } from './fixtures/signed-webhooks.ts';
import {
  answerJson,
  type FakeProvider,
  makePorts,
  requestOf,
  startFakeProvider,
} from './fixtures/surroundings.ts';
import { createTwilio } from './twilio.ts';

let provider: FakeProvider;

beforeAll(async () => {
  provider = await startFakeProvider();
});
beforeEach(() => {
  provider.heard.length = 0;
});
afterAll(() => provider.close());

const open = (ports = makePorts([provider.host])) =>
  createTwilio({ ...TWILIO, apiOrigin: provider.origin }, ports);
const TEXT = {
  to: '+12025550143',
  text: 'You have a message. Más: https://baton.example/p',
  reference: 'e_1',
};

describe('a text to Twilio', () => {
  it('goes out as one form under account and token, with where to report', async () => {
    provider.answer = answerJson(201, { sid: `SM${'b2'.repeat(16)}`, status: 'queued' });
    const carrier = await open();
    expect(await carrier.send(TEXT)).toEqual({ ok: true, id: `SM${'b2'.repeat(16)}`, state: 'waiting' });
    const [heard] = provider.heard;
    expect(heard).toMatchObject({
      method: 'POST',
      url: `/2010-04-01/Accounts/${TWILIO.account}/Messages.json`,
    });
    expect(Object.fromEntries(new URLSearchParams(heard?.body))).toEqual({
      To: TEXT.to,
      From: TWILIO.number,
      Body: TEXT.text,
      StatusCallback: `${TWILIO.publicUrl}/sms/webhook`,
    });
    const login = Buffer.from(`${TWILIO.account}:${TWILIO.authToken}`).toString('base64');
    expect(heard?.headers.authorization).toBe(`Basic ${login}`);
  });

  it.each([
    [400, 21610, 'carrier.opted-out', false],
    [400, 21211, 'carrier.bad-number', false],
    [401, 20003, 'carrier.settings', false],
    [400, 99999, 'carrier.failed', false],
    [429, 20429, 'carrier.busy', true],
    [503, 0, 'carrier.busy', true],
  ])('tells %s with error %s as %s', async (status, code, mine, isPassing) => {
    provider.answer = answerJson(status, { code, message: 'words of theirs', status });
    expect(await (await open()).send(TEXT)).toEqual({ ok: false, code: mine, isPassing });
  });

  it('is tried again later where nobody answers, or the host is not in the manifest', async () => {
    provider.answer = (_heard, response) => void response.destroy();
    expect(await (await open()).send(TEXT)).toEqual({ ok: false, code: 'carrier.busy', isPassing: true });
    expect(await (await open(makePorts([]))).send(TEXT)).toEqual({
      ok: false,
      code: 'carrier.busy',
      isPassing: true,
    });
  });
});

describe('a webhook of Twilio', () => {
  it('brings a text, whatever script it is in', async () => {
    const parsed = await (await open()).parse(twilioRequest());
    expect(parsed).toMatchObject({
      ok: true,
      events: [
        {
          t: 'text',
          id: `SM${'a1'.repeat(16)}`,
          from: '+12025550143',
          to: TWILIO.number,
          text: 'Is the pharmacy open? ¿Está abierta? 😀',
          media: [],
          segments: 1,
          at: null,
        },
      ],
    });
  });

  it('brings pictures as addresses that are not fetched yet', async () => {
    const url = `https://api.twilio.com/2010-04-01/Accounts/${TWILIO.account}/Messages/MM1/Media/ME1`;
    const fields = twilioFields({ Body: '', NumMedia: '1', MediaUrl0: url, MediaContentType0: 'image/jpeg' });
    const parsed = await (await open()).parse(twilioRequest(fields));
    expect(parsed.ok && parsed.events).toMatchObject([{ text: '', media: [{ url, mime: 'image/jpeg' }] }]);
    expect(provider.heard).toEqual([]);
  });

  it('takes the sender as it is, number or not', async () => {
    for (const From of ['+5215512345678', '24273', 'CVS Rx'])
      expect(await (await open()).parse(twilioRequest(twilioFields({ From })))).toMatchObject({
        events: [{ from: From }],
      });
    for (const From of ['', 'a name that is too long', '<script>'])
      expect(await (await open()).parse(twilioRequest(twilioFields({ From })))).toMatchObject({
        why: 'malformed',
      });
  });

  it.each([
    ['queued', undefined, 'waiting', null],
    ['sent', undefined, 'sent', null],
    ['delivered', undefined, 'delivered', null],
    ['undelivered', '30003', 'failed', 'carrier.unreachable'],
    ['failed', '21610', 'failed', 'carrier.opted-out'],
    ['failed', '30007', 'failed', 'carrier.blocked'],
    ['failed', '1', 'failed', 'carrier.failed'],
    ['partially_delivered', undefined, 'failed', 'carrier.failed'],
  ])('reports %s (%s) as %s', async (MessageStatus, ErrorCode, state, code) => {
    const fields = twilioFields({ MessageStatus, SmsStatus: MessageStatus, ...(ErrorCode && { ErrorCode }) });
    expect(await (await open()).parse(twilioRequest(fields))).toMatchObject({
      ok: true,
      events: [{ t: 'report', state, code }],
    });
  });

  it('T23 is believed only whole, signed and once', async () => {
    const carrier = await open();
    const good = twilioRequest();
    const { 'x-twilio-signature': signature = '', ...unsigned } = good.headers;
    const body = Buffer.from(good.body).toString('utf8');
    const withHeaders = (headers: Record<string, string>, text: string | Uint8Array = body) =>
      carrier.parse(requestOf({ body: text, headers }));

    expect(await withHeaders(unsigned)).toEqual({ ok: false, why: 'no-signature', status: 403 });
    expect(await withHeaders({ ...good.headers, 'x-twilio-signature': '' })).toMatchObject({
      why: 'no-signature',
    });
    expect(await carrier.parse(twilioRequest(twilioFields(), 'another token of some length'))).toEqual({
      ok: false,
      why: 'bad-signature',
      status: 403,
    });
    expect(await withHeaders({ ...good.headers, 'x-twilio-signature': `${signature}=` })).toMatchObject({
      why: 'bad-signature',
    });
    // Another address, another account, another method.
    for (const request of [
      { ...good, path: '/sms/webhook/' },
      { ...good, path: '/sms/elsewhere' },
      { ...good, query: 'x=1' },
    ])
      expect(await carrier.parse(request)).toMatchObject({ why: 'bad-signature' });
    const foreign = twilioFields({ AccountSid: `AC${'9'.repeat(32)}` });
    expect(await carrier.parse(twilioRequest(foreign))).toMatchObject({ why: 'malformed' });
    expect(await carrier.parse({ ...good, method: 'GET' })).toMatchObject({ why: 'malformed' });
    // The same content in another form, in another encoding, altered, or read in two ways.
    const json = JSON.stringify(twilioFields());
    expect(await withHeaders({ ...good.headers, 'content-type': 'application/json' }, json)).toMatchObject({
      why: 'malformed',
    });
    expect(await withHeaders({ ...good.headers, 'content-type': 'text/plain' })).toMatchObject({
      why: 'malformed',
    });
    expect(await withHeaders(good.headers, Buffer.from(body.replace('%C3%A1', '%E1')))).toMatchObject({
      why: 'malformed',
    });
    expect(await withHeaders(good.headers, Buffer.from('Body=\xe1', 'latin1'))).toMatchObject({
      why: 'malformed',
    });
    expect(await withHeaders(good.headers, body.replace('pharmacy', 'doctor'))).toMatchObject({
      why: 'bad-signature',
    });
    expect(await withHeaders(good.headers, encodeURIComponent(body))).toMatchObject({ ok: false });
    expect(await withHeaders(good.headers, `${body}&Body=other`)).toMatchObject({ why: 'malformed' });
    expect(await withHeaders(good.headers, `${body}&More=1`)).toMatchObject({ why: 'bad-signature' });
    expect(await withHeaders(good.headers, '')).toMatchObject({ why: 'malformed' });

    // Believed as often as it comes until it is taken, and then no more; a restart does not forget.
    const ports = makePorts([provider.host]);
    const fresh = await open(ports);
    expect(await fresh.parse(good)).toMatchObject({ ok: true });
    const believed = await fresh.parse(good);
    if (believed.ok) await believed.taken();
    expect(await fresh.parse(good)).toEqual({ ok: false, why: 'replay', status: 200 });
    const restarted = await open(makePorts([provider.host], { drawer: ports.drawer }));
    expect(await restarted.parse(good)).toMatchObject({ why: 'replay' });
    const report = twilioRequest(twilioFields({ MessageStatus: 'delivered' }));
    expect(await restarted.parse(report)).toMatchObject({ ok: true });
  });

  it('T23 believes nobody where there is no token, not even who signs with none', async () => {
    const carrier = await createTwilio({ ...TWILIO, authToken: '' }, makePorts([])).catch(() => null);
    const request = twilioRequest(twilioFields(), '');
    expect((await carrier?.parse(request)) ?? { ok: false }).toMatchObject({ ok: false });
  });

  it('is signed over the public address, whatever the proxy asks for', async () => {
    const fields = twilioFields();
    const carrier = await createTwilio(
      { ...TWILIO, publicUrl: 'https://practice.example/texts' },
      makePorts([]),
    );
    const signature = signTwilio('https://practice.example/texts/sms/webhook?a=%20b', fields);
    const request = requestOf({
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': FORM, 'x-twilio-signature': signature, host: '127.0.0.1:8421' },
      query: 'a=%20b',
    });
    expect(await carrier.parse(request)).toMatchObject({ ok: true });
  });
});
