import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export interface GalleryServer {
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves a built web app as the product's server does: any path answers the page, with a nonce and the strict policy. */
export async function serveGallery(folder: string): Promise<GalleryServer> {
  const server: Server = createServer((request, response) => {
    void answer(folder, new URL(request.url ?? '/', 'http://localhost').pathname).then(
      ({ status, type, body, nonce }) => {
        response.writeHead(status, {
          'content-type': type,
          'content-security-policy': policy(nonce),
          'x-content-type-options': 'nosniff',
        });
        response.end(body);
      },
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ].join('; ');
}

async function answer(folder: string, path: string) {
  const nonce = 'R2FsbGVyeU5vbmNl';
  const file = normalize(join(folder, path));
  const type = TYPES[extname(file)];
  if (type !== undefined && file.startsWith(folder)) {
    const body = await readFile(file).catch(() => null);
    if (body !== null) return { status: 200, type, body, nonce };
    return { status: 404, type: 'text/plain', body: 'not here', nonce };
  }
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  return { status: 200, type: 'text/html; charset=utf-8', body: page.replaceAll('__NONCE__', nonce), nonce };
}
