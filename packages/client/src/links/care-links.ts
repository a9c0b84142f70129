import type { AccountId, ConversationId, EventId, InvitationId } from '@baton/kernel';
import { findAccount } from '@baton/ledger';
import type { Reach } from '@baton/wire';
import type { InviteWish, NewInvitation } from '../api/care.ts';
import type { LinksGround, PatientLinks } from '../care/care-ports.ts';
import { isOver } from '../care/is-over.ts';
import type { ConversationBook } from '../conversations/book.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import { invitationText } from './invitation-text.ts';
import { findPerson, requireInvitable } from './invite-rules.ts';
import type { LinkMaker, MadeLink } from './link-maker.ts';
import { LinkWatch, type LinkWatchPorts } from './link-watch.ts';

type Person = Reach['people'][number];

export interface CareLinksPorts extends LinksGround {
  readonly keyLog: KeyLogReplica;
  readonly logs: MembershipLogs;
  readonly book: ConversationBook;
  readonly clock: LinkWatchPorts['clock'];
  /** A line for the staff alone, beside the patient's conversation. */
  readonly note: (sidebar: ConversationId, text: string) => Promise<void>;
}

/** Inviting patients and those who speak for them, and what becomes of it (`Care` mounts this). */
export class CareLinks implements PatientLinks {
  readonly watch: LinkWatch;
  readonly #ports: CareLinksPorts;
  readonly #maker: LinkMaker;

  constructor(
    ports: CareLinksPorts,
    parts: {
      readonly maker: LinkMaker;
      readonly watch: Omit<LinkWatchPorts, 'nameOf' | 'looked' | 'changed' | 'clock' | 'keyLog'>;
    },
  ) {
    this.#ports = ports;
    this.#maker = parts.maker;
    this.watch = new LinkWatch({
      ...parts.watch,
      clock: ports.clock,
      keyLog: ports.keyLog,
      changed: () => ports.changed(),
      nameOf: (account) => this.#nameOf(account),
      looked: (pause) => this.#tend(pause),
    });
  }

  start(): void {
    this.watch.start();
  }

  stop(): void {
    this.watch.stop();
  }

  idle(): Promise<void> {
    return this.watch.idle();
  }

  find(invitation: string): { readonly triesLeft: number; readonly secondClaim: boolean } | null {
    const link = this.watch.find(invitation as InvitationId);
    return link && { triesLeft: link.replaced ? 0 : link.triesLeft, secondClaim: link.secondClaims > 0 };
  }

  /** A new link for somebody who has no keys yet; one who was invited before and has not joined gets it in place of the old one. */
  async invite(wish: InviteWish): Promise<NewInvitation> {
    const account = this.#findInvited(wish)?.account ?? null;
    this.#require(wish, account);
    const conv = await this.#ports.start(wish.ref, { confidential: wish.confidential });
    if (account !== null && this.hasJoined(account))
      throw new ClientError('policy.already_member', 'person', {
        sentence: `${wish.name} has joined already and needs no link. Where the phone was lost, choose "Lost phone" beside the name.`,
      });
    // A new link ends the old one everywhere: whatever that was to open, this one opens.
    const before = account === null ? [] : this.#conversationsOf(account);
    return this.#invite(wish, { account, conversations: [...new Set([...before, conv])], own: conv });
  }

  /** A lost phone. The old keys are out of every conversation at once, whatever becomes of the new link. */
  async reinvite(
    wish: InviteWish & { readonly account: AccountId; readonly confirmed: string },
  ): Promise<NewInvitation> {
    const { ref, account, confirmed, name } = wish;
    this.#require(wish, account);
    const reach = this.#ports.reach(ref);
    if (!reach?.people.some((person) => person.account === account))
      throw new ClientError('request.not_found', 'person');
    const conversations = this.#conversationsOf(account);
    for (const conv of conversations) await this.#maker.remove(conv, account);
    const own = await this.#ports.start(ref, { confidential: wish.confidential });
    const everywhere = [...new Set([...conversations, own])];
    const made = await this.#invite(wish, { account, conversations: everywhere, own });
    if (reach.sidebar !== null)
      await this.#ports.note(reach.sidebar, `New phone for ${name}. Identity confirmed: ${confirmed}`);
    return made;
  }

