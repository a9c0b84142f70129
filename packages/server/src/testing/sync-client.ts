import type { Bytes, ConversationId } from '@baton/kernel';
import {
  type ClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  type EscalationParts,
  type ServerFrame,
  SYNC_VERSION,
} from '@baton/wire';
import { WebSocket } from 'ws';
import { nodePorts } from '../adapters/node-ports.ts';
import type { TestAccount } from './organisation.ts';

type Question = Extract<ClientFrame, { q: number }>;
type WithoutNumber<T> = T extends unknown ? Omit<T, 'q'> : never;
export type Reply = Extract<ServerFrame, { t: 'ok' | 'no' }>;

/** One sync socket, as a client drives it. */
export class TestSocket {
  readonly #socket: WebSocket;
  readonly #replies = new Map<number, (reply: Reply) => void>();
  readonly #watchers = new Set<() => void>();
  readonly frames: ServerFrame[] = [];
  readonly closed: Promise<number>;
  #next = 1;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#receive(new Uint8Array(data)));
    socket.on('error', () => {});
    this.closed = new Promise((resolve) => socket.on('close', resolve));
  }

  static async open(
    url: string,
    who: { token: string } | { headers: Record<string, string> },
    cursor = 0,
  ): Promise<TestSocket> {
    const headers = 'token' in who ? { authorization: `Bearer ${who.token}` } : who.headers;
    const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/sync`, {
      headers,
      perMessageDeflate: false,
    });
    const client = new TestSocket(socket);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    client.send({ t: 'hello', v: SYNC_VERSION, cursor });
    await client.until((frame) => frame.t === 'welcome' || frame.t === 'bye');
    return client;
  }

  static join(url: string, who: TestAccount, cursor = 0): Promise<TestSocket> {
    return TestSocket.open(url, who, cursor);
  }

  send(frame: ClientFrame): void {
    this.#socket.send(encodeClientFrame(frame));
  }

  sendRaw(bytes: Bytes): void {
    this.#socket.send(bytes);
  }

  ask(question: WithoutNumber<Question>): Promise<Reply> {
    const q = this.#next++;
    return new Promise((resolve) => {
      this.#replies.set(q, resolve);
      this.send({ ...question, q });
    });
  }

  append(conv: ConversationId, b: Bytes, k: 'envelope' | 'put' | 'entry' = 'envelope', boxes: Bytes[] = []) {
    return this.ask({ t: 'append', conv, k, b, boxes, escalation: null });
  }

  /** A message that asks for something, with what travels beside it. */
  appendAsk(conv: ConversationId, { b, escalation }: { b: Bytes; escalation: EscalationParts }) {
    return this.ask({ t: 'append', conv, k: 'envelope', b, boxes: [], escalation });
  }

  /** Stops reading: what the server sends stays in its queue. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** The first frame, past or coming, that fits. */
  async until<T extends ServerFrame>(fits: (frame: ServerFrame) => frame is T, waitMs?: number): Promise<T>;
  async until(fits: (frame: ServerFrame) => boolean, waitMs?: number): Promise<ServerFrame>;
  async until(fits: (frame: ServerFrame) => boolean, waitMs = 10_000): Promise<ServerFrame> {
    const known = this.frames.find(fits);
    if (known !== undefined) return known;
    return new Promise((resolve, reject) => {
      const watch = (): void => {
        const found = this.frames.find(fits);
        if (found === undefined) return;
        this.#watchers.delete(watch);
        cancel();
        resolve(found);
      };
      const cancel = nodePorts.timers.after(waitMs, () => reject(new Error('the frame did not come')));
      this.#watchers.add(watch);
    });
  }

  close(): void {
    this.#socket.terminate();
  }

  #receive(bytes: Bytes): void {
    const decoded = decodeServerFrame(bytes);
    if (!decoded.ok) throw new Error(`server frame: ${decoded.error.code} ${decoded.error.at}`);
    const frame = decoded.value;
    if (frame.t === 'ok' || frame.t === 'no') {
      this.#replies.get(frame.q)?.(frame);
      this.#replies.delete(frame.q);
      return;
    }
    this.frames.push(frame);
    for (const watch of this.#watchers) watch();
  }
}
