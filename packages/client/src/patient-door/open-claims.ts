import { invitationSigningKey, type Primitives, signClaimProof } from '@baton/crypto';
import { type AccountId, type Clock, type ConversationId, equalBytes, Secret } from '@baton/kernel';
import type { ConversationState } from '@baton/policy';
import type { ConversationBook } from '../conversations/book.ts';
import { isClientError } from '../failure.ts';
import type { Identity } from '../identity/identity.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import type { SyncEngine } from '../sync/engine.ts';
import type { EntryWriter } from '../writing/entry-writer.ts';
import type { ClaimShelf, OpenClaim } from './phone-records.ts';

/** So many others may write an entry in between before this phone gives up for now. */
const MAX_TRIES = 12;

export interface OpenClaimsPorts {
  readonly primitives: Primitives;
  /** The server's time as this phone can tell it. */
  readonly clock: Clock;
  readonly me: AccountId;
  readonly identity: () => Identity;
  readonly book: ConversationBook;
  readonly logs: MembershipLogs;
  readonly sync: SyncEngine;
  readonly writer: EntryWriter;
  readonly shelf: ClaimShelf;
  /** Keys that were sealed to the link are asked for anew. */
  readonly forgetQuestions: () => void;
}

/**
 * Takes the account's place in every conversation that holds its invitation: a `claim` entry, then new keys, because the link's key still
 * opens the old ones (patients.md §2). Kept sealed until it is done everywhere, so that a phone that loses the connection goes on later.
 */
export class OpenClaims {
  readonly #ports: OpenClaimsPorts;
  #open: OpenClaim | null = null;
  #running: Promise<void> | null = null;
  #hasAll = false;

  constructor(ports: OpenClaimsPorts) {
    this.#ports = ports;
  }

  get open(): OpenClaim | null {
    return this.#open;
  }

  async load(): Promise<void> {
    this.#open = await this.#ports.shelf.load();
  }

  /** Every conversation of the account has arrived: once they are claimed nothing is left to do. */
  async finish(): Promise<void> {
    this.#hasAll = true;
    await this.#running;
    await this.settle();
  }

  /** Whatever is open in the conversations that this phone knows. */
  settle(): Promise<void> {
    this.#running ??= this.#settle().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #settle(): Promise<void> {
    const claim = this.#open;
    if (!claim) return;
    const { book, shelf, forgetQuestions } = this.#ports;
    // As it was when the conversations were listed: what arrives meanwhile is claimed by the next run, and needs the secret.
    const hasAll = this.#hasAll;
    const invited = [...book.all()].filter((row) => row.members.includes(this.#ports.me) && !row.left);
    if (invited.length === 0) return;
    for (const { conv } of invited) await this.#claimIn(conv, claim);
    for (const { conv } of invited) await this.#rotateIn(conv);
    forgetQuestions();
    if (!hasAll) return;
    await shelf.clear();
    this.#open = null;
  }

  async #claimIn(conv: ConversationId, claim: OpenClaim): Promise<void> {
    const { primitives, me, identity, logs, sync, writer } = this.#ports;
    const { invitation } = claim;
    const key = await invitationSigningKey(primitives, Secret.of(claim.secret));
    await sync.run(conv, async () => {
      for (let tries = 1; tries <= MAX_TRIES; tries++) {
        const { state } = await logs.require(conv);
        if (!this.#isInvited(state, claim)) return;
        const { head } = state;
        const { dk } = identity();
        const proof = await signClaimProof(primitives, {
          key,
          binding: { conv, prev: head, invitation, account: me, dk },
        });
        // The proof fits one place: another entry there calls for another one.
        await writer.appendInLane(conv, (now) =>
          this.#isInvited(now, claim) && equalBytes(now.head, head)
            ? { op: 'claim', invitation, account: me, proof }
            : null,
        );
      }
    });
  }

  #isInvited(state: ConversationState, claim: OpenClaim): boolean {
    const open = state.members.get(this.#ports.me)?.invitation;
    return open?.invitation === claim.invitation && this.#ports.clock.nowMs() < open.notAfter;
  }

  /** The next who writes does it otherwise: nothing depends on its being now. */
  async #rotateIn(conv: ConversationId): Promise<void> {
    try {
      await this.#ports.writer.append(conv, ({ outsiderHoldsKey }) =>
        outsiderHoldsKey ? { op: 'rotate', reason: 'left' } : null,
      );
    } catch (error) {
      if (!isClientError(error)) throw error;
    }
  }
}
