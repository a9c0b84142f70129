import { type HttpAnswer, type Transport, Unreachable } from '@baton/client';
import { API_PREFIX, MAX_FRAME_BYTES } from '@baton/wire';
import { WebSocket } from 'ws';

const REQUEST_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 15_000;
/** Answers may be larger than questions: 200 items of the longest kind. */
const MAX_ANSWER_BYTES = 16 * MAX_FRAME_BYTES;

/** HTTP by `fetch`, the sync socket by `ws`. */
export function createNodeTransport(serverUrl: string): Transport {
  const base = serverUrl.replace(/\/$/, '');
  return {
    async request(request) {
      const response = await fetch(base + request.path, {
        method: request.method,
        headers: request.headers,
        ...(request.body ? { body: Buffer.from(request.body) } : {}),
        redirect: 'error',
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      }).catch((error: unknown) => {
        throw new Unreachable(error instanceof Error ? error.message : 'no answer');
      });
      const body = await response.arrayBuffer().catch(() => {
        throw new Unreachable('the answer was cut off');
      });
      return { status: response.status, body: new Uint8Array(body) } satisfies HttpAnswer;
    },
    connect(token, events) {
      const socket = new WebSocket(`${base.replace(/^http/, 'ws')}${API_PREFIX}/sync`, {
        perMessageDeflate: false,
        maxPayload: MAX_ANSWER_BYTES,
        handshakeTimeout: CONNECT_TIMEOUT_MS,
        ...(token === null ? {} : { headers: { authorization: `Bearer ${token}` } }),
      });
      socket.binaryType = 'nodebuffer';
      socket.on('open', () => events.open());
      socket.on('message', (data: Buffer) =>
        events.message(new Uint8Array(data.buffer, data.byteOffset, data.length)),
      );
      // `close` follows every error.
      socket.on('error', () => {});
      socket.on('close', () => events.closed());
      return {
        send(frame) {
          if (socket.readyState === WebSocket.OPEN) socket.send(frame);
        },
        close: () => socket.terminate(),
      };
    },
  };
}
