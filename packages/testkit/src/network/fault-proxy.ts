import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as startRequest,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket as NetSocket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { createSeededRng, type SeededRng } from '../chance/seeded-rng.ts';
import { delayOf, type Faults, fateOfRequest } from './faults.ts';
import { SocketRelay } from './socket-relay.ts';

export interface FaultProxyOptions {
  /** `http://host:port` of the server. */
  readonly target: string;
  /** Print it with a failure: it repeats what the chances decided. */
  readonly seed: string | number;
  readonly faults?: Faults;
  /** Answers in the server's place, without faults: a page of the test, or what a hostile server would say. Null leaves it to the server. */
  readonly answer?: (request: { readonly method: string; readonly path: string }) => ProxyAnswer | null;
  /** A free port unless told. */
  readonly port?: number;
}

export interface ProxyAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface FaultProxy {
  /** `http://127.0.0.1:port`: for clients, in the server's place. */
  readonly url: string;
  readonly seed: string;
  /** From now on. Requests and frames under way keep the fate they drew. */
  setFaults(faults: Faults): void;
  /** Cuts everything and refuses what is new, until it is online again. */
  setOffline(isOffline: boolean): void;
  /** Cuts every connection now; new ones are welcome. */
  cut(): void;
  /** How often each fault happened: `drop`, `hold`, `lose`, `lose-answer`, …, and `request`, `socket`, `frame` for what came. */
  readonly counts: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** A network between clients and a server that fails on purpose: HTTP and WebSocket on one port. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const proxy = new FaultyNetwork(options);
  await proxy.listen(options.port ?? 0);
  return proxy;
}

class FaultyNetwork implements FaultProxy {
  readonly counts = new Map<string, number>();
  readonly #target: URL;
  readonly #rng: SeededRng;
  readonly #server = createServer((incoming, outgoing) => void this.#relayRequest(incoming, outgoing));
  readonly #connections = new Set<NetSocket>();
  readonly #relays = new Set<SocketRelay>();
  readonly #answer: NonNullable<FaultProxyOptions['answer']>;
  #faults: Faults;
  #isOffline = false;
  #sockets = 0;

  constructor({ target, seed, faults, answer }: FaultProxyOptions) {
    this.#target = new URL(target);
    this.#rng = createSeededRng(seed);
    this.#faults = faults ?? {};
    this.#answer = answer ?? (() => null);
    this.#server.on('connection', (socket) => {
      if (this.#isOffline) {
        socket.destroy();
        return;
      }
      this.#connections.add(socket);
      socket.on('close', () => this.#connections.delete(socket));
    });
    this.#server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#relaySocket(request, socket, head),
    );
  }

  get seed(): string {
    return this.#rng.seed;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', resolve);
    });
  }

  setFaults(faults: Faults): void {
    this.#faults = faults;
  }

  setOffline(isOffline: boolean): void {
    this.#isOffline = isOffline;
    if (isOffline) this.cut();
  }

  cut(): void {
    for (const relay of this.#relays) relay.cut();
    for (const socket of this.#connections) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #relayRequest(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    this.#note('request');
    const request = { method: incoming.method ?? 'GET', path: incoming.url ?? '/' };
    const own = this.#answer(request);
    if (own) {
      incoming.resume();
      outgoing.writeHead(own.status, own.headers).end(own.body);
      return;
    }
    const fate = fateOfRequest(this.#faults, request, this.#rng);
    const [thereMs, backMs] = [delayOf(this.#faults, this.#rng), delayOf(this.#faults, this.#rng)];
    if (fate !== 'pass') this.#note(fate);
    try {
      const body = await readAll(incoming);
      if (thereMs > 0) await pause(thereMs);
      if (fate === 'lose') {
        incoming.socket.destroy();
        return;
      }
      const answer = await this.#ask(incoming, body);
      if (backMs > 0) await pause(backMs);
      if (fate === 'lose-answer') {
        incoming.socket.destroy();
        return;
      }
      outgoing.writeHead(answer.status, answer.headers);
      outgoing.end(answer.body);
    } catch {
      // The server hung up, or the client did: the client sees a connection that ends.
      incoming.socket.destroy();
    }
  }

  #ask(incoming: IncomingMessage, body: Buffer) {
    return new Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }>((resolve, reject) => {
      const { 'transfer-encoding': _chunked, connection: _hop, ...headers } = this.#headersFor(incoming);
      const length = body.length > 0 ? { 'content-length': String(body.length) } : {};
      const upstream = startRequest(
        {
          host: this.#target.hostname,
          port: this.#target.port,
          method: incoming.method,
          path: incoming.url,
          headers: { ...headers, ...length },
          agent: false,
        },
        (response) => {
          const { 'transfer-encoding': _, connection: __, ...kept } = response.headers;
          readAll(response).then(
            (read) => resolve({ status: response.statusCode ?? 502, headers: kept, body: read }),
            reject,
          );
        },
      );
      upstream.on('error', reject);
      upstream.end(body);
    });
  }

  /** The server knows its own address only: a page that came from here says the target's origin there. */
  #headersFor(incoming: IncomingMessage): IncomingHttpHeaders {
    const { host, origin, ...headers } = incoming.headers;
    const seen = origin === `http://${host}` ? this.#target.origin : origin;
    return { ...headers, host: this.#target.host, ...(seen === undefined ? {} : { origin: seen }) };
  }

  #relaySocket(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#note('socket');
    this.#sockets += 1;
    const relay = new SocketRelay({
      target: `ws://${this.#target.host}${request.url ?? '/'}`,
      headers: this.#headersFor(request),
      client: { request, socket, head },
      connection: this.#sockets,
      rng: this.#rng,
      faults: () => this.#faults,
      noted: (what) => this.#note(what),
      ended: () => this.#relays.delete(relay),
    });
    this.#relays.add(relay);
  }

  #note(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }
}

async function readAll(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}
