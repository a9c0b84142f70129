import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HttpRequest, Unreachable } from '@baton/client';
import { decodeUtf8, encodeUtf8, type Timers } from '@baton/kernel';
import { afterEach, describe, expect, it } from 'vitest';
import { webTimers } from '../system/system-ports.ts';
import { createWebTransport } from './web-transport.ts';

const GET: HttpRequest = { method: 'GET', path: '/v1/info', headers: {}, body: null };
let server: Server | null = null;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

async function transportTo(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  timers: Timers = webTimers,
) {
  const started = createServer(answer);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const connect = () => {
    throw new Error('not here');
  };
  return createWebTransport({
    origin: `http://127.0.0.1:${(started.address() as AddressInfo).port}`,
    timers,
    connect,
  });
}

describe('requests of the page', () => {
  it('bring bytes and headers there, and any answer back', async () => {
    const { request } = await transportTo((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        outgoing.writeHead(409, { 'content-type': 'application/json' });
        outgoing.end(
          `${incoming.method} ${incoming.url} ${incoming.headers['x-a']} ${Buffer.concat(chunks)}`,
        );
      });
    });
    const answer = await request({
      method: 'POST',
      path: '/v1/x?y=1',
      headers: { 'x-a': 'b' },
      body: encodeUtf8('body'),
    });
    expect([answer.status, decodeUtf8(answer.body)]).toEqual([409, 'POST /v1/x?y=1 b body']);
  });

  it('put the pieces of a long answer together, and take one without a body', async () => {
    const { request } = await transportTo((_incoming, outgoing) => {
      outgoing.write(Buffer.alloc(300_000, 1));
      setTimeout(() => outgoing.end(Buffer.alloc(200_000, 2)), 10);
    });
    const { body } = await request(GET);
    expect([body.length, body[299_999], body[300_000]]).toEqual([500_000, 1, 2]);
  });

  it.each([
    ['hangs up', (_in: IncomingMessage, out: ServerResponse) => void out.destroy()],
    [
      'redirects',
      (_in: IncomingMessage, out: ServerResponse) => void out.writeHead(302, { location: '/' }).end(),
    ],
    [
      'cuts the answer off',
      (_in: IncomingMessage, out: ServerResponse) => {
        out.writeHead(200, { 'content-length': '100' });
        out.write('half');
        setTimeout(() => out.destroy(), 10);
      },
    ],
  ])('are unreachable when the server %s', async (_how, answer) => {
    const { request } = await transportTo(answer);
    await expect(request(GET)).rejects.toBeInstanceOf(Unreachable);
  });

  it('are given up when nothing is heard for long', async () => {
    const soon: Timers = { after: (ms, task) => webTimers.after(ms / 300, task) };
    const { request } = await transportTo(() => {}, soon);
    await expect(request(GET)).rejects.toBeInstanceOf(Unreachable);
  });

  it('are given the time that a long answer needs', async () => {
    const body = Buffer.alloc(1_600_000);
    const allowedMs: number[] = [];
    const timers = {
      after(ms: number) {
        allowedMs.push(ms);
        return () => {};
      },
    };
    const { request } = await transportTo((_incoming, outgoing) => {
      outgoing.writeHead(200, { 'content-length': String(body.length) });
      outgoing.end(body);
    }, timers);
    expect((await request(GET)).body).toHaveLength(body.length);
    // Silence until it begins, and then as long as a slow line takes for such a length.
    expect(allowedMs).toEqual([30_000, 130_000]);
  });
});
