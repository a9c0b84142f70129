import {
  type BoxRecipient,
  CryptoError,
  extendGeneration,
  type Generation,
  type GroupKeyProvider,
  makeGeneration,
  type Primitives,
  signEntry,
} from '@baton/crypto';
import { type Clock, type ConversationId, encodeBase64Url, isId, type Rng, type RoleId } from '@baton/kernel';
import { findAccount, findCustodian, findRole, findRoleKey, keyLogRoot } from '@baton/ledger';
import {
  authorOf,
  checkRoleKey,
  type ConversationState,
  type EntryPlan,
  findHeldRoles,
  planEntry,
} from '@baton/policy';
import { appendAnswer, CUSTODIAN, type EntryOp } from '@baton/wire';
import type { MembershipViews } from '../agents/membership-views.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { GenerationBook } from '../generations/generation-book.ts';
import type { Identity } from '../identity/identity.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import { rolesOf } from '../membership/membership-log.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import type { Rest } from '../rest/rest.ts';
import type { SyncEngine } from '../sync/engine.ts';
import type { Appender } from './appender.ts';

/** So many others may win the race for the next place before this device gives up for now. */
const MAX_TRIES = 24;
const MAX_CREATE_TRIES = 4;

export interface EntryWriterPorts {
  readonly primitives: Primitives;
  readonly rng: Rng;
  readonly clock: Clock;
  readonly provider: GroupKeyProvider;
  readonly identity: () => Identity;
  readonly keyLog: KeyLogReplica;
  readonly logs: MembershipLogs;
  readonly views: MembershipViews;
  readonly generations: GenerationBook;
  readonly appender: Appender;
  readonly sync: SyncEngine;
  readonly rest: Rest;
}

/** What to do, given the newest state; null when it is done already (somebody else did it). */
export type OpOf = (state: ConversationState) => EntryOp | null;

/** Writes membership entries: plans them by the rules that everybody runs, makes keys and boxes, and tries again when somebody was faster. */
export class EntryWriter {
  readonly #ports: EntryWriterPorts;

  constructor(ports: EntryWriterPorts) {
    this.#ports = ports;
  }

  /** Makes a conversation and answers when it stands at the server. */
  async create(
    conv: ConversationId,
    op: Extract<EntryOp, { op: 'create' }>,
    as: RoleId | null = null,
  ): Promise<void> {
    const { generation, answer } = await this.#createAtServer(conv, op, as);
    await this.#ports.generations.remember(generation.keys);
    await this.#ports.sync.run(conv, () => this.#ports.appender.introduce(conv, answer.seq));
  }

