import { CryptoError, type Primitives, unsealEnvelope } from '@baton/crypto';
import type { ConversationId, OrgId } from '@baton/kernel';
import {
  type CheckedCertificate,
  checkSealed,
  hashSealed,
  LABELS,
  type OpenedEnvelope,
  openEnvelope,
} from '@baton/ledger';
import { contentCodec, type ErrorCode, type Item } from '@baton/wire';
import type { Alarms } from '../alarms/alarms.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { GenerationBook } from '../generations/generation-book.ts';
import type { Certificates } from '../key-log/certificates.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import {
  entryInForce,
  knowsHead,
  type MembershipLog,
  mayWriteIn,
  rolesOf,
} from '../membership/membership-log.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';
import type { ItemRow } from '../tables/records.ts';

export interface OpenerPorts {
  readonly primitives: Primitives;
  readonly org: OrgId;
  readonly keyLog: KeyLogReplica;
  readonly certificates: Certificates;
  readonly logs: MembershipLogs;
  readonly generations: GenerationBook;
  readonly alarms: Alarms;
}

/** Why an item is shown as a problem. `danger` raises an alarm as well. */
export class BadItem extends Error {
  readonly code: ErrorCode;
  readonly at: string;
  readonly danger: boolean;

  constructor(code: ErrorCode, at: string, danger: boolean) {
    super(`${code} at ${at}`);
    this.code = code;
    this.at = at;
    this.danger = danger;
  }
}

/**
 * Opens envelopes. Before anything is shown: the header names this conversation and a head of its verified log, the generation was the
 * current one at that place of the stream, the author was a member then, the certificate chains to the key log, the signature holds. A
 * bad envelope becomes a row that says so; sync goes on (threat T33).
 */
export class EnvelopeOpener {
  readonly #ports: OpenerPorts;

  constructor(ports: OpenerPorts) {
    this.#ports = ports;
  }

  async open(conv: ConversationId, item: Item): Promise<ItemRow> {
    const { seq, batch, ts } = item;
    const base = { v: 1, seq, batch, ts, hash: this.hashOf(item) } as const;
    try {
      const opened = openEnvelope(this.#ports.primitives.sha256, item.b);
      if (!opened.ok) throw new BadItem(opened.error.code, opened.error.at, false);
      await this.#judge(conv, item, opened.value);
      const { header } = opened.value;
      const keys = await this.#ports.generations.find(conv, header.gen);
      if (!keys) return { ...base, s: 'sealed', raw: item.b };
      const bytes = await unsealEnvelope(this.#ports.primitives, { opened: opened.value, keys });
      const content = contentCodec.decode(bytes);
      if (!content.ok) throw new BadItem(content.error.code, `content.${content.error.at}`, false);
      if (content.value.t !== header.class.kind) throw new BadItem('wire.schema', 'class.kind', false);
      return { ...base, s: 'message', header, content: content.value };
    } catch (error) {
      const bad = asBadItem(error);
      if (bad.danger)
        this.#ports.alarms.raise({ code: bad.code, severity: 'danger', about: `${conv}.${bad.at}` });
      return { ...base, s: 'problem', k: item.k, code: bad.code, at: bad.at };
    }
  }

  hashOf(item: Item): Uint8Array {
    const label = item.k === 'put' ? LABELS.put : LABELS.envelope;
    return hashSealed(this.#ports.primitives.sha256, label, item.b);
  }

  /** Throws `BadItem` unless the envelope may stand at this place of this conversation's stream. */
  async #judge(conv: ConversationId, item: Item, opened: OpenedEnvelope): Promise<void> {
    const { header } = opened;
    if (header.conv !== conv || header.org !== this.#ports.org)
      throw new BadItem('ledger.wrong_purpose', 'header.conv', true);
    const log = await this.#logWith(conv, header.logN);
    const head = knowsHead(log, header.logN, header.logHead);
    if (head === 'newer') throw new BadItem('ledger.rollback', 'header.logN', true);
    if (head === 'fork') throw new BadItem('ledger.fork', 'header.logHead', true);
    const inForce = entryInForce(log, item.seq);
    if (!inForce || inForce.entry.gen !== header.gen || header.logN > inForce.entry.n)
      throw new BadItem('policy.generation', 'header.gen', true);
    const certificate = await this.#judgeAuthor(log, item, header, inForce.entry.keylog.size);
    const { sha256: digest, verifyEd25519: verify } = this.#ports.primitives;
    const signed = await checkSealed(opened, { digest, verify, certificate }, LABELS.envelope);
    if (!signed.ok) throw new BadItem(signed.error.code, signed.error.at, true);
  }

  async #logWith(conv: ConversationId, n: number): Promise<MembershipLog> {
    const log = await this.#ports.logs.require(conv);
    if (log.rows.length > n) return log;
    await this.#ports.logs.refresh(conv);
    return this.#ports.logs.require(conv);
  }

  /**
   * The author's standing, by the key log that was in force: the one that the newest entry names, or, for an account or a holder that is
   * newer than that entry, the one of the commit time, or today's.
   */
  async #judgeAuthor(
    log: MembershipLog,
    item: Item,
    header: OpenedEnvelope['header'],
    entrySize: number,
  ): Promise<CheckedCertificate> {
    const { keyLog, logs } = this.#ports;
    await logs.prepareRoles(rolesOf(log.state));
    let failure: BadItem | null = null;
    for (const size of new Set([entrySize, keyLog.sizeAt(item.ts), keyLog.size])) {
      try {
        const allowed = mayWriteIn({
          log,
          keyLog: keyLog.state,
          size,
          author: header.author,
          gen: header.gen,
          keyring: logs.keyring,
        });
        if (!allowed) throw new BadItem('policy.not_a_member', 'header.author', true);
        return await this.#ports.certificates.check(keyLog.state, header.dk, { atMs: header.ts, size });
      } catch (error) {
        failure ??= asBadItem(error);
      }
    }
    throw failure ?? new BadItem('ledger.unknown_signer', 'header.author', true);
  }
}

/** Failures that lie in the item. What lies in the connection is thrown on, so that the item is tried again. */
function asBadItem(error: unknown): BadItem {
  if (error instanceof BadItem) return error;
  if (error instanceof CryptoError) return new BadItem('ledger.bad_proof', 'content', true);
  if (isClientError(error, 'request.not_found'))
    return new BadItem('ledger.unknown_signer', 'certificate', true);
  if (error instanceof ClientError && error.retryMs === 0) return new BadItem(error.code, error.at, true);
  throw error;
}
