import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OutsideServer, startOutsideServer } from '../testing/outside-world.ts';
import { createOutbound, type OutboundPost } from './outbound.ts';

let tls: OutsideServer;
let plain: OutsideServer;
beforeAll(async () => {
  tls = await startOutsideServer({ tls: true });
  plain = await startOutsideServer({ tls: false });
});
afterAll(async () => {
  await tls.stop();
  await plain.stop();
});

const post = (
  url: string,
  rule: Partial<OutboundPost> = {},
): Parameters<ReturnType<typeof createOutbound>['post']>[0] => ({
  url,
  headers: { 'x-test': '1' },
  body: new Uint8Array([1, 2, 3]),
  trusted: false,
  plainLoopback: false,
  ...rule,
});
const sender = (timeoutMs = 20_000) => createOutbound({ ca: tls.certificate, timeoutMs });

describe('T21 requests to the outside', () => {
  it('go to a host that the operator named, over a checked certificate', async () => {
    expect(await sender().post(post(tls.url, { trusted: true }))).toEqual({ ok: true, status: 200 });
    expect(tls.received.at(-1)).toMatchObject({ body: Buffer.from([1, 2, 3]) });
    const untrusting = createOutbound({ timeoutMs: 20_000 });
    expect(await untrusting.post(post(tls.url, { trusted: true }))).toEqual({
      ok: false,
      failure: 'certificate',
    });
  });

  it.each([
    'http://127.0.0.1:1/x',
    'https://127.0.0.1/x',
    'https://localhost/x',
    'https://[::1]/x',
    'https://[::ffff:127.0.0.1]/x',
    'https://0x7f.1/x',
    'https://2130706433/x',
    'https://10.0.0.1/x',
    'https://169.254.169.254/latest/meta-data',
    'https://user@8.8.8.8/x',
    'ftp://8.8.8.8/x',
    'x',
  ])('never reach %s', async (url) => {
    expect(await sender().post(post(url))).toEqual({ ok: false, failure: 'refused' });
  });

  it('never reach this machine by a name either, whatever it resolves to when the connection is made', async () => {
    const before = tls.received.length;
    const port = tls.host.split(':')[1];
    expect(await sender().post(post(`https://localhost:${port}/x`))).toEqual({
      ok: false,
      failure: 'refused',
    });
    // What is allowed for this machine is allowed for no other.
    expect(await sender().post(post('https://10.0.0.1/x', { plainLoopback: true }))).toEqual({
      ok: false,
      failure: 'refused',
    });
    expect(tls.received).toHaveLength(before);
  });

  it('reach this machine without encryption where that is allowed, and nothing else without', async () => {
    expect(await sender().post(post(plain.url, { plainLoopback: true }))).toEqual({ ok: true, status: 200 });
    expect(await sender().post(post('http://8.8.8.8/x', { plainLoopback: true }))).toEqual({
      ok: false,
      failure: 'refused',
    });
  });

  it('follow no redirect', async () => {
    const before = plain.received.length;
    plain.answers.push({ status: 302, location: `${plain.url}/elsewhere` });
    expect(await sender().post(post(plain.url, { plainLoopback: true }))).toEqual({ ok: true, status: 302 });
    expect(plain.received).toHaveLength(before + 1);
  });

  it('end when nobody answers', async () => {
    plain.answers.push('hang');
    expect(await sender(300).post(post(plain.url, { plainLoopback: true }))).toEqual({
      ok: false,
      failure: 'timeout',
    });
  });
});
