import type { Transport } from '@baton/client';
import { decodeClientFrame, encodeServerFrame } from '@baton/wire';

/**
 * A server that takes every append for one it knows already: it keeps nothing, answers "committed before", and has no receipt that anybody
 * could check. While `isOn` answers true.
 */
export function swallowAppends(isOn: () => boolean): (transport: Transport) => Transport {
  return (transport) => ({
    request: (request) => transport.request(request),
    connect(token, events) {
      const socket = transport.connect(token, events);
      return {
        close: () => socket.close(),
        send(bytes) {
          const frame = decodeClientFrame(bytes);
          if (!isOn() || !frame.ok || frame.value.t !== 'append') return socket.send(bytes);
          const a = { seq: 1, batch: 1, ts: 1, receipt: Uint8Array.of(0), index: 0, path: [], replay: true };
          events.message(encodeServerFrame({ t: 'ok', q: frame.value.q, a }));
        },
      };
    },
  });
}
