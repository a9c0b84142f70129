import type { ByteSource, OutgoingFile } from '@baton/client';

const PIECE_BYTES = 1024 * 1024;

/** A chosen file as the client wants it: read from disk piece by piece, as often as it is needed. */
export function blobSource(blob: Blob): ByteSource {
  return {
    sizeBytes: blob.size,
    async *open() {
      for (let offset = 0; offset < blob.size; offset += PIECE_BYTES) {
        yield new Uint8Array(await blob.slice(offset, offset + PIECE_BYTES).arrayBuffer());
      }
    },
  };
}

/** Bytes of a file that is to be sent. */
export function sizeOfOutgoing({ bytes }: OutgoingFile): number {
  return bytes instanceof Uint8Array ? bytes.length : bytes.sizeBytes;
}
