import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import type { FrameFate, Faults } from './faults.ts';

let server: Server;
let sockets: WebSocketServer;
let proxy: FaultProxy;
/** What reached the server. */
let received: string[];
let handshakes: IncomingMessage[];

beforeEach(async () => {
  received = [];
  handshakes = [];
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      received.push(`${request.method} ${request.url} ${Buffer.concat(parts)}`);
      response.setHeader('set-cookie', 'a=b');
      response.statusCode = 201;
      response.end(`answer for ${request.headers.origin} at ${request.headers.host}`);
    });
  });
  // Echoes every frame.
  sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (request.url === '/refused') {
      socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
      return;
    }
    handshakes.push(request);
    sockets.handleUpgrade(request, socket, head, (client) => {
      client.on('error', () => {});
      client.on('message', (data: Buffer) => {
        received.push(data.toString());
        client.send(data);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await startFaultProxy({ target: targetUrl(), seed: 'proxy test' });
});

afterEach(async () => {
  await proxy.close();
  for (const client of sockets.clients) client.terminate();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const targetUrl = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
const post = (body = 'body') =>
  fetch(`${proxy.url}/v1/x?q=1`, { method: 'POST', body, headers: { origin: proxy.url } });

interface Client {
  readonly heard: string[];
  readonly closed: Promise<number>;
  send(...texts: string[]): void;
  hears(count: number): Promise<string[]>;
  close(): void;
}

async function connect(path = '/v1/sync'): Promise<Client> {
  const socket = new WebSocket(proxy.url.replace('http', 'ws') + path, {
    headers: { cookie: 'session=1', origin: proxy.url },
  });
  const heard: string[] = [];
  let wake = () => {};
  socket.on('message', (data: Buffer) => {
    heard.push(data.toString());
    wake();
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  socket.on('error', () => {});
  return {
    heard,
    closed,
    send: (...texts) => {
      for (const text of texts) socket.send(Buffer.from(text));
    },
    async hears(count) {
      while (heard.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return heard;
    },
    close: () => socket.close(4000),
  };
}

/** Fates of the frames that go down, by number. */
const down = (...fates: (FrameFate | undefined)[]): Faults => ({
  onFrame: ({ direction, index }) => (direction === 'down' ? fates[index] : undefined),
});

describe('a proxy without faults', () => {
  it('passes requests and answers on, under the origin of the server', async () => {
    const answer = await post();
    expect([answer.status, answer.headers.get('set-cookie')]).toEqual([201, 'a=b']);
    const origin = targetUrl();
    expect(await answer.text()).toBe(`answer for ${origin} at ${origin.replace('http://', '')}`);
    expect(received).toEqual(['POST /v1/x?q=1 body']);
  });

  it('passes frames and handshake on, both ways, and the end with its code', async () => {
    const client = await connect();
    client.send('a', 'b', 'x'.repeat(100_000));
    expect(await client.hears(3)).toEqual(['a', 'b', 'x'.repeat(100_000)]);
    expect(handshakes[0]?.headers).toMatchObject({ cookie: 'session=1', origin: targetUrl() });
    for (const side of sockets.clients) side.close(4001);
    expect(await client.closed).toBe(4001);
  });

  it('passes the end on upward', async () => {
    const client = await connect();
    const [side] = sockets.clients;
    const ended = new Promise((resolve) => side?.on('close', resolve));
    client.close();
    expect(await ended).toBe(4000);
  });

  it('passes the refusal of a socket on', async () => {
    await expect(connect('/refused')).rejects.toThrow('401');
  });
});

describe('faults of frames', () => {
  it('drop, duplicate, reorder and alter single frames', async () => {
    proxy.setFaults(down('drop', 'duplicate', 'hold', 'pass', { alter: Buffer.from('altered') }));
    const client = await connect();
    client.send('0', '1', '2', '3', '4', '5');
    expect(await client.hears(6)).toEqual(['1', '1', '3', '2', 'altered', '5']);
    expect(received).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(Object.fromEntries(proxy.counts)).toMatchObject({ drop: 1, duplicate: 1, hold: 1, alter: 1 });
  });

  it('let a held frame go when none follows', async () => {
    proxy.setFaults(down('hold'));
    const client = await connect();
    client.send('0');
    expect(await client.hears(1)).toEqual(['0']);
  });

  it('cut the connection at a frame, and the next connection is another', async () => {
    const seen: number[] = [];
    proxy.setFaults({
      onFrame: ({ connection, direction }) => {
        seen.push(connection);
        return connection === 1 && direction === 'up' ? 'cut' : 'pass';
      },
    });
    const first = await connect();
    first.send('a');
    expect(await first.closed).toBe(1006);
    expect(received).toEqual([]);
    const second = await connect();
    second.send('b');
    expect(await second.hears(1)).toEqual(['b']);
    expect(seen).toEqual([1, 2, 2]);
  });

  it('keep the order under delays that differ', async () => {
    proxy.setFaults({ delayMs: [0, 20] });
    const client = await connect();
    const texts = Array.from({ length: 20 }, (_, index) => String(index));
    client.send(...texts);
    expect(await client.hears(20)).toEqual(texts);
  });

  it('are the same for the same seed, and others for another', async () => {
    const run = async (seed: string): Promise<string[]> => {
      await proxy.close();
      const chances = { dropFrame: 0.2, duplicateFrame: 0.2, alterFrame: 0.2 };
      // In one direction, so that the order of events does not depend on the machine.
      const onFrame: Faults['onFrame'] = ({ direction }) => (direction === 'down' ? 'pass' : undefined);
      proxy = await startFaultProxy({ target: targetUrl(), seed, faults: { chances, onFrame } });
      const client = await connect();
      received.length = 0;
      client.send(...Array.from({ length: 30 }, (_, index) => `frame ${index}`));
      client.send('end');
      client.close();
      await client.closed;
      return [...received];
    };
    const [first, again, other] = [await run('one'), await run('one'), await run('two')];
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
  });
});

describe('faults of requests', () => {
  it('lose a request before the server, or its answer after', async () => {
    proxy.setFaults({ onRequest: () => 'lose' });
    await expect(post()).rejects.toThrow('fetch failed');
    expect(received).toEqual([]);
    proxy.setFaults({ onRequest: ({ path }) => (path === '/v1/x?q=1' ? 'lose-answer' : 'pass') });
    await expect(post()).rejects.toThrow('fetch failed');
    expect(received).toHaveLength(1);
    proxy.setFaults({ chances: { loseRequest: 1 } });
    await expect(post()).rejects.toThrow('fetch failed');
    expect(received).toHaveLength(1);
    proxy.setFaults({});
    expect((await post()).status).toBe(201);
  });

  it('are answered in the place of the server, where the test says so', async () => {
    await proxy.close();
    proxy = await startFaultProxy({
      target: targetUrl(),
      seed: 'own answer',
      answer: ({ path }) =>
        path === '/page' ? { status: 203, headers: { 'x-own': '1' }, body: 'page' } : null,
    });
    const answer = await fetch(`${proxy.url}/page`);
    expect([answer.status, answer.headers.get('x-own'), await answer.text()]).toEqual([203, '1', 'page']);
    expect((await post()).status).toBe(201);
    expect(received).toHaveLength(1);
  });

  it('wait', async () => {
    proxy.setFaults({ delayMs: 40 });
    const started = performance.now();
    await post();
    expect(performance.now() - started).toBeGreaterThan(75);
  });
});

describe('the switch', () => {
  it('cuts all and refuses all while offline, and works again after', async () => {
    const client = await connect();
    proxy.setOffline(true);
    expect(await client.closed).toBe(1006);
    await expect(post()).rejects.toThrow('fetch failed');
    await expect(connect()).rejects.toThrow();
    proxy.setOffline(false);
    expect((await post()).status).toBe(201);
    (await connect()).close();
  });

  it('cuts what is open and welcomes what is new', async () => {
    const client = await connect();
    proxy.cut();
    expect(await client.closed).toBe(1006);
    const again = await connect();
    again.send('a');
    expect(await again.hears(1)).toEqual(['a']);
  });

  it('lets clients see a server that is away as a connection that ends', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await expect(post()).rejects.toThrow('fetch failed');
    await expect(connect()).rejects.toThrow();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
});
