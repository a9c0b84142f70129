import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call, codeOf, expectOk, startTestServer, type TestServer } from '../testing/practice.ts';

let postgres: TemporaryPostgres;
let server: TestServer;
let webDir: string;
beforeAll(async () => {
  webDir = mkdtempSync(join(tmpdir(), 'baton-web-'));
  mkdirSync(join(webDir, 'assets'));
  const meta = '<meta name="csp-nonce" content="__NONCE__">';
  writeFileSync(join(webDir, 'index.html'), `<!doctype html><html><head>${meta}</head><body></body></html>`);
  writeFileSync(
    join(webDir, 'patient.html'),
    `<!doctype html><html><head>${meta}</head><body>Patient</body></html>`,
  );
  writeFileSync(join(webDir, 'assets', 'app-1a2b.js'), 'export {};');
  writeFileSync(join(webDir, 'assets', 'app-1a2b.js.br'), brotliCompressSync('export {};'));
  mkdirSync(join(webDir, 'frames'));
  writeFileSync(join(webDir, 'frames', 'pdf.html'), '<!doctype html>');
  writeFileSync(join(webDir, 'sw.js'), '// worker');
  postgres = await startTemporaryPostgres();
  server = await startTestServer(await postgres.createDatabase('web'), { webDir });
});
afterAll(async () => {
  await server.stop();
  await postgres.stop();
  rmSync(webDir, { recursive: true, force: true });
});

const html = { accept: 'text/html' };
const textOf = (body: unknown): string => (body as Buffer).toString();

describe('the page', () => {
  it('has a strict policy, and its nonce is the one for styles', async () => {
    const answer = await call(server.url, 'GET', '/', { headers: html });
    const policy = answer.headers.get('content-security-policy') ?? '';
    const nonce = /name="csp-nonce" content="([A-Za-z0-9_-]{20,})"/.exec(textOf(answer.body))?.[1] ?? '';
    expect(nonce).not.toBe('');
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self' 'wasm-unsafe-eval'",
      `style-src 'self' 'nonce-${nonce}'`,
      "img-src 'self' blob: data:",
      "media-src 'self' blob:",
      "frame-src 'self'",
      "font-src 'self'",
      "connect-src 'self' ws://localhost:8420",
      "worker-src 'self'",
      "manifest-src 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types default 'allow-duplicates'",
    ]);
    const again = await call(server.url, 'GET', '/index.html', { headers: html });
    expect(textOf(again.body)).not.toBe(textOf(answer.body));
  });

  it('answers every address that a browser opens, and no file or API path that is not there', async () => {
    const page = await call(server.url, 'GET', '/c/some/conversation', { headers: html });
    expect(page.status).toBe(200);
    expect(textOf(page.body)).toContain('csp-nonce');
    for (const path of ['/v1/unknown', '/assets/missing.js', '/v1/unknown/deeper']) {
      const answer = await call(server.url, 'GET', path, { headers: html });
      expect([path, answer.status, codeOf(answer)]).toEqual([path, 404, 'request.not_found']);
    }
    const posted = await call(server.url, 'POST', '/', { body: {} });
    expect(posted.status).toBe(404);
  });

  it('has one of its own for patients, at /p, with the same policy', async () => {
    for (const path of ['/p', '/p/', '/patient.html']) {
      const answer = await call(server.url, 'GET', path, { headers: html });
      expect([path, answer.status]).toEqual([path, 200]);
      expect(textOf(answer.body)).toMatch(/content="[A-Za-z0-9_-]{20,}".*Patient/);
      expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
      expect(answer.headers.get('cache-control')).toBe('no-cache');
    }
    const other = await call(server.url, 'GET', '/p/deeper', { headers: html });
    expect(textOf(other.body)).not.toContain('Patient');
  });

  it('serves hashed files for ever and the rest never from a cache', async () => {
    const asset = await call(server.url, 'GET', '/assets/app-1a2b.js');
    expect(asset.headers.get('cache-control')).toContain('immutable');
    const packed = await fetch(`${server.url}/assets/app-1a2b.js`, { headers: { 'accept-encoding': 'br' } });
    expect(packed.headers.get('content-encoding')).toBe('br');
    expect(packed.headers.get('cache-control')).toContain('immutable');
    expect(packed.headers.get('content-type')).toContain('javascript');
    expect(await packed.text()).toBe('export {};');
    const worker = await call(server.url, 'GET', '/sw.js');
    expect(worker.headers.get('cache-control')).toBe('no-cache');
    const climb = await call(server.url, 'GET', '/assets/..%2f..%2fetc%2fpasswd');
    expect(climb.status).toBeGreaterThanOrEqual(400);
  });
});

