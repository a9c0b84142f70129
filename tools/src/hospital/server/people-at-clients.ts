import type { Baton, Conversation } from '@baton/client';
import type { AccountId, BatonId, ConversationId, OwnerId } from '@baton/kernel';
import { type Device, until } from '@baton/testkit';
import { closingReason, decide } from '../people.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { Unit } from '../staff.ts';
import type { SentMessage } from '../traffic.ts';
import type { LiveWards } from './wards.ts';

/** For a client to have taken in what the server has written. */
const CLIENT_MS = 8000;

export interface Asked {
  readonly message: string;
  readonly batons: number;
}

/** What the synthetic people do, each with a real client. */
export class PeopleAtClients {
  /** What a client refused or could not do, by code. */
  readonly refusals = new Map<string, number>();
  readonly #wards: LiveWards;
  readonly #random: SeededRandom;
  readonly #threads = new Map<string, Promise<Conversation>>();

  constructor(wards: LiveWards, random: SeededRandom) {
    this.#wards = wards;
    this.#random = random;
  }

  /** Writes it; null where the client would not. */
  async send(message: SentMessage, words: string): Promise<Asked | null> {
    const device = this.#device(message.from);
    return this.#try(async () => {
      const thread = await this.#threadOf(message);
      const ask = message.contract === 'fyi' ? null : await this.#askFor(device, message);
      const id = await thread.send({
        text: words,
        files: [],
        mentions: [],
        replyTo: null,
        as: null,
        ...(ask && { ask }),
      });
      return { message: id, batons: message.contract === 'fyi' ? 0 : message.to.length };
    });
  }

  async #askFor(device: Device, { contract, to }: SentMessage) {
    const policy = await until(device.session.duty.policy, (found) => found !== null);
    if (contract === 'fyi' || policy === null) throw new Error('nothing is asked');
    const { replyWithinMs, talkWithinMs, statWithinMs } = policy;
    const within = { reply: this.#random.pick(replyWithinMs), talk: talkWithinMs, stat: statWithinMs };
    return { contract, to, withinMs: within[contract], callback: null, patient: null };
  }

  /** Looks at it and does what such a person does; true where it was acknowledged and they come back to it. */
  async look(id: BatonId, by: AccountId, lines: number): Promise<boolean> {
    const { session } = this.#device(by);
    await until(session.batons.changes, () => (session.batons.get(id)?.lines.length ?? 0) >= lines, {
      withinMs: CLIENT_MS,
      show: () => `baton ${id}: ${session.batons.get(id)?.lines.length ?? 'none'} of ${lines} lines`,
    });
    const baton = session.batons.get(id);
    if (baton === null || baton.ended !== null) return false;
    const seen = {
      isOfferedToMe: baton.offer?.toMe === true,
      isAcknowledged: baton.status === 'acknowledged',
      isMine: baton.owner.id === by,
      contract: baton.contract,
    };
    switch (decide(seen, this.#random)) {
      case null:
        return false;
      case 'offer': {
        const to = this.#colleagueOf(by);
        if (baton.can.handOver) await this.#try(() => session.batons.handOver(id, to, 'Bed 3, as discussed'));
        return false;
      }
      case 'acknowledge':
        if (!baton.can.acknowledge) return false;
        return this.#did(() => session.batons.acknowledge(id, { readBack: baton.contract === 'stat' }));
      case 'accept':
        return this.#did(() => session.batons.accept(id));
      case 'decline':
        await this.#try(() => session.batons.decline(id));
        return false;
      case 'finish':
        await this.finish(id, by);
        return false;
    }
  }

  async finish(id: BatonId, by: AccountId): Promise<void> {
    const { session } = this.#device(by);
    const baton = session.batons.get(id);
    if (baton === null || baton.ended !== null) return;
    const reason = closingReason(this.#random);
    if (reason !== null && baton.can.close) await this.#try(() => session.batons.close(id, reason));
    else if (baton.can.answer) await this.#try(() => this.#answer(baton, by));
  }

  /** In the conversation itself, or where they cannot write there in one of their own. */
  async #answer(baton: Baton, by: AccountId): Promise<void> {
    const { session } = this.#device(by);
    const { conversation, replyTo } = await session.batons.openAnswerThread(baton.id);
    const thread = await session.conversations.open(conversation);
    const answer = { text: 'Done, see the chart', files: [], mentions: [], replyTo, as: null };
    await thread.send({ ...answer, answers: [baton.id] });
  }

  /** Runs it; what was refused is counted. */
  async #try<T>(act: () => Promise<T>): Promise<T | null> {
    try {
      return await act();
    } catch (error) {
      const code = (error as { code?: string }).code;
      if (code === undefined) throw error;
      this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
      return null;
    }
  }

  async #did(act: () => Promise<void>): Promise<boolean> {
    return (await this.#try(() => act().then(() => true))) ?? false;
  }

  /** Between two directly, among more in a group, to a role or queue with that role. */
  #threadOf(message: SentMessage): Promise<Conversation> {
    const { session } = this.#device(message.from);
    const unit = this.#wards.unitOf.get(message.from) as Unit;
    const [owner] = message.to;
    const role = owner === unit.onCall ? unit.onCall : owner === unit.queue ? unit.charge : null;
    if (role !== null)
      return this.#once(`${message.from} ${role}`, () => session.conversations.startWithRole(role));
    const others = message.people.filter((id) => id !== message.from);
    const [other] = others;
    if (others.length === 1 && other !== undefined)
      return this.#once(`${message.from} ${other}`, () => session.conversations.startDirect(other));
    return this.#once(`${message.from} thread ${message.thread}`, async () => {
      const id = await this.#groupOf(message);
      await until(session.conversations.list, (rows) => rows.some((row) => row.id === id), {
        withinMs: CLIENT_MS,
        show: () => `${message.from} does not see the group ${id}`,
      });
      return session.conversations.open(id);
    });
  }

  readonly #groups = new Map<number, Promise<ConversationId>>();

  #groupOf({ thread, people, from }: SentMessage): Promise<ConversationId> {
    const known = this.#groups.get(thread);
    if (known !== undefined) return known;
    const members = people.filter((id) => id !== from);
    const started = this.#device(from)
      .session.conversations.startGroup({ title: `Patient ${thread}`, members })
      .then(({ id }) => id);
    this.#groups.set(thread, started);
    return started;
  }

  #once(key: string, start: () => Promise<Conversation>): Promise<Conversation> {
    const known = this.#threads.get(key);
    if (known !== undefined) return known;
    const started = start();
    this.#threads.set(key, started);
    started.catch(() => this.#threads.delete(key));
    return started;
  }

  #colleagueOf(by: AccountId): OwnerId {
    const unit = this.#wards.unitOf.get(by) ?? this.#random.pick(this.#wards.units);
    return this.#random.pick(
      Object.values(unit.people)
        .flat()
        .filter((id) => id !== by),
    );
  }

  #device(account: AccountId): Device {
    const device = this.#wards.devices.get(account);
    if (device === undefined) throw new Error('nobody of that name');
    return device;
  }
}
