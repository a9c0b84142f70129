import {
  buildPatientLink,
  invitationBoxKey,
  invitationSigningKey,
  makePatientLink,
  type NewPatientLink,
  type Primitives,
  signStatement,
} from '@baton/crypto';
import {
  type AccountId,
  type Bytes,
  type Clock,
  type ConversationId,
  encodeBase64Url,
  encodeUtf8,
  type EventId,
  type InvitationId,
  newId,
  type Rng,
  type TimestampMs,
} from '@baton/kernel';
import { findAccount, findOrg } from '@baton/ledger';
import type { ConversationState } from '@baton/policy';
import type { EntryOp } from '@baton/wire';
import { ClientError } from '../failure.ts';
import type { Identity } from '../identity/identity.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { Rest } from '../rest/rest.ts';
import type { EntryWriter } from '../writing/entry-writer.ts';

const HOUR_MS = 3_600_000;
/** A link is promised for a week; it lies in a text message, so not for long after. */
const LINK_LIFE_MS = (8 * 24 - 1) * HOUR_MS;

export interface LinkMakerPorts {
  readonly primitives: Primitives;
  readonly rng: Rng;
  /** The server's time as this device can tell it. */
  readonly clock: Clock;
  readonly rest: Rest;
  readonly publicUrl: string;
  readonly identity: () => Identity;
  readonly keyLog: KeyLogReplica;
  readonly writer: EntryWriter;
}

export interface LinkPlan {
  /** null: a new account. */
  readonly account: AccountId | null;
  readonly job: 'patient' | 'proxy';
  readonly places: readonly LinkPlace[];
}

export interface LinkPlace {
  readonly conv: ConversationId;
  /** Consent record of the patient whose conversation it is: needed for a proxy. */
  readonly consent: EventId | null;
}

export interface MadeLink {
  readonly account: AccountId;
  readonly invitation: InvitationId;
  readonly link: string;
  /** Six digits, told another way than the link. */
  readonly code: string;
  readonly notAfter: TimestampMs;
}

/** Lets patients and those who speak for them into conversations, and out (docs/protocol/patients.md §2). */
export class LinkMaker {
  readonly #ports: LinkMakerPorts;

  constructor(ports: LinkMakerPorts) {
    this.#ports = ports;
  }

  /**
   * Makes a link, gives the server its key, and writes `invite` into every conversation: the patient reads at once although nobody of the
   * practice is online. An account that is invited there already gets the new link in place of the old one. Throws `auth.step_up` where the
   * account has keys that this replaces and the proof of presence is too old.
   */
  async invite(plan: LinkPlan): Promise<MadeLink> {
    const { primitives, rng, clock, keyLog, publicUrl } = this.#ports;
    await keyLog.catchUp();
    const org = findOrg(keyLog.state);
    if (!org) throw new ClientError('server.not_ready', 'keylog');
    const made = await makePatientLink({ primitives, rng });
    const account = plan.account ?? newId('account', rng);
    const notAfter = clock.nowMs() + LINK_LIFE_MS;
    await this.#publish(made, { account, job: plan.job, notAfter });
    for (const place of plan.places) await this.#inviteInto(place, made, { account, notAfter });
    const { invitation, s, code } = made;
    const link = buildPatientLink(publicUrl, { invitation, s, root: org.root });
    return { account, invitation, link, code: code.reveal(), notAfter };
  }

  /** For one who has keys already: reads and writes there from now on, without a link. */
  async add(conv: ConversationId, account: AccountId, consent: EventId | null): Promise<void> {
    const because = this.#becauseOf(consent);
    await this.#ports.writer.append(conv, ({ members }) =>
      members.has(account) ? null : { op: 'add', members: [{ m: account, hist: true }], because },
    );
  }

  /** Nothing that is written from now on opens for the account. */
  async remove(conv: ConversationId, account: AccountId): Promise<void> {
    await this.#ports.writer.append(conv, (state) => removal(state, account));
  }

  /** The conversation's keys, where a link still opens them (membership.md §5, `left`). */
  async rotateOut(conv: ConversationId): Promise<void> {
    await this.#ports.writer.append(conv, ({ outsiderHoldsKey }) =>
      outsiderHoldsKey ? { op: 'rotate', reason: 'left' } : null,
    );
  }

  async #publish(
    made: NewPatientLink,
    offer: {
      readonly account: AccountId;
      readonly job: 'patient' | 'proxy';
      readonly notAfter: TimestampMs;
    },
  ): Promise<void> {
    const { primitives, clock, rest, identity, keyLog } = this.#ports;
    const { org, account: author, dk, deviceKey } = identity();
    const { publicKey: pub } = await invitationSigningKey(primitives, made.secret);
    const gen = (findAccount(keyLog.state, offer.account)?.gen ?? 0) + 1;
    const { invitation } = made;
    const statement = await signStatement(primitives, {
      key: deviceKey,
      body: {
        v: 1,
        org,
        ts: clock.nowMs(),
        t: 'patient-invitation',
        invitation,
        ...offer,
        gen,
        pub,
        author,
        dk,
      },
    });
    await keyLog.append([statement.bytes]);
    await rest.call({
      method: 'PUT',
      path: `/patient-links/${invitation}`,
      body: {
        linkKey: encodeBase64Url(made.linkKey.reveal()),
        holder: encodeBase64Url(made.holder),
      },
      answer: null,
    });
  }

  async #inviteInto(
    { conv, consent }: LinkPlace,
    { invitation, secret }: NewPatientLink,
    { account, notAfter }: { readonly account: AccountId; readonly notAfter: TimestampMs },
  ): Promise<void> {
    const { primitives, writer } = this.#ports;
    const { publicKey: sigPub } = await invitationSigningKey(primitives, secret);
    const { publicKey: boxPub } = await invitationBoxKey(primitives, secret);
    const because = this.#becauseOf(consent);
    // An older link of the same account lets nobody in any more.
    await writer.append(conv, (state) => {
      const known = state.members.get(account)?.invitation;
      return known && known.invitation !== invitation ? removal(state, account) : null;
    });
    await writer.append(conv, ({ members }) =>
      members.has(account)
        ? null
        : { op: 'invite', invitation, account, sigPub, boxPub, notAfter, hist: true, because },
    );
  }

  /** What an entry says of a consent record: its hash, because records are sealed and entries are not (patients.md §2). */
  #becauseOf(consent: EventId | null): Bytes | null {
    if (consent === null) return null;
    return this.#ports.primitives.sha256(encodeUtf8(`sg/consent/v1\0${consent}`));
  }
}

function removal({ members }: ConversationState, account: AccountId): EntryOp | null {
  return members.has(account) ? { op: 'remove', members: [account], because: null } : null;
}
