import type { Clock, ConversationId, MessageId, Timers, TimestampMs } from '@baton/kernel';
import { ClientError, mayPass } from '../failure.ts';
import type { LocalFile } from '../files/file-reader.ts';
import { removePieces } from '../files/file-rows.ts';
import type { Locks, Peers } from '../ports/platform.ts';
import { positionKey, prefixRange, type Store, type StoreWrite } from '../ports/store.ts';
import { type OutboxRow, outboxRowCodec } from '../tables/records.ts';
import { Table } from '../tables/table.ts';

export interface Committed {
  readonly seq: number;
  readonly ts: TimestampMs;
}

export interface OutboxPorts {
  readonly store: Store;
  readonly locks: Locks;
  readonly peers: Peers;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly isOnline: () => boolean;
  /** Seals and sends one message; safe to repeat, since the server knows it by its id. Throws `ClientError`. */
  readonly deliver: (row: OutboxRow) => Promise<Committed>;
  /** Brings the files of a message to the server and marks them in its row, as long as it is wanted. Throws `ClientError`. */
  readonly upload: (id: MessageId, isWanted: () => boolean) => Promise<void>;
  /** A message with files was taken back. */
  readonly takenBack: (row: OutboxRow) => void;
  readonly changed: (conv: ConversationId) => void;
  /** What has to be done once the message is committed; stored with the message's removal, in one write. */
  readonly followUp: (row: OutboxRow) => readonly StoreWrite[];
  /** A removal is stored: what follows can be done. */
  readonly followed: () => void;
}

const RETRY_MS = 2000;
const ALL = prefixRange('');
/** Rows read to find the next one to send; more only where all of these wait for something else. */
const FEW = 8;
/** Files up to this length hold back the messages behind theirs, so that a photo comes before the words about it. */
const KEEPS_ORDER_BYTES = 8 * 1024 * 1024;
/** A file that the server dropped is uploaded again so often. */
const MAX_RESTARTS = 2;

/**
 * What was written and is not yet known to be committed. A message is stored (sealed by the store) before anything is sent; it keeps its id
 * through every attempt, so that the server commits it once, whatever happens in between; messages of one conversation go out in order,
 * from one tab at a time.
 */
