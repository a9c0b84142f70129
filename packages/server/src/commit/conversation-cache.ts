import { type AccountId, type ConversationId, isId, type OrgId, type RoleId } from '@baton/kernel';
import { findRole, type KeyLogState } from '@baton/ledger';
import { type ConversationState, findHeldRoles } from '@baton/policy';
import { findConversation } from '../store/conversations.ts';
import type { Database } from '../store/database.ts';
import { decodeState } from './state-codec.ts';

/**
 * Membership states in memory. A cache: a decision made by it carries the positions it rests on, and the database refuses it where they
 * have moved on (store/appends).
 */
export interface ConversationCache {
  /** null: no such conversation in the organisation. */
  get(org: OrgId, conv: ConversationId): Promise<ConversationState | null>;
  /** Reads a conversation anew, and with a key log the keyrings of the roles among its members. */
  reload(org: OrgId, conv: ConversationId, keyLog?: KeyLogState): Promise<void>;
  /** What memory holds of a conversation and the keyrings of its roles: another text means that something is new. */
  versionOf(org: OrgId, conv: ConversationId, keyLog: KeyLogState): string;
  /** A state that was just committed. */
  advance(state: ConversationState): void;
  /** Roles among a conversation's members that the account holds now, each with the keyring state that says so. */
  heldAmong(query: HeldQuery): Promise<HeldRole[]>;
  /** Every account that a state's members stand for: themselves and the holders of roles. */
  audience(state: ConversationState, keyLog: KeyLogState): Promise<ReadonlySet<AccountId>>;
}

export interface HeldQuery {
  readonly org: OrgId;
  readonly keyLog: KeyLogState;
  readonly account: AccountId;
  readonly roles: Iterable<RoleId>;
  /** Judge by the key log of this size; left out, now. */
  readonly size?: number;
}

export interface HeldRole {
  readonly role: RoleId;
  readonly keyring: ConversationState;
}

const CAPACITY = 20_000;

export function createConversationCache(needs: { db: Database }): ConversationCache {
  const { db } = needs;
  const states = new Map<string, ConversationState>();

  function advance(state: ConversationState): ConversationState {
    const key = `${state.org}${state.conv}`;
    const known = states.get(key);
    if (known !== undefined && known.n >= state.n) return known;
    states.delete(key);
    states.set(key, state);
    if (states.size > CAPACITY) {
      const oldest = states.keys().next().value;
      if (oldest !== undefined) states.delete(oldest);
    }
    return state;
  }

  async function read(org: OrgId, conv: ConversationId): Promise<ConversationState | null> {
    const row = await db.inOrg(org, (trx) => findConversation(trx, conv));
    return row === null ? null : advance(decodeState(row.state));
  }

  function keyringsOf(org: OrgId, conv: ConversationId, keyLog: KeyLogState): ConversationId[] {
    const members = states.get(`${org}${conv}`)?.members.keys() ?? [];
    return [...members].flatMap((member) => {
      const role = isId('role', member) ? findRole(keyLog, member) : null;
      return role === null ? [] : [role.keyring];
    });
  }

  async function reload(org: OrgId, conv: ConversationId, keyLog?: KeyLogState): Promise<void> {
    await read(org, conv);
    for (const keyring of keyLog === undefined ? [] : keyringsOf(org, conv, keyLog)) await read(org, keyring);
  }

  const get = async (org: OrgId, conv: ConversationId): Promise<ConversationState | null> =>
    states.get(`${org}${conv}`) ?? (await read(org, conv));

  async function heldAmong(query: HeldQuery): Promise<HeldRole[]> {
    const { org, keyLog, account, roles, size } = query;
    const held: HeldRole[] = [];
    for (const role of roles) {
      const view = findRole(keyLog, role);
      const keyring = view?.active === true ? await get(org, view.keyring) : null;
      if (keyring === null) continue;
      // Whoever was taken out of the keyring is out at once here, before the role's next key is published.
      if (size === undefined && keyring.members.get(account)?.invitation !== null) continue;
      const [holds] = findHeldRoles({
        keylog: keyLog,
        account,
        roles: [role],
        keyring: () => keyring,
        ...(size === undefined ? {} : { size }),
      });
      if (holds !== undefined) held.push({ role, keyring });
    }
    return held;
  }

  return {
    get,
    reload,
    advance,
    versionOf: (org, conv, keyLog) =>
      [conv, ...keyringsOf(org, conv, keyLog)].map((id) => states.get(`${org}${id}`)?.n ?? -1).join(),
    heldAmong,
    async audience(state, keyLog) {
      const accounts = new Set<AccountId>();
      for (const member of state.members.keys()) {
        if (isId('account', member)) {
          accounts.add(member);
          continue;
        }
        const role = isId('role', member) ? findRole(keyLog, member) : null;
        const keyring = role?.active === true ? await get(state.org, role.keyring) : null;
        for (const holder of keyring?.members.keys() ?? []) if (isId('account', holder)) accounts.add(holder);
      }
      return accounts;
    },
  };
}