  /** Somebody who has keys already: no link is needed. */
  async addPerson(wish: Omit<InviteWish, 'send' | 'to'> & { readonly account: AccountId }): Promise<void> {
    const { ref, account, consent } = wish;
    this.#require(wish, account);
    if (!this.hasJoined(account)) throw new ClientError('policy.recipients', 'person');
    const conv = await this.#ports.start(ref, { confidential: wish.confidential });
    const invitation = findPerson(this.#ports.reach(ref), account)?.invitation ?? null;
    await this.#writeDown(wish, { account, invitation });
    await this.#maker.add(conv, account, consent);
  }

  hasJoined(account: AccountId): boolean {
    const { keyLog, logs } = this.#ports;
    if (findAccount(keyLog.state, account)?.claimed !== true) return false;
    return this.#conversationsOf(account).some(
      (conv) => (logs.peek(conv)?.state.members.get(account)?.invitation ?? null) === null,
    );
  }

  /** Ends what a person may read and write of one patient. The account stays, for others that it speaks for. */
  async endPerson(ref: string, account: AccountId): Promise<void> {
    const reach = this.#ports.reach(ref);
    if (!reach) throw new ClientError('request.not_found', 'reach');
    for (const conv of [reach.conversation, reach.confidential])
      if (conv !== null && this.#ports.book.get(conv)?.left === false)
        await this.#maker.remove(conv, account);
    await this.#ports.changeReach(ref, (now) => ({
      ...now,
      people: now.people.map((person) => (person.account === account ? { ...person, ended: true } : person)),
    }));
  }

  async #invite(
    wish: InviteWish,
    where: {
      readonly account: AccountId | null;
      readonly conversations: readonly ConversationId[];
      /** The one that the wish is about. */
      readonly own: ConversationId;
    },
  ): Promise<NewInvitation> {
    const { account, conversations, own } = where;
    const made = await this.#maker.invite({
      account,
      job: wish.relation === 'self' ? 'patient' : 'proxy',
      places: conversations.map((conv) => ({
        conv,
        consent: conv === own ? wish.consent : this.#consentIn(conv, account),
      })),
    });
    await this.#writeDown(wish, made);
    if (account !== null) await this.#noteElsewhere(wish.ref, account, made.invitation);
    const { link, code, notAfter } = made;
    const order = await this.#send(wish, made);
    void this.watch.look();
    return { link, code, notAfter, order };
  }

  async #send(wish: InviteWish, { link, notAfter }: MadeLink): Promise<EventId | null> {
    const { ref, send, to } = wish;
    if (send === 'hand') return null;
    const { clock, reach, settings, order } = this.#ports;
    const language = reach(ref)?.language ?? 'en';
    const practice = settings()?.practice ?? '';
    const text = invitationText({ language, practice, link, notAfter, nowMs: clock.nowMs() });
    const address = to ?? '';
    return order({
      ref,
      to: send === 'text' ? { phone: address } : { email: address },
      language,
      purpose: 'invitation',
      text,
      notAfter,
      urgentBy: null,
    });
  }

  async #writeDown(
    wish: Omit<InviteWish, 'send' | 'to'>,
    made: { readonly account: AccountId; readonly invitation: InvitationId | null },
  ): Promise<void> {
    const { relation, name, until, consent } = wish;
    const { account, invitation } = made;
    const person: Person = { account, relation, name, until, consent, invitation, ended: false };
    await this.#ports.changeReach(wish.ref, (reach) => ({
      ...reach,
      people: [...reach.people.filter((known) => known.account !== account), person],
    }));
  }

  /** The same link opens the other patients' conversations of a parent: there too it is the one that counts. */
  async #noteElsewhere(own: string, account: AccountId, invitation: InvitationId): Promise<void> {
    const isMeant = (person: Person): boolean => person.account === account && !person.ended;
    for (const { ref, people } of [...this.#ports.reaches()])
      if (ref !== own && people.some(isMeant))
        await this.#ports.changeReach(ref, (reach) => ({
          ...reach,
          people: reach.people.map((person) => (isMeant(person) ? { ...person, invitation } : person)),
        }));
  }

  #require(wish: Parameters<typeof requireInvitable>[0], account: AccountId | null): void {
    const { reach, consents, clock } = this.#ports;
    const { ref } = wish;
    requireInvitable(wish, {
      reach: reach(ref),
      consents: consents(ref),
      account,
      nowMs: clock.nowMs(),
    });
  }

  /** Consent by which an account is in a patient's conversation: a parent of two is in each by another. */
  #consentIn(conv: ConversationId, account: AccountId | null): EventId | null {
    for (const { conversation, confidential, people } of this.#ports.reaches())
      if ([conversation, confidential].includes(conv))
        return people.find((person) => person.account === account)?.consent ?? null;
    return null;
  }

  /** Who was invited before under this relation and name. */
  #findInvited({ ref, relation, name }: InviteWish): Person | null {
    const people = this.#ports.reach(ref)?.people ?? [];
    const isMeant = (person: Person): boolean =>
      !person.ended && person.relation === relation && (relation === 'self' || person.name === name);
    return people.find(isMeant) ?? null;
  }

  #conversationsOf(account: AccountId): ConversationId[] {
    const rows = [...this.#ports.book.all()];
    return rows
      .filter((row) => row.kind === 'patient' && !row.left && row.members.includes(account))
      .map(({ conv }) => conv);
  }

  #nameOf(account: AccountId): string | null {
    for (const { people } of this.#ports.reaches()) {
      const person = people.find((known) => known.account === account);
      if (person) return person.name;
    }
    return null;
  }

  /** What a claim, or a link that was never used, leaves to do: whoever is online does it, one of them is first. */
  async #tend(pause: () => Promise<boolean>): Promise<void> {
    const { book, logs, clock } = this.#ports;
    const nowMs = clock.nowMs();
    for (const { conv, kind, left, closed } of [...book.all()]) {
      const state = kind === 'patient' && !left && !closed ? logs.peek(conv)?.state : null;
      if (!state) continue;
      const over = [...state.members].filter(
        ([, { invitation }]) => invitation !== null && invitation.notAfter <= nowMs,
      );
      if (over.length === 0 && !state.outsiderHoldsKey) continue;
      if (!(await pause())) return;
      try {
        for (const [account] of over) await this.#settleOver(conv, account as AccountId);
        await this.#maker.rotateOut(conv);
      } catch (error) {
        if (!isClientError(error)) throw error;
      }
    }
  }

  /** The link is over. Whoever used it in time and did not come further is let in by the keys that were made then. */
  async #settleOver(conv: ConversationId, account: AccountId): Promise<void> {
    const { keyLog, logs, reaches, consents, clock } = this.#ports;
    const pending = logs.peek(conv)?.state.members.get(account)?.invitation ?? null;
    if (pending === null) return;
    await this.#maker.remove(conv, account);
    if (findAccount(keyLog.state, account)?.boxKey === null) return;
    const nowMs = clock.nowMs();
    for (const { ref, conversation, confidential, people } of reaches()) {
      if (![conversation, confidential].includes(conv)) continue;
      const consentOf = (id: EventId) => consents(ref).find((consent) => consent.id === id) ?? null;
      for (const person of people)
        if (
          person.account === account &&
          person.invitation === pending.invitation &&
          !isOver(person, { nowMs, consentOf })
        )
          await this.#maker.add(conv, account, person.consent);
    }
  }
}
