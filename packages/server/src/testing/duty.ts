import {
  batonOfMessage,
  type BatonId,
  type Bytes,
  decodeBase64Url,
  encodeBase64Url,
  type MemberId,
  type MessageId,
  newId,
  type OwnerId,
  type RoleId,
} from '@baton/kernel';
import { hashEscalationBox, hashEscalationContext, hashObject, LABELS, openBatonEvent } from '@baton/ledger';
import { applyBatonEvent, type BatonState, defaultLadders } from '@baton/policy';
import {
  type BatonBody,
  type BatonEvent,
  type BatonOp,
  batonEventCodec,
  escalationBoxCodec,
  escalationPartsCodec,
  type EntryOp,
  type Ladder,
  type OrgRecord,
  orgRecordCodec,
  type RecordBody,
  recordSubject,
  type EscalationParts,
} from '@baton/wire';
import { nodePorts } from '../adapters/node-ports.ts';
import { entryText, sealTo, TestConversation } from './conversation.ts';
import type { TestAccount } from './organisation.ts';
import { type Answer, expectOk, type TestPractice } from './practice.ts';
import { random, signBody } from './signing.ts';

const { digest, rng } = nodePorts;
const MINUTE_MS = 60_000;

/** A message that asks for something, and its batons. */
export interface TestAsk {
  readonly message: MessageId;
  readonly b: Bytes;
  readonly escalation: EscalationParts;
  readonly batons: readonly BatonId[];
}

/** A role of the practice with its keyring. */
export interface TestRole {
  readonly role: RoleId;
  readonly keyring: TestConversation;
}

/** The duty side of a practice: records, asks and baton events, signed as clients sign them. */
export class TestDuty {
  readonly #practice: TestPractice;
  readonly #versions = new Map<string, { version: number; hash: Bytes }>();
  supervisor: TestRole | null = null;

  constructor(practice: TestPractice) {
    this.#practice = practice;
  }

  /** A practice where everything can be asked: a supervisor role that the admin holds, and ladders with short steps. */
  static async create(practice: TestPractice, ladder: Partial<Ladder> = {}): Promise<TestDuty> {
    const duty = new TestDuty(practice);
    duty.supervisor = await duty.makeRole([practice.admin]);
    await duty.name(duty.supervisor.role, ladder);
    return duty;
  }

