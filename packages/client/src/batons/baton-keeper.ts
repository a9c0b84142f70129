import { makeLateBox, type BoxKeyHolder, type Primitives } from '@baton/crypto';
import {
  type AccountId,
  type BatonId,
  type ConversationId,
  isId,
  type MemberId,
  type MessageId,
  type Rng,
  type RoleId,
  type Timers,
} from '@baton/kernel';
import { escalationRecipients } from '@baton/ledger';
import type { BatonFacts, BatonState, ConversationState } from '@baton/policy';
import type { EnvelopeHeader } from '@baton/wire';
import { ClientError, isClientError } from '../failure.ts';
import { type MembershipLog, rolesOf } from '../membership/membership-log.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import type { EntryWriter } from '../writing/entry-writer.ts';
import type { AskReader } from './ask-reader.ts';
import type { BatonActs } from './baton-acts.ts';
import type { BatonFeed, KnownBaton } from './baton-feed.ts';
import { isOpenedBy } from './same-message.ts';

/** The sender's client goes first; others see whether it did, and do not all come at once. */
const OTHERS_AFTER_MS = 2000;
const SPREAD_MS = 3000;

export interface KeeperPorts {
  readonly primitives: Primitives;
  readonly rng: Rng;
  readonly timers: Timers;
  readonly me: AccountId;
  readonly feed: BatonFeed;
  readonly acts: BatonActs;
  readonly reader: AskReader;
  readonly logs: MembershipLogs;
  readonly writer: EntryWriter;
  readonly facts: () => BatonFacts;
  /** Looks again who holds these roles. */
  readonly freshenRoles: (roles: readonly RoleId[]) => Promise<void>;
  /** The header of a message that this device has verified as a member; null where it is not here. */
  readonly headerOf: (conv: ConversationId, message: MessageId) => Promise<EnvelopeHeader | null>;
  /** The conversation is one that this account reads. */
  readonly isMember: (conv: ConversationId) => boolean;
  readonly holder: (member: MemberId) => BoxKeyHolder;
  readonly isOnline: () => boolean;
  readonly failed: (error: unknown) => void;
}

/**
 * Does for others what only one who can read the message can do (docs/protocol/batons.md §5): makes a box for somebody who was reached and
 * has none, and adds whoever took the baton over to the conversation.
 */
export class BatonKeeper {
  readonly #ports: KeeperPorts;
  readonly #planned = new Map<BatonId, () => void>();

  constructor(ports: KeeperPorts) {
    this.#ports = ports;
  }

  look(batons: Iterable<KnownBaton>): void {
    for (const { state, row } of batons) {
      if (state.ended || row.doubted || !state.conv || this.#planned.has(state.baton)) continue;
      if (!this.#ports.isMember(state.conv)) continue;
      const cancel = this.#ports.timers.after(this.#delayFor(state), () => {
        this.#planned.delete(state.baton);
        void this.#keep(state.baton).catch(this.#ports.failed);
      });
      this.#planned.set(state.baton, cancel);
    }
  }

  stop(): void {
    for (const cancel of this.#planned.values()) cancel();
    this.#planned.clear();
  }

  /** Boxes the message for one member, where it has no box yet and this account can read it. */
  async ensureBox(baton: BatonId, member: MemberId): Promise<void> {
    const { feed, reader, acts, primitives, holder } = this.#ports;
    const known = feed.get(baton);
    if (!known?.state.message) return;
    const held = await reader.hold(known);
    if (!held) return;
    const named = escalationRecipients(held.opened.header).map(({ to }) => to);
    if (this.#isBoxed(known.state, named, member)) return;
    const recipient = holder(member);
    const box = await makeLateBox(primitives, { ...held, recipient });
    await acts.write(baton, (state) =>
      state.ended || this.#isBoxed(state, named, member)
        ? null
        : { op: 'box', to: recipient.to, g: recipient.g, box },
    );
  }

  async #keep(baton: BatonId): Promise<void> {
    const { feed, logs, isOnline } = this.#ports;
    const { state, row } = feed.get(baton) ?? {};
    if (!state || !row || state.ended || row.doubted || !state.conv || !isOnline()) return;
    try {
      if (!(await this.#isGenuine(state))) return;
      const log = await logs.require(state.conv);
      const conversation = log.state;
      // Somebody who seems to read nothing may hold a role since a moment ago.
      if ([...state.reached.keys()].some((id) => !this.#reads(id, conversation)))
        await this.#ports.freshenRoles(rolesOf(conversation));
      await this.#admitTaker(state, log);
      for (const member of this.#withoutBox(state, conversation)) await this.ensureBox(baton, member);
    } catch (error) {
      // Not allowed, no key yet, or offline: somebody else's client, or the next change, does it.
      if (!(error instanceof ClientError)) throw error;
    }
  }

  /** Keys are given because of what the sender asked, never because of what the server says they asked. */
  async #isGenuine(state: BatonState): Promise<boolean> {
    const { conv, message } = state;
    const header = conv && message ? await this.#ports.headerOf(conv, message) : null;
    return header !== null && isOpenedBy(state, header);
  }

  /** Whoever owns it in person becomes a member, so that they can answer where it was asked. */
  async #admitTaker(state: BatonState, log: MembershipLog): Promise<void> {
    const { writer } = this.#ports;
    const { state: conversation } = log;
    const { by: taker, at } = state.status === 'acknowledged' ? (state.acknowledged ?? {}) : {};
    if (!taker || at === undefined || !state.conv || this.#reads(taker, conversation)) return;
    if (conversation.kind === 'direct' || conversation.closed !== null) return;
    if (wasTakenOut(log, taker, at)) return;
    try {
      await writer.append(state.conv, (newest) =>
        newest.members.has(taker) ? null : { op: 'add', members: [{ m: taker, hist: true }], because: null },
      );
    } catch (error) {
      if (!isClientError(error) || !error.code.startsWith('policy.')) throw error;
    }
  }

  /** Reached, or offered it, and able to read it neither as a member nor through a box that is known here. */
  #withoutBox(state: BatonState, conversation: ConversationState): MemberId[] {
    const facts = this.#ports.facts();
    const offered = state.offer ? facts.memberOf(state.offer.to) : null;
    const needed: MemberId[] = [...state.reached.keys(), ...(offered ? [offered] : [])];
    return needed.filter((member) => {
      if (facts.boxKeyGen(member) === null) return false;
      if (isId('role', member)) return !conversation.members.has(member);
      return isId('account', member) && !this.#reads(member, conversation);
    });
  }

  #isBoxed(state: BatonState, named: readonly MemberId[], member: MemberId): boolean {
    const facts = this.#ports.facts();
    const boxed = [...named, ...state.boxes.map(({ to }) => to)];
    return boxed.some((to) => to === member || (isId('account', member) && facts.opens(member, to)));
  }

  #reads(account: AccountId, conversation: ConversationState): boolean {
    const facts = this.#ports.facts();
    return [...conversation.members.keys()].some((member) => facts.opens(account, member));
  }

  #delayFor(state: BatonState): number {
    const { me, rng } = this.#ports;
    if (state.opener === me) return 0;
    const [byte = 0] = rng.bytes(1);
    return OTHERS_AFTER_MS + Math.round((byte / 255) * SPREAD_MS);
  }
}

/** A member decided that this person reads it no longer: what they took over before does not bring them back. */
function wasTakenOut({ rows }: MembershipLog, account: AccountId, sinceMs: number): boolean {
  return rows.some(
    ({ ts, entry: { op } }) => ts >= sinceMs && op.op === 'remove' && op.members.includes(account),
  );
}
