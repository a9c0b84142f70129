import { type ConversationId, encodeUtf8, type OrgId } from '@baton/kernel';
import {
  conversationHeadValue,
  EMPTY_MAP,
  hashObject,
  type KeyLogState,
  keyLogMapRoot,
  keyLogRoot,
  keyLogSize,
  LABELS,
  mapKey,
  type SparseMap,
  setInMap,
  signingInput,
  sparseRoot,
} from '@baton/ledger';
import { signedCodec, type TreeHead, treeHeadCodec } from '@baton/wire';
import type { ServerKeys } from '../adapters/server-keys.ts';
import type { Ports } from '../ports.ts';
import type { OrgTransaction } from '../store/database.ts';
import type { Organisation } from '../store/organisations.ts';
import { findNewestHead, insertHead, listChangedLogs } from '../store/tree-heads.ts';

/** Signs the organisation's tree heads. */
export interface TreeHeads {
  /**
   * Signs a head over this key log and every membership log as committed, unless the newest head covers just that. The caller holds the
   * organisation's lock (`locked` is its row, with the key-log size that `keyLog` has).
   */
  sign(trx: OrgTransaction, locked: Organisation, keyLog: KeyLogState): Promise<void>;
}

interface ConversationMap {
  readonly map: SparseMap;
  /** Everything up to this batch is in it. */
  readonly batch: number;
}

export function createTreeHeads(needs: { ports: Ports; keys: ServerKeys }): TreeHeads {
  const { ports, keys } = needs;
  const maps = new Map<OrgId, ConversationMap>();

  async function refreshMap(trx: OrgTransaction, org: OrgId): Promise<SparseMap> {
    const known = maps.get(org) ?? { map: EMPTY_MAP, batch: 0 };
    let { map, batch } = known;
    for (const log of await listChangedLogs(trx, known.batch)) {
      const key = mapKey(ports.digest, log.conv satisfies ConversationId);
      map = setInMap(map, key, conversationHeadValue(ports.digest, log.n, log.head));
      batch = Math.max(batch, log.batch);
    }
    if (batch >= (maps.get(org)?.batch ?? 0)) maps.set(org, { map, batch });
    return map;
  }

  return {
    async sign(trx, locked, keyLog) {
      const org = locked.org as OrgId;
      const newest = await findNewestHead(trx);
      const size = keyLogSize(keyLog);
      if (newest !== null && newest.size === size && newest.entries === locked.entries) return;
      const map = await refreshMap(trx, org);
      const head: TreeHead = {
        v: 1,
        t: 'head',
        org,
        size,
        logRoot: keyLogRoot(keyLog) ?? encodeUtf8(''),
        mapRoot: keyLogMapRoot(keyLog),
        convRoot: sparseRoot(ports.digest, map),
        ts: Math.max(ports.clock.nowMs(), locked.last_ts),
      };
      const b = treeHeadCodec.encode(head);
      const s = await keys.sign(signingInput(ports.digest, LABELS.head, b));
      await insertHead(trx, {
        org,
        n: (newest?.n ?? -1) + 1,
        size,
        entries: locked.entries,
        hash: hashObject(ports.digest, LABELS.head, b),
        body: signedCodec.encode({ b, s }),
      });
    },
  };
}
