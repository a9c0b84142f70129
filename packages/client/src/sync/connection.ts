import type { Bytes, Timers, TimestampMs } from '@baton/kernel';
import {
  type ClientFrame,
  decodeServerFrame,
  type ErrorCode,
  encodeClientFrame,
  type ServerFrame,
  SYNC_VERSION,
} from '@baton/wire';
import { ClientError, offlineError } from '../failure.ts';
import type { Socket, Transport } from '../ports/transport.ts';
import type { Backoff } from './backoff.ts';

/** Without an answer for so long, the connection is taken for dead. */
const ANSWER_TIMEOUT_MS = 10_000;
/** A question waits so long for a connection that is being made. */
const PATIENCE_MS = 4000;

/** The session is over for good on this device. */
const ENDS_SESSION: ReadonlySet<ErrorCode> = new Set(['auth.expired', 'auth.required', 'ledger.revoked']);

type Question = Extract<ClientFrame, { q: number }>;
type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never;
export type QuestionBody = DistributiveOmit<Question, 'q'>;
export type Answer = Extract<ServerFrame, { t: 'ok' }>['a'];
export type Push = Extract<ServerFrame, { t: 'items' | 'mark' | 'missed' | 'keylog' | 'records' | 'batons' }>;
export type Welcome = Extract<ServerFrame, { t: 'welcome' }>;

export interface ConnectionEvents {
  /** The session is greeted: catch up from the cursor. */
  welcomed(welcome: Welcome): void;
  push(frame: Push): void;
  lost(): void;
  /** The server ended the session; there is no reconnecting. */
  ended(code: ErrorCode): void;
}

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: ClientError): void;
  cancelTimeout(): void;
}

export interface ConnectionPorts {
  readonly transport: Transport;
  readonly timers: Timers;
  readonly backoff: Backoff;
  readonly token: () => string | null;
  readonly cursor: () => number;
  readonly events: ConnectionEvents;
}

/** One sync socket that comes back by itself. Questions are matched with their answers; pushes are handed on as hints. */
export class Connection {
  readonly #ports: ConnectionPorts;
  readonly #waiting = new Map<number, Waiting>();
  readonly #patient = new Set<(online: boolean) => void>();
  #socket: Socket | null = null;
  #welcomed = false;
  #stopped = true;
  #nextQuestion = 1;
  #cancelRetry: () => void = () => {};
  #attempt = 0;

  constructor(ports: ConnectionPorts) {
    this.#ports = ports;
  }

  get isOnline(): boolean {
    return this.#welcomed;
  }

  start(): void {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#open();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelRetry();
    for (const settle of [...this.#patient]) settle(false);
    this.#drop();
  }

  /** Tries at once instead of waiting for the next turn (the machine is online again, a person asked). */
  retryNow(): void {
    if (this.#stopped || this.#socket) return;
    this.#cancelRetry();
    this.#open();
  }

  /** Rejects with `limit.busy` when the connection is lost before the answer, with the server's code when it says no. */
  async ask(question: QuestionBody): Promise<Answer> {
    if (!this.#welcomed && !(await this.#welcomeSoon())) throw offlineError('sync');
    const q = this.#nextQuestion;
    this.#nextQuestion = q === 0xffff_ffff ? 1 : q + 1;
    return new Promise<Answer>((resolve, reject) => {
      const cancelTimeout = this.#ports.timers.after(ANSWER_TIMEOUT_MS, () => this.#drop());
      this.#waiting.set(q, { resolve, reject, cancelTimeout });
      this.#send({ ...question, q });
    });
  }

  /** "Everything up to this batch is stored here": a statement without an answer. */
  tellCursor(batch: number): void {
    if (this.#welcomed) this.#send({ t: 'cursor', batch });
  }

  /** A question right after the start, or in the moment between two connections, waits a little instead of failing. */
  #welcomeSoon(): Promise<boolean> {
    if (this.#stopped) return Promise.resolve(false);
    return new Promise((resolve) => {
      const cancel = this.#ports.timers.after(PATIENCE_MS, () => {
        this.#patient.delete(settle);
        resolve(false);
      });
      const settle = (online: boolean): void => {
        cancel();
        this.#patient.delete(settle);
        resolve(online);
      };
      this.#patient.add(settle);
    });
  }

  #open(): void {
    this.#cancelRetry();
    this.#attempt += 1;
    const attempt = this.#attempt;
    const isCurrent = (): boolean => attempt === this.#attempt;
    // Neither a handshake nor a greeting may be waited for without end.
    this.#cancelRetry = this.#ports.timers.after(ANSWER_TIMEOUT_MS, () => {
      if (isCurrent() && !this.#welcomed) this.#drop();
    });
    this.#socket = this.#ports.transport.connect(this.#ports.token(), {
      open: () => {
        if (isCurrent()) this.#send({ t: 'hello', v: SYNC_VERSION, cursor: this.#ports.cursor() });
      },
      message: (frame) => {
        if (isCurrent()) this.#receive(frame);
      },
      closed: () => {
        if (isCurrent()) this.#drop();
      },
    });
  }

  #send(frame: ClientFrame): void {
    this.#socket?.send(encodeClientFrame(frame));
  }

  #receive(bytes: Bytes): void {
    const decoded = decodeServerFrame(bytes);
    // Bytes that are no frame: nothing on this connection can be trusted to be in step any more.
    if (!decoded.ok) return this.#drop();
    const frame = decoded.value;
    switch (frame.t) {
      case 'welcome':
        this.#cancelRetry();
        this.#welcomed = true;
        this.#ports.backoff.reset();
        for (const settle of [...this.#patient]) settle(true);
        return this.#ports.events.welcomed(frame);
      case 'ok':
        return this.#settle(frame.q, (waiting) => waiting.resolve(frame.a));
      case 'no': {
        const error = new ClientError(frame.code, frame.at, { retryMs: frame.retryMs });
        if (ENDS_SESSION.has(frame.code)) this.#end(frame.code);
        return this.#settle(frame.q, (waiting) => waiting.reject(error));
      }
      case 'bye':
        // A server that stops or is replaced says so too: that is no end of the session.
        return ENDS_SESSION.has(frame.code) ? this.#end(frame.code) : this.#drop();
      default:
        return this.#ports.events.push(frame);
    }
  }

  #settle(q: number, act: (waiting: Waiting) => void): void {
    const waiting = this.#waiting.get(q);
    if (!waiting) return;
    this.#waiting.delete(q);
    waiting.cancelTimeout();
    act(waiting);
  }

  #end(code: ErrorCode): void {
    this.stop();
    this.#ports.events.ended(code);
  }

  #drop(): void {
    this.#attempt += 1;
    const socket = this.#socket;
    const wasOnline = this.#welcomed;
    this.#socket = null;
    this.#welcomed = false;
    socket?.close();
    for (const q of [...this.#waiting.keys()])
      this.#settle(q, (waiting) => waiting.reject(offlineError('sync')));
    this.#cancelRetry();
    if (!this.#stopped) {
      const delayMs: TimestampMs = this.#ports.backoff.nextMs();
      this.#cancelRetry = this.#ports.timers.after(delayMs, () => this.#open());
    }
    if (wasOnline || !this.#stopped) this.#ports.events.lost();
  }
}
