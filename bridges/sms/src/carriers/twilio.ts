import type { ServedRequest } from '@baton/agent';
import { phoneField, type TextState } from '@baton/wire';
import { fetchMedia } from '../media/media-fetcher.ts';
import {
  type Carrier,
  type CarrierCode,
  type CarrierEvent,
  type InboundMedia,
  type Parsed,
  senderField,
  type SendOutcome,
} from './carrier.ts';
import type { CarrierPorts } from './carrier-ports.ts';
import type { CarrierSettings } from './settings.ts';
import { parseStrictForm } from './strict-form.ts';
import { basicOf, createTwilioClient, type TwilioSdk } from './twilio-client.ts';

const MOST_MEDIA = 10;

/** MessageStatus of the Message resource. */
const STATES: Readonly<Record<string, TextState>> = {
  accepted: 'waiting',
  scheduled: 'waiting',
  queued: 'waiting',
  sending: 'waiting',
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
  // Some of its parts did not arrive: what counts is the worst.
  partially_delivered: 'failed',
};

/** Error codes of Twilio that mean something to a person here. */
const CODES: Readonly<Record<string, CarrierCode>> = {
  20003: 'carrier.settings',
  20404: 'carrier.settings',
  20429: 'carrier.busy',
  21211: 'carrier.bad-number',
  21217: 'carrier.bad-number',
  21606: 'carrier.settings',
  21608: 'carrier.settings',
  21610: 'carrier.opted-out',
  21612: 'carrier.unreachable',
  21614: 'carrier.bad-number',
  21659: 'carrier.settings',
  30001: 'carrier.busy',
  30003: 'carrier.unreachable',
  30004: 'carrier.blocked',
  30005: 'carrier.unreachable',
  30006: 'carrier.unreachable',
  30007: 'carrier.blocked',
  30034: 'carrier.blocked',
};

/** Twilio Programmable Messaging: form-encoded webhooks under X-Twilio-Signature, checked by Twilio's own SDK. */
export async function createTwilio(
  settings: CarrierSettings<'twilio'>,
  ports: CarrierPorts,
): Promise<Carrier> {
  const sdk = await createTwilioClient(settings, ports.egress);
  return {
    name: 'twilio',
    number: settings.number,
    send: (text) => send(text, { settings, sdk }),
    parse: (request) => parse(request, { settings, sdk, ports }),
    fetchMedia: ({ url }) =>
      fetchMedia(url, {
        ...ports,
        origins: [settings.apiOrigin, ...settings.mediaOrigins],
        // Account and token go to the API, for files of this account; where it sends on to has them in its address.
        credentials: ({ origin, pathname }): Readonly<Record<string, string>> =>
          origin === settings.apiOrigin && pathname.startsWith(`/2010-04-01/Accounts/${settings.account}/`)
            ? { authorization: basicOf(settings.account, settings.authToken) }
            : {},
      }),
  };
}

interface Line {
  readonly settings: CarrierSettings<'twilio'>;
  readonly sdk: TwilioSdk;
}

async function send(
  { to, text }: Parameters<Carrier['send']>[0],
  { settings, sdk }: Line,
): Promise<SendOutcome> {
  try {
    const sent = await sdk.client.messages.create({
      to,
      from: settings.number,
      body: text,
      statusCallback: `${settings.publicUrl}/sms/webhook`,
    });
    return { ok: true, id: sent.sid, state: STATES[sent.status] ?? 'waiting' };
  } catch (error) {
    const { status, code } = error as { readonly status?: unknown; readonly code?: unknown };
    const isPassing = typeof status !== 'number' || status === 429 || status >= 500;
    return { ok: false, code: isPassing ? 'carrier.busy' : codeOf(String(code)), isPassing };
  }
}

async function parse(
  request: ServedRequest,
  { settings, sdk, ports }: Line & { readonly ports: CarrierPorts },
): Promise<Parsed> {
  const signature = request.headers['x-twilio-signature'];
  if (settings.authToken === '') return { ok: false, why: 'no-secret', status: 403 };
  if (signature === undefined || signature === '') return { ok: false, why: 'no-signature', status: 403 };
  const form = parseStrictForm(request.headers['content-type'], request.body);
  if (request.method !== 'POST' || form === null) return { ok: false, why: 'malformed', status: 400 };
  const url = `${settings.publicUrl}${request.path}${request.query === '' ? '' : `?${request.query}`}`;
  if (!sdk.validateRequest(settings.authToken, signature, url, { ...form }))
    return { ok: false, why: 'bad-signature', status: 403 };
  const event = form['AccountSid'] === settings.account ? readEvent(form) : null;
  if (event === null) return { ok: false, why: 'malformed', status: 400 };
  // The signature has no time in it: which message in which state is what makes a request the same.
  const key = `twilio/${event.id}/${form['MessageStatus'] ?? form['SmsStatus'] ?? 'received'}`;
  if (await ports.replays.isKnown(key)) return { ok: false, why: 'replay', status: 200 };
  return { ok: true, events: [event], taken: () => ports.replays.take(key) };
}

function readEvent(form: Readonly<Record<string, string>>): CarrierEvent | null {
  const id = form['MessageSid'] ?? '';
  if (!/^(?:SM|MM)[0-9a-f]{32}$/.test(id)) return null;
  const status = form['MessageStatus'] ?? form['SmsStatus'] ?? '';
  if (status !== 'received' && status !== 'receiving') {
    const state = STATES[status];
    if (state === undefined) return null;
    const code = state === 'failed' ? codeOf(form['ErrorCode'] ?? '') : null;
    return { t: 'report', id, state, code, segments: countOf(form['NumSegments']) };
  }
  const [from, to] = [form['From'] ?? '', form['To'] ?? ''];
  const media = readMedia(form);
  if (!senderField.safeParse(from).success || !phoneField.safeParse(to).success || media === null)
    return null;
  const segments = countOf(form['NumSegments']) ?? 1;
  return { t: 'text', id, from, to, text: form['Body'] ?? '', media, segments, at: null };
}

function readMedia(form: Readonly<Record<string, string>>): readonly InboundMedia[] | null {
  const count = Number(form['NumMedia'] ?? '0');
  if (!Number.isInteger(count) || count < 0 || count > MOST_MEDIA) return null;
  return Array.from({ length: count }, (_, index) => ({
    url: form[`MediaUrl${index}`] ?? '',
    mime: form[`MediaContentType${index}`] ?? '',
  }));
}

function countOf(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d?$/.test(text) ? Number(text) : null;
}

function codeOf(code: string): CarrierCode {
  return CODES[code] ?? 'carrier.failed';
}
