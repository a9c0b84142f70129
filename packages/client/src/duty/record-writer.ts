import { type Primitives, signRecord } from '@baton/crypto';
import type { Bytes, Clock } from '@baton/kernel';
import { checkRecordBody, type DutyOrg, newestRecord } from '@baton/policy';
import { type RecordBody, recordSubject } from '@baton/wire';
import { ClientError, isClientError } from '../failure.ts';
import type { Identity } from '../identity/identity.ts';
import type { RecordLog } from './record-log.ts';

export interface RecordWriterPorts {
  readonly primitives: Primitives;
  readonly clock: Clock;
  readonly identity: () => Identity;
  readonly records: RecordLog;
  readonly org: () => DutyOrg;
}

/** Signs organisation records as the next versions of their subjects. */
export class RecordWriter {
  readonly #ports: RecordWriterPorts;

  constructor(ports: RecordWriterPorts) {
    this.#ports = ports;
  }

  /**
   * All or none. What cannot work is refused before it is signed (`duty.record`, with the finding's sentence). Where somebody else changed one of
   * them meanwhile, the newest is fetched and `conflict.version` thrown: a person decides again.
   */
  async save(...bodies: readonly RecordBody[]): Promise<void> {
    const { records } = this.#ports;
    for (const body of bodies) this.#requireWorkable(body);
    const signed = await Promise.all(bodies.map((body) => this.#sign(body)));
    try {
      await records.append(signed);
    } catch (error) {
      if (isClientError(error, 'conflict.version')) await records.catchUp();
      throw error;
    }
  }

  /** For what only this account changes, or what adds up with whatever others did. */
  async saveOver(bodyOf: () => RecordBody): Promise<void> {
    try {
      await this.save(bodyOf());
    } catch (error) {
      if (!isClientError(error, 'conflict.version')) throw error;
      await this.save(bodyOf());
    }
  }

  #requireWorkable(body: RecordBody): void {
    const problem = checkRecordBody(body, this.#ports.org()).find(({ severity }) => severity === 'problem');
    if (problem) throw new ClientError('duty.record', `body.${problem.code}`, { sentence: problem.sentence });
  }

  async #sign(body: RecordBody): Promise<Bytes> {
    const { primitives, clock, records } = this.#ports;
    const { org, account, dk, deviceKey } = this.#ports.identity();
    const before = newestRecord(records.book, recordSubject(body));
    const signed = await signRecord(primitives, {
      key: deviceKey,
      body: {
        v: 1,
        t: 'record',
        org,
        version: (before?.record.version ?? 0) + 1,
        prev: before?.hash ?? null,
        author: account,
        dk,
        ts: clock.nowMs(),
        body,
      },
    });
    return signed.bytes;
  }
}
