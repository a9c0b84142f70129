import type { CollectionIndex } from '@baton/crypto';
import { type AccountId, type Bytes, type ConversationId, equalBytes, type OrgId } from '@baton/kernel';
import { type Digest, listAccounts } from '@baton/ledger';
import { judgeValue, mayDeleteValue, type OrgValue, type ValueAuthor, type ValuePut } from '@baton/policy';
import {
  appointmentsCodec,
  appointmentsKey,
  type Codec,
  deskCodec,
  deskKey,
  patientRecordCodec,
  programmesCodec,
  programmesKey,
  textingCodec,
  textingKey,
} from '@baton/wire';
import { BadItem } from '../conversations/item-judge.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import { agentStateOf } from './agent-state.ts';
import { namedCollectionOf } from './named-collection.ts';
import { lastStanding, type PutRow, type StandingValue, withoutEffect } from './put-row.ts';

/** A value, and the key that it says it lies under; null for bytes that this release does not understand. */
type ValueReader = (bytes: Bytes) => { readonly value: OrgValue; readonly key: string } | null;

const READERS = {
  texting: reader(textingCodec, textingKey),
  desk: reader(deskCodec, deskKey),
  appointments: reader(appointmentsCodec, appointmentsKey),
  programmes: reader(programmesCodec, programmesKey),
  patients: reader(patientRecordCodec, ({ ref }) => ref),
} as const;

export interface ValueJudgePorts {
  readonly org: OrgId;
  readonly digest: Digest;
  readonly keyLog: Pick<KeyLogReplica, 'state' | 'size' | 'catchUp'>;
  /** null while the collection's first key is not here. */
  readonly index: (conv: ConversationId) => Promise<CollectionIndex | null>;
  /** Who an account is now. */
  readonly authorOf: (of: { readonly author: AccountId; readonly dk: Bytes }) => Promise<ValueAuthor>;
  /** A put that changes nothing: it must not be silent. */
  readonly refused: (conv: ConversationId, fault: BadItem, by: AccountId) => void;
}

interface Weighed {
  readonly key: Bytes;
  /** null: deleted. */
  readonly bytes: Bytes | null;
  readonly author: ValueAuthor;
  readonly was: StandingValue | null | 'unknown';
}

/**
 * What a verified put of the organisation's collections changes. Every reader judges alike, staff and agents: a value counts under the key that follows
 * from it, written by who may write it, and says of nobody else that they did something (docs/protocol/patients.md §3). An agent's state is written by the
 * agent. A put that does not count leaves what was there.
 */
export class ValueJudge {
  readonly #ports: ValueJudgePorts;
  readonly #readers: ReadonlyMap<ConversationId, ValueReader>;
  readonly #states = new Map<AccountId, ConversationId>();

