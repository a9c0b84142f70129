import { type Bytes, encodeHex, type OrgId } from '@baton/kernel';
import { type KeyLogState, listAccounts } from '@baton/ledger';
import { type Manifest, manifestCodec } from '@baton/wire';
import type { Database } from '../store/database.ts';
import { findManifest } from '../store/manifests.ts';

/** Agents' manifests, which never change once there: those in memory need not be asked for again. */
export interface Manifests {
  /** By hexadecimal hash, those of all agents that the key log knows, as far as they were handed in. */
  of(org: OrgId, keyLog: KeyLogState): Promise<ReadonlyMap<string, Manifest>>;
}

export function createManifests(needs: { db: Database }): Manifests {
  const known = new Map<OrgId, Map<string, Manifest>>();
  return {
    async of(org, keyLog) {
      const manifests = known.get(org) ?? new Map<string, Manifest>();
      known.set(org, manifests);
      for (const hash of agentManifests(keyLog)) {
        const name = encodeHex(hash);
        if (manifests.has(name)) continue;
        const body = await needs.db.inOrg(org, (trx) => findManifest(trx, hash));
        const decoded = body === null ? null : manifestCodec.decode(body);
        if (decoded?.ok === true) manifests.set(name, decoded.value);
      }
      return manifests;
    },
  };
}

function agentManifests(keyLog: KeyLogState): Bytes[] {
  return listAccounts(keyLog).flatMap(({ kind, active, manifest }) =>
    kind === 'agent' && active && manifest !== null ? [manifest] : [],
  );
}
