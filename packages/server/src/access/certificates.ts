import { type Bytes, encodeHex, type OrgId } from '@baton/kernel';
import {
  type CheckedCertificate,
  checkCertificate,
  isCertificateCurrent,
  type KeyLogState,
  keyLogSize,
} from '@baton/ledger';
import { accept, ApiError } from '../api-error.ts';
import type { Ports } from '../ports.ts';
import type { Database } from '../store/database.ts';
import { findCertificate } from '../store/devices.ts';

/** Device certificates that were checked against the key log; each is checked again when the log has grown. */
export interface Certificates {
  /** By the hash that objects name as `dk`. Refuses an unknown, expired or revoked one. */
  current(at: { org: OrgId; keyLog: KeyLogState }, dk: Bytes): Promise<CheckedCertificate>;
  /** The Signed certificate, whatever became of it since. */
  signed(org: OrgId, dk: Bytes): Promise<Bytes | null>;
}

const CAPACITY = 20_000;

export function createCertificates(needs: { db: Database; ports: Ports }): Certificates {
  const { db, ports } = needs;
  const bodies = new Map<string, Bytes>();
  const checked = new Map<string, { size: number; value: CheckedCertificate }>();

  async function signed(org: OrgId, dk: Bytes): Promise<Bytes | null> {
    const key = `${org}${encodeHex(dk)}`;
    const known = bodies.get(key);
    if (known !== undefined) return known;
    const body = await db.inOrg(org, (trx) => findCertificate(trx, dk));
    if (body !== null) {
      if (bodies.size >= CAPACITY) bodies.clear();
      bodies.set(key, body);
    }
    return body;
  }

  return {
    signed,
    async current({ org, keyLog }, dk) {
      const key = `${org}${encodeHex(dk)}`;
      const atMs = ports.clock.nowMs();
      const known = checked.get(key);
      if (known !== undefined && known.size === keyLogSize(keyLog)) {
        if (!isCertificateCurrent(known.value.certificate, atMs)) throw new ApiError('ledger.expired', 'dk');
        return known.value;
      }
      const body = await signed(org, dk);
      if (body === null) throw new ApiError('ledger.unknown_signer', 'dk');
      const value = accept(await checkCertificate(keyLog, body, { verify: ports.verify, atMs }));
      if (checked.size >= CAPACITY) checked.clear();
      checked.set(key, { size: keyLogSize(keyLog), value });
      return value;
    },
  };
}
