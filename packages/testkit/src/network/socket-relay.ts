import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { SeededRng } from '../chance/seeded-rng.ts';
import type { Faults } from './faults.ts';
import { FramePipe } from './frame-pipe.ts';

const LARGEST_FRAME_BYTES = 64 * 1024 * 1024;
/** Of the client's handshake, what the server shall see; the rest belongs to one connection. */
const PASSED_ON = ['host', 'origin', 'cookie', 'authorization', 'user-agent'] as const;

export interface SocketRelayPorts {
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly client: {
    readonly request: IncomingMessage;
    readonly socket: Duplex;
    readonly head: Buffer;
  };
  readonly connection: number;
  readonly rng: SeededRng;
  readonly faults: () => Faults;
  readonly noted: (what: string) => void;
  readonly ended: () => void;
}

/** One WebSocket through the proxy: a socket to the client, one to the server, and two pipes between them. */
export class SocketRelay {
  readonly #ports: SocketRelayPorts;
  readonly #door = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: LARGEST_FRAME_BYTES,
  });
  readonly #up: FramePipe;
  readonly #down: FramePipe;
  readonly #server: WebSocket;
  #client: WebSocket | null = null;

  constructor(ports: SocketRelayPorts) {
    this.#ports = ports;
    this.#up = this.#pipe('up', () => this.#server);
    this.#down = this.#pipe('down', () => this.#client);
    const headers = Object.fromEntries(
      PASSED_ON.flatMap((name) => (ports.headers[name] === undefined ? [] : [[name, ports.headers[name]]])),
    );
    const protocols = (ports.headers['sec-websocket-protocol'] ?? '').split(/\s*,\s*/).filter(Boolean);
    this.#server = new WebSocket(ports.target, protocols, {
      perMessageDeflate: false,
      maxPayload: LARGEST_FRAME_BYTES,
      headers,
    });
    this.#server.on('upgrade', () => this.#letIn());
    this.#server.on('unexpected-response', (_request, response) => this.#refuse(response));
    this.#server.on('message', (data: Buffer) => this.#down.push(new Uint8Array(data)));
    // `close` follows every error.
    this.#server.on('error', () => {});
    this.#server.on('close', (code) => void this.#passClose(this.#down, () => this.#client, code));
    ports.client.socket.on('error', () => {});
    ports.client.socket.on('close', () => ports.ended());
  }

  /** Both ends see a connection that breaks off. */
  cut(): void {
    this.#server.terminate();
    this.#client?.terminate();
    this.#ports.client.socket.destroy();
  }

  #letIn(): void {
    const { request, socket, head } = this.#ports.client;
    this.#door.handleUpgrade(request, socket, head, (client) => {
      this.#client = client;
      client.on('message', (data: Buffer) => this.#up.push(new Uint8Array(data)));
      client.on('error', () => {});
      client.on('close', (code) => void this.#passClose(this.#up, () => this.#server, code));
    });
  }

  #refuse(response: IncomingMessage): void {
    const { socket } = this.#ports.client;
    socket.end(`HTTP/1.1 ${response.statusCode} ${response.statusMessage}\r\nconnection: close\r\n\r\n`);
    response.resume();
  }

  #pipe(direction: 'up' | 'down', to: () => WebSocket | null): FramePipe {
    const { connection, rng, faults, noted } = this.#ports;
    return new FramePipe({
      direction,
      connection,
      rng,
      faults,
      noted,
      deliver: (bytes) => {
        noted('frame');
        const socket = to();
        if (socket?.readyState === WebSocket.OPEN) socket.send(bytes);
      },
      cut: () => this.cut(),
    });
  }

  /** What was sent before the end arrives before the end. */
  async #passClose(pipe: FramePipe, to: () => WebSocket | null, code: number): Promise<void> {
    await pipe.drained();
    const isSendable = code >= 1000 && code !== 1005 && code !== 1006 && code !== 1015;
    if (isSendable) to()?.close(code);
    else to()?.terminate();
    if (to() === null) this.#ports.client.socket.destroy();
  }
}
