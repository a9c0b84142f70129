import type { Bytes } from '@baton/kernel';
import { decodeClientFrame, encodeServerFrame, type ServerFrame } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { createManualTime, settle } from '../fixtures/manual-time.ts';
import type { SocketEvents } from '../ports/transport.ts';
import { Backoff } from './backoff.ts';
import { Connection } from './connection.ts';

interface Line {
  readonly events: SocketEvents;
  readonly sent: Bytes[];
  isClosed: boolean;
}

function start() {
  const time = createManualTime();
  const lines: Line[] = [];
  const told: string[] = [];
  const connection = new Connection({
    timers: time,
    backoff: new Backoff({ bytes: (length) => new Uint8Array(length) }),
    token: () => null,
    cursor: () => 3,
    transport: {
      request: () => Promise.reject(new Error('not used')),
      connect: (_token, events) => {
        const line: Line = { events, sent: [], isClosed: false };
        lines.push(line);
        return {
          send: (frame) => void line.sent.push(frame),
          close: () => {
            line.isClosed = true;
          },
        };
      },
    },
    events: {
      welcomed: () => void told.push('welcomed'),
      push: (frame) => void told.push(frame.t),
      lost: () => void told.push('lost'),
      ended: (code) => void told.push(`ended ${code}`),
    },
  });
  connection.start();
  const say = (frame: ServerFrame): void => lines.at(-1)!.events.message(encodeServerFrame(frame));
  const welcome = (): void => {
    lines.at(-1)!.events.open();
    say({ t: 'welcome', v: 1, batch: 9, records: 0, keylog: 2, ts: 1 });
  };
  const heard = () =>
    lines
      .at(-1)!
      .sent.map((bytes) => decodeClientFrame(bytes))
      .map((frame) => (frame.ok ? frame.value : null));
  return { time, lines, told, connection, say, welcome, heard };
}

describe('the connection', () => {
  it('greets with its cursor and matches answers with questions in any order', async () => {
    const { connection, welcome, say, heard } = start();
    welcome();
    const [one, two] = [connection.ask({ t: 'ping' }), connection.ask({ t: 'changes', after: 3, limit: 10 })];
    await settle();
    expect(heard()).toMatchObject([
      { t: 'hello', cursor: 3 },
      { t: 'ping', q: 1 },
      { t: 'changes', q: 2 },
    ]);
    say({ t: 'ok', q: 2, a: { changes: [], upTo: 3, more: false } });
    say({ t: 'no', q: 1, code: 'limit.rate', at: 'x', retryMs: 70 });
    expect(await two).toEqual({ changes: [], upTo: 3, more: false });
    await expect(one).rejects.toMatchObject({ code: 'limit.rate', retryMs: 70 });
  });

  it('fails what was asked when it breaks, and comes back by itself', async () => {
    const { connection, welcome, lines, told, time } = start();
    welcome();
    const asked = connection.ask({ t: 'ping' });
    await settle();
    lines[0]!.events.closed();
    await expect(asked).rejects.toMatchObject({ code: 'limit.busy' });
    await time.advance(400);
    expect(lines).toHaveLength(2);
    welcome();
    expect(told).toEqual(['welcomed', 'lost', 'welcomed']);
  });

  it('gives up on a silent server: no greeting, no answer', async () => {
    const { connection, welcome, lines, time } = start();
    lines[0]!.events.open();
    await time.advance(11_000);
    expect(lines[0]!.isClosed).toBe(true);
    expect(lines).toHaveLength(2);
    welcome();
    const asked = connection.ask({ t: 'ping' }).catch((error: unknown) => error);
    await time.advance(11_000);
    expect(await asked).toMatchObject({ code: 'limit.busy' });
    expect(lines.length).toBeGreaterThan(2);
  });

  it('lets a question wait a moment for a connection that is being made, not for ever', async () => {
    const { connection, welcome, say, time } = start();
    const early = connection.ask({ t: 'ping' });
    await settle();
    welcome();
    await settle();
    say({ t: 'ok', q: 1, a: {} });
    expect(await early).toEqual({});
    const other = start();
    const late = other.connection.ask({ t: 'ping' }).catch((error: unknown) => error);
    await other.time.advance(5000);
    expect(await late).toMatchObject({ code: 'limit.busy' });
    await time.advance(1);
  });

  it('ends for good when the session is over, and only then', async () => {
    const stopping = start();
    stopping.welcome();
    stopping.say({ t: 'bye', code: 'server.not_ready' });
    await stopping.time.advance(1000);
    expect(stopping.lines.length).toBe(2);
    const over = start();
    over.welcome();
    over.say({ t: 'bye', code: 'auth.expired' });
    await over.time.advance(60_000);
    expect(over.lines).toHaveLength(1);
    expect(over.told).toContain('ended auth.expired');
  });

  it('drops a line that speaks no frames, and ignores what an old line still says', async () => {
    const { welcome, lines, told, time } = start();
    welcome();
    lines[0]!.events.message(new Uint8Array([1, 2, 3]));
    expect(lines[0]!.isClosed).toBe(true);
    await time.advance(1000);
    lines[0]!.events.message(encodeServerFrame({ t: 'keylog', size: 5 }));
    expect(told).not.toContain('keylog');
  });
});
