import type { Primitives } from '@baton/crypto';
import type { Bytes, ConversationId } from '@baton/kernel';
import { checkCollectionRoot, openCollectionRoot, openPut, type OpenedPut } from '@baton/ledger';
import { type CollectionRoot, type Item, MAX_ITEMS_PER_FRAME } from '@baton/wire';
import { BadItem, type ItemJudge } from '../conversations/item-judge.ts';
import { ClientError } from '../failure.ts';
import type { Certificates } from '../key-log/certificates.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import { entryInForce, mayWriteIn, rolesOf } from '../membership/membership-log.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import type { Connection } from '../sync/connection.ts';
import { asItems } from '../sync/engine.ts';
import { fitsRoot, type NewestPut } from './collection-root.ts';

/** So far apart may be the first and the last put of a collection that has no signed root. */
const ROOTLESS_MS = 10 * 60_000;

export interface SnapshotPorts {
  readonly primitives: Primitives;
  readonly connection: () => Connection;
  readonly judge: ItemJudge;
  readonly keyLog: KeyLogReplica;
  readonly certificates: Certificates;
  readonly logs: MembershipLogs;
}

/** Whether a snapshot that the server gave is all of a collection: compared with the newest root that a member signed. What does not hold is an alarm. */
export class SnapshotCheck {
  readonly #ports: SnapshotPorts;

  constructor(ports: SnapshotPorts) {
    this.#ports = ports;
  }

  async compareRoot(
    conv: ConversationId,
    rows: readonly NewestPut[],
    claim: { readonly signed: Bytes; readonly seq: number },
  ): Promise<void> {
    try {
      const root = await this.#checkRoot(conv, claim.signed);
      const since = root.seq < claim.seq ? await this.#putsAfter(conv, root.seq, claim.seq) : [];
      if (fitsRoot(this.#ports.primitives.sha256, root, rows, since)) return;
      throw new BadItem('ledger.rollback', 'collection.root', true);
    } catch (error) {
      this.#ports.judge.report(conv, error);
    }
  }

  /** Whoever writes signs the root soon after: a collection that is older and has none was robbed of it. */
  requireYoung(conv: ConversationId, times: readonly number[]): void {
    const [first, last] = times.reduce(([a, b], ts) => [Math.min(a, ts), Math.max(b, ts)], [Infinity, 0]);
    if (times.length === 0 || last - first < ROOTLESS_MS) return;
    this.#ports.judge.report(conv, new BadItem('ledger.rollback', 'collection.root', true));
  }

  /** By their authors' clocks: the server's own times would be its word alone. */
  signedTimes(items: readonly Item[]): number[] {
    const { sha256 } = this.#ports.primitives;
    const opened = items.map((item) => openPut(sha256, item.b));
    return opened.flatMap((put) => (put.ok ? [put.value.header.ts] : []));
  }

  async #checkRoot(conv: ConversationId, signed: Bytes): Promise<CollectionRoot> {
    const { primitives, certificates, keyLog } = this.#ports;
    const { sha256: digest, verifyEd25519: verify } = primitives;
    const opened = openCollectionRoot(digest, signed);
    if (!opened.ok) throw new BadItem(opened.error.code, 'collection.root', true);
    const { body } = opened.value;
    if (body.conv !== conv) throw new BadItem('ledger.wrong_purpose', 'collection.root', true);
    const certificate = await certificates.check(keyLog.state, body.dk, {
      atMs: body.ts,
      size: Math.max(1, keyLog.sizeAt(body.ts)),
    });
    const checked = await checkCollectionRoot(signed, { digest, verify, certificate });
    if (!checked.ok) throw new BadItem(checked.error.code, 'collection.root', true);
    await this.#requireMember(conv, body);
    return body;
  }

  /** A root is a member's word. */
  async #requireMember(conv: ConversationId, root: CollectionRoot): Promise<void> {
    const { keyLog, logs } = this.#ports;
    const log = await logs.require(conv);
    await logs.prepareRoles(rolesOf(log.state));
    const gen = entryInForce(log, root.seq)?.entry.gen ?? 0;
    const standing = { log, keyLog: keyLog.state, author: root.author, gen, keyring: logs.keyring };
    const wasMember = [keyLog.sizeAt(root.ts), keyLog.size].some((size) => mayWriteIn({ ...standing, size }));
    if (!wasMember) throw new BadItem('policy.not_a_member', 'collection.root', true);
  }

  async #putsAfter(conv: ConversationId, from: number, to: number): Promise<OpenedPut[]> {
    const puts: OpenedPut[] = [];
    for (let after = from; after < to; ) {
      const { items } = asItems(
        await this.#ports.connection().ask({ t: 'pull', conv, after, limit: MAX_ITEMS_PER_FRAME }),
      );
      const last = items.at(-1);
      if (!last || last.seq <= after) throw new ClientError('ledger.rollback', `${conv}.${after}`);
      for (const item of items) if (item.k === 'put' && item.seq <= to) puts.push(this.#open(item));
      after = last.seq;
    }
    return puts;
  }

  #open(item: Item): OpenedPut {
    const opened = openPut(this.#ports.primitives.sha256, item.b);
    if (!opened.ok) throw new BadItem(opened.error.code, opened.error.at, true);
    return opened.value;
  }
}
