import { encodeHex, encodeUtf8, type Bytes, type TimestampMs, type Clock } from '@baton/kernel';
import { ERROR_CODES, type ErrorCode, makeCodec, sentenceOf, timestampField } from '@baton/wire';
import { z } from 'zod';
import type { Alarm } from '../api/session.ts';
import { LiveCell, type Soon } from '../live/cell.ts';
import type { Peers } from '../ports/platform.ts';
import { prefixRange, type Store } from '../ports/store.ts';
import { Table } from '../tables/table.ts';

const alarmRow = z.strictObject({
  v: z.literal(1),
  code: z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
  at: timestampField,
  severity: z.enum(['notice', 'danger']),
  sentence: z.string(),
  about: z.string(),
  acknowledged: z.boolean(),
});
const alarmCodec = makeCodec(alarmRow, { limitBytes: 4000 });

export interface AlarmInput {
  readonly code: ErrorCode;
  readonly severity: Alarm['severity'];
  /** What it is about: the same code about the same thing is one alarm, however often it is raised. */
  readonly about: string;
  readonly sentence?: string;
}

/** What must not be silent. Alarms outlive the session and go only when a person acknowledges them. */
export class Alarms {
  readonly live: LiveCell<readonly Alarm[]>;
  readonly #table: Table<z.infer<typeof alarmRow>>;
  readonly #clock: Clock;
  readonly #digest: (bytes: Bytes) => Bytes;
  readonly #known = new Set<string>();
  readonly #peers: Peers;

  constructor(ports: {
    readonly store: Store;
    readonly clock: Clock;
    readonly soon: Soon;
    readonly digest: (bytes: Bytes) => Bytes;
    readonly peers: Peers;
  }) {
    this.live = new LiveCell<readonly Alarm[]>(ports.soon, []);
    this.#table = new Table(ports.store, 'alarms', alarmCodec);
    this.#clock = ports.clock;
    this.#digest = ports.digest;
    this.#peers = ports.peers;
  }

  async load(): Promise<void> {
    const rows = await this.#table.list(prefixRange(''));
    const shown: Alarm[] = [];
    for (const { key, row } of rows) {
      this.#known.add(key);
      if (!row.acknowledged) {
        const { code, at, severity, sentence, about } = row;
        shown.push({ id: key, code, at, severity, sentence, about });
      }
    }
    this.live.set(shown.sort((a, b) => a.at - b.at));
  }

  raise(input: AlarmInput): void {
    const id = encodeHex(this.#digest(encodeUtf8(`${input.code}\0${input.about}`))).slice(0, 32);
    if (this.#known.has(id)) return;
    this.#known.add(id);
    const at: TimestampMs = this.#clock.nowMs();
    const sentence = input.sentence ?? sentenceOf(input.code);
    const alarm: Alarm = { id, code: input.code, at, severity: input.severity, sentence, about: input.about };
    this.live.set([...this.live.read(), alarm]);
    void this.#save(alarm, false);
  }

  acknowledge(id: string): void {
    const alarm = this.live.read().find((candidate) => candidate.id === id);
    if (!alarm) return;
    this.live.set(this.live.read().filter((candidate) => candidate.id !== id));
    void this.#save(alarm, true);
  }

  async #save(alarm: Alarm, acknowledged: boolean): Promise<void> {
    const { id, code, at, severity, sentence, about = '' } = alarm;
    await this.#table.save(id, { v: 1, code, at, severity, sentence, about, acknowledged }).catch(() => {
      // The store is closing; the cause will raise it again.
    });
    this.#peers.post({ t: 'alarms' });
  }
}
