import type { LiveSession } from '@baton/client';
import type { LoadResult } from './load.ts';
import { runLoad } from './processes.ts';
import { startRelay } from './relay-accepts.ts';
import { makeSealedLoad } from './sealed-load.ts';
import { createSendingPractice } from './sending-practice.ts';
import { median } from './statistics.ts';
import type { Surroundings } from './surroundings.ts';

/** Senders, and messages of each in one round. */
const LOADS = [
  { senders: 1, each: 600 },
  { senders: 64, each: 100 },
  { senders: 256, each: 40 },
] as const;
const ROUNDS = 5;
const WARM_UP = { senders: 64, each: 60 };
const ACCOUNTS = 16;
const MOST_SENDERS = 256;

export interface AcceptFigures {
  readonly senders: number;
  /** Medians over the rounds: acknowledged messages a second, and what one sender waits. */
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly relayPerSecond: number;
  readonly relayP50Ms: number;
  readonly relayP99Ms: number;
  /** perSecond / relayPerSecond. */
  readonly share: number;
  readonly rounds: readonly { readonly perSecond: number; readonly relayPerSecond: number }[];
}

export interface AcceptReport {
  readonly bodyBytes: number;
  readonly figures: readonly AcceptFigures[];
  /** 64 senders, and each message sent on to the two accounts that may read it; the relay sends nothing on. */
  readonly delivered: { readonly perSecond: number; readonly framesPerSecond: number };
}

/**
 * Durable accepts a second of the real server, against the bare relay on the same PostgreSQL. The two take turns, so that a busy machine
 * slows both. Throws when an acknowledged message is not in the database, or the other way round.
 */
export async function benchAccepts(
  at: Surroundings,
  admin: LiveSession,
  progress: (line: string) => void,
): Promise<AcceptReport> {
  progress(`accepts: making ${MOST_SENDERS} conversations`);
  const practice = await createSendingPractice(at, admin, { accounts: ACCOUNTS, senders: MOST_SENDERS });
  const relay = await startRelay({ databaseUrl: at.limitsUrl, folder: at.folder });
  const books = { baton: await at.countEnvelopes(), relay: 0, bodyBytes: 0 };

  const runBaton = async (load: { senders: number; each: number }, deliver = false): Promise<LoadResult> => {
    const sealed = await makeSealedLoad({
      serverUrl: at.serverUrl,
      senders: practice.senders.slice(0, load.senders),
      each: load.each,
      listeners: deliver ? practice.devices : [],
    });
    books.bodyBytes = sealed.bodyBytes;
    const result = await runLoad(sealed.load, at.folder);
    books.baton += result.accepted;
    requireEqual('the server', books.baton, await at.countEnvelopes());
    return result;
  };
  const runRelay = async (load: { senders: number; each: number }): Promise<LoadResult> => {
    const result = await relay.measure({ ...load, bodyBytes: books.bodyBytes });
    books.relay += result.accepted;
    requireEqual('the relay', books.relay, await relay.countRows());
    return result;
  };

  try {
    progress('warming up');
    await runBaton(WARM_UP);
    await runRelay(WARM_UP);
    const figures: AcceptFigures[] = [];
    for (const load of LOADS) {
      const rounds: { baton: LoadResult; relay: LoadResult }[] = [];
      for (let round = 1; round <= ROUNDS; round++) {
        progress(`accepts with ${load.senders} senders, round ${round} of ${ROUNDS}`);
        rounds.push({ baton: await runBaton(load), relay: await runRelay(load) });
      }
      figures.push(summarise(load.senders, rounds));
    }
    progress('accepts with delivery');
    const delivered = await runBaton({ senders: 64, each: 80 }, true);
    return {
      bodyBytes: books.bodyBytes,
      figures,
      delivered: { perSecond: rate(delivered), framesPerSecond: delivered.heard / delivered.seconds },
    };
  } finally {
    await relay.stop();
  }
}

function summarise(
  senders: number,
  rounds: readonly { baton: LoadResult; relay: LoadResult }[],
): AcceptFigures {
  const of = (pick: (round: { baton: LoadResult; relay: LoadResult }) => number) => median(rounds.map(pick));
  const perSecond = of(({ baton }) => rate(baton));
  const relayPerSecond = of(({ relay }) => rate(relay));
  return {
    senders,
    perSecond,
    p50Ms: of(({ baton }) => baton.p50Ms),
    p99Ms: of(({ baton }) => baton.p99Ms),
    relayPerSecond,
    relayP50Ms: of(({ relay }) => relay.p50Ms),
    relayP99Ms: of(({ relay }) => relay.p99Ms),
    share: perSecond / relayPerSecond,
    rounds: rounds.map(({ baton, relay }) => ({ perSecond: rate(baton), relayPerSecond: rate(relay) })),
  };
}

function rate(result: LoadResult): number {
  return result.accepted / result.seconds;
}

function requireEqual(who: string, acknowledged: number, stored: number): void {
  if (acknowledged !== stored)
    throw new Error(`${who} acknowledged ${acknowledged} messages and its database has ${stored}`);
}
