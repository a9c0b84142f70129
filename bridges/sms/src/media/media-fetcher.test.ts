import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Bytes } from '@baton/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TWILIO, makeTelnyxKeys, telnyxSettings } from '../carriers/fixtures/signed-webhooks.ts';
import {
  type FakeProvider,
  type Heard,
  makePorts,
  realTimers,
  startFakeProvider,
} from '../carriers/fixtures/surroundings.ts';
import { createTelnyx } from '../carriers/telnyx.ts';
import { createTwilio } from '../carriers/twilio.ts';
import { kindOfBytes } from './kind-of-bytes.ts';
import { fetchMedia, MEDIA_LIMIT_BYTES, type MediaFetcherPorts } from './media-fetcher.ts';
import type { Scan } from './malware-scanner.ts';

const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, ...Buffer.from('a picture')]);
let api: FakeProvider;
let cdn: FakeProvider;
let other: FakeProvider;

beforeAll(async () => {
  [api, cdn, other] = [await startFakeProvider(), await startFakeProvider(), await startFakeProvider()];
});
beforeEach(() => {
  for (const provider of [api, cdn, other]) provider.heard.length = 0;
});
afterAll(() => Promise.all([api, cdn, other].map((provider) => provider.close())));

const give =
  (bytes: Uint8Array, headers: Record<string, string> = {}) =>
  (_heard: Heard, response: ServerResponse) =>
    void response.writeHead(200, headers).end(bytes);
const sendOn =
  (to: string, status = 307) =>
  (_heard: Heard, response: ServerResponse) =>
    void response.writeHead(status, { location: to }).end();

/** The manifest lists everything here: what is refused is refused by the fetcher. */
function fetchIt(url: string, own: Partial<MediaFetcherPorts> = {}) {
  const { egress } = makePorts([api.host, cdn.host, other.host]);
  return fetchMedia(url, {
    egress,
    wait: realTimers,
    scan: null,
    origins: [api.origin, cdn.origin],
    credentials: () => ({}),
    ...own,
  });
}

