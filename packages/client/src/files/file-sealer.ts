import { CryptoError, makeFileHasher, type Primitives, sealedFileLength, sealFileParts } from '@baton/crypto';
import { type Bytes, type Clock, concatBytes, type MessageId, newId, type Rng, Secret } from '@baton/kernel';
import { type Attachment, MAX_FILE_BYTES } from '@baton/wire';
import type { OutgoingFile } from '../api/files.ts';
import { ClientError } from '../failure.ts';
import type { Store, StoreWrite } from '../ports/store.ts';
import type { PendingFile } from '../tables/records.ts';
import {
  ALL_INTAKES,
  type Intake,
  intakeCodec,
  intakeKey,
  messageOfIntake,
  PIECE_BYTES,
  pieceKey,
  removePieces,
} from './file-rows.ts';

/** Pieces that become durable together. */
const PIECES_A_WRITE = 4;
/** An intake that is older was broken off: sealing 100 MiB takes seconds. */
const ABANDONED_MS = 60 * 60_000;

export interface SealerPorts {
  readonly primitives: Primitives;
  readonly rng: Rng;
  readonly clock: Clock;
  readonly store: Store;
}

/** What a message with files takes into the outbox. */
export interface SealedFiles {
  readonly attachments: readonly Attachment[];
  readonly files: readonly PendingFile[];
  /** To be written with the outbox's row: from there on the pieces are the row's. */
  readonly writes: readonly StoreWrite[];
}

const NO_FILES: SealedFiles = { attachments: [], files: [], writes: [] };

/**
 * Seals files into the store before their message enters the outbox (sealing.md §10): key and blob id are drawn once, so that every later
 * attempt uploads the same bytes to the same place, and nothing of a file is in the store unsealed. At most a few MiB are in memory.
 */
export class FileSealer {
  readonly #ports: SealerPorts;

  constructor(ports: SealerPorts) {
    this.#ports = ports;
  }

  async seal(id: MessageId, outgoing: readonly OutgoingFile[]): Promise<SealedFiles> {
    if (outgoing.length === 0) return NO_FILES;
    const { store, clock } = this.#ports;
    for (const file of outgoing)
      if (sizeOf(file) > MAX_FILE_BYTES) throw new ClientError('wire.too_large', 'file');
    const sealedBytes = outgoing.map((file) => sealedFileLength(sizeOf(file)));
    const intake: Intake = { v: 1, at: clock.nowMs(), sealedBytes };
    await store.write([{ table: 'files', key: intakeKey(id), value: intakeCodec.encode(intake) }]);
    try {
      const attachments: Attachment[] = [];
      for (const [index, file] of outgoing.entries()) attachments.push(await this.#sealOne(id, index, file));
      const files = sealedBytes.map((length) => ({ sealedBytes: length, uploaded: false, restarts: 0 }));
      return { attachments, files, writes: [{ table: 'files', key: intakeKey(id), value: null }] };
    } catch (error) {
      await store.write(removalOf(id, intake)).catch(() => {
        // The store is full or closing: `sweep` looks again at the next start.
      });
      throw error;
    }
  }

  /** Removes what crashes left of messages that never came into the outbox. */
  async sweep(isInOutbox: (id: MessageId) => boolean): Promise<void> {
    const { store, clock } = this.#ports;
    for (const { key, value } of await store.list('files', ALL_INTAKES)) {
      const intake = intakeCodec.decode(value);
      const id = messageOfIntake(key);
      if (!intake.ok) continue;
      if (isInOutbox(id) || clock.nowMs() - intake.value.at < ABANDONED_MS) continue;
      await store.write(removalOf(id, intake.value));
    }
  }

  async #sealOne(id: MessageId, index: number, file: OutgoingFile): Promise<Attachment> {
    const { primitives, rng, store } = this.#ports;
    const key = Secret.of(rng.bytes(32));
    const sizeBytes = sizeOf(file);
    const source = file.bytes instanceof Uint8Array ? [file.bytes] : file.bytes.open();
    const hasher = makeFileHasher();
    let writes: StoreWrite[] = [];
    let piece = 0;
    try {
      for await (const value of inPieces(sealFileParts(primitives, { key, sizeBytes, source }))) {
        hasher.update(value);
        writes.push({ table: 'files', key: pieceKey(id, index, piece), value });
        piece += 1;
        if (writes.length < PIECES_A_WRITE) continue;
        await store.write(writes);
        writes = [];
      }
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error;
      const sentence = `${file.name} changed while it was read. Choose it again.`;
      throw new ClientError('request.invalid', 'file.changed', { sentence });
    }
    if (writes.length > 0) await store.write(writes);
    const { name, mime, width, height } = file;
    const blob = newId('blob', rng);
    return { blob, key: key.reveal(), hash: hasher.finish(), sizeBytes, name, mime, width, height };
  }
}

function sizeOf({ bytes }: OutgoingFile): number {
  return bytes instanceof Uint8Array ? bytes.length : bytes.sizeBytes;
}

function removalOf(id: MessageId, { sealedBytes }: Intake): StoreWrite[] {
  return [...removePieces(id, sealedBytes), { table: 'files', key: intakeKey(id), value: null }];
}

async function* inPieces(parts: AsyncIterable<Bytes>): AsyncGenerator<Bytes> {
  let waiting: Bytes[] = [];
  let length = 0;
  for await (const part of parts) {
    waiting.push(part);
    length += part.length;
    while (length >= PIECE_BYTES) {
      const joined = concatBytes(...waiting);
      yield joined.slice(0, PIECE_BYTES);
      waiting = [joined.subarray(PIECE_BYTES)];
      length -= PIECE_BYTES;
    }
  }
  if (length > 0) yield concatBytes(...waiting);
}
