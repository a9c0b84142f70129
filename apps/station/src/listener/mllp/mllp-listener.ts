import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { ServedRequest } from '@baton/agent';
import { nodeTimers } from '@baton/client-node';
import type { Answer } from '../../agents/request-relay.ts';
import { type Frame, frameOf, type FramerLimits, MllpFramer } from './mllp-framer.ts';

/** Path under which the program of the feed finds a frame; no HTTP request can have it, for that begins with a program's name. */
const MLLP_PATH = '/mllp';

const LIMITS: FramerLimits & MllpTimes = {
  frameBytes: 512 * 1024,
  hopelessBytes: 32 * 1024 * 1024,
  strayBytes: 64 * 1024,
  frameMs: 30_000,
  firstFrameMs: 60_000,
  idleMs: 3_600_000,
  answerMs: 25_000,
  pauseMs: 500,
};
/** Interfaces are a handful of long connections. */
const MOST_CONNECTIONS = 32;
/** So many frames of one connection wait before no more are read from it. */
const MOST_QUEUED = 4;
/** A sender that does not read its answers. */
const MOST_UNREAD_BYTES = 256 * 1024;
const STOP_LIMIT_MS = 1500;

export interface MllpTimes {
  /** A frame that has begun has ended within this time. */
  readonly frameMs: number;
  /** A connection brings its first frame within this time. */
  readonly firstFrameMs: number;
  /** A connection without frames ends after this time; senders connect again. */
  readonly idleMs: number;
  /** So long it is tried to find somebody who answers. */
  readonly answerMs: number;
  readonly pauseMs: number;
}

export interface MllpListenerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** null: nobody is at work, or not in time. */
  readonly ask: (request: ServedRequest) => Promise<Answer | null>;
  readonly limits?: Partial<FramerLimits & MllpTimes>;
}

export interface MllpListener {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * The station's door for HL7 v2 interfaces (docs/protocol/programmes.md §1). It finds the frames in what comes, hands each to the process of the
 * feed's program, one after the other for each connection, and sends what that answers. It knows nothing of what is in them, keeps nothing and logs nothing.
 * A frame that nobody answers ends the connection without a word: the sender still has the message, and sends it again. Throws where the port is taken.
 */
export async function startMllpListener(options: MllpListenerOptions): Promise<MllpListener> {
  const limits = { ...LIMITS, ...options.limits };
  const connections = new Set<MllpConnection>();
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    const connection = new MllpConnection(socket, { ask: options.ask, limits });
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.listen(options.port, options.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => stop(server, connections),
  };
}

async function stop(server: Server, connections: ReadonlySet<MllpConnection>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const cancel = nodeTimers.after(STOP_LIMIT_MS, () => {
    for (const connection of connections) connection.end();
  });
  for (const connection of connections) connection.endWhenIdle();
  await closed;
  cancel();
}

interface ConnectionPorts {
  readonly ask: MllpListenerOptions['ask'];
  readonly limits: FramerLimits & MllpTimes;
}

/** One sender: its frames are answered in their order. */
class MllpConnection {
  readonly #socket: Socket;
  readonly #ports: ConnectionPorts;
  readonly #framer: MllpFramer;
  readonly #queue: Frame[] = [];
  #isWorking = false;
  #isEnding = false;
  #cancel: () => void = () => {};
  /** When the frame that is under way began, so that a drip of bytes does not put its end off. */
  #hasBegun = false;

  constructor(socket: Socket, ports: ConnectionPorts) {
    this.#socket = socket;
    this.#ports = ports;
    this.#framer = new MllpFramer(ports.limits);
    socket.on('data', (piece: Buffer) => this.#take(piece));
    // Whoever sent it has gone, or talks nonsense: nothing to do about it here.
    socket.on('error', () => {});
    socket.once('close', () => {
      this.#isEnding = true;
      this.#cancel();
    });
    this.#expect(ports.limits.firstFrameMs);
  }

  end(): void {
    this.#isEnding = true;
    this.#queue.length = 0;
    this.#socket.destroy();
  }

  /** What is being answered is answered; nothing more is read. */
  endWhenIdle(): void {
    this.#isEnding = true;
    this.#socket.pause();
    if (!this.#isWorking) this.end();
  }

  #take(piece: Buffer): void {
    if (this.#isEnding) return;
    const frames = this.#framer.push(piece);
    if (frames === null) return this.end();
    this.#queue.push(...frames);
    this.#watch(frames.length > 0);
    if (this.#queue.length > MOST_QUEUED) this.#socket.pause();
    if (!this.#isWorking && this.#queue.length > 0) void this.#work();
  }

  #watch(hasFrames: boolean): void {
    const { frameMs, idleMs } = this.#ports.limits;
    if (!this.#framer.isInside) {
      if (hasFrames) this.#expect(idleMs);
      this.#hasBegun = false;
    } else if (!this.#hasBegun || hasFrames) {
      this.#hasBegun = true;
      this.#expect(frameMs);
    }
  }

  #expect(withinMs: number): void {
    this.#cancel();
    this.#cancel = nodeTimers.after(withinMs, () => this.end());
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    try {
      for (let frame = this.#queue.shift(); frame; frame = this.#queue.shift()) {
        const answer = await this.#ask(frame);
        if (answer === null || this.#socket.writableLength > MOST_UNREAD_BYTES) return this.end();
        if (answer.length > 0) this.#socket.write(frameOf(answer));
        if (this.#isEnding) break;
        if (this.#queue.length <= MOST_QUEUED) this.#resume();
      }
    } catch {
      this.end();
    } finally {
      this.#isWorking = false;
    }
    if (this.#isEnding) this.#socket.end(() => this.#socket.destroy());
  }

  /** What stopped reading also stopped the bytes of the next frame: its time begins anew. */
  #resume(): void {
    if (!this.#socket.isPaused()) return;
    if (this.#framer.isInside) this.#expect(this.#ports.limits.frameMs);
    this.#socket.resume();
  }

  /** Asks until somebody has answered: the process of the program may just be starting anew. Doing it twice changes nothing. */
  async #ask({ bytes, isCut }: Frame): Promise<Buffer | null> {
    const { ask, limits } = this.#ports;
    const late = new AbortController();
    const cancel = nodeTimers.after(limits.answerMs, () => late.abort());
    try {
      while (!late.signal.aborted && !this.#socket.destroyed) {
        const answer = await ask({
          method: 'POST',
          path: MLLP_PATH,
          query: '',
          headers: isCut ? { 'x-mllp-cut': 'true' } : {},
          body: new Uint8Array(bytes),
          isLocal: false,
        });
        if (answer?.status === 200) return answer.body;
        if (answer?.status === 204) return Buffer.alloc(0);
        await new Promise<void>((resolve) => nodeTimers.after(limits.pauseMs, resolve));
      }
      return null;
    } finally {
      cancel();
    }
  }
}
