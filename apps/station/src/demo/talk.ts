import type { Ask, Conversation } from '@baton/client';
import type { BatonId, MessageId, RoleId } from '@baton/kernel';
import { awaitLive } from './await-live.ts';
import type { PlannedConversation } from './practice-plan.ts';
import type { StaffMember } from './staff.ts';

const LIMIT_MS = 30_000;

export interface TalkInput {
  readonly conversation: PlannedConversation;
  readonly staff: ReadonlyMap<string, StaffMember>;
  readonly roles: ReadonlyMap<string, RoleId>;
}

/** Lets the demo's people say what the plan says they said, each on a device of their own. */
export async function holdConversation(input: TalkInput): Promise<void> {
  const thread = await startThread(input);
  let last: MessageId | null = null;
  for (const message of input.conversation.messages) {
    const own = await openAs(input, message.by, thread.id);
    if (last !== null) own.markOpened(await arrival(own, last));
    const answers = message.answers ? await owedIn(own) : [];
    last = await own.send({
      text: message.text,
      files: [],
      mentions: [],
      replyTo: null,
      as: null,
      answers,
      ...(message.ask && { ask: askOf(input, message.ask) }),
    });
    await arrival(own, last);
    if (message.acknowledgedBy !== undefined) await acknowledge(input, message.acknowledgedBy, last);
    if (message.reaction !== undefined) {
      const other = await openAs(input, message.reaction.by, thread.id);
      other.markOpened(await arrival(other, last));
      await other.react(last, message.reaction.reaction, true);
    }
  }
}

type PlannedAsk = NonNullable<PlannedConversation['messages'][number]['ask']>;

function askOf({ roles, staff }: TalkInput, ask: PlannedAsk): Ask {
  return {
    contract: ask.contract,
    to: ask.to.map((name) => roles.get(name) ?? accountOf(named(staff, name))),
    withinMs: ask.minutes * 60_000,
    callback: ask.callback ?? null,
    patient: ask.patient ?? null,
  };
}

/** What the speaker owes in this conversation; waits until there is something. */
async function owedIn(conversation: Conversation): Promise<readonly BatonId[]> {
  const { answers } = await awaitLive(conversation.asking, (asking) => asking.answers.length > 0, {
    what: 'something to answer',
    limitMs: LIMIT_MS,
  });
  return answers.map(({ id }) => id);
}

async function acknowledge(input: TalkInput, name: string, message: MessageId): Promise<void> {
  const { batons } = named(input.staff, name).session;
  const owed = await awaitLive(batons.owe, (all) => all.some((baton) => baton.message === message), {
    what: `what ${name} owes`,
    limitMs: LIMIT_MS,
  });
  for (const { id, message: asked } of owed) if (asked === message) await batons.acknowledge(id);
}

function startThread({ conversation, staff, roles }: TalkInput): Promise<Conversation> {
  switch (conversation.kind) {
    case 'direct': {
      const [a, b] = conversation.between;
      return named(staff, a).session.conversations.startDirect(accountOf(named(staff, b)));
    }
    case 'group': {
      const [first, ...others] = conversation.members.map((name) => named(staff, name));
      if (first === undefined) throw new Error(`The group "${conversation.title}" has no members.`);
      return first.session.conversations.startGroup({
        title: conversation.title,
        members: others.map(accountOf),
      });
    }
    case 'role': {
      const role = roles.get(conversation.role);
      if (role === undefined) throw new Error(`There is no role "${conversation.role}".`);
      return named(staff, conversation.by).session.conversations.startWithRole(role);
    }
  }
}

async function openAs(input: TalkInput, name: string, id: Conversation['id']): Promise<Conversation> {
  const { session } = named(input.staff, name);
  await awaitLive(session.conversations.list, (rows) => rows.some((row) => row.id === id), {
    what: `${name}'s thread`,
    limitMs: LIMIT_MS,
  });
  return session.conversations.open(id);
}

/** The position of a message, once the server has it and this device knows. */
async function arrival(conversation: Conversation, id: MessageId): Promise<number> {
  const find = () =>
    conversation.timeline
      .read()
      .items.find((item) => item.type === 'message' && item.id === id && item.seq !== null);
  await awaitLive(conversation.timeline, () => find() !== undefined, {
    what: 'a message to arrive',
    limitMs: LIMIT_MS,
  });
  return find()?.seq ?? 0;
}

function named(staff: ReadonlyMap<string, StaffMember>, name: string): StaffMember {
  const member = staff.get(name);
  if (member === undefined) throw new Error(`Nobody on the demo's staff is called "${name}".`);
  return member;
}

function accountOf(member: StaffMember) {
  return member.session.me.read().account;
}
