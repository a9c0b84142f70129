import type { ServerKeys } from './adapters/server-keys.ts';
import type { DueRounds } from './background/due-rounds.ts';
import type { BatonDesk } from './batons/baton-desk.ts';
import type { BatonOpener } from './batons/open-batons.ts';
import type { BlobStore } from './blobs/blob-store.ts';
import type { AuditQueue } from './commit/audit-queue.ts';
import type { Committer } from './commit/committer.ts';
import type { ConversationCache } from './commit/conversation-cache.ts';
import type { Receipts } from './commit/receipts.ts';
import type { ServerConfig } from './config.ts';
import type { DutyBooks } from './duty/duty-books.ts';
import type { Manifests } from './duty/manifests.ts';
import type { Hub } from './fanout/hub.ts';
import type { Notifier } from './fanout/notifier.ts';
import type { Certificates } from './access/certificates.ts';
import type { RateLimits } from './access/rate-limits.ts';
import type { TreeHeads } from './keylog/tree-heads.ts';
import type { KeyLogs } from './keylog/key-logs.ts';
import type { Outside } from './outside-port.ts';
import type { Ports } from './ports.ts';
import type { Database } from './store/database.ts';
import type { Logger } from './telemetry/logger.ts';
import type { Metrics } from './telemetry/metrics.ts';

/** What the running server is made of. A use-case names the parts it needs: `Pick<Services, 'db' | 'ports'>`. */
export interface Services {
  readonly config: ServerConfig;
  readonly ports: Ports;
  readonly db: Database;
  readonly keys: ServerKeys;
  readonly blobs: BlobStore;
  readonly limits: RateLimits;
  readonly certificates: Certificates;
  readonly keyLogs: KeyLogs;
  readonly treeHeads: TreeHeads;
  readonly conversations: ConversationCache;
  readonly committer: Committer;
  readonly receipts: Receipts;
  readonly audit: AuditQueue;
  readonly hub: Hub;
  readonly notifier: Notifier;
  readonly duty: DutyBooks;
  readonly manifests: Manifests;
  readonly batons: BatonDesk;
  readonly opener: BatonOpener;
  /** Told of changes of records, key log and keyrings: batons may have to be looked at anew. */
  readonly dutyRounds: DueRounds;
  readonly outside: Outside;
  readonly log: Logger;
  readonly metrics: Metrics;
}
