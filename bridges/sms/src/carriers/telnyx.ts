import type { ServedRequest } from '@baton/agent';
import { decodeUtf8 } from '@baton/kernel';
import { phoneField, type TextState } from '@baton/wire';
import type Telnyx from 'telnyx';
import { z } from 'zod';
import { fetchMedia } from '../media/media-fetcher.ts';
import {
  type Carrier,
  type CarrierCode,
  type CarrierEvent,
  type Parsed,
  senderField,
  type SendOutcome,
} from './carrier.ts';
import type { CarrierPorts } from './carrier-ports.ts';
import type { CarrierSettings } from './settings.ts';

/** As the SDK has it. */
const TOLERANCE_MS = 5 * 60_000;

/** `to[].status` of a message. */
const STATES: Readonly<Record<string, TextState>> = {
  queued: 'waiting',
  sending: 'waiting',
  sent: 'sent',
  // The receiving network says nothing: sent is what is known.
  delivery_unconfirmed: 'sent',
  delivered: 'delivered',
  sending_failed: 'failed',
  delivery_failed: 'failed',
};

const CODES: Readonly<Record<string, CarrierCode>> = {
  10009: 'carrier.settings',
  10011: 'carrier.busy',
  40001: 'carrier.unreachable',
  40002: 'carrier.blocked',
  40003: 'carrier.blocked',
  40005: 'carrier.unreachable',
  40008: 'carrier.unreachable',
  40010: 'carrier.blocked',
  40012: 'carrier.bad-number',
  40013: 'carrier.settings',
  40300: 'carrier.opted-out',
  40301: 'carrier.unreachable',
  40305: 'carrier.settings',
  40306: 'carrier.settings',
  40310: 'carrier.bad-number',
  40312: 'carrier.settings',
};

const number = z.object({ phone_number: phoneField });
const base = { id: z.string().regex(/^[\w-]{8,80}$/), parts: z.number().int().min(1).max(99).optional() };
const errors = z.array(z.object({ code: z.coerce.string().max(20) })).optional();

const inbound = z.object({
  ...base,
  direction: z.literal('inbound'),
  from: z.object({ phone_number: senderField }),
  to: z.array(number).min(1),
  text: z.string().max(20_000).nullish(),
  media: z
    .array(z.object({ url: z.string().max(4096), content_type: z.string().max(127).nullish() }))
    .max(20)
    .nullish(),
  received_at: z.string().max(60).nullish(),
});
const outbound = z.object({
  ...base,
  direction: z.literal('outbound'),
  to: z.array(z.object({ status: z.string().max(40) })).min(1),
  errors,
});
const webhook = z.object({
  data: z.object({
    id: z.string().regex(/^[\w-]{8,80}$/),
    event_type: z.string().max(60),
    payload: z.unknown(),
  }),
});

/** Telnyx Messaging: JSON webhooks, Ed25519 over `timestamp|body`, checked by Telnyx' own SDK on the bytes as they came. */
export async function createTelnyx(
  settings: CarrierSettings<'telnyx'>,
  ports: CarrierPorts,
): Promise<Carrier> {
  const { default: Sdk } = await import('telnyx');
  const { apiKey, publicKey, apiOrigin } = settings;
  const client = new Sdk({
    apiKey,
    publicKey,
    baseURL: `${apiOrigin}/v2`,
    // The texting assistant tries again itself: a text that may have gone out is not sent a second time unasked.
    maxRetries: 0,
    logLevel: 'off',
    fetch: (url, init) => ports.egress.fetch(url instanceof Request ? url.url : String(url), init),
  });
  return {
    name: 'telnyx',
    number: settings.number,
    send: (text) => send(text, { settings, client }),
    parse: (request) => parse(request, { settings, client, ports }),
    // Addresses of files carry their own short-lived right: the API key goes to the API only.
    fetchMedia: ({ url }) =>
      fetchMedia(url, { ...ports, origins: settings.mediaOrigins, credentials: () => ({}) }),
  };
}

interface Line {
  readonly settings: CarrierSettings<'telnyx'>;
  readonly client: Telnyx;
}