  /** A member's keys may change between our look at the key log and the server's: then it is made anew, for the new ones. */
  async #createAtServer(conv: ConversationId, op: Extract<EntryOp, { op: 'create' }>, as: RoleId | null) {
    for (let attempt = 1; ; attempt++) {
      await this.#ports.keyLog.catchUp();
      const generation = await this.#build({ conv, state: null, op, as });
      const entry = encodeBase64Url(await this.#sign(generation));
      const boxes = generation.boxes.map(encodeBase64Url);
      try {
        const answer = await this.#ports.rest.call({
          method: 'POST',
          path: '/conversations',
          body: { conv, entry, boxes },
          answer: appendAnswer,
        });
        return { generation, answer };
      } catch (error) {
        if (!isClientError(error, 'policy.recipients') || attempt >= MAX_CREATE_TRIES) throw error;
      }
    }
  }

  /** Appends an entry; runs in the conversation's lane. */
  append(conv: ConversationId, opOf: OpOf, as: RoleId | null = null): Promise<void> {
    return this.#ports.sync.run(conv, () => this.appendInLane(conv, opOf, as));
  }

  async appendInLane(conv: ConversationId, opOf: OpOf, as: RoleId | null = null): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const { state } = await this.#ports.logs.require(conv);
      const op = opOf(state);
      if (op === null) return;
      try {
        await this.#appendOnce(conv, state, op, as);
        return;
      } catch (error) {
        if (!isClientError(error) || !isWorthAnotherTry(error) || attempt >= MAX_TRIES) throw error;
        await this.#ports.keyLog.catchUp();
        await this.#ports.sync.pullToNewest(conv);
        const after = await this.#ports.logs.require(conv);
        // Nothing new came and the server still says no: it is not a race.
        if (after.state.n === state.n && attempt >= 3) throw error;
      }
    }
  }

  async #appendOnce(
    conv: ConversationId,
    state: ConversationState,
    op: EntryOp,
    as: RoleId | null,
  ): Promise<void> {
    const generation = await this.#build({ conv, state, op, as });
    const b = await this.#sign(generation);
    await this.#ports.appender.append(conv, { k: 'entry', b, boxes: generation.boxes });
    await this.#ports.generations.remember(generation.keys);
  }

  async #build(input: {
    readonly conv: ConversationId;
    readonly state: ConversationState | null;
    readonly op: EntryOp;
    readonly as: RoleId | null;
  }): Promise<Generation> {
    const { conv, state, op, as } = input;
    const { primitives, rng, clock, keyLog, provider } = this.#ports;
    const identity = this.#ports.identity();
    const plan = await this.#plan(input);
    const size = keyLog.size;
    const draft = {
      v: 1,
      t: 'entry',
      org: identity.org,
      conv,
      n: state ? state.n + 1 : 0,
      prev: state?.head ?? null,
      author: identity.account,
      as,
      dk: identity.dk,
      ts: clock.nowMs(),
      op,
      gen: plan.gen,
      keylog: { size, root: keyLogRoot(keyLog.state, size) ?? new Uint8Array(32) },
    } as const;
    const recipients = plan.recipients.map((recipient) => this.#boxRecipient(recipient, input));
    const previous = state ? await this.#ports.generations.find(conv, state.gen) : null;
    if (state && !previous) throw new ClientError('conflict.needs_rotate', 'keys', { retryMs: 5000 });
    try {
      if (plan.makesGeneration)
        return await makeGeneration({ primitives, rng }, { provider, draft, previous, recipients });
      if (!previous) throw new ClientError('policy.generation', 'keys');
      return await extendGeneration(primitives, { draft, keys: previous, recipients });
    } catch (error) {
      // Members without the history right cannot link a new generation: one who has it must.
      if (error instanceof CryptoError)
        throw new ClientError('conflict.needs_rotate', 'keys', { retryMs: 5000 });
      throw error;
    }
  }

  async #plan(input: {
    readonly conv: ConversationId;
    readonly state: ConversationState | null;
    readonly op: EntryOp;
    readonly as: RoleId | null;
  }): Promise<EntryPlan> {
    const { keyLog, logs, clock, views } = this.#ports;
    const { account } = this.#ports.identity();
    const roles = new Set<RoleId>(input.state ? rolesOf(input.state) : []);
    if (input.op.op === 'create' || input.op.op === 'add')
      for (const { m } of input.op.members) if (isId('role', m)) roles.add(m);
    if (input.as !== null) roles.add(input.as);
    await logs.prepareRoles(roles);
    await views.prepare({ author: account, op: input.op });
    const view = views.view();
    const holds = findHeldRoles({ keylog: keyLog.state, account, roles, keyring: logs.keyring });
    const planned = planEntry({
      ...input,
      author: authorOf(view, account, holds),
      ts: clock.nowMs(),
      view,
    });
    if (planned.ok) return planned.value;
    throw new ClientError(planned.error.code, planned.error.at);
  }

  /**
   * The key to seal to, from the verified key log only. A role's key counts when one who held the role published it; an invitation's own, of
   * generation 0, stands in the entry that invites.
   */
  #boxRecipient(
    recipient: Omit<BoxRecipient, 'publicKey'>,
    { state: conversation, op }: { readonly state: ConversationState | null; readonly op: EntryOp },
  ): BoxRecipient {
    const { m, g } = recipient;
    const { state } = this.#ports.keyLog;
    let publicKey: BoxRecipient['publicKey'] | null = null;
    if (isId('account', m) && g === 0) {
      const isInvited = op.op === 'invite' && op.account === m;
      publicKey = isInvited ? op.boxPub : (conversation?.members.get(m)?.invitation?.boxPub ?? null);
    } else if (m === CUSTODIAN) publicKey = findCustodian(state)?.statement.pub ?? null;
    else if (isId('role', m)) publicKey = this.#roleKey(m, g);
    else if (isId('account', m)) publicKey = findAccount(state, m)?.boxKey?.pub ?? null;
    if (!publicKey) throw new ClientError('ledger.unknown_signer', `members.${m}`);
    return { ...recipient, publicKey };
  }

  #roleKey(role: RoleId, gen: number) {
    const { state } = this.#ports.keyLog;
    const key = findRoleKey(state, role, { gen });
    const keyring = this.#ports.logs.keyring(role);
    if (!key || !keyring || findRole(state, role)?.keyring !== keyring.conv) return null;
    return checkRoleKey(key.statement, keyring).ok ? key.statement.pub : null;
  }

  async #sign(generation: Generation) {
    const { primitives } = this.#ports;
    const signed = await signEntry(primitives, {
      key: this.#ports.identity().deviceKey,
      body: generation.entry,
    });
    return signed.bytes;
  }
}

/** Somebody else was faster, or one of the two has not seen the newest statement yet. */
function isWorthAnotherTry(error: ClientError): boolean {
  return (
    error.code === 'conflict.head' ||
    error.code === 'policy.recipients' ||
    error.code === 'policy.generation' ||
    (error.code.startsWith('ledger.') && error.at.includes('keylog'))
  );
}
