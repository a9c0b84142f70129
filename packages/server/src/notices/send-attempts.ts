import { encodeBase64Url, encodeUtf8, type AccountId, type OrgId } from '@baton/kernel';
import { findAccount } from '@baton/ledger';
import type { Services } from '../server-parts.ts';
import {
  type Attempt,
  claimAttempts,
  nextAttemptAt,
  postponeAttempt,
  settleAttempt,
} from '../store/attempts.ts';
import { findNoticeAddress } from '../store/notice-addresses.ts';
import { listPushSubscriptions, removePushEndpoint } from '../store/push-subscriptions.ts';
import { describeError } from '../telemetry/logger.ts';
import type { WebPush } from '../push/web-push.ts';
import { composeNotice } from './compose-notice.ts';
import type { NoticeChannel } from './notice-channel.ts';
import { type NoticeRecords, noticePartsOf } from './notice-facts.ts';
import { openNoticeAddress, openPushSubscription } from './sealed-addresses.ts';

export interface AttemptSenderNeeds
  extends Pick<Services, 'db' | 'ports' | 'keys' | 'keyLogs' | 'log' | 'metrics'> {
  readonly webPush: WebPush;
  /** null: none is set up. */
  readonly channel: NoticeChannel | null;
  readonly records: (org: OrgId) => Promise<NoticeRecords>;
}

/** What came of one try. `again`: it may work later. Words are closed; they stay in the row. */
type Outcome =
  | { readonly state: 'sent'; readonly outcome: 'sent' | 'sent_again' }
  | {
      readonly state: 'none';
      readonly outcome: 'inactive' | 'no_subscription' | 'no_address' | 'no_channel';
    }
  | { readonly state: 'again'; readonly outcome: 'unreachable' | 'refused_by_service' };

const BATCH = 32;
/** Longer than any request may take. */
const LEASE_MS = 60_000;
/** Before each further try. After the last one it has failed. */
const PAUSES_MS = [5_000, 15_000, 60_000, 120_000] as const;

/** Sends what is due in an organisation; answers when the next is due. At least once: what a dead process had begun is sent again. */
export function createAttemptSender(needs: AttemptSenderNeeds): (org: OrgId) => Promise<number | null> {
  const { db, ports } = needs;
  return async (org) => {
    for (;;) {
      const nextMs = await db.inOrg(org, nextAttemptAt);
      const atMs = ports.clock.nowMs();
      if (nextMs === null || nextMs > atMs) return nextMs;
      const claimed = await db.inOrg(org, (trx) =>
        claimAttempts(trx, { atMs, leaseUntilMs: atMs + LEASE_MS, limit: BATCH }),
      );
      // Another process is at it.
      if (claimed.length === 0) return null;
      await Promise.all(claimed.map((attempt) => tryOnce(needs, org, attempt)));
    }
  };
}

async function tryOnce(needs: AttemptSenderNeeds, org: OrgId, attempt: Attempt): Promise<void> {
  const { db, ports, log, metrics } = needs;
  const result = await reach(needs, org, attempt).catch((error: unknown): Outcome => {
    log.warn('background', { event: 'notice', ...describeError(error) });
    return { state: 'again', outcome: 'unreachable' };
  });
  const atMs = ports.clock.nowMs();
  const { outcome } = result;
  metrics.attempt(attempt.channel, outcome);
  await db.inOrg(org, async (trx) => {
    if (result.state !== 'again') return settleAttempt(trx, attempt, { state: result.state, atMs, outcome });
    const pauseMs = PAUSES_MS[attempt.tries - 1];
    if (pauseMs === undefined) return settleAttempt(trx, attempt, { state: 'failed', atMs, outcome });
    return postponeAttempt(trx, attempt, { dueAtMs: atMs + pauseMs, outcome });
  });
}

async function reach(needs: AttemptSenderNeeds, org: OrgId, attempt: Attempt): Promise<Outcome> {
  const keyLog = await needs.keyLogs.get(org);
  const account = findAccount(keyLog, attempt.account as AccountId);
  if (account === null || !account.active) return { state: 'none', outcome: 'inactive' };
  return attempt.channel === 'push' ? push(needs, org, attempt) : notify(needs, org, attempt);
}

async function push(needs: AttemptSenderNeeds, org: OrgId, attempt: Attempt): Promise<Outcome> {
  const { db, ports, keys, webPush } = needs;
  const account = attempt.account as AccountId;
  const rows = await db.inOrg(org, (trx) => listPushSubscriptions(trx, account, ports.clock.nowMs()));
  const outcomes = await Promise.all(
    rows.map(async (row) => {
      const subscription = openPushSubscription(keys, row);
      const outcome =
        subscription === null ? 'gone' : await webPush.send(subscription, { kind: attempt.contract });
      if (outcome === 'gone') await db.inOrg(org, (trx) => removePushEndpoint(trx, row.endpoint_hash));
      return outcome;
    }),
  );
  if (outcomes.includes('sent')) return sent(attempt);
  if (outcomes.includes('failed')) return { state: 'again', outcome: 'unreachable' };
  if (outcomes.includes('refused')) return { state: 'again', outcome: 'refused_by_service' };
  return { state: 'none', outcome: 'no_subscription' };
}

async function notify(needs: AttemptSenderNeeds, org: OrgId, attempt: Attempt): Promise<Outcome> {
  const { db, ports, keys, keyLogs, channel, records } = needs;
  const { account, contract, addressed, opener, unit } = attempt;
  if (channel === null) return { state: 'none', outcome: 'no_channel' };
  const sealed = await db.inOrg(org, (trx) => findNoticeAddress(trx, account as AccountId));
  const address = sealed === null ? null : openNoticeAddress(keys, { org, account, sealed });
  if (address === null || address.phone === null) return { state: 'none', outcome: 'no_address' };
  const known = { keyLog: await keyLogs.get(org), records: await records(org) };
  const parts = noticePartsOf({ org, contract, addressed, opener, unit }, known);
  const { text, segments } = composeNotice({ ...parts, language: address.language });
  const id = ports.digest(encodeUtf8(`${attempt.baton}\0${attempt.n}\0${account}`));
  await channel.send({
    id: encodeBase64Url(id.subarray(0, 16)),
    phone: address.phone,
    voice: address.voice,
    text,
    segments,
  });
  return sent(attempt);
}

/** A process that died may have sent it already: then the person has it twice, and the row says so. */
function sent(attempt: Attempt): Outcome {
  return { state: 'sent', outcome: attempt.repeated ? 'sent_again' : 'sent' };
}
