import type { AccountId, MemberId, MessageId, RoleId } from '@baton/kernel';
import { escalationRecipients } from '@baton/ledger';
import { type ContentOf, type MessageClass, sentenceOf } from '@baton/wire';
import type { TimelineEvent, TimelineItem, TimelineMessage, TimelineProblem } from '../api/conversations.ts';
import type { Member, Person, Role } from '../api/directory.ts';
import type { EntryRow, ItemRow, MessageRow, OutboxRow } from '../tables/records.ts';
import type { ThreadAsks } from '../conversations/thread-asks.ts';
import type { Addressed } from './addressed.ts';
import { type Annotations, type FoldRow, gatherAnnotations } from './annotations.ts';
import { truthfulQuote } from './quote.ts';
import { listReceipts, type MarkState, summariseReceipts } from './receipts.ts';
import { countedVia, type ViaNames } from './via.ts';

export interface FoldInput {
  /** Oldest first, without a hole. */
  readonly rows: readonly ItemRow[];
  readonly entryAt: (n: number) => EntryRow | null;
  /** Whether the item was written before this account joined without the history: it is not for this account, and no fault. */
  readonly isBeforeJoining: (seq: number) => boolean;
  readonly waiting: readonly OutboxRow[];
  readonly marks: readonly MarkState[];
  /** Whose receipts decide the state of a message of mine. */
  readonly addressed: Addressed;
  readonly me: AccountId;
  readonly names: Names;
  readonly asks: Pick<ThreadAsks, 'batonsOf' | 'owner' | 'canGive' | 'responsibleFor'>;
}

interface FoldContext extends FoldInput {
  readonly originals: ReadonlyMap<MessageId, MessageRow>;
  readonly annotations: ReadonlyMap<MessageId, Annotations>;
}

/** Names come from the verified directory, never from the server. */
export interface Names extends ViaNames {
  person(id: AccountId): Person;
  role(id: RoleId): Role | null;
  member(id: MemberId): Member | null;
}

/** Turns rows into what a person reads. Pure: the same rows give the same items. */
export function foldTimeline(input: FoldInput): TimelineItem[] {
  const authors = new Map<MessageId, AccountId>();
  const originals = new Map<MessageId, MessageRow>();
  for (const row of input.rows)
    if (row.s === 'message') {
      authors.set(row.header.id, row.header.author);
      originals.set(row.header.id, row);
    }
  for (const row of input.waiting) authors.set(row.id, input.me);
  const annotations = gatherAnnotations(foldRows(input), (id) => authors.get(id) ?? null);
  const context: FoldContext = { ...input, originals, annotations };
  const items: TimelineItem[] = [];
  for (const row of input.rows) {
    const item = foldRow(row, context);
    if (item) items.push(item);
  }
  const committed = new Set(
    authors.size === 0 ? [] : input.rows.flatMap((row) => (row.s === 'message' ? [row.header.id] : [])),
  );
  for (const row of input.waiting)
    if (row.content.t === 'message' && !committed.has(row.id)) items.push(waitingMessage(row, context));
  return items;
}

function* foldRows(input: FoldInput): Iterable<FoldRow> {
  for (const row of input.rows)
    if (row.s === 'message')
      yield { seq: row.seq, at: row.ts, author: row.header.author, content: row.content };
  for (const row of input.waiting)
    if (row.failure === null) yield { seq: null, at: row.createdAt, author: input.me, content: row.content };
}

function foldRow(row: ItemRow, input: FoldContext): TimelineItem | null {
  switch (row.s) {
    case 'message':
      if (row.content.t === 'message') return committedMessage(row, input);
      return row.content.t === 'subject' ? titledEvent(row, row.content.title, input) : null;
    case 'entry':
      return foldEntry(row.seq, input.entryAt(row.n), input);
    case 'put':
      return null;
    case 'sealed':
      if (input.isBeforeJoining(row.seq)) return null;
      return problem(row, 'policy.generation', 'Waiting for the key of this message.');
    case 'problem':
      return problem(row, row.code, sentenceOf(row.code));
  }
}

function problem(row: ItemRow, code: TimelineProblem['code'], sentence: string): TimelineProblem {
  return { type: 'problem', id: `p:${row.seq}`, seq: row.seq, at: row.ts, code, sentence };
}

function committedMessage(row: MessageRow, input: FoldContext): TimelineMessage {
  const { header, seq, ts, batch } = row;
  const notes = input.annotations.get(header.id);
  const mine = header.author === input.me;
  const receipts = listReceipts({
    seq,
    batch,
    author: header.author,
    marks: input.marks,
    acknowledged: notes?.reactions.get('got-it') ?? new Map(),
    personOf: input.names.person,
  });
  return {
    ...messageBody({ id: header.id, author: header.author, content: row.content, at: ts }, input),
    seq,
    as: header.as === null ? null : input.names.role(header.as),
    contract: header.class.contract,
    batons: header.class.contract === 'fyi' ? [] : input.asks.batonsOf(header.id),
    ask: askOf(header.class, input),
    ladderReaders: escalationRecipients(header).flatMap(({ to }) => input.names.member(to) ?? []),
    state: mine ? summariseReceipts(receipts, input.addressed) : 'sent',
    failure: null,
    receipts,
  };
}

function waitingMessage(row: OutboxRow, input: FoldContext): TimelineMessage {
  const { id, content, createdAt: at, failure } = row;
  return {
    ...messageBody({ id, author: input.me, content, at }, input),
    seq: null,
    as: row.as === null ? null : input.names.role(row.as),
    contract: row.class.contract,
    batons: [],
    ask: askOf(row.class, input),
    ladderReaders: [],
    state: row.committed ? 'sent' : failure ? 'failed' : 'waiting',
    failure: failure && { ...failure, canRetry: true },
    receipts: [],
  };
}