  constructor(ports: ValueJudgePorts) {
    this.#ports = ports;
    const names = Object.keys(READERS) as (keyof typeof READERS)[];
    this.#readers = new Map(
      names.map((name) => [namedCollectionOf(ports.digest, ports.org, name), READERS[name]]),
    );
  }

  /** `before`: the row that this put follows; null: none, or none that is here. `sealed`: the put, to be tried again. */
  async settle(
    conv: ConversationId,
    row: PutRow,
    { before, sealed }: { readonly before: PutRow | null; readonly sealed: Bytes },
  ): Promise<PutRow> {
    const was = wasBefore(row, before);
    const kept = was === 'unknown' ? null : was;
    const author = row.author as ValueAuthor;
    const read = this.#readers.get(conv);
    if (!read) return this.#settleState(conv, row, { author, kept });
    if (row.raw !== null) return { ...row, was: kept };
    const index = await this.#ports.index(conv);
    // It can be opened and not be placed: the first key comes later.
    if (index === null) return { ...row, value: null, raw: sealed, was: kept };
    const bytes = row.value === null || row.value.length === 0 ? null : row.value;
    const verdict = await this.#weigh({ key: row.key, bytes, author, was }, read, index);
    if (!(verdict instanceof BadItem)) return { ...row, firm: verdict.firm };
    this.#ports.refused(conv, verdict, author.account);
    return withoutEffect(row, kept);
  }

  /** Before it is written: throws what every reader would say of it. */
  async require(
    conv: ConversationId,
    put: { readonly key: Bytes; readonly content: Bytes; readonly before: PutRow | null },
    me: { readonly author: AccountId; readonly dk: Bytes },
  ): Promise<void> {
    const read = this.#readers.get(conv);
    const index = await this.#ports.index(conv);
    if (!read || index === null) return;
    const was = put.before === null ? null : wasBefore(null, put.before);
    const bytes = put.content.length === 0 ? null : put.content;
    const author = await this.#ports.authorOf(me);
    const verdict = await this.#weigh({ key: put.key, bytes, author, was }, read, index);
    if (verdict instanceof BadItem) throw verdict;
  }

  async #weigh(
    weighed: Weighed,
    read: ValueReader,
    index: CollectionIndex,
  ): Promise<{ readonly firm: boolean } | BadItem> {
    const { author } = weighed;
    const verdict = weigh(weighed, read, index);
    if (!(verdict instanceof BadItem) || verdict.code !== 'policy.forbidden') return verdict;
    // The author's jobs or manifest may be newer than this copy of the key log.
    const { keyLog, authorOf } = this.#ports;
    await keyLog.catchUp();
    const now = await authorOf({ author: author.account, dk: author.dk });
    const again = weigh({ ...weighed, author: now }, read, index);
    return again instanceof BadItem ? verdict : again;
  }

  #settleState(
    conv: ConversationId,
    row: PutRow,
    { author, kept }: { readonly author: ValueAuthor; readonly kept: StandingValue | null },
  ): PutRow {
    const isOwn = author.kind === 'agent' && this.#stateOf(author.account) === conv;
    if (isOwn || !this.#isState(conv)) return { ...row, firm: true, was: row.raw === null ? null : kept };
    this.#ports.refused(conv, new BadItem('policy.forbidden', 'state', true), author.account);
    return withoutEffect(row, kept);
  }

  #isState(conv: ConversationId): boolean {
    return listAccounts(this.#ports.keyLog.state).some(
      ({ account, kind }) => kind === 'agent' && this.#stateOf(account) === conv,
    );
  }

  #stateOf(account: AccountId): ConversationId {
    const state = this.#states.get(account) ?? agentStateOf(this.#ports.digest, account);
    this.#states.set(account, state);
    return state;
  }
}

/** What stood before the put of this row; `unknown` where that is not here. */
function wasBefore(row: PutRow | null, before: PutRow | null): Weighed['was'] {
  if (row?.version === 1) return null;
  if (before === null || (before.raw !== null && before.was === null)) return 'unknown';
  return lastStanding(before);
}

function weigh(
  { key, bytes, author, was }: Weighed,
  read: ValueReader,
  index: CollectionIndex,
): { readonly firm: boolean } | BadItem {
  const found = bytes && read(bytes);
  if (found && !equalBytes(index.opaqueKey(found.key), key))
    return new BadItem('ledger.wrong_purpose', 'value.key', true);
  const before = beforeOf(was, read);
  // Bytes that nobody here understands end what stood there, as deleting does; a newer release may write them.
  if (bytes !== null && found === null) {
    const mayEnd = before === null || before === 'unknown' || mayDeleteValue(before.value.t, author);
    return mayEnd ? { firm: true } : new BadItem('policy.forbidden', 'value', true);
  }
  const verdict = judgeValue({ value: found && found.value, author, before });
  return 'refused' in verdict ? new BadItem('policy.forbidden', verdict.refused, true) : verdict;
}

function beforeOf(was: Weighed['was'], read: ValueReader): ValuePut['before'] {
  if (was === null || was === 'unknown') return was;
  const found = read(was.value);
  return found && { value: found.value, firm: was.firm };
}

function reader<T extends OrgValue>(codec: Codec<T>, keyOf: (value: T) => string): ValueReader {
  return (bytes) => {
    const decoded = codec.decode(bytes);
    return decoded.ok ? { value: decoded.value, key: keyOf(decoded.value) } : null;
  };
}
