import { type Primitives, signBatonEvent } from '@baton/crypto';
import { type BatonId, isId, type RoleId } from '@baton/kernel';
import { type BatonFacts, type BatonState, isSettling, judgeBatonEvent } from '@baton/policy';
import type { BatonAnswer, BatonOp } from '@baton/wire';
import type { OrgFacts } from '../duty/org-facts.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { Identity } from '../identity/identity.ts';
import type { Connection } from '../sync/connection.ts';
import type { ServerClock } from '../sync/server-clock.ts';
import type { BatonFeed } from './baton-feed.ts';
import type { Act } from './act-queue.ts';

const MAX_TRIES = 12;

export interface BatonActsPorts {
  readonly primitives: Primitives;
  readonly clock: ServerClock;
  readonly identity: () => Identity;
  readonly connection: () => Connection;
  readonly feed: BatonFeed;
  readonly facts: () => BatonFacts;
  /** Puts into memory what says whether an agent may end an answer by itself. */
  readonly prepareSettling: OrgFacts['prepareSettling'];
}

/** What to do, given the newest state; null when there is nothing to do (any more). */
export type BatonOpOn = (state: BatonState) => BatonOp | null;

/** Signs events of batons and hands them to the server; tries again on the newest state where somebody was faster. */
export class BatonActs {
  readonly #ports: BatonActsPorts;

  constructor(ports: BatonActsPorts) {
    this.#ports = ports;
  }

  async write(baton: BatonId, opOn: BatonOpOn): Promise<void> {
    const { feed } = this.#ports;
    if (!feed.get(baton)) await feed.catchUp();
    for (let attempt = 1; ; attempt++) {
      const state = feed.get(baton)?.state;
      if (!state) throw new ClientError('request.not_found', 'baton');
      const op = opOn(state);
      if (op === null) return;
      try {
        await this.#append(state, op);
        await feed.catchUp();
        return;
      } catch (error) {
        if (!isClientError(error) || error.retryMs > 0) throw error;
        // What is here may be old: a refusal counts when it is about the newest state.
        const { n } = state;
        await feed.catchUp();
        if (feed.get(baton)?.state.n === n || attempt >= MAX_TRIES) throw error;
      }
    }
  }

  /** A durable act; done as well where the baton is past it. */
  readonly perform = async (act: Act): Promise<void> => {
    switch (act.t) {
      case 'answer':
        return this.write(act.baton, (state) =>
          state.ended ? null : { op: 'answer', conv: act.conv, message: act.message },
        );
      case 'acknowledge':
        return this.write(act.baton, (state) =>
          state.status === 'open' ? { op: 'acknowledge', readBack: act.readBack } : null,
        );
      case 'reopen':
        return this.#each(act.target, (state) =>
          state.status === 'acknowledged' && state.opener === this.#me
            ? { op: 'reopen', message: act.edit }
            : null,
        );
      case 'got-it':
        return this.#each(act.target, (state) => {
          const op: BatonOp = { op: 'acknowledge', readBack: false };
          return state.status === 'open' && state.opener !== this.#me && this.#may(state, op) ? op : null;
        });
    }
  };

  get #me() {
    return this.#ports.identity().account;
  }

  async #each(message: Extract<Act, { t: 'reopen' }>['target'], opOn: BatonOpOn): Promise<void> {
    await this.#ports.feed.catchUp();
    for (const { state } of this.#ports.feed.ofMessage(message)) await this.write(state.baton, opOn);
  }

  #may(state: BatonState, op: BatonOp): boolean {
    const { clock, facts } = this.#ports;
    return judgeBatonEvent(state, { by: this.#me, op, at: clock.nowMs() }, facts()).ok;
  }

  /** For a role's baton whoever stands for the role acts for it. */
  #roleOf({ owner }: BatonState): RoleId | null {
    const { clock, facts } = this.#ports;
    return isId('role', owner) && facts().actsFor(this.#me, owner, clock.nowMs()) ? owner : null;
  }

  async #append(state: BatonState, op: BatonOp): Promise<BatonAnswer> {
    const { primitives, clock, facts, connection, prepareSettling } = this.#ports;
    const { org, account, dk, deviceKey } = this.#ports.identity();
    if (isSettling(op)) await prepareSettling(account, { conv: state.conv, atMs: clock.nowMs() });
    const judged = judgeBatonEvent(state, { by: account, op, at: clock.nowMs() }, facts());
    if (!judged.ok) throw new ClientError(judged.error.code, judged.error.at);
    const signed = await signBatonEvent(primitives, {
      key: deviceKey,
      body: {
        v: 1,
        t: 'baton',
        org,
        baton: state.baton,
        n: state.n + 1,
        prev: state.head,
        by: account,
        as: this.#roleOf(state),
        dk,
        ts: clock.nowMs(),
        op,
      },
    });
    const answer = await connection().ask({ t: 'baton', baton: state.baton, b: signed.bytes });
    if (!('pos' in answer)) throw new ClientError('wire.schema', 'baton');
    return answer as BatonAnswer;
  }
}
