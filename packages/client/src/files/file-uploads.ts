import { type Bytes, concatBytes, encodeBase64Url, type MessageId } from '@baton/kernel';
import { type Attachment, uploadState } from '@baton/wire';
import type { UploadProgress } from '../api/files.ts';
import { ClientError, isClientError } from '../failure.ts';
import { LiveCell, type Soon } from '../live/cell.ts';
import type { Locks } from '../ports/platform.ts';
import type { Store } from '../ports/store.ts';
import type { Rest } from '../rest/rest.ts';
import type { OutboxRow } from '../tables/records.ts';
import { PIECE_BYTES, pieceKey } from './file-rows.ts';

/** Pieces that go up in one request: what a slow line carries before anything between gives it up. */
const PIECES_A_PART = 2;
const PART_BYTES = PIECES_A_PART * PIECE_BYTES;

export interface UploadPorts {
  readonly rest: Rest;
  readonly store: Store;
  readonly locks: Locks;
  readonly soon: Soon;
  readonly outbox: {
    find(id: MessageId): OutboxRow | null;
    /** Changes a row in the table; null where it is gone. */
    update(id: MessageId, change: (row: OutboxRow) => OutboxRow): Promise<OutboxRow | null>;
  };
}

/** The message was taken back, or the session ends. */
class NotWanted extends Error {}

/**
 * Brings the sealed files of waiting messages to the server, one message at a time on each device, in parts from where the server has come
 * to. What was brought stays brought: through a broken connection, a reload, a crash of either side.
 */
export class FileUploads {
  readonly live: LiveCell<ReadonlyMap<MessageId, UploadProgress>>;
  readonly #ports: UploadPorts;

  constructor(ports: UploadPorts) {
    this.#ports = ports;
    this.live = new LiveCell<ReadonlyMap<MessageId, UploadProgress>>(ports.soon, new Map());
  }

  /** Resolves when all files of the message are on the server, or it is not wanted any more. Throws `ClientError`. */
  async upload(id: MessageId, isWanted: () => boolean): Promise<void> {
    const { locks, outbox } = this.#ports;
    try {
      await locks.run('uploads', async () => {
        for (;;) {
          const row = outbox.find(id);
          const file = row?.files.findIndex(({ uploaded }) => !uploaded) ?? -1;
          if (row === null || file === -1) return;
          await this.#uploadOne(row, file, isWanted);
        }
      });
      this.#show(id, null);
    } catch (error) {
      // While the connection is away it stays shown with what has arrived.
      const waits = isClientError(error) && error.retryMs > 0 && outbox.find(id) !== null;
      if (!waits) this.#show(id, null);
      if (!(error instanceof NotWanted)) throw error;
    }
  }

  /** Tells the server that the files of a message that was taken back are not needed. It would find out by itself, a day later. */
  giveUp(row: OutboxRow): void {
    this.#show(row.id, null);
    for (const attachment of attachmentsOf(row))
      this.#ports.rest
        .call({ method: 'DELETE', path: pathOf(row, attachment), answer: null })
        .catch(() => {});
  }

  async #uploadOne(row: OutboxRow, file: number, isWanted: () => boolean): Promise<void> {
    const { outbox, rest } = this.#ports;
    const attachment = attachmentsOf(row)[file];
    const size = row.files[file]?.sealedBytes;
    if (attachment === undefined || size === undefined) throw new ClientError('wire.schema', 'files');
    const path = pathOf(row, attachment);
    // A file of one part is sent without asking: the server takes the same part again.
    let state = size <= PART_BYTES ? { offset: 0, complete: false } : await this.#stateOf(path);
    while (!state.complete) {
      this.#show(row.id, file, state.offset);
      const from = state.offset;
      const body = await this.#read(row.id, file, { from, size });
      if (!isWanted()) throw new NotWanted();
      const isLast = from + body.length === size;
      const query = { offset: from, size, ...(isLast ? { hash: encodeBase64Url(attachment.hash) } : {}) };
      state = await rest
        .send({ method: 'PUT', path, query, bytes: body, answer: uploadState })
        .catch((error: unknown) => {
          // Somebody was here before: another tab, or this part whose answer was lost.
          if (isClientError(error, 'conflict.version')) return this.#stateOf(path);
          throw error;
        });
    }
    await outbox.update(row.id, (now) => ({
      ...now,
      files: now.files.map((known, index) => (index === file ? { ...known, uploaded: true } : known)),
    }));
    this.#show(row.id, file, size);
  }

  #stateOf(path: string): Promise<{ readonly offset: number; readonly complete: boolean }> {
    return this.#ports.rest.call({ method: 'GET', path, answer: uploadState });
  }

  /** Sealed bytes of one part, from the store. */
  async #read(id: MessageId, file: number, at: { from: number; size: number }): Promise<Bytes> {
    const first = Math.floor(at.from / PIECE_BYTES);
    const skipped = at.from - first * PIECE_BYTES;
    const pieces: Bytes[] = [];
    for (let piece = first; piece < first + PIECES_A_PART && piece * PIECE_BYTES < at.size; piece++) {
      const bytes = await this.#ports.store.get('files', pieceKey(id, file, piece));
      if (bytes === null) {
        if (this.#ports.outbox.find(id) === null) throw new NotWanted();
        throw new ClientError('request.not_found', 'files');
      }
      pieces.push(bytes);
    }
    return concatBytes(...pieces).slice(skipped);
  }

  #show(id: MessageId, file: number | null, offset = 0): void {
    const next = new Map(this.live.read());
    const row = this.#ports.outbox.find(id);
    next.delete(id);
    if (file !== null && row !== null) {
      const lengths = row.files.map(({ sealedBytes }) => sealedBytes);
      const sum = (list: readonly number[]): number => list.reduce((total, length) => total + length, 0);
      next.set(id, { sentBytes: sum(lengths.slice(0, file)) + offset, totalBytes: sum(lengths) });
    }
    this.live.set(next);
  }
}

function attachmentsOf(row: OutboxRow): readonly Attachment[] {
  return row.content.t === 'message' ? row.content.attachments : [];
}

function pathOf(row: OutboxRow, { blob }: Attachment): string {
  return `/conversations/${row.conv}/blobs/${blob}`;
}
