import { type Bytes, encodeHex, type OrgId } from '@baton/kernel';
import {
  applyStatement,
  certificateNeededBy,
  emptyKeyLog,
  type KeyLogState,
  keyLogSize,
} from '@baton/ledger';
import type { Ports } from '../ports.ts';
import type { Database } from '../store/database.ts';
import { findCertificate } from '../store/devices.ts';
import { readStatements } from '../store/statements.ts';

/** Every organisation's key log, verified and in memory. A cache: whoever decides by it lets the database compare the size. */
export interface KeyLogs {
  /** The log as this process knows it; reads it on first use. */
  get(org: OrgId): Promise<KeyLogState>;
  /** Reads what other processes have appended since. */
  refresh(org: OrgId): Promise<KeyLogState>;
  /** A state that this process has just committed. */
  advance(org: OrgId, state: KeyLogState): void;
}

const PAGE = 1000;

export function createKeyLogs(needs: { db: Database; ports: Ports }): KeyLogs {
  const { db, ports } = needs;
  const states = new Map<OrgId, KeyLogState>();
  /** One reading at a time for each organisation; those who come meanwhile wait for the next one. */
  const readings = new Map<OrgId, Promise<KeyLogState>>();

  const advance = (org: OrgId, state: KeyLogState): KeyLogState => {
    const known = states.get(org);
    if (known !== undefined && keyLogSize(known) >= keyLogSize(state)) return known;
    states.set(org, state);
    return state;
  };

  async function read(org: OrgId): Promise<KeyLogState> {
    let state = states.get(org) ?? emptyKeyLog(ports.digest);
    for (;;) {
      const from = keyLogSize(state);
      const { statements, certificates } = await db.inOrg(org, async (trx) => {
        const statements = await readStatements(trx, from, PAGE);
        const certificates = new Map<string, Bytes>();
        for (const statement of statements) {
          const needed = certificateNeededBy(ports.digest, statement);
          const certificate = needed && (await findCertificate(trx, needed));
          if (needed && certificate) certificates.set(encodeHex(needed), certificate);
        }
        return { statements, certificates };
      });
      for (const statement of statements) {
        const needed = certificateNeededBy(ports.digest, statement);
        const certificate = needed === null ? undefined : certificates.get(encodeHex(needed));
        const next = await applyStatement(state, statement, {
          verify: ports.verify,
          ...(certificate === undefined ? {} : { certificate }),
        });
        if (!next.ok) throw new Error(`the stored key log does not hold: ${next.error.code}`);
        state = next.value;
      }
      if (statements.length < PAGE) return advance(org, state);
    }
  }

  async function refresh(org: OrgId): Promise<KeyLogState> {
    const before = readings.get(org);
    const next = (before ?? Promise.resolve()).then(
      () => read(org),
      () => read(org),
    );
    readings.set(org, next);
    try {
      return await next;
    } finally {
      if (readings.get(org) === next) readings.delete(org);
    }
  }

  return {
    refresh,
    advance,
    get: async (org) => states.get(org) ?? (await refresh(org)),
  };
}
