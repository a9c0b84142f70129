import { CryptoError, openFile, type Primitives, sealFile } from '@baton/crypto';
import { type Bytes, type ConversationId, newId, type Rng, Secret } from '@baton/kernel';
import type { Attachment } from '@baton/wire';
import { ClientError } from '../failure.ts';
import type { Store } from '../ports/store.ts';
import type { Rest } from '../rest/rest.ts';
import type { OutboxRow } from '../tables/records.ts';

const KEPT_IN_MEMORY = 24;

export interface CourierPorts {
  readonly primitives: Primitives;
  readonly rng: Rng;
  readonly rest: Rest;
  readonly store: Store;
  /** Keeps the row with its attachments, so that a file is uploaded once. */
  readonly keep: (row: OutboxRow) => Promise<void>;
}

/** Seals files and brings them up and down. Name, type and key travel inside the message; the server holds sealed bytes. */
export class FileCourier {
  readonly #ports: CourierPorts;
  readonly #recent = new Map<string, Bytes>();

  constructor(ports: CourierPorts) {
    this.#ports = ports;
  }

  /** Uploads the files of a waiting message one by one; what is done stays done when the connection breaks. */
  async upload(row: OutboxRow): Promise<OutboxRow> {
    let current = row;
    while (current.files.length > 0) current = await this.#uploadNext(current);
    return current;
  }

  async read(conv: ConversationId, attachment: Attachment): Promise<Bytes> {
    const known = this.#recent.get(attachment.blob);
    if (known) return known;
    const { body } = await this.#ports.rest.bytes({
      method: 'GET',
      path: `/blobs/${attachment.blob}`,
      body: null,
    });
    const { hash, sizeBytes } = attachment;
    try {
      const key = Secret.of(attachment.key);
      const bytes = await openFile(this.#ports.primitives, { key, hash, sizeBytes, sealed: body });
      this.#remember(attachment.blob, bytes);
      return bytes;
    } catch (error) {
      if (error instanceof CryptoError) throw new ClientError('ledger.bad_proof', `${conv}.file`);
      throw error;
    }
  }

  async #uploadNext(row: OutboxRow): Promise<OutboxRow> {
    const { primitives, rng, rest, store } = this.#ports;
    if (row.content.t !== 'message') throw new ClientError('wire.schema', 'files');
    const [next, ...others] = row.files;
    const index = row.content.attachments.length;
    const content = await store.get('files', `${row.id}/${index}`);
    if (!next || !content) throw new ClientError('request.not_found', 'files');
    const { sealed, file } = await sealFile({ primitives, rng }, content);
    const blob = newId('blob', rng);
    await rest.bytes({ method: 'PUT', path: `/conversations/${row.conv}/blobs/${blob}`, body: sealed });
    const attachment: Attachment = {
      ...next,
      blob,
      key: file.key.reveal(),
      hash: file.hash,
      sizeBytes: file.sizeBytes,
    };
    const attachments = [...row.content.attachments, attachment];
    const uploaded: OutboxRow = { ...row, content: { ...row.content, attachments }, files: others };
    await this.#ports.keep(uploaded);
    this.#remember(blob, content);
    return uploaded;
  }

  #remember(blob: string, bytes: Bytes): void {
    const oldest = this.#recent.keys().next().value;
    if (this.#recent.size >= KEPT_IN_MEMORY && oldest !== undefined) this.#recent.delete(oldest);
    this.#recent.set(blob, bytes);
  }
}
