import type { AccountId, Bytes, OrgId, SessionId } from '@baton/kernel';
import { encodeServerFrame, type ErrorCode, type ServerFrame } from '@baton/wire';

/** What a socket library must give; `bufferedBytes` is what the peer has not taken yet. */
export interface FrameSocket {
  readonly bufferedBytes: number;
  send(bytes: Bytes, onTaken: () => void): void;
  close(code: number): void;
}

export interface Connection {
  readonly org: OrgId;
  readonly account: AccountId;
  readonly session: SessionId;
  /** An answer or a notice: always queued. */
  send(frame: ServerFrame): void;
  /** Encoded `items` frames of one batch, or a hint: dropped as a whole while the peer does not keep up. */
  push(batch: number, frames: readonly Bytes[]): void;
  /** The client has everything up to `cursor` and catches up to `newest` by itself; it is pushed what comes after. */
  start(cursor: number, newest: number): void;
  /** Whatever was sent since may be lost to this client. */
  miss(): void;
  end(code: ErrorCode): void;
}

/** What a slow client may have waiting before it is told to catch up by itself. */
const HIGH_WATER_BYTES = 4 * 1024 * 1024;
const LOW_WATER_BYTES = 256 * 1024;
/** Policy violation (RFC 6455 §7.4.1): the session is over, the frame before said why. */
const CLOSE_ENDED = 1008;

/**
 * One client's end of the fan-out. Its queue is bounded: beyond the mark nothing is pushed, and when the peer has caught up it is told
 * `missed` with the last batch that it was surely given. Nothing is ever left out in silence.
 */
export function createConnection(options: {
  readonly who: { readonly org: OrgId; readonly account: AccountId; readonly session: SessionId };
  readonly socket: FrameSocket;
  readonly onMissed: () => void;
}): Connection {
  const { who, socket, onMissed } = options;
  let started = false;
  let caughtUpTo = 0;
  /** Newest batch whose frames were all queued. */
  let complete = 0;
  let missedFrom: number | null = null;

  const write = (bytes: Bytes): void => socket.send(bytes, settle);

  function settle(): void {
    if (missedFrom === null || socket.bufferedBytes > LOW_WATER_BYTES) return;
    const from = missedFrom;
    missedFrom = null;
    write(encodeServerFrame({ t: 'missed', from }));
  }

  function miss(): void {
    if (!started || missedFrom !== null) return;
    missedFrom = complete;
    onMissed();
  }

  return {
    ...who,
    send: (frame) => write(encodeServerFrame(frame)),
    push(batch, frames) {
      if (!started || batch <= caughtUpTo) return;
      if (missedFrom === null && socket.bufferedBytes > HIGH_WATER_BYTES) miss();
      if (missedFrom !== null) return;
      for (const frame of frames) write(frame);
      complete = Math.max(complete, batch);
    },
    start(cursor, newest) {
      started = true;
      complete = Math.min(cursor, newest);
      caughtUpTo = newest;
    },
    miss() {
      miss();
      settle();
    },
    end(code) {
      write(encodeServerFrame({ t: 'bye', code }));
      socket.close(CLOSE_ENDED);
    },
  };
}