async function send(
  { to, text }: Parameters<Carrier['send']>[0],
  { settings, client }: Line,
): Promise<SendOutcome> {
  try {
    const { data } = await client.messages.send({
      to,
      from: settings.number,
      text,
      ...(settings.profile !== null && { messaging_profile_id: settings.profile }),
    });
    if (data?.id === undefined) return { ok: false, code: 'carrier.failed', isPassing: false };
    return { ok: true, id: data.id, state: STATES[data.to?.[0]?.status ?? ''] ?? 'waiting' };
  } catch (error) {
    const { status, error: body } = error as { readonly status?: unknown; readonly error?: unknown };
    const isPassing = typeof status !== 'number' || status === 429 || status >= 500;
    const code = z.object({ errors }).safeParse(body).data?.errors?.[0]?.code ?? '';
    const known = status === 401 || status === 403 ? (CODES[code] ?? 'carrier.settings') : codeOf(code);
    return { ok: false, code: isPassing ? 'carrier.busy' : known, isPassing };
  }
}

async function parse(
  request: ServedRequest,
  { settings, client, ports }: Line & { readonly ports: CarrierPorts },
): Promise<Parsed> {
  const signature = request.headers['telnyx-signature-ed25519'] ?? '';
  const timestamp = request.headers['telnyx-timestamp'] ?? '';
  if (settings.publicKey === '') return { ok: false, why: 'no-secret', status: 403 };
  if (signature === '' || timestamp === '') return { ok: false, why: 'no-signature', status: 403 };
  const body = decodeUtf8(request.body);
  if (request.method !== 'POST' || body === null) return { ok: false, why: 'malformed', status: 400 };
  if (!/^\d{1,12}$/.test(timestamp)) return { ok: false, why: 'malformed', status: 400 };
  const headers = { 'telnyx-signature-ed25519': signature, 'telnyx-timestamp': timestamp };
  const isStale = Math.abs(ports.clock.nowMs() - Number(timestamp) * 1000) > TOLERANCE_MS;
  const unwrapped = await client.webhooks.unwrap(body, { headers, key: settings.publicKey }).then(
    (event: unknown) => ({ event }),
    () => null,
  );
  if (isStale) return { ok: false, why: 'stale', status: 403 };
  if (unwrapped === null) return { ok: false, why: 'bad-signature', status: 403 };
  const parsed = webhook.safeParse(unwrapped.event);
  if (!parsed.success) return { ok: false, why: 'malformed', status: 400 };
  const { id, event_type: type, payload } = parsed.data.data;
  const event = readEvent(type, payload);
  if (event === 'malformed') return { ok: false, why: 'malformed', status: 400 };
  const key = `telnyx/${id}`;
  if (await ports.replays.isKnown(key)) return { ok: false, why: 'replay', status: 200 };
  return { ok: true, events: event === null ? [] : [event], taken: () => ports.replays.take(key) };
}

/** null: something that Baton has no use for. */
function readEvent(type: string, payload: unknown): CarrierEvent | 'malformed' | null {
  if (type === 'message.received') {
    const parsed = inbound.safeParse(payload);
    if (!parsed.success) return 'malformed';
    const { id, from, to, text, media, parts, received_at: at } = parsed.data;
    const atMs = Date.parse(at ?? '');
    return {
      t: 'text',
      id,
      from: from.phone_number,
      to: to[0]?.phone_number ?? '',
      text: text ?? '',
      media: (media ?? []).map(({ url, content_type: mime }) => ({ url, mime: mime ?? '' })),
      segments: parts ?? 1,
      at: Number.isFinite(atMs) ? atMs : null,
    };
  }
  if (!/^message\.(?:sent|finalized)$/.test(type)) return null;
  const parsed = outbound.safeParse(payload);
  if (!parsed.success) return 'malformed';
  const { id, to, parts, errors: found } = parsed.data;
  const state = STATES[to[0]?.status ?? ''];
  if (state === undefined) return 'malformed';
  const code = state === 'failed' ? codeOf(found?.[0]?.code ?? '') : null;
  return { t: 'report', id, state, code, segments: parts ?? null };
}

function codeOf(code: string): CarrierCode {
  return CODES[code] ?? 'carrier.failed';
}
