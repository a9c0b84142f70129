import type { Socket, SocketEvents } from '@baton/client';
import type { Timers } from '@baton/kernel';

const CONNECT_TIMEOUT_MS = 15_000;
/** What a text frame becomes: no decoder takes it, so that the connection ends as with any other malformed frame. */
const MALFORMED = new Uint8Array(0);

/** One WebSocket of this page with binary frames. The session travels as a cookie, or as `token` among the protocols: there is no other header. */
export function openWebSocket(
  url: string,
  timers: Timers,
  events: SocketEvents,
  token: string | null = null,
): Socket {
  const socket = new WebSocket(url, token === null ? [] : ['baton', `bearer.${token}`]);
  socket.binaryType = 'arraybuffer';
  let isClosed = false;
  const closed = (): void => {
    if (isClosed) return;
    isClosed = true;
    cancelTimeout();
    events.closed();
  };
  const close = (): void => {
    socket.close();
    // Not waiting for the other side to agree: where the network is gone, that takes minutes.
    closed();
  };
  const cancelTimeout = timers.after(CONNECT_TIMEOUT_MS, close);
  socket.addEventListener('open', () => {
    cancelTimeout();
    if (!isClosed) events.open();
  });
  socket.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (!isClosed) events.message(data instanceof ArrayBuffer ? new Uint8Array(data) : MALFORMED);
  });
  // `close` follows every error.
  socket.addEventListener('close', closed);
  return {
    send(frame) {
      if (socket.readyState === WebSocket.OPEN) socket.send(frame as Uint8Array<ArrayBuffer>);
    },
    close,
  };
}
