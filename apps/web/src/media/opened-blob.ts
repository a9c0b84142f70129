import type { OpenedFile } from '@baton/client';

/** Pieces are handed to the browser's own store of blobs once they are so large: it may keep them on disk. */
const FOLD_BYTES = 8 * 1024 * 1024;

/**
 * A file that was opened, as a blob: 100 MiB never lie in the script's memory at once. Nothing of it is answered before the whole was found
 * to be what was sent. `signal` gives it up.
 */
export async function blobOf(opened: OpenedFile, mime: string, signal?: AbortSignal): Promise<Blob> {
  let whole = new Blob([], { type: mime });
  let parts: BlobPart[] = [];
  let waiting = 0;
  for await (const piece of opened.pieces) {
    signal?.throwIfAborted();
    parts.push(piece as Uint8Array<ArrayBuffer>);
    waiting += piece.length;
    if (waiting < FOLD_BYTES) continue;
    whole = new Blob([whole, ...parts], { type: mime });
    parts = [];
    waiting = 0;
  }
  return parts.length === 0 ? whole : new Blob([whole, ...parts], { type: mime });
}
