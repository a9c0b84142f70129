import { join } from 'node:path';
import type { OrgId } from '@baton/kernel';
import { policyOf, unitNamed } from '@baton/policy';
import { createOutbound, type Outbound } from './adapters/outbound.ts';
import { writeToTerminal } from './adapters/terminal.ts';
import { type DueRounds, startDueRounds } from './background/due-rounds.ts';
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
import { createPushEndpoints } from './push/push-endpoints.ts';
import { createWebPush, pushSubject } from './push/web-push.ts';
import type { Outside } from './outside-port.ts';
import type { Services } from './server-parts.ts';
import { listOrgs } from './store/locators.ts';

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
  const rounds: { attempts: DueRounds | null; deliveries: DueRounds | null } = {
    attempts: null,
    deliveries: null,
  };

  const sendAttempts = createAttemptSender({
    ...needs,
    channel: openChannel(needs, settings),
    webPush: createWebPush({
      outbound,
      endpoints: pushEndpoints,
      rng: ports.rng,
      keys: keys.push,
      subject: pushSubject(config.publicUrl),
    }),
    async records(org): Promise<NoticeRecords> {
      const { records } = await duty.refresh(org);
      return {
        unitNamed: (name) => unitNamed(records, name),
        callback: policyOf(records)?.callback ?? null,
      };
    },
  });
  const loopback = settings.loopbackWebhooks;
  const sendDeliveries = createDeliverySender({ ...needs, outbound, loopback });
  const run = (event: string, work: (org: OrgId) => Promise<number | null>): DueRounds =>
    startDueRounds({ ports, log, event, listOrgs: () => listOrgs(db.global), work });

  return {
    watch: joinWatches([
      createAttemptPlanner((org, dueAtMs) => rounds.attempts?.wake(org, dueAtMs)),
      createDeliveryPlanner({
        rng: ports.rng,
        wake: (org, dueAtMs) => rounds.deliveries?.wake(org, dueAtMs),
      }),
    ]),
    pushEndpoints,
    loopbackWebhooks: loopback,
    start() {
      rounds.attempts ??= run('notices', sendAttempts);
      rounds.deliveries ??= run('webhooks', sendDeliveries);
    },
    async stop() {
      await rounds.attempts?.stop();
      await rounds.deliveries?.stop();
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
