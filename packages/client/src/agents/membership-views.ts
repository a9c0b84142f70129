import type { Bytes } from '@baton/kernel';
import { findAccount, keyLogSize } from '@baton/ledger';
import { type MembershipView, type RecordBook, viewKeyLog } from '@baton/policy';
import type { Entry, EntryOp } from '@baton/wire';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { ManifestBook } from './manifest-book.ts';

export interface ViewsPorts {
  readonly keyLog: KeyLogReplica;
  readonly manifests: ManifestBook;
  readonly records: () => { readonly book: RecordBook; catchUp(): Promise<void> };
  /** A patient's client is not told of schedules: there a duty agent's manifest is enough (docs/protocol/membership.md §3, rule 11). */
  readonly trustsDutyAgents?: boolean;
}

/** The organisation as membership rules see it: key log, agents' manifests, schedule and cover records. */
export class MembershipViews {
  readonly #ports: ViewsPorts;

  constructor(ports: ViewsPorts) {
    this.#ports = ports;
  }

  /** At a size of the key log; left out, now. */
  view(size: number = keyLogSize(this.#ports.keyLog.state)): MembershipView {
    const { keyLog, manifests, records, trustsDutyAgents = false } = this.#ports;
    const { book } = records();
    return viewKeyLog(keyLog.state, { size, manifests: manifests.known, records: book, trustsDutyAgents });
  }

  /** Fetches what an entry is judged by and is not here yet: manifests of the agents in it, the record that it names. */
  async prepare(entry: Pick<Entry, 'author' | 'op'>, size?: number): Promise<void> {
    const { keyLog, manifests, records } = this.#ports;
    const { author, op } = entry;
    const own = findAccount(keyLog.state, author, size)?.manifest ?? null;
    const granted = op.op === 'agent-grant' ? op.manifest : null;
    await manifests.prepare([own, granted].filter((hash): hash is Bytes => hash !== null));
    const because = becauseOf(op);
    if (because && this.view(size).schedule(because) === null) await records().catchUp();
  }
}

function becauseOf(op: EntryOp): Bytes | null {
  return op.op === 'add' || op.op === 'remove' ? op.because : null;
}
