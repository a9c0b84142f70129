import { join } from 'node:path';
import type { OrgId } from '@baton/kernel';
import { policyOf, unitNamed } from '@baton/policy';
import { createOutbound, type Outbound } from './adapters/outbound.ts';
import { writeToTerminal } from './adapters/terminal.ts';
import { createHeldHints, type DueRounds, startDueRounds } from './background/due-rounds.ts';
import { NOTHING_OUTSIDE, type OutsideConfig, type ServerConfig } from './config.ts';
import type { DutyBooks } from './duty/duty-books.ts';
import { createDeliveryPlanner } from './integrations/plan-deliveries.ts';
import { createDeliverySender } from './integrations/send-deliveries.ts';
import { joinWatches } from './notices/baton-watch.ts';
import {
  createConsoleChannel,
  createFileChannel,
  joinChannels,
  type NoticeChannel,
} from './notices/notice-channel.ts';
import type { NoticeRecords } from './notices/notice-facts.ts';
import { createAttemptPlanner } from './notices/plan-attempts.ts';
import { createAttemptSender } from './notices/send-attempts.ts';
import { createTextWay } from './notices/text-way.ts';
import { createPushWay } from './push/push-way.ts';
import { createPushEndpoints } from './push/push-endpoints.ts';
import { createWebPush, pushSubject } from './push/web-push.ts';
import type { Outside } from './outside-port.ts';
import type { Services } from './server-parts.ts';
import { listOrgs } from './store/locators.ts';

const WAYS = ['push', 'text', 'webhook'] as const;
type Way = (typeof WAYS)[number];

export interface OutsideNeeds
  extends Pick<Services, 'db' | 'ports' | 'keys' | 'keyLogs' | 'log' | 'metrics'> {
  readonly config: ServerConfig;
  readonly duty: DutyBooks;
  /** Left out: the real one. */
  readonly outbound?: Outbound | undefined;
}

export function createOutside(needs: OutsideNeeds): Outside {
  const { config, db, ports, keys, log, duty } = needs;
  const settings: OutsideConfig = config.outside ?? NOTHING_OUTSIDE;
  const outbound = needs.outbound ?? createOutbound();
  const pushEndpoints = createPushEndpoints(settings.pushHosts);
  let rounds: Readonly<Record<Way, DueRounds>> | null = null;
  const hints = { push: createHeldHints(), text: createHeldHints(), webhook: createHeldHints() };

  const sendPush = createAttemptSender(
    needs,
    createPushWay({
      ...needs,
      webPush: createWebPush({
        outbound,
        endpoints: pushEndpoints,
        rng: ports.rng,
        keys: keys.push,
        subject: pushSubject(config.publicUrl),
      }),
    }),
  );
  const sendTexts = createAttemptSender(
    needs,
    createTextWay({
      ...needs,
      channel: openChannel(needs, settings),
      async records(org): Promise<NoticeRecords> {
        const { records } = await duty.refresh(org);
        return {
          unitNamed: (name) => unitNamed(records, name),
          callback: policyOf(records)?.callback ?? null,
        };
      },
    }),
  );
  const loopback = settings.loopbackWebhooks;
  const sendDeliveries = createDeliverySender({ ...needs, outbound, loopback });
  const run = (event: string, work: (org: OrgId) => Promise<number | null>): DueRounds =>
    startDueRounds({ ports, log, event, listOrgs: () => listOrgs(db.global), work });

  return {
    watch: joinWatches([
      createAttemptPlanner((channel, org, dueAtMs) => hints[channel].hold(org, dueAtMs)),
      createDeliveryPlanner({ rng: ports.rng, wake: hints.webhook.hold }),
    ]),
    committed(org) {
      if (rounds !== null) for (const way of WAYS) hints[way].release(org, rounds[way]);
    },
    pushEndpoints,
    loopbackWebhooks: loopback,
    start() {
      // Each by itself: a push service that does not answer holds up no text.
      rounds ??= {
        push: run('push', sendPush),
        text: run('notices', sendTexts),
        webhook: run('webhooks', sendDeliveries),
      };
    },
    async stop() {
      if (rounds !== null) await Promise.all(Object.values(rounds).map((each) => each.stop()));
    },
  };
}

function openChannel({ config, ports }: OutsideNeeds, settings: OutsideConfig): NoticeChannel | null {
  const path = join(config.dataDir, 'notices.jsonl');
  return joinChannels(
    settings.noticeChannels.map((name) =>
      name === 'file'
        ? createFileChannel({ path, nowMs: () => ports.clock.nowMs() })
        : createConsoleChannel(writeToTerminal),
    ),
  );
}
