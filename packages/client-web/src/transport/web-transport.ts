import { type HttpAnswer, type HttpRequest, type Transport, Unreachable } from '@baton/client';
import { type Bytes, concatBytes, type Timers } from '@baton/kernel';

/** Without a byte from the server for so long, it is taken for unreachable. */
const SILENCE_MS = 30_000;
/** What the slowest line worth waiting for carries up, so that a photo is not given up half-way. */
const UPLOAD_BYTES_PER_MS = 16;

export interface WebTransportPorts {
  /** Without a trailing slash. */
  readonly origin: string;
  readonly timers: Timers;
  readonly connect: Transport['connect'];
}

/** HTTP by `fetch` with the session's cookie; sockets as `connect` makes them. */
export function createWebTransport({ origin, timers, connect }: WebTransportPorts): Transport {
  return {
    connect,
    async request(request) {
      const abort = new AbortController();
      let cancel = timers.after(SILENCE_MS + uploadMs(request), () => abort.abort());
      const heard = (): void => {
        cancel();
        cancel = timers.after(SILENCE_MS, () => abort.abort());
      };
      try {
        return await send(origin, request, { signal: abort.signal, heard });
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
  watch: { readonly signal: AbortSignal; readonly heard: () => void },
): Promise<HttpAnswer> {
  const response = await fetch(origin + request.path, {
    method: request.method,
    headers: request.headers,
    ...(request.body ? { body: request.body as Uint8Array<ArrayBuffer> } : {}),
    credentials: 'same-origin',
    // The API never redirects; something in between that does is not the server.
    redirect: 'error',
    cache: 'no-store',
    referrerPolicy: 'no-referrer',
    signal: watch.signal,
  });
  watch.heard();
  return { status: response.status, body: await readBody(response, watch.heard) };
}

async function readBody(response: Response, heard: () => void): Promise<Bytes> {
  if (!response.body) return new Uint8Array(0);
  const chunks: Bytes[] = [];
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return chunks.length === 1 ? (chunks[0] as Bytes) : concatBytes(...chunks);
    heard();
    chunks.push(value);
  }
}

function uploadMs(request: HttpRequest): number {
  return Math.ceil((request.body?.length ?? 0) / UPLOAD_BYTES_PER_MS);
}
