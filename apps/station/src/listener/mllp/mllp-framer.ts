/** MLLP (HL7 Minimal Lower Layer Protocol, release 1): VT, the message, FS and CR. */
const START = 0x0b;
const END = 0x1c;
const AFTER_END = 0x0d;
/** Of a frame that is too long, so much is kept: its header, for an answer that says so. */
export const HEAD_BYTES = 4096;

export interface Frame {
  readonly bytes: Buffer;
  /** It was longer than the limit: these are its first bytes only. */
  readonly isCut: boolean;
}

export interface FramerLimits {
  /** Longest message that is handed over. */
  readonly frameBytes: number;
  /** Longest one that is waited for: what is longer is no message. */
  readonly hopelessBytes: number;
  /** So much that belongs to no frame is overlooked (line breaks, keep-alives) before a next frame begins. */
  readonly strayBytes: number;
}

/**
 * Takes a stream apart into frames, however it was cut into pieces or put together. It keeps no more than one frame of the limit's length. An end mark
 * without CR after it is content, and so is a start mark within a frame: word processors' line breaks are the same byte.
 */
export class MllpFramer {
  readonly #limits: FramerLimits;
  #parts: Buffer[] | null = null;
  #kept = 0;
  #seen = 0;
  #isCut = false;
  /** The last byte of a piece was an end mark: only the next piece says whether it ends the frame. */
  #endsOpen = false;
  #stray = 0;

  constructor(limits: FramerLimits) {
    this.#limits = limits;
  }

  /** Whether a frame has begun and not ended. */
  get isInside(): boolean {
    return this.#parts !== null;
  }

  /** The frames that end in this piece; null once what comes is no MLLP: nothing more can be taken from this stream. */
  push(piece: Buffer): readonly Frame[] | null {
    const frames: Frame[] = [];
    let rest = piece;
    while (rest.length > 0) {
      if (this.#parts === null) {
        const start = rest.indexOf(START);
        this.#stray += start < 0 ? rest.length : start;
        if (this.#stray > this.#limits.strayBytes) return null;
        if (start < 0) break;
        this.#begin();
        rest = rest.subarray(start + 1);
      } else {
        const { frame, after } = this.#takeInside(rest);
        if (frame) frames.push(frame);
        else if (this.#seen > this.#limits.hopelessBytes) return null;
        rest = after;
      }
    }
    return frames;
  }

  #begin(): void {
    this.#parts = [];
    this.#kept = 0;
    this.#seen = 0;
    this.#isCut = false;
    this.#endsOpen = false;
    this.#stray = 0;
  }

  #takeInside(rest: Buffer): { readonly frame: Frame | null; readonly after: Buffer } {
    if (this.#endsOpen) {
      this.#endsOpen = false;
      if (rest[0] === AFTER_END) return { frame: this.#finish(), after: rest.subarray(1) };
      this.#keep(Buffer.of(END));
    }
    let from = 0;
    for (;;) {
      const end = rest.indexOf(END, from);
      if (end < 0) break;
      if (end === rest.length - 1) {
        this.#keep(rest.subarray(0, end));
        this.#endsOpen = true;
        return { frame: null, after: Buffer.alloc(0) };
      }
      if (rest[end + 1] === AFTER_END) {
        this.#keep(rest.subarray(0, end));
        return { frame: this.#finish(), after: rest.subarray(end + 2) };
      }
      from = end + 1;
    }
    this.#keep(rest);
    return { frame: null, after: Buffer.alloc(0) };
  }

  #keep(bytes: Buffer): void {
    this.#seen += bytes.length;
    if (this.#isCut || bytes.length === 0) return;
    this.#parts?.push(bytes);
    this.#kept += bytes.length;
    if (this.#kept <= this.#limits.frameBytes) return;
    const head = Buffer.concat(this.#parts ?? []).subarray(0, HEAD_BYTES);
    // A copy: the rest of what it was cut from is let go.
    this.#parts = [Buffer.from(head)];
    this.#isCut = true;
  }

  #finish(): Frame {
    const frame = { bytes: Buffer.concat(this.#parts ?? []), isCut: this.#isCut };
    this.#parts = null;
    return frame;
  }
}

/** A message as it goes out. */
export function frameOf(message: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(START), message, Buffer.of(END, AFTER_END)]);
}
