import type { Bytes } from '@baton/kernel';
import type { Live } from './live.ts';

/** Bytes that need not be in memory at once. `open` reads them from the start, in pieces of any size, and may be called again. */
export interface ByteSource {
  readonly sizeBytes: number;
  open(): AsyncIterable<Bytes>;
}

export interface OutgoingFile {
  readonly name: string;
  readonly mime: string;
  /** Already free of metadata, as far as that can be done; at most `MAX_FILE_BYTES` of wire. */
  readonly bytes: Bytes | ByteSource;
  readonly width: number | null;
  readonly height: number | null;
}

/** How far the files of a waiting message have come. Sealed bytes, all files together. */
export interface UploadProgress {
  readonly sentBytes: number;
  readonly totalBytes: number;
}

/** A file on its way here, in the order of its bytes. */
export interface OpenedFile {
  readonly sizeBytes: number;
  /** Opened bytes so far. */
  readonly openedBytes: Live<number>;
  /**
   * The opened bytes, once. Each piece is authentic in its place, but whether it is the whole file shows only at the end: use nothing of it
   * before the iteration has ended without an error. Waits for the connection where it breaks, and goes on from there. Stop iterating to give up.
   */
  readonly pieces: AsyncIterable<Bytes>;
}
