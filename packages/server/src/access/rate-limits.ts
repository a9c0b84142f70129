import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { AccountId } from '@baton/kernel';
import { ApiError } from '../api-error.ts';
import type { Database } from '../store/database.ts';

/** What is counted: by whom it is tried on and by where it comes from, in the database, so that all processes count together. */
export type LimitedAct = 'sign-in' | 'claim' | 'setup' | 'challenge' | 'outside-baton' | 'patient-link';

/** What somebody who is signed in does again and again. Far more than any work needs: who comes so far is a program gone wrong. */
export type OwnAct = 'baton-act' | 'record' | 'upload' | 'patient-ask';

export interface RateLimits {
  /** Counts one try; refuses with `limit.rate` when there were too many. Keys are pseudonyms already. */
  spend(act: LimitedAct, key: { subject: string | null; address: string }): Promise<void>;
  /** A success clears the subject's count. */
  clear(act: LimitedAct, subject: string): Promise<void>;
  /** Counts one act of a signed-in account, in this process only: it costs no commit. Refuses with `limit.rate`. */
  spendOwn(act: OwnAct, account: AccountId): Promise<void>;
}

/** Tries per window. */
const LIMITS = {
  'sign-in': { subject: 10, address: 100, windowSeconds: 15 * 60 },
  claim: { subject: 10, address: 60, windowSeconds: 15 * 60 },
  'patient-link': { subject: 30, address: 120, windowSeconds: 15 * 60 },
  setup: { subject: 10, address: 30, windowSeconds: 15 * 60 },
  'outside-baton': { subject: 1000, address: 5000, windowSeconds: 15 * 60 },
  challenge: { subject: 60, address: 300, windowSeconds: 15 * 60 },
} as const satisfies Record<LimitedAct, { subject: number; address: number; windowSeconds: number }>;

const OWN_LIMITS = {
  'baton-act': 2000,
  record: 300,
  upload: 1000,
  'patient-ask': 60,
} as const satisfies Record<OwnAct, number>;
const OWN_WINDOW_SECONDS = 15 * 60;

export function createRateLimits(needs: {
  db: Database;
  pseudonym: (text: string) => string;
  /** Multiplies what an address may do: the demo and tests come from one. */
  addressFactor: number;
}): RateLimits {
  const { db, pseudonym, addressFactor } = needs;
  const make = (name: string, points: number, duration: number): RateLimiterPostgres =>
    new RateLimiterPostgres({
      storeClient: db.pool,
      storeType: 'pool',
      schemaName: 'baton',
      tableName: 'rate_limits',
      tableCreated: true,
      keyPrefix: name,
      points,
      duration,
      clearExpiredByTimeout: false,
    });
  const limiters = Object.fromEntries(
    Object.entries(LIMITS).map(([act, { subject, address, windowSeconds }]) => [
      act,
      {
        subject: make(`${act}-subject`, subject, windowSeconds),
        address: make(`${act}-address`, address * addressFactor, windowSeconds),
      },
    ]),
  ) as Record<LimitedAct, { subject: RateLimiterPostgres; address: RateLimiterPostgres }>;

  const own = Object.fromEntries(
    Object.entries(OWN_LIMITS).map(([act, points]) => [
      act,
      new RateLimiterMemory({ keyPrefix: act, points, duration: OWN_WINDOW_SECONDS }),
    ]),
  ) as Record<OwnAct, RateLimiterMemory>;

  return {
    spendOwn: (act, account) => consume(own[act], account),
    async spend(act, key) {
      const limiter = limiters[act];
      await consume(limiter.address, pseudonym(key.address));
      if (key.subject !== null) await consume(limiter.subject, pseudonym(key.subject));
    },
    async clear(act, subject) {
      await limiters[act].subject.delete(pseudonym(subject));
    },
  };
}

async function consume(limiter: RateLimiterPostgres | RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (error instanceof RateLimiterRes) throw new ApiError('limit.rate', '', error.msBeforeNext);
    throw error;
  }
}
