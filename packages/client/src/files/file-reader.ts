import { CryptoError, makeFileHasher, openFileParts, type Primitives, sealedFileLength } from '@baton/crypto';
import { type Bytes, concatBytes, equalBytes, type MessageId, Secret, type Timers } from '@baton/kernel';
import { type Attachment, MAX_FILE_BYTES } from '@baton/wire';
import type { OpenedFile } from '../api/files.ts';
import { ClientError, isClientError } from '../failure.ts';
import { LiveCell, type Soon } from '../live/cell.ts';
import type { Store } from '../ports/store.ts';
import type { Rest } from '../rest/rest.ts';
import { PIECE_BYTES, pieceKey } from './file-rows.ts';

/** Longest file that `read` holds in memory. */
const MAX_READ_BYTES = 16 * 1024 * 1024;
const MAX_KEPT_BYTES = 48 * 1024 * 1024;
/** Sealed bytes of one request. */
const RANGE_BYTES = 2 * 1024 * 1024;
/** Waits between attempts where the connection is away; after the last one it is given up. */
const WAITS_MS = [500, 1000, 2000, 4000, 8000, 15_000, 30_000, 30_000, 30_000];

/** Sealed bytes of a file of a message that waits on this device. */
export interface LocalFile {
  readonly id: MessageId;
  readonly file: number;
}

export interface ReaderPorts {
  readonly primitives: Primitives;
  readonly timers: Timers;
  readonly soon: Soon;
  readonly rest: Rest;
  readonly store: Store;
  readonly findLocal: (blob: string) => LocalFile | null;
}

/** Opens files, from this device where they wait here, else from the server by ranges. Nothing that the server hands out is believed. */
export class FileReader {
  readonly #ports: ReaderPorts;
  readonly #kept = new Map<string, Bytes>();
  #keptBytes = 0;

  constructor(ports: ReaderPorts) {
    this.#ports = ports;
  }

  async read(attachment: Attachment): Promise<Bytes> {
    const known = this.#kept.get(attachment.blob);
    if (known) return known;
    if (attachment.sizeBytes > MAX_READ_BYTES) throw new ClientError('wire.too_large', 'file');
    const pieces: Bytes[] = [];
    for await (const piece of this.#pieces(attachment, { waits: [], opened: () => {} })) pieces.push(piece);
    const bytes = concatBytes(...pieces);
    this.#keep(attachment.blob, bytes);
    return bytes;
  }

  open(attachment: Attachment): OpenedFile {
    const openedBytes = new LiveCell(this.#ports.soon, 0);
    const opened = (bytes: number): void => openedBytes.set(bytes);
    const pieces = this.#pieces(attachment, { waits: WAITS_MS, opened });
    return { sizeBytes: attachment.sizeBytes, openedBytes, pieces };
  }

  async *#pieces(
    attachment: Attachment,
    how: { readonly waits: readonly number[]; readonly opened: (bytes: number) => void },
  ): AsyncGenerator<Bytes> {
    const { primitives, findLocal } = this.#ports;
    const { sizeBytes, blob, hash } = attachment;
    if (sizeBytes > MAX_FILE_BYTES) throw new ClientError('wire.too_large', 'file');
    const length = sealedFileLength(sizeBytes);
    const local = findLocal(blob);
    const sealed = local ? this.#fromStore(local, length) : this.#fromServer(attachment, length, how.waits);
    const hasher = makeFileHasher();
    const source = passing(sealed, (part) => hasher.update(part));
    const key = Secret.of(attachment.key);
    let openedBytes = 0;
    try {
      for await (const piece of openFileParts(primitives, { key, sizeBytes, source })) {
        openedBytes += piece.length;
        yield piece;
        how.opened(openedBytes);
      }
    } catch (error) {
      if (error instanceof CryptoError) throw altered(attachment);
      throw error;
    }
    if (!equalBytes(hasher.finish(), hash)) throw altered(attachment);
  }

  async *#fromStore({ id, file }: LocalFile, length: number): AsyncGenerator<Bytes> {
    for (let piece = 0; piece * PIECE_BYTES < length; piece++) {
      const bytes = await this.#ports.store.get('files', pieceKey(id, file, piece));
      if (bytes === null) throw new ClientError('request.not_found', 'files');
      yield bytes;
    }
  }

  async *#fromServer(
    attachment: Attachment,
    length: number,
    waits: readonly number[],
  ): AsyncGenerator<Bytes> {
    for (let offset = 0; offset < length; offset += RANGE_BYTES) {
      const end = Math.min(length, offset + RANGE_BYTES);
      const body = await this.#patiently(waits, () => this.#fetch(attachment, offset, end));
      if (body.length < end - offset) throw cutShort(attachment, offset + body.length, length);
      if (body.length > end - offset) throw altered(attachment);
      yield body;
    }
  }

  async #fetch({ blob }: Attachment, from: number, end: number): Promise<Bytes> {
    const range = `bytes=${from}-${end - 1}`;
    const path = `/blobs/${blob}`;
    const { status, body } = await this.#ports.rest.bytes({
      method: 'GET',
      path,
      body: null,
      headers: { range },
    });
    // Something in between may not know ranges and hand over the whole.
    return status === 206 ? body : body.subarray(from, end);
  }

  async #patiently<T>(waits: readonly number[], attempt: () => Promise<T>): Promise<T> {
    for (const waitMs of waits) {
      try {
        return await attempt();
      } catch (error) {
        if (!isClientError(error) || error.retryMs === 0) throw error;
        await new Promise<void>((resolve) => this.#ports.timers.after(waitMs, () => resolve()));
      }
    }
    return attempt();
  }

  #keep(blob: string, bytes: Bytes): void {
    this.#kept.set(blob, bytes);
    this.#keptBytes += bytes.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#keptBytes <= MAX_KEPT_BYTES) return;
      this.#kept.delete(oldest);
      this.#keptBytes -= length;
    }
  }
}

async function* passing(source: AsyncIterable<Bytes>, seen: (part: Bytes) => void): AsyncGenerator<Bytes> {
  for await (const part of source) {
    seen(part);
    yield part;
  }
}

function altered({ name }: Attachment): ClientError {
  const sentence = `What the server handed over as ${name} is not what was sent. Nothing of it was shown; tell your security officer.`;
  return new ClientError('ledger.bad_proof', 'file.altered', { sentence });
}

function cutShort({ name }: Attachment, got: number, length: number): ClientError {
  const sentence = `The server handed over ${got} of ${length} bytes of ${name} and no more. Nothing of it was shown; tell your security officer.`;
  return new ClientError('ledger.bad_proof', 'file.cut_short', { sentence });
}