it('gives pages in frames an origin of their own and no network (T31)', async () => {
  const frame = await call(server.url, 'GET', '/frames/pdf.html', { headers: html });
  expect((frame.headers.get('content-security-policy') ?? '').split('; ')).toEqual([
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    'img-src blob: data:',
    'font-src blob: data:',
    "frame-ancestors 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    'sandbox allow-scripts',
  ]);
  expect(frame.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  const worker = await call(server.url, 'GET', '/sw.js');
  expect(worker.headers.get('cross-origin-resource-policy')).toBe('same-origin');
});

describe('every other answer', () => {
  it('allows nothing to be loaded or framed, and is not stored', async () => {
    const answer = await call(server.url, 'GET', '/v1/server');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
  });

  it('of the reference comes from here alone', async () => {
    const page = await call(server.url, 'GET', '/docs/', { headers: html });
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/script-src 'self' ('sha256-[^']+' ?)+/);
    expect(policy).not.toContain("script-src 'self' 'unsafe-inline'");
    expect(textOf(page.body)).not.toMatch(/(src|href)="https?:/);
    const script = await call(server.url, 'GET', '/docs/js/scalar.js');
    expect(script.status).toBe(200);
  });
});

describe('bad requests', () => {
  it.each([
    { name: 'no JSON', path: '/auth/recovery', body: '{', status: 400, code: 'wire.malformed' },
    { name: 'a missing field', path: '/auth/recovery', body: '{}', status: 400, code: 'wire.schema' },
    {
      name: 'an id of the wrong kind',
      path: '/invitations/a_x/claim',
      body: '{}',
      status: 400,
      code: 'wire.schema',
    },
    {
      name: 'too large a body',
      path: '/auth/recovery',
      body: `"${'x'.repeat(70_000)}"`,
      status: 413,
      code: 'wire.too_large',
    },
  ])('$name: a code and a sentence', async ({ path, body, status, code }) => {
    const response = await fetch(`${server.url}/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const answer = (await response.json()) as { code: string; message: string };
    expect([response.status, answer.code]).toEqual([status, code]);
    expect(answer.message.length).toBeGreaterThan(20);
  });

  it('of another content type is refused', async () => {
    const response = await fetch(`${server.url}/v1/auth/recovery`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body: '<a/>',
    });
    expect(response.status).toBe(400);
  });
});

it('documents every route, and the page of the protocol lists the same', async () => {
  const document = await expectOk<{ paths: Record<string, Record<string, { responses?: object }>> }>(
    call(server.url, 'GET', '/openapi.json'),
  );
  const served = Object.entries(document.paths)
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
    .filter((route) => route.includes(' /v1/'));
  const page = readFileSync(
    fileURLToPath(new URL('../../../../docs/protocol/server.md', import.meta.url)),
    'utf8',
  );
  const listed = [...page.matchAll(/^\| ([A-Z]+ \/v1\/\S+) \|/gm)].map(([, route]) => route);
  expect(new Set(listed)).toEqual(new Set(served));
  expect(listed).toHaveLength(served.length);
});

it('shows metrics to this machine only, without an id in them', async () => {
  const own = await call(server.url, 'GET', '/metrics');
  expect(own.status).toBe(200);
  expect(textOf(own.body)).toContain('baton_http_request_duration_seconds');
  const labels = [...textOf(own.body).matchAll(/="([^"]*)"/g)].map(([, value]) => value);
  expect(labels.length).toBeGreaterThan(5);
  for (const value of labels) expect(value).not.toMatch(/[a-z]_[A-Za-z0-9_-]{22}/);
  const proxied = await call(server.url, 'GET', '/metrics', { headers: { 'x-forwarded-for': '192.0.2.1' } });
  expect(proxied.status).toBe(404);
});
