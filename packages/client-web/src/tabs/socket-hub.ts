import type { Socket, SocketEvents } from '@baton/client';
import type { Bytes } from '@baton/kernel';
import {
  type ClientFrame,
  decodeClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  encodeServerFrame,
  type ServerFrame,
} from '@baton/wire';

/** Questions of other tabs are numbered from here on; those of the tab that holds the socket keep their own, lower numbers. */
const FIRST_FOREIGN_QUESTION = 0x8000_0000;
const LAST_QUESTION = 0xffff_ffff;
/** While no other tab listens, longer frames from the server are handed on unread: they are answers. */
const LARGEST_READ_ALONE = 4096;
/** `cursor` frames are shorter than this; longer frames of the own tab need not be read. */
const LARGEST_CURSOR_FRAME = 64;
/**
 * A guest may have read more of the key log than the holder has heard of, and takes a smaller number for a server that shows less than
 * before. Told of one that is larger than any, it asks the server itself, which is what the number is for.
 */
const KEY_LOG_UNKNOWN = 2 ** 32;

type Welcome = Extract<ServerFrame, { t: 'welcome' }>;
type Question = Extract<ClientFrame, { q: number }>;
type Reply = Extract<ServerFrame, { q: number }>;

export interface HubPorts {
  /** Opens the one socket to the server. */
  readonly connect: (events: SocketEvents) => Socket;
  /** Never goes back; ms. */
  readonly monotonicMs: () => number;
  /** The connection of the tab that holds the socket. */
  readonly own: SocketEvents;
}

/**
 * One socket for several tabs. The tab that holds it speaks as if it were alone; the others (guests) are greeted from what the server last
 * said, their questions get numbers of their own, and what the server pushes goes to all. When the socket or its tab goes, all are closed
 * and connect again.
 */
export class SocketHub {
  readonly #ports: HubPorts;
  readonly #socket: Socket;
  readonly #guests = new Map<string, SocketEvents>();
  readonly #asked = new Map<number, { readonly guest: string; readonly q: number }>();
  #nextQuestion = FIRST_FOREIGN_QUESTION;
  #welcome: { readonly frame: Welcome; readonly atMs: number } | null = null;
  /** Newest batch that the server pushed. */
  #batch = 0;
  #cursor = 0;
  #closed = false;

  constructor(ports: HubPorts) {
    this.#ports = ports;
    this.#socket = ports.connect({
      open: () => ports.own.open(),
      message: (frame) => this.#fromServer(frame),
      closed: () => this.close(),
    });
  }

  /** What the own tab sends. */
  send(frame: Bytes): void {
    if (frame.length <= LARGEST_CURSOR_FRAME) {
      const decoded = decodeClientFrame(frame);
      if (decoded.ok && (decoded.value.t === 'hello' || decoded.value.t === 'cursor'))
        this.#noteCursor(decoded.value);
    }
    this.#socket.send(frame);
  }

  knows(guest: string): boolean {
    return this.#guests.has(guest);
  }

  /** `open` is told when the socket is greeted, which may be now. */
  admit(guest: string, events: SocketEvents): void {
    if (this.#closed) return events.closed();
    this.#guests.set(guest, events);
    if (this.#welcome) events.open();
  }

  /** What a guest sends. */
  fromGuest(guest: string, bytes: Bytes): void {
    const events = this.#guests.get(guest);
    if (!events || !this.#welcome) return;
    const decoded = decodeClientFrame(bytes);
    if (!decoded.ok) return this.dismiss(guest);
    const frame = decoded.value;
    switch (frame.t) {
      case 'hello':
        return events.message(encodeServerFrame(this.#greeting(frame.cursor)));
      case 'cursor': {
        // The tabs share one store: what one of them stored, the device has.
        const isNews = frame.batch > this.#cursor;
        this.#noteCursor(frame);
        return isNews ? this.#socket.send(bytes) : undefined;
      }
      default:
        return this.#ask(guest, frame);
    }
  }

  /** The guest left, or died. */
  dismiss(guest: string): void {
    const events = this.#guests.get(guest);
    if (!events) return;
    this.#guests.delete(guest);
    for (const [q, asked] of this.#asked) if (asked.guest === guest) this.#asked.delete(q);
    events.closed();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
    for (const guest of [...this.#guests.keys()]) this.dismiss(guest);
    this.#ports.own.closed();
  }

  #ask(guest: string, question: Question): void {
    const q = this.#nextQuestion;
    this.#nextQuestion = q === LAST_QUESTION ? FIRST_FOREIGN_QUESTION : q + 1;
    this.#asked.set(q, { guest, q: question.q });
    this.#socket.send(encodeClientFrame({ ...question, q }));
  }

  #fromServer(bytes: Bytes): void {
    const { own } = this.#ports;
    if (this.#welcome && this.#guests.size === 0 && bytes.length > LARGEST_READ_ALONE)
      return own.message(bytes);
    const decoded = decodeServerFrame(bytes);
    // The own connection judges what is malformed, and closes.
    if (!decoded.ok) return own.message(bytes);
    const frame = decoded.value;
    switch (frame.t) {
      case 'welcome':
        this.#welcome = { frame, atMs: this.#ports.monotonicMs() };
        own.message(bytes);
        for (const events of [...this.#guests.values()]) events.open();
        return;
      case 'ok':
      case 'no':
        return frame.q < FIRST_FOREIGN_QUESTION ? own.message(bytes) : this.#answer(frame);
      case 'items':
        this.#batch = Math.max(this.#batch, ...frame.items.map((item) => item.batch));
        break;
      default:
        break;
    }
    const guests = [...this.#guests.values()];
    own.message(bytes);
    for (const events of guests) events.message(bytes);
  }

  #answer(reply: Reply): void {
    const asked = this.#asked.get(reply.q);
    // A guest that left does not wait any more.
    if (!asked) return;
    this.#asked.delete(reply.q);
    this.#guests.get(asked.guest)?.message(encodeServerFrame({ ...reply, q: asked.q }));
  }

  #noteCursor(frame: Extract<ClientFrame, { t: 'hello' | 'cursor' }>): void {
    this.#cursor = Math.max(this.#cursor, frame.t === 'hello' ? frame.cursor : frame.batch);
  }

  /** What the server would say now: its clock has gone on, and its batches by as much as it told. */
  #greeting(guestCursor: number): Welcome {
    const { frame, atMs } = this.#welcome as { frame: Welcome; atMs: number };
    const elapsedMs = Math.round(this.#ports.monotonicMs() - atMs);
    // Whatever a tab has stored came from this server and was compared with it on the way.
    const batch = Math.max(frame.batch, this.#batch, this.#cursor, guestCursor);
    const ts = frame.ts + elapsedMs;
    return { ...frame, batch, keylog: KEY_LOG_UNKNOWN, records: KEY_LOG_UNKNOWN, ts };
  }
}
