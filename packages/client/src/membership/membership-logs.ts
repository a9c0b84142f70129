import {
  checkCertificate,
  checkClaimProof,
  checkEntrySignature,
  findRole,
  keyLogSize,
  openEntry,
  type Verify,
} from '@baton/ledger';
import {
  type Bytes,
  type ConversationId,
  decodeBase64Url,
  equalBytes,
  isId,
  type RoleId,
  type TimestampMs,
} from '@baton/kernel';
import { applyEntry, authorOf, type ConversationState } from '@baton/policy';
import { type Entry, entriesBody, type ErrorCode } from '@baton/wire';
import { ClientError, isClientError } from '../failure.ts';
import type { MembershipViews } from '../agents/membership-views.ts';
import type { Certificates } from '../key-log/certificates.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import { positionKey, prefixRange, type Store } from '../ports/store.ts';
import type { Rest } from '../rest/rest.ts';
import { type EntryRow, entryRowCodec } from '../tables/records.ts';
import { Table } from '../tables/table.ts';
import { Lanes } from '../sync/lanes.ts';
import { heldRoles, type MembershipLog, rolesOf } from './membership-log.ts';

export interface LogsPorts {
  readonly rest: Rest;
  readonly store: Store;
  readonly keyLog: KeyLogReplica;
  readonly certificates: Certificates;
  readonly verify: Verify;
  readonly views: MembershipViews;
}

/** Where the server says that an entry stands. */
export interface Place {
  readonly seq: number;
  readonly batch: number;
  readonly ts: TimestampMs;
}

/** How far the server's clock may have been from the one that a certificate's end was checked by. */
const CLOCK_SLACK_MS = 10 * 60_000;

/** What became of an entry that the server showed. */
export type Taken =
  | { readonly ok: true; readonly log: MembershipLog; readonly row: EntryRow }
  /** It does not hold: nothing of it was kept. */
  | { readonly ok: false; readonly code: ErrorCode; readonly at: string };

/**
 * The membership logs of conversations and keyrings. An entry counts only when this device has verified it itself: signature, certificate,
 * chain, and the same rules that the server runs (threat T1). Transient failures (no connection) are thrown as `limit.busy`.
 */
export class MembershipLogs {
  readonly #ports: LogsPorts;
  readonly #table: Table<EntryRow>;
  readonly #logs = new Map<ConversationId, MembershipLog>();
  readonly #lanes = new Lanes();
  readonly #loading = new Map<ConversationId, Promise<MembershipLog | null>>();

  constructor(ports: LogsPorts) {
    this.#ports = ports;
    this.#table = new Table(ports.store, 'entries', entryRowCodec);
  }

  /** What is in memory. */
  peek(conv: ConversationId): MembershipLog | null {
    return this.#logs.get(conv) ?? null;
  }

