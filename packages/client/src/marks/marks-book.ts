import { type Primitives, signWatermark } from '@baton/crypto';
import type { AccountId, Bytes, Clock, ConversationId, Timers } from '@baton/kernel';
import { checkWatermark, openWatermark } from '@baton/ledger';
import {
  bytesBetween,
  idField,
  makeCodec,
  type Mark,
  type MarksAnswer,
  timestampField,
  uintField,
} from '@baton/wire';
import { z } from 'zod';
import { isClientError } from '../failure.ts';
import type { Identity } from '../identity/identity.ts';
import type { Certificates } from '../key-log/certificates.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import { prefixRange, type Store } from '../ports/store.ts';
import type { Connection } from '../sync/connection.ts';
import { Table } from '../tables/table.ts';
import type { MarkState } from '../timeline/receipts.ts';

/** Watermarks of one conversation go out no closer together than this. */
const WATERMARK_EVERY_MS = 5000;

const markRow = z.strictObject({
  v: z.literal(1),
  account: idField('account'),
  delivered: uintField,
  opened: z.strictObject({ seq: uintField, ts: timestampField, signed: bytesBetween(1, 1024) }).nullable(),
});
type MarkRow = z.infer<typeof markRow>;
const markCodec = makeCodec<MarkRow>(markRow, { limitBytes: 2048 });

export interface MarksPorts {
  readonly primitives: Primitives;
  readonly store: Store;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly connection: () => Connection;
  readonly identity: () => Identity;
  readonly keyLog: KeyLogReplica;
  readonly certificates: Certificates;
  readonly changed: (conv: ConversationId) => void;
  /** Another device of this account has opened items. */
  readonly openedElsewhere: (conv: ConversationId, seq: number) => void;
}

/** Delivered and Opened, by account. "Opened" counts only with the account's own signature; the server can hold it back, not make it up. */
export class MarksBook {
  readonly #ports: MarksPorts;
  readonly #table: Table<MarkRow>;
  readonly #marks = new Map<ConversationId, Map<AccountId, MarkRow>>();
  readonly #wanted = new Map<ConversationId, number>();
  readonly #waiting = new Map<ConversationId, () => void>();
  readonly #sentAt = new Map<ConversationId, number>();

  constructor(ports: MarksPorts) {
    this.#ports = ports;
    this.#table = new Table(ports.store, 'marks', markCodec);
  }

  of(conv: ConversationId): readonly MarkState[] {
    return [...(this.#marks.get(conv)?.values() ?? [])];
  }

  async load(conv: ConversationId): Promise<void> {
    if (this.#marks.has(conv)) return;
    const rows = await this.#table.list(prefixRange(`${conv}/`));
    if (!this.#marks.has(conv)) this.#marks.set(conv, new Map(rows.map(({ row }) => [row.account, row])));
  }

  /** Asks the server for all marks of a conversation. */
  async refresh(conv: ConversationId): Promise<void> {
    await this.load(conv);
    const answer = await this.#ports.connection().ask({ t: 'marks', conv });
    if (!('marks' in answer)) return;
    for (const mark of (answer as MarksAnswer).marks) await this.take(conv, mark);
  }

  /** The own watermark as another device left it; 0 for none. */
  async ownOpened(conv: ConversationId): Promise<number> {
    await this.refresh(conv);
    return this.#marks.get(conv)?.get(this.#ports.identity().account)?.opened?.seq ?? 0;
  }

  async take(conv: ConversationId, mark: Mark): Promise<void> {
    await this.load(conv);
    const known = this.#marks.get(conv)?.get(mark.account) ?? null;
    const opened = mark.opened ? await this.#verify(conv, mark, known) : null;
    const row: MarkRow = {
      v: 1,
      account: mark.account,
      delivered: Math.max(mark.delivered, known?.delivered ?? 0),
      opened: opened ?? known?.opened ?? null,
    };
    if (known && known.delivered === row.delivered && known.opened?.seq === row.opened?.seq) return;
    this.#marks.get(conv)?.set(mark.account, row);
    await this.#table.save(`${conv}/${mark.account}`, row);
    this.#ports.changed(conv);
    if (mark.account === this.#ports.identity().account && row.opened)
      this.#ports.openedElsewhere(conv, row.opened.seq);
  }

  /** Signs and sends "opened up to here", soon and not too often. */
  open(conv: ConversationId, seq: number): void {
    if ((this.#wanted.get(conv) ?? 0) >= seq) return;
    this.#wanted.set(conv, seq);
    if (this.#waiting.has(conv)) return;
    const sinceMs = this.#ports.clock.nowMs() - (this.#sentAt.get(conv) ?? 0);
    const delayMs = Math.max(0, WATERMARK_EVERY_MS - sinceMs);
    this.#waiting.set(
      conv,
      this.#ports.timers.after(delayMs, () => void this.#send(conv)),
    );
  }

  /** The connection is back: what could not be sent goes now. */
  resend(): void {
    for (const conv of this.#wanted.keys()) if (!this.#waiting.has(conv)) void this.#send(conv);
  }

  /** Sends at once what waits for its turn: the session is about to close. */
  async flush(): Promise<void> {
    const waiting = [...this.#waiting.keys()];
    this.stop();
    await Promise.all(waiting.map((conv) => this.#send(conv)));
  }

  stop(): void {
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  async #send(conv: ConversationId): Promise<void> {
    this.#waiting.delete(conv);
    const seq = this.#wanted.get(conv);
    if (seq === undefined || !this.#ports.connection().isOnline) return;
    this.#sentAt.set(conv, this.#ports.clock.nowMs());
    const { org, account, dk, deviceKey } = this.#ports.identity();
    const signed = await signWatermark(this.#ports.primitives, {
      key: deviceKey,
      body: { v: 1, t: 'watermark', org, conv, account, dk, seq, ts: this.#ports.clock.nowMs() },
    });
    try {
      await this.#ports.connection().ask({ t: 'watermark', b: signed.bytes });
      if (this.#wanted.get(conv) === seq) this.#wanted.delete(conv);
      else this.open(conv, this.#wanted.get(conv) ?? seq);
    } catch (error) {
      if (!isClientError(error)) throw error;
    }
  }

  /** null where the watermark does not hold or goes back: the one known stays. */
  async #verify(conv: ConversationId, mark: Mark, known: MarkRow | null): Promise<MarkRow['opened']> {
    const signed = mark.opened as Bytes;
    const { sha256: digest, verifyEd25519: verify } = this.#ports.primitives;
    const opened = openWatermark(digest, signed);
    if (!opened.ok) return null;
    const { body } = opened.value;
    if (body.conv !== conv || body.account !== mark.account) return null;
    if (known?.opened && body.seq <= known.opened.seq) return null;
    try {
      const { keyLog, certificates } = this.#ports;
      const certificate = await certificates.check(keyLog.state, body.dk, {
        atMs: body.ts,
        size: keyLog.size,
      });
      const checked = await checkWatermark(signed, { digest, verify, certificate });
      return checked.ok ? { seq: body.seq, ts: body.ts, signed } : null;
    } catch (error) {
      if (isClientError(error)) return null;
      throw error;
    }
  }
}
