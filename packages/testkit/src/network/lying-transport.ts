import type { Transport } from '@baton/client';
import { decodeServerFrame, encodeServerFrame, type Item, type ServerFrame } from '@baton/wire';

/** What a server could do with its answers. Each hook sees the true one and answers what the client gets instead. */
export interface Lies {
  /** JSON bodies of HTTP answers, by path below the host. */
  body?: (path: string, body: unknown) => unknown;
  /** Frames to the client; null swallows one. */
  frame?: (frame: ServerFrame) => ServerFrame | null;
}

export interface LyingTransport {
  readonly lies: Lies;
  readonly wrap: (transport: Transport) => Transport;
}

/**
 * A server that lies to one client, made in front of an honest one: answers and frames are changed on their way. What the server itself
 * would check is out of play, so what stops the lie is the client alone.
 */
export function createLyingTransport(): LyingTransport {
  const lies: Lies = {};
  return {
    lies,
    wrap: (transport) => ({
      async request(request) {
        const answer = await transport.request(request);
        if (!lies.body || answer.status !== 200) return answer;
        const text = Buffer.from(answer.body).toString('utf8');
        if (!text.startsWith('{')) return answer;
        const told = lies.body(request.path, JSON.parse(text));
        return { status: 200, body: new Uint8Array(Buffer.from(JSON.stringify(told), 'utf8')) };
      },
      connect(token, events) {
        return transport.connect(token, {
          ...events,
          open: () => events.open(),
          closed: () => events.closed(),
          message(bytes) {
            const decoded = decodeServerFrame(bytes);
            if (!decoded.ok || !lies.frame) return events.message(bytes);
            const told = lies.frame(decoded.value);
            if (told) events.message(encodeServerFrame(told));
          },
        });
      },
    }),
  };
}

/** Changes items wherever they come: pushed or pulled. */
export function lieAboutItems(
  change: (conv: string | null, items: readonly Item[]) => readonly Item[],
): NonNullable<Lies['frame']> {
  return (frame) => {
    if (frame.t === 'items') {
      const items = change(frame.conv, frame.items);
      return items.length === 0 ? null : { ...frame, items: [...items] };
    }
    if (frame.t === 'ok' && 'items' in frame.a) {
      const a = frame.a as { items: Item[]; newest: number };
      return { ...frame, a: { ...a, items: [...change(null, a.items)] } };
    }
    return frame;
  };
}
