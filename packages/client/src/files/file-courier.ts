import type { Primitives } from '@baton/crypto';
import type { Bytes, Clock, MessageId, Rng, Timers } from '@baton/kernel';
import type { Attachment } from '@baton/wire';
import type { OpenedFile, OutgoingFile, UploadProgress } from '../api/files.ts';
import type { Live } from '../api/live.ts';
import type { Soon } from '../live/cell.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Locks } from '../ports/platform.ts';
import type { Store } from '../ports/store.ts';
import type { Rest } from '../rest/rest.ts';
import type { OutboxRow } from '../tables/records.ts';
import { FileReader, type LocalFile } from './file-reader.ts';
import { FileSealer, type SealedFiles } from './file-sealer.ts';
import { FileUploads } from './file-uploads.ts';

export interface CourierPorts {
  readonly primitives: Primitives;
  readonly rng: Rng;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly soon: Soon;
  readonly rest: Rest;
  readonly store: Store;
  readonly locks: Locks;
  readonly outbox: Pick<Outbox, 'find' | 'findFile' | 'update'>;
}

/** Seals files and brings them up and down. Name, type and key travel inside the message; the server holds sealed bytes. */
export class FileCourier {
  readonly uploads: Live<ReadonlyMap<MessageId, UploadProgress>>;
  readonly #sealer: FileSealer;
  readonly #uploads: FileUploads;
  readonly #reader: FileReader;
  readonly #outbox: CourierPorts['outbox'];

  constructor(ports: CourierPorts) {
    this.#outbox = ports.outbox;
    this.#sealer = new FileSealer(ports);
    this.#uploads = new FileUploads(ports);
    this.#reader = new FileReader({
      ...ports,
      findLocal: (blob): LocalFile | null => ports.outbox.findFile(blob),
    });
    this.uploads = this.#uploads.live;
  }

  /** Before a message enters the outbox. */
  seal(id: MessageId, files: readonly OutgoingFile[]): Promise<SealedFiles> {
    return this.#sealer.seal(id, files);
  }

  upload(id: MessageId, isWanted: () => boolean): Promise<void> {
    return this.#uploads.upload(id, isWanted);
  }

  /** A message with files was taken back. */
  giveUp(row: OutboxRow): void {
    this.#uploads.giveUp(row);
  }

  read(attachment: Attachment): Promise<Bytes> {
    return this.#reader.read(attachment);
  }

  open(attachment: Attachment): OpenedFile {
    return this.#reader.open(attachment);
  }

  /** Once the outbox is loaded. */
  sweep(): Promise<void> {
    return this.#sealer.sweep((id) => this.#outbox.find(id) !== null);
  }
}
