import type { Bytes } from '@baton/kernel';
import type { SeededRng } from '../chance/seeded-rng.ts';

export interface ProxiedFrame {
  /** `up` goes to the server. */
  readonly direction: 'up' | 'down';
  /** Sockets are counted from 1 in order of opening. */
  readonly connection: number;
  /** Frames of one direction of one socket are counted from 0. */
  readonly index: number;
  readonly bytes: Bytes;
}

export type FrameFate =
  | 'pass'
  | 'drop'
  | 'duplicate'
  /** Comes after the next frame of its direction, or a fifth of a second later where none follows. */
  | 'hold'
  /** The socket is cut off instead. */
  | 'cut'
  | { readonly alter: Bytes };

export type RequestFate =
  | 'pass'
  /** The server never sees it. */
  | 'lose'
  /** The server does it, and its answer never arrives. */
  | 'lose-answer';

export interface Faults {
  /** Of every request, answer and frame, ms; of a range, drawn anew each time. Order within a socket is kept. */
  readonly delayMs?: number | readonly [low: number, high: number];
  /** Chances, 0 to 1. What a chance decides is the same for the same seed and the same order of events. */
  readonly chances?: {
    readonly loseRequest?: number;
    readonly loseAnswer?: number;
    readonly dropFrame?: number;
    readonly duplicateFrame?: number;
    readonly holdFrame?: number;
    /** One bit of the frame is turned. */
    readonly alterFrame?: number;
    readonly cutAtFrame?: number;
  };
  /** Decides before the chances do; undefined leaves it to them. */
  readonly onFrame?: (frame: ProxiedFrame) => FrameFate | undefined;
  readonly onRequest?: (request: {
    readonly method: string;
    readonly path: string;
  }) => RequestFate | undefined;
}

export function fateOfFrame(faults: Faults, frame: ProxiedFrame, rng: SeededRng): FrameFate {
  const decided = faults.onFrame?.(frame);
  if (decided !== undefined) return decided;
  const { chances = {} } = faults;
  const happens = (chance = 0): boolean => chance > 0 && rng.fraction() < chance;
  if (happens(chances.cutAtFrame)) return 'cut';
  if (happens(chances.dropFrame)) return 'drop';
  if (happens(chances.duplicateFrame)) return 'duplicate';
  if (happens(chances.holdFrame)) return 'hold';
  if (happens(chances.alterFrame)) return { alter: turnOneBit(frame.bytes, rng) };
  return 'pass';
}

export function fateOfRequest(
  faults: Faults,
  request: { readonly method: string; readonly path: string },
  rng: SeededRng,
): RequestFate {
  const decided = faults.onRequest?.(request);
  if (decided !== undefined) return decided;
  const { loseRequest = 0, loseAnswer = 0 } = faults.chances ?? {};
  if (loseRequest > 0 && rng.fraction() < loseRequest) return 'lose';
  if (loseAnswer > 0 && rng.fraction() < loseAnswer) return 'lose-answer';
  return 'pass';
}

export function delayOf({ delayMs = 0 }: Faults, rng: SeededRng): number {
  return typeof delayMs === 'number' ? delayMs : rng.between(delayMs[0], delayMs[1]);
}

function turnOneBit(bytes: Bytes, rng: SeededRng): Bytes {
  const altered = bytes.slice();
  if (altered.length === 0) return altered;
  const at = rng.between(0, altered.length - 1);
  altered[at] = (altered[at] as number) ^ (1 << rng.between(0, 7));
  return altered;
}
