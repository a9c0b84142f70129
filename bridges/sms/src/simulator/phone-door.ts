import type { AgentContext, ServedRequest, ServedResponse } from '@baton/agent';
import { decodeUtf8, type Bytes } from '@baton/kernel';
import { phoneField } from '@baton/wire';
import { z } from 'zod';
import { PHONE_MODES, type PhoneBook } from './phone-book.ts';
import type { PhoneSimulator } from './phone-simulator.ts';

export const PHONES = '/sms/phones';
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  ts: 'text/javascript; charset=utf-8',
};
/** So many texts of each phone are shown. */
const SHOWN = 200;

const textWish = z.strictObject({
  number: phoneField,
  text: z.string().max(1600),
  media: z.array(z.base64().max(240_000)).max(3),
});
const phoneWish = z.strictObject({
  number: phoneField,
  label: z.string().max(60).optional(),
  mode: z.enum(PHONE_MODES).optional(),
});

export interface PhoneDoorPorts {
  readonly simulator: PhoneSimulator;
  readonly book: PhoneBook;
  readonly asset: AgentContext['asset'];
  readonly nameOf: (number: string) => Promise<string | null>;
}

/** The page of the simulated phones, for whoever sits at this machine (docs/operations/texting.md). */
export async function servePhones(request: ServedRequest, ports: PhoneDoorPorts): Promise<ServedResponse> {
  if (!request.isLocal) return words(403, 'The simulated phones are shown on this machine only.');
  const place = request.path.slice(PHONES.length).replace(/\/$/, '');
  return request.method === 'GET' ? show(place, request, ports) : change(place, request, ports);
}

async function show(place: string, request: ServedRequest, ports: PhoneDoorPorts): Promise<ServedResponse> {
  switch (place) {
    case '':
      return page('phones.html', ports);
    case '/phones.css':
      return page('phones.css', ports);
    case '/phones.svg':
      return page('phones.svg', ports);
    case '/phones.js':
      return page('phones.ts', ports);
    case '/state':
      return state(request.query, ports);
  }
  const id = /^\/media\/([\w-]{1,60})$/.exec(place)?.[1];
  const media = id === undefined ? null : await ports.book.media(id);
  const mime = ports.book
    .texts()
    .flatMap((text) => text.media)
    .find((file) => file.id === id)?.mime;
  if (media === null || !mime?.startsWith('image/')) return words(404, 'Nothing here.');
  return {
    status: 200,
    headers: { 'content-type': mime, 'cache-control': 'private, max-age=3600' },
    body: media,
  };
}

function page(file: string, { asset }: PhoneDoorPorts): ServedResponse {
  const body = asset(`simulator/page/${file}`);
  if (body === null) return words(404, 'Nothing here.');
  const type = TYPES[file.split('.').at(-1) ?? ''] ?? 'text/plain';
  return { status: 200, headers: { 'content-type': type, 'content-security-policy': CSP }, body };
}

async function state(query: string, { book, simulator, nameOf }: PhoneDoorPorts): Promise<ServedResponse> {
  const { revision } = book;
  if (new URLSearchParams(query).get('revision') === String(revision)) return json({ revision });
  const texts = book.phones().flatMap(({ number }) =>
    book
      .texts()
      .filter((text) => text.number === number)
      .slice(-SHOWN),
  );
  // What somebody has written on a phone stays; the others say whose they are.
  const phones = await Promise.all(
    book.phones().map(async (phone) => ({
      ...phone,
      label: phone.label === '' ? ((await nameOf(phone.number).catch(() => null)) ?? '') : phone.label,
    })),
  );
  return json({ revision, number: simulator.number, phones, texts, mails: book.mails() });
}

async function change(
  place: string,
  request: ServedRequest,
  { simulator, book }: PhoneDoorPorts,
): Promise<ServedResponse> {
  const given = readJson(request);
  switch (place) {
    case '/texts': {
      const wish = textWish.safeParse(given);
      if (!wish.success || (wish.data.text === '' && wish.data.media.length === 0))
        return words(400, 'Not understood.');
      const media = wish.data.media.map((text): Bytes => new Uint8Array(Buffer.from(text, 'base64')));
      await simulator.write({ number: wish.data.number, text: wish.data.text, media });
      return json({ revision: book.revision });
    }
    case '/phone': {
      const wish = phoneWish.safeParse(given);
      if (!wish.success) return words(400, 'Not understood.');
      const { number, label, mode } = wish.data;
      await book.savePhone(number, label === undefined ? {} : { label });
      if (mode !== undefined) await simulator.setMode(number, mode);
      return json({ revision: book.revision });
    }
    case '/clear':
      await book.clear();
      return json({ revision: book.revision });
    default:
      return words(404, 'Nothing here.');
  }
}

function readJson({ headers, body }: ServedRequest): unknown {
  if (!/^application\/json\b/.test(headers['content-type'] ?? '')) return undefined;
  try {
    return JSON.parse(decodeUtf8(body) ?? '');
  } catch {
    return undefined;
  }
}

function json(value: unknown): ServedResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

function words(status: number, text: string): ServedResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: `${text}\n` };
}
