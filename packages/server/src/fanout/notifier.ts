import {
  type AccountId,
  type ConversationId,
  encodeHex,
  type OrgId,
  type Rng,
  type Timers,
} from '@baton/kernel';
import { z } from 'zod';
import type { Database } from '../store/database.ts';
import { listen, type Listening, notify } from '../store/notices.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';

/** What processes on one database tell each other: hints, outside the transactions that they speak of. */
export type Notice =
  | { readonly t: 'batches'; readonly org: OrgId; readonly batches: readonly number[] }
  | { readonly t: 'keylog'; readonly org: OrgId; readonly size: number }
  | { readonly t: 'records'; readonly org: OrgId; readonly size: number }
  /** Batons changed: those at after < position <= upTo of the organisation's feed. */
  | { readonly t: 'batons'; readonly org: OrgId; readonly after: number; readonly upTo: number }
  | { readonly t: 'sessions'; readonly org: OrgId; readonly account: AccountId }
  | { readonly t: 'mark'; readonly org: OrgId; readonly conv: ConversationId; readonly account: AccountId };

export interface Notifier {
  /** Batches are gathered while a notice is on its way, so that there is at most one per commit. */
  tell(notice: Notice): void;
  close(): Promise<void>;
}

const noticeSchema = z.object({
  from: z.string(),
  t: z.enum(['batches', 'keylog', 'records', 'batons', 'sessions', 'mark']),
  org: z.string(),
  batches: z.array(z.number()).optional(),
  size: z.number().optional(),
  after: z.number().optional(),
  upTo: z.number().optional(),
  account: z.string().optional(),
  conv: z.string().optional(),
});

/** A payload has at most 8,000 bytes. */
const MAX_BATCHES = 400;
const RECONNECT_MS = 1000;
/** The first notice goes at once; those that follow it closely go together, so that a stream of small batches does not become one of notices. */
const GATHER_MS = 5;

export async function createNotifier(needs: {
  readonly db: Database;
  readonly rng: Rng;
  readonly timers: Timers;
  readonly log: Logger;
  readonly onNotice: (notice: Notice) => void;
  /** The connection broke: notices may have been lost. */
  readonly onGap: () => void;
}): Promise<Notifier> {
  const { db, timers, log, onNotice, onGap } = needs;
  const self = encodeHex(needs.rng.bytes(8));
  const waiting: Notice[] = [];
  let sending: Promise<void> | null = null;
  let closed = false;
  let cancelReconnect: () => void = () => {};

  const hear = (payload: string): void => {
    const parsed = noticeSchema.safeParse(parseJson(payload));
    if (parsed.success && parsed.data.from !== self) onNotice(parsed.data as unknown as Notice);
  };
  const lost = (): void => {
    if (closed) return;
    // A connection that breaks while it begins to listen says so twice.
    cancelReconnect();
    cancelReconnect = timers.after(RECONNECT_MS, () => {
      listen(db, { hear, lost }).then(
        (fresh) => {
          listening = fresh;
          if (closed) void fresh.close();
          onGap();
        },
        (error: unknown) => {
          log.warn('database', { event: 'listen', ...describeError(error) });
          lost();
        },
      );
    });
  };
  let listening: Listening = await listen(db, { hear, lost });

  async function send(): Promise<void> {
    while (waiting.length > 0) {
      const notices = gather(waiting.splice(0));
      try {
        await notify(
          db,
          notices.map((notice) => JSON.stringify({ from: self, ...notice })),
        );
      } catch (error) {
        log.warn('database', { event: 'notify', ...describeError(error) });
      }
      if (!closed) await new Promise<void>((resolve) => void timers.after(GATHER_MS, resolve));
    }
    sending = null;
  }

  return {
    tell(notice) {
      if (closed) return;
      waiting.push(notice);
      sending ??= send();
    },
    async close() {
      closed = true;
      cancelReconnect();
      await sending;
      await listening.close();
    },
  };
}

/** Joins the batches of one organisation into one notice, and its changes of batons into another. */
function gather(notices: readonly Notice[]): Notice[] {
  const batches = new Map<OrgId, number[]>();
  const feeds = new Map<OrgId, { after: number; upTo: number }>();
  const others: Notice[] = [];
  for (const notice of notices) {
    if (notice.t === 'batons') {
      const { after, upTo } = feeds.get(notice.org) ?? notice;
      feeds.set(notice.org, {
        after: Math.min(after, notice.after),
        upTo: Math.max(upTo, notice.upTo),
      });
    } else if (notice.t !== 'batches') others.push(notice);
    else batches.set(notice.org, [...(batches.get(notice.org) ?? []), ...notice.batches]);
  }
  const joined = [...batches].flatMap(([org, numbers]) => {
    const parts: Notice[] = [];
    for (let start = 0; start < numbers.length; start += MAX_BATCHES)
      parts.push({ t: 'batches', org, batches: numbers.slice(start, start + MAX_BATCHES) });
    return parts;
  });
  const fed = [...feeds].map(([org, range]): Notice => ({ t: 'batons', org, ...range }));
  return [...joined, ...fed, ...others];
}

/** Anybody with a login to the database may notify; what is no JSON is no notice. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
