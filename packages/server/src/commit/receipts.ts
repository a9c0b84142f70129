import type { Bytes, ConversationId, OrgId } from '@baton/kernel';
import { type BatchTree, buildBatchTree, LABELS, rowLeaf, signingInput } from '@baton/ledger';
import { type Receipt, receiptCodec, signedCodec } from '@baton/wire';
import type { ServerKeys } from '../adapters/server-keys.ts';
import type { Ports } from '../ports.ts';
import type { Database } from '../store/database.ts';
import { readBatch } from '../store/items.ts';

export interface CommittedRow {
  readonly conv: ConversationId;
  readonly seq: number;
  readonly body: Bytes;
}

/** One batch's order receipt. */
export interface BatchReceipt {
  /** Signed receipt. */
  readonly receipt: Bytes;
  pathOf(index: number): Bytes[];
}

export interface Receipts {
  /** Signs the receipt of a batch just committed; `rows` in commit order. */
  make(batch: {
    org: OrgId;
    batch: number;
    ts: number;
    rows: readonly CommittedRow[];
  }): Promise<BatchReceipt>;
  /** The same receipt again, from the stored rows; Ed25519 signatures are deterministic, so it is the same bytes. */
  derive(at: { org: OrgId; batch: number; ts: number; conv: ConversationId; seq: number }): Promise<{
    receipt: BatchReceipt;
    index: number;
  }>;
}

export function createReceipts(needs: { ports: Ports; keys: ServerKeys; db: Database }): Receipts {
  const { ports, keys, db } = needs;

  async function sign(at: { org: OrgId; batch: number; ts: number }, tree: BatchTree): Promise<BatchReceipt> {
    const receipt: Receipt = { v: 1, t: 'receipt', ...at, count: tree.count, root: tree.root };
    const b = receiptCodec.encode(receipt);
    const s = await keys.sign(signingInput(ports.digest, LABELS.receipt, b));
    return { receipt: signedCodec.encode({ b, s }), pathOf: (index) => tree.pathOf(index) ?? [] };
  }

  const leafOf = ({ conv, seq, body }: CommittedRow): Bytes =>
    rowLeaf(ports.digest, { conv, seq, itemHash: ports.digest(body) });

  return {
    make: ({ org, batch, ts, rows }) =>
      sign({ org, batch, ts }, buildBatchTree(ports.digest, rows.map(leafOf))),
    async derive({ org, batch, ts, conv, seq }) {
      const rows = await db.inOrg(org, (trx) => readBatch(trx, batch));
      const tree = buildBatchTree(
        ports.digest,
        rows.map(({ conv, item }) => leafOf({ conv, seq: item.seq, body: item.b })),
      );
      const index = rows.findIndex((row) => row.conv === conv && row.item.seq === seq);
      return { receipt: await sign({ org, batch, ts }, tree), index };
    },
  };
}
