import { openPushSubscription } from '../notices/sealed-addresses.ts';
import type { AttemptWay } from '../notices/send-attempts.ts';
import type { Services } from '../server-parts.ts';
import type { PushSubscriptionRow } from '../store/outside-schema.ts';
import { listPushSubscriptions, removePushEndpoint } from '../store/push-subscriptions.ts';
import type { WebPush } from './web-push.ts';

/** Web push to every device of the person that has subscribed; one that takes it is enough. */
export function createPushWay(
  needs: Pick<Services, 'db' | 'ports' | 'keys'> & { readonly webPush: WebPush },
): AttemptWay<readonly PushSubscriptionRow[]> {
  const { db, ports, keys, webPush } = needs;
  return {
    channel: 'push',
    read: (trx, _org, accounts) => listPushSubscriptions(trx, accounts, ports.clock.nowMs()),
    async tryOnce(org, attempt, subscriptions) {
      const rows = subscriptions.filter(({ account }) => account === attempt.account);
      const outcomes = await Promise.all(
        rows.map(async (row) => {
          const subscription = openPushSubscription(keys, row);
          const outcome =
            subscription === null ? 'gone' : await webPush.send(subscription, { kind: attempt.contract });
          if (outcome === 'gone') await db.inOrg(org, (trx) => removePushEndpoint(trx, row.endpoint_hash));
          return outcome;
        }),
      );
      if (outcomes.includes('sent')) return { state: 'sent' };
      if (outcomes.includes('failed')) return { state: 'again', outcome: 'unreachable' };
      if (outcomes.includes('refused')) return { state: 'again', outcome: 'refused_by_service' };
      return { state: 'none', outcome: 'no_subscription' };
    },
  };
}
