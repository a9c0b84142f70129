import type { AccountId, ConversationId, OwnerId } from '@baton/kernel';
import { findAccount } from '@baton/ledger';
import type { BatonState } from '@baton/policy';
import type { ConversationCache } from '../commit/conversation-cache.ts';
import type { DutyBook } from '../duty/duty-books.ts';
import type { Ports } from '../ports.ts';
import type { ConnectedAccounts } from './audience.ts';

/** Batons that changed, by the organisation as it was then. */
export interface ToldBatons {
  readonly book: DutyBook;
  readonly batons: readonly ToldBaton[];
}

export interface ToldBaton {
  readonly state: BatonState;
  readonly pos: number;
  /** Whom the change reaches now. */
  readonly reached: readonly AccountId[];
}

export interface BatonHint {
  readonly pos: number;
  readonly alert: boolean;
}

interface Needs {
  readonly conversations: ConversationCache;
  readonly ports: Pick<Ports, 'clock'>;
}

/**
 * One hint for each connected account that sees any of them: the newest position, and whether it is being reached. Patients see none (policy
 * `baton.read`).
 */
export async function findBatonAudience(
  needs: Needs,
  told: ToldBatons,
  connected: ConnectedAccounts,
): Promise<Map<AccountId, BatonHint>> {
  const { book } = told;
  const atMs = needs.ports.clock.nowMs();
  const conversations = new Map<ConversationId, ReadonlySet<AccountId>>();
  const owners = new Map<OwnerId, readonly AccountId[]>();
  const hints = new Map<AccountId, BatonHint>();

  async function membersOf(conv: ConversationId): Promise<ReadonlySet<AccountId>> {
    const known = conversations.get(conv);
    if (known !== undefined) return known;
    const state = await needs.conversations.get(book.org, conv);
    const members =
      state === null ? new Set<AccountId>() : await needs.conversations.audience(state, book.keyLog);
    conversations.set(conv, members);
    return members;
  }

  function standingFor(owner: OwnerId): readonly AccountId[] {
    const known = owners.get(owner);
    if (known !== undefined) return known;
    const accounts = [...connected.keys()].filter((account) => book.facts.actsFor(account, owner, atMs));
    owners.set(owner, accounts);
    return accounts;
  }

  const readers = [...connected.keys()].filter(
    (account) => findAccount(book.keyLog, account)?.kind !== 'patient',
  );
  for (const { state, pos, reached } of told.batons) {
    const seeing = new Set<string>([state.opener, ...state.reached.keys(), ...reached]);
    for (const account of standingFor(state.owner)) seeing.add(account);
    for (const account of state.offer === null ? [] : standingFor(state.offer.to)) seeing.add(account);
    const members = state.conv === null ? null : await membersOf(state.conv);
    for (const account of readers) {
      if (!seeing.has(account) && members?.has(account) !== true) continue;
      const before = hints.get(account);
      const alert = before?.alert === true || reached.includes(account);
      hints.set(account, { pos: Math.max(pos, before?.pos ?? 0), alert });
    }
  }
  return hints;
}