  /** From memory or the local store; null where this device has none of it. */
  async load(conv: ConversationId): Promise<MembershipLog | null> {
    const known = this.#logs.get(conv);
    if (known) return known;
    const running = this.#loading.get(conv) ?? this.#loadRows(conv);
    this.#loading.set(conv, running);
    return running.finally(() => this.#loading.delete(conv));
  }

  async require(conv: ConversationId): Promise<MembershipLog> {
    const log = await this.load(conv);
    if (log) return log;
    const taken = await this.refresh(conv);
    if (taken.log) return taken.log;
    throw new ClientError(taken.code ?? 'policy.not_a_member', 'membership');
  }

  /** The state of a role's keyring, as far as it is in memory; `prepareRoles` puts it there. */
  readonly keyring = (role: RoleId): ConversationState | null => {
    const view = findRole(this.#ports.keyLog.state, role);
    return view ? (this.#logs.get(view.keyring)?.state ?? null) : null;
  };

  /** Fetches the whole log from the server and verifies what is new. `code` says why it stops where it stops. */
  async refresh(
    conv: ConversationId,
  ): Promise<{ readonly log: MembershipLog | null; readonly code: ErrorCode | null; readonly at: string }> {
    await this.load(conv);
    const { entries } = await this.#ports.rest.call({
      method: 'GET',
      path: `/conversations/${conv}/entries`,
      answer: entriesBody,
    });
    for (const item of entries) {
      const bytes = decodeBase64Url(item.b);
      const taken = bytes
        ? await this.take(conv, bytes, item)
        : ({ ok: false, code: 'wire.malformed', at: 'entries' } as const);
      if (!taken.ok) return { log: this.peek(conv), code: taken.code, at: taken.at };
    }
    return { log: this.peek(conv), code: null, at: '' };
  }

  /** Whether this entry is part of the verified log, as far as it is in memory. */
  contains(conv: ConversationId, bytes: Bytes): boolean {
    const opened = openEntry(this.#ports.keyLog.state.digest, bytes);
    const known = opened.ok ? this.peek(conv)?.rows[opened.value.body.n] : undefined;
    return opened.ok && known !== undefined && equalBytes(known.hash, opened.value.hash);
  }

  /** Verifies one entry and appends it to the log. One that is known already is only compared. */
  take(conv: ConversationId, bytes: Bytes, place: Place): Promise<Taken> {
    return this.#lanes.run(conv, () => this.#take(conv, bytes, place));
  }

  async #take(conv: ConversationId, bytes: Bytes, place: Place): Promise<Taken> {
    const log = await this.load(conv);
    const opened = openEntry(this.#ports.keyLog.state.digest, bytes);
    if (!opened.ok) return { ok: false, ...opened.error };
    const { body: entry, hash } = opened.value;
    if (entry.conv !== conv) return { ok: false, code: 'ledger.wrong_purpose', at: 'entry.conv' };
    const known = log?.rows[entry.n];
    if (known) {
      if (!equalBytes(known.hash, hash)) return { ok: false, code: 'ledger.fork', at: `entry.${entry.n}` };
      if (known.seq !== place.seq) return { ok: false, code: 'ledger.fork', at: `entry.${entry.n}.seq` };
      return { ok: true, log, row: known };
    }
    const checked = await this.#verify(log, { entry, bytes, hash, place });
    if (!checked.ok) return checked;
    const row: EntryRow = { v: 1, seq: place.seq, ts: place.ts, hash, entry };
    await this.#ports.store.write([this.#table.put(keyOf(conv, entry.n), row)]);
    const next: MembershipLog = { conv, rows: [...(log?.rows ?? []), row], state: checked.state };
    this.#logs.set(conv, next);
    return { ok: true, log: next, row };
  }

  /** Fetches the keyrings of these roles anew: somebody may hold one who did not when it was last looked at. */
  async refreshRoles(roles: Iterable<RoleId>): Promise<void> {
    for (const role of roles) {
      const view = findRole(this.#ports.keyLog.state, role);
      if (view) await this.refresh(view.keyring).catch(ignoreUnreadable);
    }
  }

  /** Makes sure that the keyrings of these roles are known, so that questions about holders have an answer. */
  async prepareRoles(roles: Iterable<RoleId>): Promise<void> {
    for (const role of roles) {
      const view = findRole(this.#ports.keyLog.state, role);
      if (!view) continue;
      const log = await this.load(view.keyring);
      // A role key newer than the copy of the keyring: somebody has rotated it since.
      if (log && log.state.gen >= (view.key?.statement.gen ?? 0)) continue;
      await this.refresh(view.keyring).catch(ignoreUnreadable);
    }
  }

  async #verify(
    log: MembershipLog | null,
    shown: { readonly entry: Entry; readonly bytes: Bytes; readonly hash: Bytes; readonly place: Place },
  ): Promise<{ ok: true; state: ConversationState } | { ok: false; code: ErrorCode; at: string }> {
    const { keyLog, certificates, verify } = this.#ports;
    const { entry, bytes, hash, place } = shown;
    // The author has seen so much of the key log: less here means that the server holds it back.
    await keyLog.catchUp(entry.keylog.size);
    if (keyLog.size < entry.keylog.size) return { ok: false, code: 'ledger.rollback', at: 'entry.keylog' };
    let certificate: Bytes;
    try {
      certificate = await certificates.signed(entry.dk);
    } catch (error) {
      if (isClientError(error, 'request.not_found'))
        return { ok: false, code: 'ledger.unknown_signer', at: 'entry.dk' };
      throw error;
    }
    const signed = await checkEntrySignature(keyLog.state, bytes, { verify, certificate, asOf: 'history' });
    if (!signed.ok) return { ok: false, code: signed.error.code, at: `entry.${signed.error.at}` };
    // A new entry was accepted by everything that the server knew then: its author cannot have been ended before (membership.md §6).
    const accepted = await checkCertificate(keyLog.state, certificate, {
      verify,
      atMs: Math.max(entry.ts, place.ts - CLOCK_SLACK_MS),
      size: Math.max(entry.keylog.size, keyLog.floorOf(place.batch)),
    });
    if (!accepted.ok) return { ok: false, code: accepted.error.code, at: `entry.dk.${accepted.error.at}` };
    const invitation = log?.state.members.get(entry.author)?.invitation ?? null;
    if (entry.op.op === 'claim' && invitation !== null) {
      const { digest } = keyLog.state;
      const proven = await checkClaimProof({ digest, verify }, entry, invitation.sigPub);
      if (!proven.ok) return { ok: false, code: proven.error.code, at: `entry.${proven.error.at}` };
    }
    await certificates.remember(entry.dk, certificate);
    return this.#apply(log?.state ?? null, entry, hash);
  }

  async #apply(
    state: ConversationState | null,
    entry: Entry,
    hash: Bytes,
  ): Promise<{ ok: true; state: ConversationState } | { ok: false; code: ErrorCode; at: string }> {
    const { keyLog, views } = this.#ports;
    const roles = new Set<RoleId>(state ? rolesOf(state) : []);
    if (entry.op.op === 'create') for (const { m } of entry.op.members) if (isId('role', m)) roles.add(m);
    if (entry.as !== null) roles.add(entry.as);
    await this.prepareRoles(roles);
    const size = entry.keylog.size;
    await views.prepare(entry, size);
    const view = views.view(size);
    const apply = () => {
      const { author: account } = entry;
      const holds = heldRoles({
        keyLog: keyLog.state,
        size,
        author: account,
        roles,
        keyring: this.keyring,
      });
      return applyEntry({ state, entry, entryHash: hash, author: authorOf(view, account, holds), view });
    };
    let applied = apply();
    if (!applied.ok && roles.size > 0 && CALLS_FOR_HOLDERS.has(applied.error.code)) {
      await this.refreshRoles(roles);
      applied = apply();
    }
    if (applied.ok) return { ok: true, state: applied.value };
    return { ok: false, code: applied.error.code, at: `entry.${applied.error.at}` };
  }

  /** Rows were verified before they were sealed: only the rules run again, to rebuild the state. */
  async #loadRows(conv: ConversationId): Promise<MembershipLog | null> {
    const rows = (await this.#table.list(prefixRange(`${conv}/`))).map(({ row }) => row);
    let state: ConversationState | null = null;
    for (const row of rows) {
      if (row.entry.keylog.size > keyLogSize(this.#ports.keyLog.state)) return null;
      const applied = await this.#apply(state, row.entry, row.hash);
      if (!applied.ok) return null;
      state = applied.state;
    }
    if (!state) return null;
    const log: MembershipLog = { conv, rows, state };
    this.#logs.set(conv, log);
    return log;
  }
}

/** Refusals that may only mean that the copy of a keyring is old. */
const CALLS_FOR_HOLDERS: ReadonlySet<ErrorCode> = new Set(['policy.not_a_member', 'policy.forbidden']);

function ignoreUnreadable(error: unknown): void {
  if (!isClientError(error, 'request.not_found') && !isClientError(error, 'policy.not_a_member')) throw error;
}

function keyOf(conv: ConversationId, n: number): string {
  return `${conv}/${positionKey(n)}`;
}
