import { keyLogSize } from '@baton/ledger';
import { type MembershipView, viewKeyLog } from '@baton/policy';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { ManifestBook } from './manifest-book.ts';

export interface ViewsPorts {
  readonly keyLog: KeyLogReplica;
  readonly manifests: ManifestBook;
}

/** The organisation as membership rules see it: key log, agents' manifests, schedule records. */
export class MembershipViews {
  readonly #ports: ViewsPorts;

  constructor(ports: ViewsPorts) {
    this.#ports = ports;
  }

  /** At a size of the key log; left out, now. */
  view(size: number = keyLogSize(this.#ports.keyLog.state)): MembershipView {
    return viewKeyLog(this.#ports.keyLog.state, { size });
  }
}
