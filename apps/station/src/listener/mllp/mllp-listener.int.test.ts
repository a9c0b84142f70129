import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { ServedRequest } from '@baton/agent';
import { afterEach, expect, it } from 'vitest';
import type { Answer } from '../../agents/request-relay.ts';
import { frameOf } from './mllp-framer.ts';
import { type MllpListener, type MllpListenerOptions, startMllpListener } from './mllp-listener.ts';

let listener: MllpListener | null = null;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await listener?.stop();
  listener = null;
});

const answerOf = (text: string): Answer => ({ status: 200, headers: {}, body: Buffer.from(text) });
const echo = async ({ body }: ServedRequest): Promise<Answer> =>
  answerOf(`ack ${Buffer.from(body).toString('latin1').slice(0, 20)}`);

async function start(
  ask: MllpListenerOptions['ask'],
  limits: NonNullable<MllpListenerOptions['limits']> = {},
): Promise<void> {
  listener = await startMllpListener({ host: '127.0.0.1', port: 0, ask, limits });
}

interface Sender {
  readonly socket: Socket;
  /** Everything that was answered so far. */
  heard(): string;
  readonly closed: Promise<void>;
}

async function openSender(): Promise<Sender> {
  const socket = connect(listener?.port ?? 0, '127.0.0.1');
  sockets.push(socket);
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return { socket, heard: () => text, closed };
}

const framed = (...texts: readonly string[]): string =>
  texts.map((text) => frameOf(Buffer.from(text)).toString('latin1')).join('');

it('answers several messages of one packet, and one in pieces, in their order', async () => {
  const seen: string[] = [];
  await start(async (request) => {
    seen.push(Buffer.from(request.body).toString());
    if (seen.length === 1) await new Promise((resolve) => setTimeout(resolve, 30));
    return echo(request);
  });
  const sender = await openSender();
  sender.socket.write(framed('one', 'two', 'three'));
  for (const byte of frameOf(Buffer.from('four'))) {
    sender.socket.write(Buffer.of(byte));
    await new Promise((resolve) => setImmediate(resolve));
  }
  await expect.poll(() => sender.heard()).toBe(framed('ack one', 'ack two', 'ack three', 'ack four'));
  expect(seen).toEqual(['one', 'two', 'three', 'four']);
});

it('asks again while nobody is at work, and ends the connection without an answer where nobody comes', async () => {
  let asked = 0;
  await start(async (request) => (++asked < 4 ? null : echo(request)), { pauseMs: 10 });
  const sender = await openSender();
  sender.socket.write(framed('one'));
  await expect.poll(() => sender.heard()).toBe(framed('ack one'));
  expect(asked).toBe(4);
  await listener?.stop();

  await start(async () => ({ status: 500, headers: {}, body: Buffer.alloc(0) }), {
    pauseMs: 10,
    answerMs: 60,
  });
  const other = await openSender();
  other.socket.write(framed('one'));
  await other.closed;
  expect(other.heard()).toBe('');
});

it('says of a message that is too long only its beginning, and takes the next', async () => {
  const requests: ServedRequest[] = [];
  await start(async (request) => {
    requests.push(request);
    return echo(request);
  });
  const sender = await openSender();
  sender.socket.write(frameOf(Buffer.alloc(10 * 1024 * 1024, 'x')));
  sender.socket.write(framed('next'));
  await expect.poll(() => sender.heard()).toContain('ack next');
  expect(requests.map(({ headers, body }) => [headers['x-mllp-cut'], body.length])).toEqual([
    ['true', 4096],
    [undefined, 4],
  ]);
});

it('hangs up on 10 MB of junk, on a drip and on silence', async () => {
  let asked = 0;
  await start(
    async () => {
      asked += 1;
      return answerOf('ack');
    },
    { frameMs: 150, firstFrameMs: 200 },
  );
  const junk = await openSender();
  const before = process.memoryUsage().rss;
  junk.socket.write(Buffer.alloc(10 * 1024 * 1024, 'x'));
  await junk.closed;
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);

  // For as long as it drips, which is until it is hung up on.
  const drip = await openSender();
  drip.socket.write(Buffer.of(0x0b));
  const dripping = setInterval(() => drip.socket.write('x'), 20);
  await drip.closed;
  clearInterval(dripping);

  const silent = await openSender();
  await silent.closed;
  expect(asked).toBe(0);
});

it('hangs up on too many, and takes another when they have gone', async () => {
  await start(async () => answerOf('ack'));
  const many = await Promise.all(Array.from({ length: 40 }, () => openSender()));
  await expect.poll(() => many.filter(({ socket }) => socket.destroyed).length).toBeGreaterThanOrEqual(8);
  for (const { socket } of many) socket.destroy();
  const tried = async (): Promise<string> => {
    const good = await openSender();
    good.socket.write(framed('one'));
    await Promise.race([good.closed, once(good.socket, 'data')]);
    return good.heard();
  };
  // Until the listener has noticed that they have gone, it has no room.
  await expect.poll(tried).toBe(framed('ack'));
});

it('reads no more than it can answer, and answers all of it', async () => {
  let underWay = 0;
  let most = 0;
  await start(async (request) => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setTimeout(resolve, 1));
    underWay -= 1;
    return echo(request);
  });
  const sender = await openSender();
  const texts = Array.from({ length: 300 }, (_, index) => `m${index}`);
  sender.socket.write(framed(...texts));
  await expect.poll(() => sender.heard()).toBe(framed(...texts.map((text) => `ack ${text}`)));
  expect(most).toBe(1);
});

it('sends nothing where no answer is wanted', async () => {
  await start(async ({ body }) =>
    body.length === 3 ? { status: 204, headers: {}, body: Buffer.alloc(0) } : answerOf('ack'),
  );
  const sender = await openSender();
  sender.socket.write(framed('one', 'next'));
  await expect.poll(() => sender.heard()).toBe(framed('ack'));
});
