import { encodeBase64Url, isId, type OrgId, type Rng } from '@baton/kernel';
import type { BatonOp } from '@baton/wire';
import type { BatonHappening, BatonWatch } from '../notices/baton-watch.ts';
import { insertDeliveries, listListening, type NewDelivery } from '../store/webhooks.ts';
import { batonStateBodyOf } from './baton-state-body.ts';

/** Events that change what an outside system is shown, and what the change is called. The others (offers, boxes) do not concern it. */
const CHANGES: Partial<Readonly<Record<BatonOp['op'], string>>> = {
  open: 'baton.opened',
  step: 'baton.escalated',
  reassign: 'baton.reassigned',
  acknowledge: 'baton.acknowledged',
  take: 'baton.acknowledged',
  accept: 'baton.acknowledged',
  reopen: 'baton.reopened',
  answer: 'baton.answered',
  close: 'baton.closed',
};

/** Writes, in the events' own transaction, what the integrations that opened these batons are going to be told. */
export function createDeliveryPlanner(needs: {
  readonly rng: Rng;
  readonly wake: (org: OrgId, dueAtMs: number) => void;
}): BatonWatch {
  return {
    async note(trx, happenings) {
      const concerned = happenings.filter(({ state }) => isId('integration', state.opener));
      if (concerned.length === 0) return;
      const openers = concerned
        .map(({ state }) => state.opener)
        .filter((opener) => isId('integration', opener));
      const listening = await listListening(trx, openers);
      const deliveries = concerned
        .filter(({ state }) => listening.has(state.opener))
        .flatMap((happening) => deliveryOf(happening, needs.rng));
      await insertDeliveries(trx, deliveries);
      for (const { org, created_at } of deliveries) needs.wake(org as OrgId, created_at);
    },
  };
}

function deliveryOf({ event, state }: BatonHappening, rng: Rng): NewDelivery[] {
  const type = CHANGES[event.op.op];
  if (type === undefined) return [];
  const timestamp = new Date(state.at).toISOString();
  return [
    {
      org: state.org,
      integration: state.opener,
      baton: state.baton,
      n: event.n,
      message: `msg_${encodeBase64Url(rng.bytes(16))}`,
      body: JSON.stringify({ type, timestamp, data: batonStateBodyOf(state) }),
      created_at: state.at,
    },
  ];
}