export class Outbox {
  readonly #ports: OutboxPorts;
  readonly #table: Table<OutboxRow>;
  readonly #draining = new Map<ConversationId, Promise<void>>();
  readonly #uploading = new Map<MessageId, Promise<void>>();
  readonly #again = new Set<ConversationId>();
  readonly #timers = new Map<ConversationId, () => void>();
  readonly #stopListening: () => void;
  #rows: readonly OutboxRow[] = [];
  #lastOrder = 0;
  #stopped = false;

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
    this.#table = new Table(ports.store, 'outbox', outboxRowCodec);
    this.#stopListening = ports.peers.subscribe((note) => {
      if (note.t === 'outbox') void this.load().then(() => this.kickAll());
    });
  }

  /** Reads the table again: at the start, and when another tab changed it. */
  async load(): Promise<void> {
    const before = this.#rows;
    const rows = await this.#table.list(ALL);
    this.#rows = rows.map(({ row }) => row).sort((a, b) => a.order - b.order);
    const touched = new Set([...before, ...this.#rows].map((row) => row.conv));
    for (const conv of touched) this.#ports.changed(conv);
  }

  /** In order of sending. */
  of(conv: ConversationId): readonly OutboxRow[] {
    return this.#rows.filter((row) => row.conv === conv);
  }

  find(id: MessageId): OutboxRow | null {
    return this.#rows.find((row) => row.id === id) ?? null;
  }

  /** The waiting message that a file belongs to. */
  findFile(blob: string): LocalFile | null {
    for (const { id, content } of this.#rows) {
      const file =
        content.t === 'message' ? content.attachments.findIndex((known) => known.blob === blob) : -1;
      if (file !== -1) return { id, file };
    }
    return null;
  }

  /** Messages that have not gone out. */
  get unsent(): number {
    return this.#rows.filter((row) => row.committed === null).length;
  }

  /** Durable when it resolves. `writes`: what becomes durable with it. */
  async add(
    message: Omit<OutboxRow, 'v' | 'order' | 'attempted' | 'failure' | 'committed'>,
    writes: readonly StoreWrite[],
  ): Promise<void> {
    const order = Math.max(this.#ports.clock.nowMs(), this.#lastOrder + 1);
    this.#lastOrder = order;
    const isNext = this.of(message.conv).every((row) => row.committed !== null || row.failure !== null);
    const isReady = message.files.length === 0 && message.notBefore <= this.#ports.clock.nowMs();
    const goesAtOnce = isNext && isReady && this.#ports.isOnline();
    const row: OutboxRow = { ...message, v: 1, order, attempted: goesAtOnce, failure: null, committed: null };
    await this.#ports.store.write([...writes, this.#table.put(keyOf(row), row)]);
    this.#replace(row);
    this.kick(row.conv);
  }

  /** Takes a message back; false when it may have gone out already. */
  async take(id: MessageId): Promise<boolean> {
    const known = this.find(id);
    if (!known) return false;
    return this.#locked(known.conv, async () => {
      const row = await this.#table.get(keyOf(known));
      if (!row || row.committed !== null || (row.attempted && row.failure === null)) return false;
      await this.#ports.store.write(this.#clearing(row));
      this.forget(row.id);
      this.#ports.peers.post({ t: 'outbox' });
      if (row.files.length > 0) this.#ports.takenBack(row);
      return true;
    });
  }

  async retry(id: MessageId): Promise<void> {
    const row = this.find(id);
    if (!row?.failure) return;
    await this.#save({ ...row, failure: null });
    this.kick(row.conv);
  }

  /** The writes that remove a message, for the batch that stores the committed item. */
  removal(id: MessageId): readonly StoreWrite[] {
    const row = this.find(id);
    return row ? [...this.#clearing(row), ...this.#ports.followUp(row)] : [];
  }

  /** Its removal is stored. */
  forget(id: MessageId): void {
    const row = this.find(id);
    if (!row) return;
    this.#rows = this.#rows.filter((other) => other.id !== id);
    this.#ports.changed(row.conv);
    this.#ports.followed();
  }

  /** Changes a row that waits (a file was uploaded); null where it is gone, which it stays. */
  async update(id: MessageId, change: (row: OutboxRow) => OutboxRow): Promise<OutboxRow | null> {
    const known = this.find(id);
    if (!known) return null;
    return this.#locked(known.conv, async () => {
      const row = await this.#table.get(keyOf(known));
      if (!row) return null;
      const changed = change(row);
      await this.#save(changed);
      return changed;
    });
  }

  kickAll(): void {
    for (const conv of new Set(this.#rows.map((row) => row.conv))) this.kick(conv);
  }

  kick(conv: ConversationId): void {
    if (this.#stopped) return;
    if (this.#draining.has(conv)) {
      this.#again.add(conv);
      return;
    }
    const draining = this.#drain(conv)
      .catch(() => {
        // The store is closing: what waits is stored and goes out at the next start.
      })
      .finally(() => {
        this.#draining.delete(conv);
        if (this.#again.delete(conv)) this.kick(conv);
      });
    this.#draining.set(conv, draining);
  }

  /** Resolves when what is on its way in this conversation has arrived, or has to wait: what follows comes after it. */
  async settled(conv: ConversationId): Promise<void> {
    await this.#draining.get(conv);
  }

  /** Resolves when nothing is on its way any more. */
  async idle(): Promise<void> {
    await Promise.all([...this.#draining.values(), ...this.#uploading.values()]);
    if (this.#draining.size + this.#uploading.size > 0) await this.idle();
  }

  stop(): void {
    this.#stopped = true;
    this.#stopListening();
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  async #drain(conv: ConversationId): Promise<void> {
    await this.#locked(conv, async () => {
      while (!this.#stopped && (await this.#sendNext(conv))) {
        // one message at a time keeps their order
      }
    });
  }

  /** True when there may be another message to send now. */
  async #sendNext(conv: ConversationId): Promise<boolean> {
    const row = await this.#nextRow(conv);
    if (!row) return false;
    const waitMs = row.notBefore - this.#ports.clock.nowMs();
    if (waitMs > 0) return this.#later(conv, waitMs);
    if (this.#stopped || !this.#ports.isOnline()) return false;
    if (!row.attempted) await this.#save({ ...row, attempted: true });
    try {
      const committed = await this.#ports.deliver({ ...row, attempted: true });
      // The stream may have brought the item meanwhile; then the row is gone and stays gone.
      const sent = await this.#table.get(keyOf(row));
      if (sent) await this.#save({ ...sent, attempted: true, committed });
      return true;
    } catch (error) {
      return this.#failed(row, error);
    }
  }

  /** From the table, not from memory: another tab may have sent or taken it. */
  async #nextRow(conv: ConversationId): Promise<OutboxRow | null> {
    const range = prefixRange(`${conv}/`);
    for (const limit of [FEW, undefined]) {
      const rows = await this.#table.list(limit === undefined ? range : { ...range, limit });
      const next = this.#nextOf(rows.map(({ row }) => row));
      if (next) return next;
      if (rows.length < FEW) return null;
    }
    return null;
  }

  /**
   * The first message that can go. One whose files are still on their way is passed by those that ask for something, and by all where its
   * files are long: a video does not hold up a stat.
   */
  #nextOf(rows: readonly OutboxRow[]): OutboxRow | null {
    let isHeld = false;
    for (const row of rows) {
      if (row.committed !== null || row.failure !== null) continue;
      if (isUploaded(row)) {
        if (!isHeld || row.class.contract !== 'fyi') return row;
        continue;
      }
      this.#startUpload(row);
      const left = row.files.filter(({ uploaded }) => !uploaded);
      const leftBytes = left.reduce((sum, { sealedBytes }) => sum + sealedBytes, 0);
      if (leftBytes <= KEEPS_ORDER_BYTES) isHeld = true;
    }
    return null;
  }

  #startUpload(row: OutboxRow): void {
    const { id, conv } = row;
    if (this.#stopped || this.#uploading.has(id) || !this.#ports.isOnline()) return;
    const uploading = this.#ports
      .upload(id, () => !this.#stopped && this.find(id) !== null)
      .then(() => true)
      .catch((error: unknown) => this.#uploadFailed(row, error))
      .then((goesOn) => {
        this.#uploading.delete(id);
        if (goesOn) this.kick(conv);
      })
      .catch(() => {
        // The store is closing: it goes on at the next start.
      });
    this.#uploading.set(id, uploading);
  }

  async #uploadFailed(row: OutboxRow, error: unknown): Promise<boolean> {
    const failure = error instanceof ClientError ? error : new ClientError('server.internal', 'files');
    if (mayPass(failure)) {
      if (this.#ports.isOnline()) this.#later(row.conv, failure.retryMs || RETRY_MS);
      return false;
    }
    const { code, sentence } = failure;
    await this.update(row.id, (now) => ({ ...now, failure: { code, sentence } }));
    return true;
  }

  async #failed(row: OutboxRow, error: unknown): Promise<boolean> {
    // The stream has brought it: committed after all, whatever became of the answer.
    if (!(await this.#table.get(keyOf(row)))) return true;
    const failure = error instanceof ClientError ? error : new ClientError('server.internal', 'outbox');
    if (mayPass(failure)) {
      if (this.#ports.isOnline()) this.#later(row.conv, failure.retryMs || RETRY_MS);
      return false;
    }
    // Blocked until a member is verified: it stays waiting, and the conversation says why.
    if (failure.at === 'blocked') return false;
    const current = this.find(row.id) ?? row;
    if (failure.code === 'request.invalid' && failure.at === 'h.blobs' && canRestart(current)) {
      // Not committed for so long that the server dropped the files.
      const files = current.files.map((file) => ({ ...file, uploaded: false, restarts: file.restarts + 1 }));
      await this.#save({ ...current, files });
      return true;
    }
    await this.#save({
      ...current,
      attempted: true,
      failure: { code: failure.code, sentence: failure.sentence },
    });
    return true;
  }

  #clearing(row: OutboxRow): StoreWrite[] {
    const lengths = row.files.map(({ sealedBytes }) => sealedBytes);
    return [this.#table.remove(keyOf(row)), ...removePieces(row.id, lengths)];
  }

  #later(conv: ConversationId, delayMs: number): false {
    this.#timers.get(conv)?.();
    const cancel = this.#ports.timers.after(delayMs, () => {
      this.#timers.delete(conv);
      this.kick(conv);
    });
    this.#timers.set(conv, cancel);
    return false;
  }

  async #save(row: OutboxRow): Promise<void> {
    await this.#table.save(keyOf(row), row);
    this.#replace(row);
  }

  #replace(row: OutboxRow): void {
    const others = this.#rows.filter((other) => other.id !== row.id);
    this.#rows = [...others, row].sort((a, b) => a.order - b.order);
    this.#ports.changed(row.conv);
    this.#ports.peers.post({ t: 'outbox' });
  }

  #locked<T>(conv: ConversationId, task: () => Promise<T>): Promise<T> {
    return this.#ports.locks.run(`outbox:${conv}`, task);
  }
}

function keyOf(row: Pick<OutboxRow, 'conv' | 'order' | 'id'>): string {
  return `${row.conv}/${positionKey(row.order)}/${row.id}`;
}

function isUploaded(row: OutboxRow): boolean {
  return row.files.every(({ uploaded }) => uploaded);
}

function canRestart(row: OutboxRow): boolean {
  return row.files.length > 0 && row.files.every(({ restarts }) => restarts < MAX_RESTARTS);
}