describe('T22 a file that came with a text', () => {
  it('is fetched from the provider, and is what its bytes say', async () => {
    api.answer = give(JPEG, { 'content-type': 'text/html' });
    expect(await fetchIt(`${api.origin}/a`)).toMatchObject({
      ok: true,
      bytes: JPEG,
      mime: 'image/jpeg',
      ending: 'jpg',
    });
  });

  it('is fetched from nowhere else, wherever the message says it is', async () => {
    other.answer = give(JPEG);
    const { port } = new URL(api.origin);
    for (const url of [
      `${other.origin}/a`,
      `http://localhost:${port}/a`,
      `https://127.0.0.1:${port}/a`,
      `http://user:secret@127.0.0.1:${port}/a`,
      `${api.origin}@${other.host}/a`,
      'http://169.254.169.254/latest/meta-data/',
      'http://[::ffff:127.0.0.1]/a',
      'file:///etc/passwd',
      'data:image/jpeg;base64,/9j/',
      'blob:null/1',
      '//127.0.0.1/a',
      '',
    ])
      expect([url, await fetchIt(url)]).toEqual([url, { ok: false, why: 'host' }]);
    expect([...api.heard, ...other.heard]).toEqual([]);
  });

  it('is not followed to another host, nor for ever', async () => {
    other.answer = give(JPEG);
    for (const to of [
      `${other.origin}/a`,
      'http://169.254.169.254/',
      'file:///etc/passwd',
      '//example.org/a',
      'http://[',
    ])
      for (const status of [301, 302, 303, 307, 308]) {
        api.answer = sendOn(to, status);
        expect([to, await fetchIt(`${api.origin}/a`)]).toEqual([to, { ok: false, why: 'redirect' }]);
      }
    expect(other.heard).toEqual([]);
    api.answer = sendOn(`${api.origin}/again`);
    expect(await fetchIt(`${api.origin}/a`)).toEqual({ ok: false, why: 'redirect' });
    api.answer = (_heard, response) => void response.writeHead(302).end();
    expect(await fetchIt(`${api.origin}/a`)).toEqual({ ok: false, why: 'missing' });
  });

  it('is followed to the provider’s own store, which gets no credentials', async () => {
    const path = `/2010-04-01/Accounts/${TWILIO.account}/Messages/MM1/Media/ME1`;
    const ports = makePorts([api.host, cdn.host, other.host]);
    const settings = { ...TWILIO, apiOrigin: api.origin, mediaOrigins: [cdn.origin] };
    const carrier = await createTwilio(settings, ports);
    api.answer = sendOn(`${cdn.origin}/signed?token=1`);
    cdn.answer = give(JPEG);
    expect(await carrier.fetchMedia({ url: api.origin + path, mime: '' })).toMatchObject({ ok: true });
    expect(api.heard[0]?.headers.authorization).toMatch(/^Basic /);
    expect(cdn.heard[0]?.headers.authorization).toBeUndefined();
    // Account and token are for files of this account.
    api.answer = give(JPEG);
    await carrier.fetchMedia({ url: `${api.origin}/2010-04-01/Accounts/AC${'0'.repeat(32)}/x`, mime: '' });
    await carrier.fetchMedia({ url: `${api.origin}/elsewhere`, mime: '' });
    expect(api.heard.slice(1).map(({ headers }) => headers.authorization)).toEqual([undefined, undefined]);
    expect(await carrier.fetchMedia({ url: `${other.origin}${path}`, mime: '' })).toEqual({
      ok: false,
      why: 'host',
    });
    expect(other.heard).toEqual([]);
  });

  it('of Telnyx is fetched without the API key, and not from the API', async () => {
    const settings = {
      ...telnyxSettings(makeTelnyxKeys().publicKey),
      apiOrigin: api.origin,
      mediaOrigins: [cdn.origin],
    };
    const carrier = await createTelnyx(settings, makePorts([api.host, cdn.host]));
    cdn.answer = give(JPEG);
    expect(await carrier.fetchMedia({ url: `${cdn.origin}/a`, mime: '' })).toMatchObject({ ok: true });
    expect(cdn.heard[0]?.headers.authorization).toBeUndefined();
    expect(await carrier.fetchMedia({ url: `${api.origin}/a`, mime: '' })).toEqual({
      ok: false,
      why: 'host',
    });
  });

  it('ends at its limits of size and time, stated or not', async () => {
    const large = new Uint8Array(MEDIA_LIMIT_BYTES + 1);
    large.set(JPEG);
    api.answer = give(large);
    expect(await fetchIt(`${api.origin}/a`)).toEqual({ ok: false, why: 'too-large' });
    api.answer = give(gzipSync(large), { 'content-encoding': 'gzip' });
    expect(await fetchIt(`${api.origin}/a`)).toEqual({ ok: false, why: 'too-large' });
    api.answer = (_heard, response) => void response.writeHead(200).write(JPEG);
    expect(await fetchIt(`${api.origin}/a`, { limitMs: 80 })).toEqual({ ok: false, why: 'too-slow' });
    api.answer = () => {};
    expect(await fetchIt(`${api.origin}/a`, { limitMs: 80 })).toEqual({ ok: false, why: 'too-slow' });
    for (const status of [204, 401, 404, 500]) {
      api.answer = (_heard, response) => void response.writeHead(status).end();
      expect(await fetchIt(`${api.origin}/a`)).toEqual({ ok: false, why: 'missing' });
    }
    api.answer = give(new Uint8Array(0));
    expect(await fetchIt(`${api.origin}/a`)).toEqual({ ok: false, why: 'missing' });
  });

  it('is on the list by its first bytes, or is left out', async () => {
    for (const text of [
      '<html><script>',
      '<svg xmlns=',
      'MZ\u0090',
      'PK\u0003\u0004',
      '#!/bin/sh',
      'BEGIN:VCARD',
      'RIFFxxxxAVI ',
      'xxxxftypevil',
    ]) {
      api.answer = give(new Uint8Array(Buffer.from(text, 'latin1')), { 'content-type': 'image/jpeg' });
      expect([text, await fetchIt(`${api.origin}/a`)]).toEqual([text, { ok: false, why: 'kind' }]);
    }
  });

  it('is looked through where a scanner is set up, and left out unless that says clean', async () => {
    api.answer = give(JPEG);
    const seen: Bytes[] = [];
    const says =
      (verdict: Awaited<ReturnType<Scan>>): Scan =>
      async (bytes) => {
        seen.push(bytes);
        return verdict;
      };
    expect(await fetchIt(`${api.origin}/a`, { scan: says('clean') })).toMatchObject({ ok: true });
    expect(await fetchIt(`${api.origin}/a`, { scan: says('found') })).toEqual({ ok: false, why: 'malware' });
    expect(await fetchIt(`${api.origin}/a`, { scan: says('unknown') })).toEqual({
      ok: false,
      why: 'scanner',
    });
    expect(seen).toEqual([JPEG, JPEG, JPEG]);
  });
});

it.each([
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/gif', [...Buffer.from('GIF89a')]],
  ['image/webp', [...Buffer.from('RIFF\u0000\u0000\u0000\u0000WEBP')]],
  ['image/heic', [0, 0, 0, 24, ...Buffer.from('ftypheic')]],
  ['video/mp4', [0, 0, 0, 24, ...Buffer.from('ftypisom')]],
  ['video/quicktime', [0, 0, 0, 24, ...Buffer.from('ftypqt  ')]],
  ['video/3gpp', [0, 0, 0, 24, ...Buffer.from('ftyp3gp4')]],
  ['audio/mp4', [0, 0, 0, 24, ...Buffer.from('ftypM4A ')]],
  ['audio/amr', [...Buffer.from('#!AMR\n')]],
  ['audio/mpeg', [0xff, 0xfb, 0x90]],
  ['application/pdf', [...Buffer.from('%PDF-1.7')]],
])('knows %s by its bytes', (mime, bytes) => {
  expect(kindOfBytes(new Uint8Array(bytes))?.mime).toBe(mime);
  expect(kindOfBytes(new Uint8Array(bytes.slice(0, 1)))).toBeNull();
});
