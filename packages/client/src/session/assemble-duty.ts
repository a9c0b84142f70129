import { type AccountId, isId } from '@baton/kernel';
import { explain, policyOf } from '@baton/policy';
import { AgentDesk } from '../agents/agent-desk.ts';
import { BatonDesk } from '../batons/baton-desk.ts';
import { describeAsking, NOTHING_TO_ASK } from '../conversations/asking.ts';
import { actorOf, summarise } from '../conversations/conversation-view.ts';
import type { ThreadAsks } from '../conversations/thread-asks.ts';
import { DutyDesk } from '../duty/duty-desk.ts';
import type { ConversationRow } from '../tables/records.ts';
import type { BatonParts } from './assemble-batons.ts';
import type { Desks } from './assemble-desks.ts';
import type { Records } from './assemble-records.ts';
import type { Streams } from './assemble-streams.ts';
import type { Writing } from './assemble-writing.ts';
import type { PartsPorts } from './parts-ports.ts';

export type Duties = ReturnType<typeof assembleDuty>;

/** What screens see of batons, duty and agents. */
export function assembleDuty(
  ports: PartsPorts,
  records: Records,
  flow: Streams & Writing & BatonParts,
  desks: Desks,
) {
  const { platform, secrets, events, connection } = ports;
  const { primitives, rng, soon } = platform;
  const { account: me } = secrets;
  const { directory, recordLog, facts, serverClock, boxKey, book } = records;
  const may = (action: string): boolean => explain(actorOf(directory.person(me)), action).allowed;
  const { conversations, people } = desks;
  const duty = new DutyDesk({
    me,
    rng,
    clock: serverClock,
    soon,
    directory,
    records: recordLog,
    writer: flow.recordWriter,
    facts,
    roleKeeper: flow.roles,
    people,
    may,
    askFor: async ({ role, to, withinMs }) => {
      const { id } = await conversations.startWithRole(to);
      const thread = await conversations.open(id);
      const message = {
        text: `May I take over ${role.name}?`,
        files: [],
        mentions: [],
        replyTo: null,
        as: null,
        ask: { contract: 'reply' as const, to: [to], withinMs, callback: null, patient: null },
      };
      await thread.write(message, { t: 'take-role', role: role.id });
    },
  });
  const batons = new BatonDesk({
    me,
    soon,
    clock: serverClock,
    primitives,
    feed: flow.feed,
    acts: flow.batonActs,
    queue: flow.acts,
    reader: flow.reader,
    texts: flow.texts,
    keeper: flow.keeper,
    facts: () => facts.now(),
    person: directory.person,
    owner: (id) => duty.owner(id),
    callback: (unit) => duty.callback(unit),
    isMember: flow.isMember,
    holder: (member) => flow.escalation.holder(member),
    boxKey,
    startDirect: (person) => conversations.startDirect(person),
    connection,
    conversationChanged: (conv) => events.conversationChanged(conv),
    failed: (error) => events.failed(error),
  });
  const agents = createAgents(ports, records, flow, desks);
  const asks: ThreadAsks = {
    batonsOf: (message) => batons.ofMessage(message),
    owner: (id) => duty.owner(id),
    canGive: (role) => {
      const [now, nowMs] = [facts.now(), serverClock.nowMs()];
      return may('duty.schedule') || now.actsFor(me, role, nowMs) || now.inChargeOf(me, role, nowMs);
    },
    responsibleFor: (hash) => {
      const manifest = records.manifests.peek(hash);
      return manifest && directory.person(manifest.responsible).name;
    },
    defaultsIn: (conv) => {
      const row = book.get(conv);
      if (!row) return NOTHING_TO_ASK;
      const other = row.kind === 'direct' ? row.members.find((id) => id !== me) : undefined;
      return describeAsking({
        row,
        members: row.members.flatMap((id) => directory.member(id) ?? []),
        me,
        policy: policyOf(recordLog.book),
        answers: answersIn(row, batons, other !== undefined && isId('account', other) ? other : null),
        nowMs: serverClock.nowMs(),
      });
    },
  };
  return { duty, batons, agents, asks };
}

/** What the next message here answers. In a patient's conversation: everything that the patient waits for. */
function answersIn(row: ConversationRow, batons: BatonDesk, directWith: AccountId | null) {
  const mine = batons.answerableIn(row.conv, directWith);
  if (row.kind !== 'patient') return mine;
  const theirs = batons.answerableToPatient(row.conv);
  return [...theirs, ...mine.filter(({ id }) => theirs.every((baton) => baton.id !== id))];
}

function createAgents(
  ports: PartsPorts,
  records: Records,
  flow: Streams & Writing,
  { people, sealed }: Desks,
): AgentDesk {
  const { platform, secrets, events } = ports;
  const { rng, soon } = platform;
  const { account: me } = secrets;
  const { directory, book } = records;
  return new AgentDesk({
    org: secrets.org,
    rng,
    soon,
    rest: ports.rest,
    keyLog: records.keyLog,
    logs: records.logs,
    book,
    directory,
    manifests: records.manifests,
    people,
    roles: flow.roles,
    writer: flow.writer,
    establishState: (agent) => sealed.establishState(agent),
    settled: (conv) => flow.outbox.settled(conv),
    titleOf: (conv) => {
      const row = book.get(conv);
      return row ? summarise({ row, me, names: directory, draft: null }).title : '';
    },
    failed: (error) => events.failed(error),
  });
}
