import type { KeptRole, KeyringTurn } from '@baton/agent';
import { type AccountId, type Bytes, encodeHex, type RoleId, type TimestampMs } from '@baton/kernel';
import { callsFor, DUTY_TOLERANCE_MS } from '@baton/policy';

/** What has to change in a role's keyring now. */
export interface TurnPlan {
  readonly role: RoleId;
  /** First those who come in, so that the role is never without anybody. */
  readonly turns: readonly KeyringTurn[];
  /** Somebody is on duty and nobody on duty has the role's keys: it cannot wait. */
  readonly isUrgent: boolean;
}

/**
 * Compares who has the role's keys with who is on duty. Only what a schedule or cover record calls for is planned: that is all that anybody's
 * client would accept from an agent. null: nothing to do.
 */
export function planTurns(kept: KeptRole, nowMs: TimestampMs): TurnPlan | null {
  const onDuty = kept.onDuty(nowMs);
  const holders = new Set(kept.holders.map(({ account }) => account));
  const coming = onDuty.filter((account) => !holders.has(account));
  const going = kept.holders
    .filter((holder) => mayGo(kept, holder, onDuty, nowMs))
    .map(({ account }) => account);
  const turns = [
    ...turnsOf(kept, { change: 'add', accounts: coming, nowMs }),
    ...turnsOf(kept, { change: 'remove', accounts: going, nowMs }),
  ];
  if (turns.length === 0) return null;
  const isUrgent = coming.length > 0 && !onDuty.some((account) => holders.has(account));
  return { role: kept.role, turns, isUrgent };
}

/**
 * With a schedule, whoever is not on duty goes. Without one the keyring itself says who holds the role: only somebody who came in for a cover
 * goes with it.
 */
function mayGo(
  kept: KeptRole,
  holder: KeptRole['holders'][number],
  onDuty: readonly AccountId[],
  nowMs: TimestampMs,
): boolean {
  const isScheduled = kept.records.some(({ body }) => body.kind === 'schedule' && body.active);
  if (isScheduled) return !onDuty.includes(holder.account);
  const covers = kept.records.flatMap(({ body, at }) => {
    return body.kind === 'cover' && body.account === holder.account ? [{ body, at }] : [];
  });
  if (covers.some(({ body }) => body.active && body.until > nowMs)) return false;
  return covers.some(({ body, at }) => {
    const cameWithIt =
      holder.since >= Math.min(at, body.from) - DUTY_TOLERANCE_MS && holder.since < body.until;
    return cameWithIt;
  });
}

/** One entry for each record that is named. */
function turnsOf(
  kept: KeptRole,
  wanted: {
    readonly change: 'add' | 'remove';
    readonly accounts: readonly AccountId[];
    readonly nowMs: TimestampMs;
  },
): KeyringTurn[] {
  const { change, nowMs } = wanted;
  const byRecord = new Map<string, { because: Bytes; accounts: AccountId[] }>();
  for (const member of wanted.accounts) {
    // The newest record first: a cover says more than the schedule that it departs from.
    const reason = kept.records.findLast((record) => callsFor(record, { change, member, atMs: nowMs }));
    if (!reason) continue;
    const key = encodeHex(reason.hash);
    const turn = byRecord.get(key) ?? { because: reason.hash, accounts: [] };
    turn.accounts.push(member);
    byRecord.set(key, turn);
  }
  return [...byRecord.values()].map((turn) => ({ change, ...turn }));
}
