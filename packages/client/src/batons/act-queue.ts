import type { BatonId, Clock, Timers } from '@baton/kernel';
import { batonField, idField, makeCodec, uintField } from '@baton/wire';
import { z } from 'zod';
import { ClientError, mayPass } from '../failure.ts';
import type { Locks } from '../ports/platform.ts';
import { positionKey, prefixRange, type Store, type StoreWrite } from '../ports/store.ts';
import type { OutboxRow } from '../tables/records.ts';
import { Table } from '../tables/table.ts';

const actSchema = z.discriminatedUnion('t', [
  z.strictObject({
    t: z.literal('answer'),
    baton: batonField,
    conv: idField('conversation'),
    message: idField('message'),
  }),
  /** The message was edited: what somebody has acknowledged is open again. */
  z.strictObject({ t: z.literal('reopen'), target: idField('message'), edit: idField('message') }),
  /** A "got it" of mine on a message that asks me for something. */
  z.strictObject({ t: z.literal('got-it'), target: idField('message') }),
  z.strictObject({ t: z.literal('acknowledge'), baton: batonField, readBack: z.boolean() }),
]);
/** Something that this account has to say about a baton; kept until the server has it, or the baton is past it. */
export type Act = z.infer<typeof actSchema>;

const actRow = z.strictObject({ v: z.literal(1), order: uintField, act: actSchema });
type ActRow = z.infer<typeof actRow>;
const actCodec = makeCodec<ActRow>(actRow, { limitBytes: 600 });

export interface ActPorts {
  readonly store: Store;
  readonly locks: Locks;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly isOnline: () => boolean;
  /** Says it to the server; done as well where there is nothing left to say. Throws `ClientError`. */
  readonly perform: (act: Act) => Promise<void>;
  /** The server refused for good. */
  readonly refused: (act: Act, error: ClientError) => void;
  readonly changed: () => void;
}

const RETRY_MS = 2000;

/** Acts on batons that outlive a crash: each is stored before it is tried, in order, and tried until it has an answer. */
export class ActQueue {
  readonly #ports: ActPorts;
  readonly #table: Table<ActRow>;
  #rows: readonly ActRow[] = [];
  #lastOrder = 0;
  #draining: Promise<void> | null = null;
  #again = false;
  #cancelRetry: () => void = () => {};
  #stopped = false;

  constructor(ports: ActPorts) {
    this.#ports = ports;
    this.#table = new Table(ports.store, 'acts', actCodec);
  }

  async load(): Promise<void> {
    this.#rows = (await this.#table.list(prefixRange(''))).map(({ row }) => row);
    this.#ports.changed();
  }

  /** Whether something about this baton waits. */
  isPending(baton: BatonId): boolean {
    return this.#rows.some(({ act }) => 'baton' in act && act.baton === baton);
  }

  /** What a message calls for once it is committed. */
  readonly followUp = (row: OutboxRow): readonly StoreWrite[] => {
    const { content, id, conv } = row;
    const acts: Act[] = row.answers.map((baton) => ({ t: 'answer', baton, conv, message: id }));
    if (content.t === 'edit') acts.push({ t: 'reopen', target: content.target, edit: id });
    if (content.t === 'reaction' && content.reaction === 'got-it' && content.on)
      acts.push({ t: 'got-it', target: content.target });
    return acts.map((act) => {
      const entry = this.#rowOf(act);
      return this.#table.put(keyOf(entry), entry);
    });
  };

  /** Durable when it resolves. */
  async add(act: Act): Promise<void> {
    const row = this.#rowOf(act);
    await this.#table.save(keyOf(row), row);
    this.#rows = [...this.#rows, row];
    this.#ports.changed();
    this.kick();
  }

  /** Reads what others stored, then goes on. */
  readonly kick = (): void => {
    if (this.#stopped) return;
    this.#again = this.#draining !== null;
    this.#draining ??= this.#ports.locks
      .run('acts', () => this.#drain())
      .catch(() => {
        // The store is closing: what waits is done at the next start.
      })
      .finally(() => {
        this.#draining = null;
        if (this.#again) this.kick();
      });
  };

  async idle(): Promise<void> {
    await this.#draining;
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelRetry();
  }

  async #drain(): Promise<void> {
    await this.load();
    for (const row of this.#rows) {
      if (this.#stopped || !this.#ports.isOnline()) return;
      try {
        await this.#ports.perform(row.act);
      } catch (error) {
        const failure = error instanceof ClientError ? error : new ClientError('server.internal', 'acts');
        if (mayPass(failure)) return this.#later(failure.retryMs || RETRY_MS);
        this.#ports.refused(row.act, failure);
      }
      await this.#ports.store.write([this.#table.remove(keyOf(row))]);
      this.#rows = this.#rows.filter(({ order }) => order !== row.order);
      this.#ports.changed();
    }
  }

  #rowOf(act: Act): ActRow {
    const order = Math.max(this.#ports.clock.nowMs(), this.#lastOrder + 1);
    this.#lastOrder = order;
    return { v: 1, order, act };
  }

  #later(delayMs: number): void {
    this.#cancelRetry();
    if (!this.#stopped) this.#cancelRetry = this.#ports.timers.after(delayMs, this.kick);
  }
}

/** In order; two tabs may give the same number to different acts. Keys are not sealed: ids only, nothing of what is done. */
function keyOf({ order, act }: ActRow): string {
  return `${positionKey(order)}/${'baton' in act ? act.baton : act.target}`;
}
