import { type HttpAnswer, type HttpRequest, type Transport, Unreachable } from '@baton/client';
import type { Timers } from '@baton/kernel';

/** Without an answer for so long, the server is taken for unreachable. */
const PATIENCE_MS = 30_000;
/** What the slowest line worth waiting for carries, so that a photo is not given up half-way. */
const SLOWEST_BYTES_PER_MS = 16;

export interface WebTransportPorts {
  /** Without a trailing slash. */
  readonly origin: string;
  readonly timers: Timers;
  readonly connect: Transport['connect'];
  /** false: sessions are bearer tokens, and a cookie of somebody else who uses this browser is neither sent nor taken. */
  readonly cookies?: boolean;
}

/** HTTP by `fetch`; sockets as `connect` makes them. */
export function createWebTransport({
  origin,
  timers,
  connect,
  cookies = true,
}: WebTransportPorts): Transport {
  return {
    connect,
    async request(request) {
      const abort = new AbortController();
      let cancel = (): void => {};
      const allow = (bytes: number): void => {
        cancel();
        cancel = timers.after(PATIENCE_MS + bytes / SLOWEST_BYTES_PER_MS, () => abort.abort());
      };
      try {
        return await send(origin, request, { signal: abort.signal, allow, cookies });
      } catch (error) {
        throw new Unreachable(error instanceof Error ? error.message : 'no answer');
      } finally {
        cancel();
      }
    },
  };
}

async function send(
  origin: string,
  request: HttpRequest,
  watch: { readonly signal: AbortSignal; readonly allow: (bytes: number) => void; readonly cookies: boolean },
): Promise<HttpAnswer> {
  watch.allow(request.body?.length ?? 0);
  const response = await fetch(origin + request.path, {
    method: request.method,
    headers: request.headers,
    ...(request.body ? { body: request.body as Uint8Array<ArrayBuffer> } : {}),
    credentials: watch.cookies ? 'same-origin' : 'omit',
    // The API never redirects; something in between that does is not the server.
    redirect: 'error',
    cache: 'no-store',
    // Not `no-referrer`: browsers then write `Origin: null`, by which the server could not tell this page from a foreign one.
    referrerPolicy: 'origin',
    signal: watch.signal,
  });
  watch.allow(Number(response.headers.get('content-length') ?? 0));
  return { status: response.status, body: new Uint8Array(await response.arrayBuffer()) };
}