type Body = Omit<
  TimelineMessage,
  'seq' | 'as' | 'contract' | 'batons' | 'ask' | 'ladderReaders' | 'state' | 'failure' | 'receipts'
>;

function askOf({ to, withinMs }: MessageClass, input: FoldContext): TimelineMessage['ask'] {
  if (withinMs === null) return null;
  return { to: to.flatMap((id) => input.asks.owner(id) ?? []), withinMs };
}

function requestOf(request: ContentOf<'message'>['request'], input: FoldContext): TimelineMessage['request'] {
  const role = request && input.names.role(request.role);
  return role && { t: 'take-role', role, canAnswer: input.asks.canGive(role.id) };
}

function messageBody(
  source: { id: MessageId; author: AccountId; content: MessageRow['content']; at: number },
  input: FoldContext,
): Body {
  const { names, originals, annotations } = input;
  const notes = annotations.get(source.id);
  const content = source.content.t === 'message' ? source.content : null;
  const last = notes?.edits.at(-1);
  const withdrawn = notes?.withdrawn ?? null;
  const given = content?.quote ?? null;
  const quote = given && truthfulQuote(given, originals.get(given.id), annotations.get(given.id));
  const trail = [{ text: content?.text ?? '', at: source.at }, ...(notes?.edits ?? [])].slice(0, -1);
  return {
    type: 'message',
    id: source.id,
    author: names.person(source.author),
    mine: source.author === input.me,
    at: source.at,
    text: withdrawn ? '' : (last?.text ?? content?.text ?? ''),
    attachments: withdrawn ? [] : (content?.attachments ?? []),
    mentions: (content?.mentions ?? []).flatMap((id) => names.member(id) ?? []),
    template: withdrawn ? null : (content?.template ?? null),
    request: withdrawn ? null : requestOf(content?.request ?? null, input),
    ...marksOf(content, source, input),
    delivery: deliveryOf(notes, input),
    quote: quote && { id: quote.id, author: names.person(quote.author).name, text: quote.text },
    edits: withdrawn ? [] : trail,
    editedAt: withdrawn ? null : (last?.at ?? null),
    withdrawn: withdrawn && {
      at: withdrawn.at,
      by: names.person(withdrawn.by).name,
      reason: withdrawn.reason,
    },
    reactions: [...(notes?.reactions ?? [])]
      .filter(([, people]) => people.size > 0)
      .map(([reaction, people]) => ({
        reaction,
        people: [...people.keys()].map((id) => names.person(id).name),
        mine: people.has(input.me),
      })),
  };
}

function marksOf(
  content: ContentOf<'message'> | null,
  { author, at }: { readonly author: AccountId; readonly at: number },
  { names }: FoldInput,
): Pick<TimelineMessage, 'via' | 'topic' | 'flags' | 'result' | 'automatic' | 'prompt' | 'answers'> {
  const isAgent = names.person(author).kind === 'agent';
  return {
    via: content && countedVia({ author, at, content }, names),
    topic: content?.topic ?? null,
    flags: content?.flags ?? [],
    result: content?.result ?? null,
    automatic: isAgent && content?.automatic === true,
    prompt: isAgent ? (content?.prompt ?? null) : null,
    answers: content?.answers ?? null,
  };
}

function deliveryOf(notes: Annotations | undefined, { names }: FoldInput): TimelineMessage['delivery'] {
  const known = notes?.delivery;
  if (!known || names.person(known.by).kind !== 'agent') return null;
  const { mode, state, segments, code } = known.report;
  return { mode, state, segments, code, at: known.at };
}

function titledEvent(row: MessageRow, title: string, input: FoldInput): TimelineEvent {
  return {
    type: 'event',
    id: `e:${row.seq}`,
    seq: row.seq,
    at: row.ts,
    what: 'titled',
    by: input.names.person(row.header.author),
    members: [],
    detail: title,
  };
}

function foldEntry(seq: number, row: EntryRow | null, input: FoldInput): TimelineEvent | null {
  if (!row) return null;
  const { entry } = row;
  const by = input.names.person(entry.author);
  const told = tellEntry(row, input);
  if (!told) return null;
  const members = told.members.flatMap((id) => input.names.member(id) ?? []);
  return {
    type: 'event',
    id: `e:${seq}`,
    seq,
    at: row.ts,
    what: told.what,
    by,
    members,
    detail: told.detail,
  };
}

function tellEntry(
  { entry }: EntryRow,
  { asks }: FoldInput,
): { what: TimelineEvent['what']; members: readonly MemberId[]; detail: string | null } | null {
  const { op } = entry;
  switch (op.op) {
    case 'create':
      return { what: 'created', members: op.members.map(({ m }) => m), detail: null };
    case 'add':
      return { what: 'added', members: op.members.map(({ m }) => m), detail: null };
    case 'remove': {
      const left = op.members.length === 1 && op.members[0] === entry.author;
      return { what: left ? 'left' : 'removed', members: op.members, detail: null };
    }
    case 'rotate':
      return { what: 'rotated', members: [], detail: op.reason };
    case 'agent-grant':
      return { what: 'agent-added', members: [op.agent], detail: asks.responsibleFor(op.manifest) };
    case 'agent-revoke':
      return { what: 'agent-removed', members: [op.agent], detail: null };
    case 'close':
      return { what: 'closed', members: [], detail: op.reason };
    case 'policy':
      return { what: 'policy', members: [], detail: null };
    case 'invite':
    case 'claim':
      return { what: 'added', members: [op.account], detail: null };
    case 'role':
      return null;
  }
}