  /** The same on another server of the same database. */
  on(practice: TestPractice): TestDuty {
    const moved = new TestDuty(practice);
    for (const [subject, version] of this.#versions) moved.#versions.set(subject, version);
    moved.supervisor = this.supervisor;
    return moved;
  }

  async makeRole(
    holders: readonly TestAccount[],
    named: { name?: string; unit?: string } = {},
  ): Promise<TestRole> {
    const practice = this.#practice;
    const role = newId('role', rng);
    const keyring = new TestConversation(practice.org);
    await practice.append([practice.org.role(role, keyring.conv, named)]);
    await practice.follow(keyring);
    const op: EntryOp = {
      op: 'create',
      kind: 'keyring',
      members: holders.map(({ account }) => ({ m: account, hist: true })),
      role,
      parent: null,
    };
    const author = holders.find(({ account }) => account === practice.admin.account) ?? practice.admin;
    const made = keyring.entry(author, op, { recipients: sealTo(holders), newGeneration: true });
    await expectOk(practice.post('/v1/conversations', { conv: keyring.conv, ...entryText(made) }, author));
    keyring.accepted(made, true);
    const holder = holders[0] ?? practice.admin;
    await practice.append(
      [practice.org.roleKey(holder, { role, keyring: keyring.conv, gen: 1, entry: made.hash })],
      holder,
    );
    return { role, keyring };
  }

  /** Names the supervisor and the ladders. */
  async name(
    supervisor: RoleId,
    ladder: Partial<Ladder> = {},
    times = { pushMs: MINUTE_MS, textMs: 2 * MINUTE_MS },
  ): Promise<void> {
    const ladders = Object.values(defaultLadders()).map(
      (body): Ladder => ({ ...body, ...ladder, ladder: body.ladder }),
    );
    const { reply, talk, stat } = defaultLadders();
    await this.post([
      ...ladders,
      {
        kind: 'policy',
        supervisor,
        ladders: { reply: reply.ladder, talk: talk.ladder, stat: stat.ladder },
        replyWithinMs: [60 * MINUTE_MS],
        talkWithinMs: 30 * MINUTE_MS,
        statWithinMs: 5 * MINUTE_MS,
        opening: 'reply',
        notices: { stat: times, talk: times, reply: times },
        callback: '555 0100',
      },
    ]);
  }

  record(
    body: RecordBody,
    author: TestAccount = this.#practice.admin,
  ): { b: Bytes; hash: Bytes; subject: string } {
    const subject = recordSubject(body);
    const before = this.#versions.get(subject);
    const record: OrgRecord = {
      v: 1,
      t: 'record',
      org: this.#practice.org.org,
      version: (before?.version ?? 0) + 1,
      prev: before?.hash ?? null,
      author: author.account,
      dk: author.device.dk,
      ts: this.#practice.org.now,
      body,
    };
    const b = orgRecordCodec.encode(record);
    return {
      b: signBody(author.device.key, LABELS.record, b),
      hash: hashObject(digest, LABELS.record, b),
      subject,
    };
  }

  accepted({ subject, hash }: { hash: Bytes; subject: string }): void {
    this.#versions.set(subject, { version: (this.#versions.get(subject)?.version ?? 0) + 1, hash });
  }

  async post(bodies: readonly RecordBody[], author: TestAccount = this.#practice.admin): Promise<void> {
    const records = bodies.map((body) => this.record(body, author));
    const texts = records.map(({ b }) => encodeBase64Url(b));
    await expectOk(this.#practice.post('/v1/records', { records: texts }, author));
    for (const record of records) this.accepted(record);
  }

  /** A message that asks `to`, boxed to them and to the supervisor. */
  ask(
    conversation: TestConversation,
    author: TestAccount,
    options: {
      to: readonly OwnerId[];
      contract?: 'reply' | 'talk' | 'stat';
      withinMs?: number;
      boxTo?: readonly MemberId[];
    },
  ): TestAsk {
    const message = newId('message', rng);
    const members = new Set<MemberId>([
      ...(options.boxTo ?? options.to.filter((owner) => owner[0] !== 'w').map((owner) => owner as MemberId)),
      ...(this.supervisor === null ? [] : [this.supervisor.role]),
    ]);
    const boxes = [...members].map((to) =>
      escalationBoxCodec.encode({
        v: 1,
        t: 'escalation-box',
        conv: conversation.conv,
        message,
        to,
        g: 1,
        enc: random(1120),
        ct: random(48),
      }),
    );
    const context = random(64);
    const b = conversation.envelope(author, {
      id: message,
      asks: {
        class: {
          kind: 'message',
          contract: options.contract ?? 'stat',
          to: [...options.to],
          withinMs: options.withinMs ?? 5 * MINUTE_MS,
          replyTo: null,
        },
        escalation: {
          boxes: [...members].map((to, index) => ({
            to,
            g: 1,
            b: hashEscalationBox(digest, boxes[index] ?? new Uint8Array()),
          })),
          context: hashEscalationContext(digest, context),
        },
      },
    });
    const batons = options.to.map((_, index) => batonOfMessage(message, index));
    return { message, b, escalation: { boxes, context }, batons };
  }

  send(conversation: TestConversation, author: TestAccount, ask: TestAsk): Promise<Answer> {
    const body = {
      k: 'envelope',
      b: encodeBase64Url(ask.b),
      escalation: encodeBase64Url(escalationPartsCodec.encode(ask.escalation)),
    };
    return this.#practice.post(`/v1/conversations/${conversation.conv}/items`, body, author);
  }

  /** The batons that somebody sees, by their events. */
  async batons(who: TestAccount, after = 0): Promise<Map<BatonId, { body: BatonBody; state: BatonState }>> {
    const page = await expectOk<{ batons: BatonBody[] }>(
      this.#practice.get(`/v1/batons?after=${after}`, who),
    );
    return new Map(page.batons.map((body) => [body.baton, { body, state: replay(body) }]));
  }

  /** The baton once it fits, asked for again and again. */
  async until(
    who: TestAccount,
    baton: BatonId,
    fits: (state: BatonState) => boolean = () => true,
    waitMs = 8000,
  ): Promise<BatonState> {
    const endMs = nodePorts.clock.nowMs() + waitMs;
    for (;;) {
      const found = (await this.batons(who)).get(baton)?.state;
      if (found !== undefined && fits(found)) return found;
      if (nodePorts.clock.nowMs() > endMs)
        throw new Error(`the baton did not come so far: ${JSON.stringify(found?.status)}`);
      await new Promise((resolve) => nodePorts.timers.after(25, () => resolve(null)));
    }
  }

  event(author: TestAccount, state: BatonState, op: BatonOp, as: RoleId | null = null): Bytes {
    const event: BatonEvent = {
      v: 1,
      t: 'baton',
      org: state.org,
      baton: state.baton,
      n: state.n + 1,
      prev: state.head,
      by: author.account,
      as,
      dk: author.device.dk,
      ts: this.#practice.org.now,
      op,
    };
    return signBody(author.device.key, LABELS.batonEvent, batonEventCodec.encode(event));
  }

  act(author: TestAccount, state: BatonState, op: BatonOp): Promise<Answer> {
    const event = encodeBase64Url(this.event(author, state, op));
    return this.#practice.post(`/v1/batons/${state.baton}/events`, { event }, author);
  }
}

/** A baton's state from its chain, as a client computes it. */
export function replay(body: BatonBody): BatonState {
  let state: BatonState | null = null;
  for (const { event: text, at } of body.events) {
    const opened = openBatonEvent(digest, decodeBase64Url(text) ?? new Uint8Array());
    if (!opened.ok) throw new Error(opened.error.code);
    const next: ReturnType<typeof applyBatonEvent> = applyBatonEvent(state, {
      event: opened.value.body,
      hash: opened.value.hash,
      at,
    });
    if (!next.ok) throw new Error(`${next.error.code} ${next.error.at}`);
    state = next.value;
  }
  if (state === null) throw new Error('a baton without events');
  return state;
}
