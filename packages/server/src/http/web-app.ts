import { existsSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import { API_PREFIX } from '@baton/wire';
import { encodeBase64Url, type Rng } from '@baton/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { notFound } from '../api-error.ts';
import { appPolicy, FRAME_POLICY } from './security-headers.ts';

const NONCE_MARK = '__NONCE__';

/** The patient's page, apart from the staff's app; links and texts name this address and nothing else (docs/protocol/patients.md §2). */
const PATIENT_PATH = '/p';

/** Serves the built app: its files, the patient's page, and the app's page for every other address that a browser opens. */
export async function registerWebApp(
  app: FastifyInstance,
  options: { webDir: string | null; publicUrl: string; rng: Rng },
): Promise<void> {
  const { webDir, publicUrl, rng } = options;
  const pagePath = webDir === null ? null : join(webDir, 'index.html');
  if (webDir === null || pagePath === null || !existsSync(pagePath)) {
    app.setNotFoundHandler(() => {
      throw notFound();
    });
    return;
  }
  const page = readFileSync(pagePath, 'utf8');
  const frames = join(webDir, 'frames', sep);
  const patientPath = join(webDir, 'patient.html');
  const patientPage = existsSync(patientPath) ? readFileSync(patientPath, 'utf8') : null;

  const sendPage = (reply: FastifyReply, html = page): FastifyReply => {
    const nonce = encodeBase64Url(rng.bytes(18));
    return reply
      .headers({
        'content-security-policy': appPolicy(nonce, publicUrl),
        'cache-control': 'no-cache',
      })
      .type('text/html; charset=utf-8')
      .send(html.replaceAll(NONCE_MARK, nonce));
  };

  await app.register(fastifyStatic, {
    root: webDir,
    index: false,
    cacheControl: false,
    // The build lays `.br` and `.gz` beside what is worth it.
    preCompressed: true,
    setHeaders(response, path) {
      const isHashed = path.includes('/assets/');
      response.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      if (!path.startsWith(frames)) return;
      response.header('content-security-policy', FRAME_POLICY);
      // To its own script and style such a page is a stranger: its origin is opaque.
      response.header('cross-origin-resource-policy', 'cross-origin');
    },
  });
  const hidden = { schema: { hide: true }, config: { auth: 'none' } } as const;
  for (const url of ['/', '/index.html']) app.get(url, hidden, (_request, reply) => sendPage(reply));
  for (const url of [PATIENT_PATH, '/patient.html'])
    app.get(url, hidden, (_request, reply) => {
      if (patientPage === null) throw notFound();
      return sendPage(reply, patientPage);
    });
  app.setNotFoundHandler((request, reply) => {
    if (!isNavigation(request)) throw notFound();
    return sendPage(reply);
  });
}

/** A browser opens a page; a missing file or an unknown API path is none. */
function isNavigation(request: FastifyRequest): boolean {
  const path = request.url.split('?', 1)[0] ?? '';
  if (request.method !== 'GET' || path.startsWith(`${API_PREFIX}/`)) return false;
  if (/\.[a-z0-9]{1,8}$/i.test(path)) return false;
  return (request.headers.accept ?? '').includes('text/html');
}
