import { readFileSync } from 'node:fs';
import { WebSocket } from 'ws';

// A closed-loop load generator in a process of its own: each sender has one message under way at a time, like a person's device. Frames are
// ready-made, so that what is measured is the server. argv: a file written by `writeLoad`. Answers by IPC.

export interface LoadSender {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent first and answered by one frame; null where the server needs no greeting. Base64. */
  readonly hello: string | null;
  readonly frames: readonly string[];
}

export interface Load {
  readonly senders: readonly LoadSender[];
  /** Connections that only receive. */
  readonly listeners: readonly LoadSender[];
  /** A received frame is an acknowledgement when it contains these bytes (latin1); empty accepts every frame. */
  readonly ackMark: string;
  /** A received frame is a refusal when it contains these bytes; the run then fails. */
  readonly failMark: string;
}

export interface LoadResult {
  readonly accepted: number;
  /** Frames that the listeners were sent. */
  readonly heard: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

function openSender(sender: LoadSender): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(sender.url, { headers: sender.headers, perMessageDeflate: false });
    socket.once('error', reject);
    socket.once('open', () => {
      if (sender.hello === null) return resolve(socket);
      socket.once('message', () => resolve(socket));
      socket.send(Buffer.from(sender.hello, 'base64'));
    });
  });
}

function sendAll(input: {
  socket: WebSocket;
  frames: readonly Buffer[];
  load: Load;
  latencies: number[];
}): Promise<void> {
  return new Promise((resolve, reject) => {
    let next = 0;
    let sentAt = 0;
    const send = (): void => {
      const frame = input.frames[next++];
      if (frame === undefined) return resolve();
      sentAt = performance.now();
      input.socket.send(frame);
    };
    input.socket.on('message', (data) => {
      const text = (data as Buffer).subarray(0, 64).toString('latin1');
      if (input.load.failMark !== '' && text.includes(input.load.failMark)) {
        return reject(new Error(`refused: ${(data as Buffer).toString('latin1')}`));
      }
      if (input.load.ackMark !== '' && !text.includes(input.load.ackMark)) return;
      input.latencies.push(performance.now() - sentAt);
      send();
    });
    input.socket.once('close', () => reject(new Error('the server closed the connection')));
    send();
  });
}

async function run(file: string): Promise<LoadResult> {
  const load = JSON.parse(readFileSync(file, 'utf8')) as Load;
  const sockets = await Promise.all(load.senders.map(openSender));
  const frames = load.senders.map((sender) => sender.frames.map((frame) => Buffer.from(frame, 'base64')));
  const listeners = await Promise.all(load.listeners.map(openSender));
  let heard = 0;
  for (const listener of listeners) listener.on('message', () => (heard += 1));
  const latencies: number[] = [];
  const startedAt = performance.now();
  await Promise.all(
    sockets.map((socket, index) => sendAll({ socket, frames: frames[index] as Buffer[], load, latencies })),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  for (const socket of [...sockets, ...listeners]) socket.terminate();
  latencies.sort((a, b) => a - b);
  const at = (part: number): number =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))] ?? 0;
  return { accepted: latencies.length, heard, seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

if (process.send !== undefined && process.argv[2] !== undefined) {
  try {
    process.send({ result: await run(process.argv[2]) });
  } catch (error) {
    process.send({ error: String(error) });
  }
  process.disconnect();
}
