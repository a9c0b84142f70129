import type { ServedRequest } from '@baton/agent';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Carrier } from './carrier.ts';
import {
  FORM,
  makeTelnyxKeys,
  telnyxInbound,
  telnyxRequest,
  telnyxSettings,
  TWILIO,
  twilioFields,
  twilioRequest,
} from './fixtures/signed-webhooks.ts';
import { makePorts, SetClock } from './fixtures/surroundings.ts';
import { parseStrictForm } from './strict-form.ts';
import { createTelnyx } from './telnyx.ts';
import { createTwilio } from './twilio.ts';

const keys = makeTelnyxKeys();
const ports = () => makePorts([], { clock: new SetClock(Date.now()) });
const carriers: Readonly<
  Record<'twilio' | 'telnyx', { open: () => Promise<Carrier>; good: () => ServedRequest }>
> = {
  twilio: { open: () => createTwilio(TWILIO, ports()), good: () => twilioRequest() },
  telnyx: {
    open: () => createTelnyx(telnyxSettings(keys.publicKey), ports()),
    good: () => telnyxRequest(telnyxInbound(), { keys }),
  },
};
const names = ['twilio', 'telnyx'] as const;

const bytes = fc.uint8Array({ maxLength: 600 });
const formish = fc
  .dictionary(
    fc.constantFrom('Body', 'From', 'To', 'MessageSid', 'AccountSid', 'NumMedia', '__proto__', 'x'),
    fc.string(),
  )
  .map((fields) => new Uint8Array(Buffer.from(new URLSearchParams(fields).toString())));
const jsonish = fc.json().map((text) => new Uint8Array(Buffer.from(text)));
const headers = fc.dictionary(
  fc.constantFrom(
    'content-type',
    'x-twilio-signature',
    'telnyx-signature-ed25519',
    'telnyx-timestamp',
    'host',
    'content-encoding',
  ),
  fc.oneof(
    fc.string(),
    fc.constantFrom(
      FORM,
      'application/json',
      String(Math.floor(Date.now() / 1000)),
      '\u0000',
      '='.repeat(88),
    ),
    fc.base64String({ maxLength: 120 }),
  ),
);

it.each(names)('T23 nothing that anybody makes up is believed, and nothing throws: %s', async (name) => {
  const carrier = await carriers[name].open();
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        method: fc.constantFrom('GET' as const, 'POST' as const),
        path: fc.oneof(fc.constant('/sms/webhook'), fc.webPath()),
        query: fc.oneof(fc.constant(''), fc.webQueryParameters()),
        headers,
        body: fc.oneof(bytes, formish, jsonish),
        isLocal: fc.boolean(),
      }),
      async (request) => {
        const parsed = await carrier.parse(request);
        expect(parsed.ok).toBe(false);
        if (!parsed.ok) expect([400, 403]).toContain(parsed.status);
      },
    ),
    { numRuns: 400 },
  );
});

it.each(names)('T23 a request of which one byte is another says the same or nothing: %s', async (name) => {
  const good = carriers[name].good();
  const carrier = await carriers[name].open();
  const known = await carrier.parse(good);
  await fc.assert(
    fc.asyncProperty(fc.nat(good.body.length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const body = new Uint8Array(good.body);
      body[at] = (body[at] ?? 0) ^ flip;
      const parsed = await carrier.parse({ ...good, body });
      // Another spelling of the same escape (%c3 for %C3, + for %20) is the same form; anything else is refused.
      expect([null, known.ok && known.events]).toContainEqual(parsed.ok ? parsed.events : null);
    }),
    { numRuns: 400 },
  );
});

it.each(names)('T23 a signed request of which anything is missing or more is refused: %s', async (name) => {
  const good = carriers[name].good();
  const carrier = await carriers[name].open();
  await fc.assert(
    fc.asyncProperty(
      fc.nat(good.body.length - 1),
      fc.uint8Array({ minLength: 1, maxLength: 20 }),
      async (cut, more) => {
        const shorter = await carrier.parse({ ...good, body: good.body.slice(0, cut) });
        const longer = await carrier.parse({ ...good, body: new Uint8Array([...good.body, ...more]) });
        expect([shorter.ok, longer.ok]).toEqual([false, false]);
      },
    ),
    { numRuns: 200 },
  );
});

it('whatever a signed request says, it becomes events or a refusal', async () => {
  const twilio = await carriers.twilio.open();
  const telnyx = await carriers.telnyx.open();
  const odd = fc.oneof(
    fc.string(),
    fc.constantFrom('', '0', '-1', '99999999999', 'NaN', 'received', 'delivered', '+1', '\u202e'),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(
        fc.constantFrom(
          'Body',
          'From',
          'To',
          'MessageSid',
          'MessageStatus',
          'SmsStatus',
          'NumMedia',
          'NumSegments',
          'MediaUrl0',
          'ErrorCode',
        ),
        odd,
      ),
      fc.record(
        {
          id: odd,
          direction: odd,
          from: fc.json(),
          to: fc.anything(),
          text: odd,
          media: fc.anything(),
          parts: fc.anything(),
        },
        { requiredKeys: [] },
      ),
      fc.constantFrom('message.received', 'message.sent', 'message.finalized', 'x'),
      async (fields, payload, type) => {
        const one = await twilio.parse(twilioRequest(twilioFields(fields)));
        const body = JSON.stringify({ data: { id: 'event-00000001', event_type: type, payload } });
        const two = await telnyx.parse(telnyxRequest(null, { keys, body }));
        for (const parsed of [one, two])
          expect(parsed.ok || parsed.why === 'malformed' || parsed.why === 'bad-signature').toBe(true);
        const texts = one.ok ? one.events.flatMap((event) => (event.t === 'text' ? [event.text] : [])) : [];
        expect(texts.every((text) => text === (fields['Body'] ?? twilioFields()['Body']))).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});

it('a form is read as it was written, or not at all', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(
        fc.tuple(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ unit: 'grapheme' })),
        {
          selector: ([name]) => name,
          minLength: 1,
          maxLength: 20,
        },
      ),
      (fields) => {
        const body = new Uint8Array(Buffer.from(new URLSearchParams(fields).toString()));
        expect({ ...parseStrictForm(FORM, body) }).toEqual(Object.fromEntries(fields));
      },
    ),
  );
  fc.assert(
    fc.property(bytes, (body) => {
      const form = parseStrictForm(FORM, body);
      if (form !== null) expect(Object.keys(form).length).toBeGreaterThan(0);
    }),
  );
  const read = (text: string) => parseStrictForm(FORM, new Uint8Array(Buffer.from(text)));
  expect(read('a=1&a=2')).toBeNull();
  expect(read('a=%zz')).toBeNull();
  expect(read('a=%ff')).toBeNull();
  expect(read('=1')).toBeNull();
  expect({ ...read('__proto__=1') }).toEqual(Object.fromEntries([['__proto__', '1']]));
});
