import type { AccountId, ConversationId, OwnerId, RoleId } from '@baton/kernel';
import { isId } from '@baton/kernel';
import { queueOf } from '@baton/policy';
import { AskReader } from '../batons/ask-reader.ts';
import { AskedTexts } from '../batons/asked-texts.ts';
import { BatonActs } from '../batons/baton-acts.ts';
import { BatonFeed, type KnownBaton } from '../batons/baton-feed.ts';
import { BatonKeeper } from '../batons/baton-keeper.ts';
import { EventJudge } from '../batons/event-judge.ts';
import { OverdueWatch } from '../batons/overdue-watch.ts';
import { isListed } from '../conversations/conversation-view.ts';
import { callbackOf } from '../duty/callback.ts';
import { RecordWriter } from '../duty/record-writer.ts';
import type { Records } from './assemble-records.ts';
import type { Streams } from './assemble-streams.ts';
import type { Writing } from './assemble-writing.ts';
import type { PartsPorts } from './parts-ports.ts';

export type BatonParts = ReturnType<typeof assembleBatons>;

/** What parts further up do with what arrives; bound late, because they are made later. */
export interface LateBatons {
  changed(batons: readonly KnownBaton[]): void;
  invalidated(): void;
}

/** What is owed: the feed of batons, acts on them, and what only those who can read a message can do for others. */
export function assembleBatons(
  ports: PartsPorts,
  records: Records,
  flow: Streams & Writing,
  late: LateBatons,
) {
  const { platform, rest, profile, secrets, events, connection, identityNow } = ports;
  const { primitives, rng, timers } = platform;
  const { store } = profile;
  const { account: me } = secrets;
  const { alarms, keyLog, certificates, logs, generations, book, recordLog, facts, serverClock, boxKey } =
    records;
  const { streams, writer, escalation } = flow;
  const isOnline = (): boolean => connection().isOnline;
  const isMember = (conv: ConversationId): boolean => {
    const row = book.get(conv);
    return row !== null && isListed({ row, me, names: records.directory });
  };
  const judge = createJudge(ports, records);
  const feed: BatonFeed = new BatonFeed({
    rest,
    store,
    locks: platform.locks(me),
    alarms,
    judge,
    digest: primitives.sha256,
    changed: (batons) => late.changed(batons),
  });
  const reader = new AskReader({
    me,
    primitives,
    rest,
    store,
    alarms,
    keyLog,
    certificates,
    streams,
    generations,
    boxKey,
    changed: () => late.invalidated(),
  });
  const batonActs = new BatonActs({
    primitives,
    clock: serverClock,
    identity: identityNow,
    connection,
    feed,
    facts: () => facts.now(),
    prepareSettling: (agent, asked) => facts.prepareSettling(agent, asked),
  });
  const texts = new AskedTexts({
    streams,
    alarms,
    newest: (conv) => book.get(conv)?.hi ?? null,
    loaded: () => late.invalidated(),
    failed: (error) => events.failed(error),
  });
  const keeper = new BatonKeeper({
    primitives,
    rng,
    timers,
    me,
    feed,
    acts: batonActs,
    reader,
    logs,
    writer,
    facts: () => facts.now(),
    freshenRoles: async (roles) => {
      await logs.refreshRoles(roles);
      facts.invalidate();
    },
    headerOf: async (conv, message) => {
      const row = await streams.find(conv, message);
      return row?.s === 'message' ? row.header : null;
    },
    isMember,
    holder: (member) => escalation.holder(member),
    isOnline,
    failed: (error) => events.failed(error),
  });
  const watch = createWatch({ me, feed, isOnline }, records);
  const recordWriter = new RecordWriter({
    primitives,
    clock: serverClock,
    identity: identityNow,
    records: recordLog,
    org: () => facts.org(),
  });
  return { feed, reader, batonActs, texts, keeper, watch, recordWriter, isMember };
}

function createWatch(
  ports: { readonly me: AccountId; readonly feed: BatonFeed; readonly isOnline: () => boolean },
  records: Records,
): OverdueWatch {
  const { alarms, recordLog, facts, serverClock } = records;
  return new OverdueWatch({
    ...ports,
    clock: serverClock,
    alarms,
    facts: () => facts.now(),
    describe: ({ state }) => ({
      owner: nameOf(state.owner, records),
      callback: callbackOf(recordLog.book, state.unit),
    }),
  });
}

function createJudge({ platform, secrets }: PartsPorts, records: Records): EventJudge {
  const { primitives } = platform;
  const { org } = secrets;
  const { keyLog, certificates, logs, directory, recordLog, facts, serverClock } = records;
  return new EventJudge({
    clock: serverClock,
    primitives,
    org,
    keyLog,
    certificates,
    factsAt: facts.at,
    prepareSettling: (agent, asked) => facts.prepareSettling(agent, asked),
    freshen: async (owners) => {
      await keyLog.catchUp();
      await recordLog.catchUp();
      await logs.refreshRoles(rolesBehind(owners, records));
      facts.invalidate();
      directory.invalidate();
    },
  });
}

function nameOf(owner: OwnerId, { directory, recordLog }: Records): string {
  if (isId('queue', owner)) return queueOf(recordLog.book, owner)?.name ?? 'a queue';
  return directory.member(owner)?.name ?? 'somebody';
}

/** Roles whose holders decide who may act for these owners. */
function rolesBehind(owners: readonly OwnerId[], { recordLog, facts }: Records): RoleId[] {
  const roles = owners.flatMap((owner): readonly string[] => {
    if (!isId('queue', owner)) return [owner];
    const queue = queueOf(recordLog.book, owner);
    return queue ? [...queue.roles, queue.defaultOwner] : [];
  });
  return [...new Set([...roles, facts.now().supervisor()])].filter((id): id is RoleId => isId('role', id));
}
