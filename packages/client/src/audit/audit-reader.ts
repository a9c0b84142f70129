import { type Bytes, decodeBase64Url, encodeHex, equalBytes, type OrgId } from '@baton/kernel';
import {
  appendToFrontier,
  auditEventHash,
  auditLeaf,
  checkAuditCheckpoint,
  type Digest,
  EMPTY_FRONTIER,
  findOrg,
  frontierRoot,
  type LogFrontier,
  type Verify,
} from '@baton/ledger';
import { type AuditEventBody, auditPage } from '@baton/wire';
import type { z } from 'zod';
import type { Alarms } from '../alarms/alarms.ts';
import type { AuditRow, AuditTrail } from '../api/people.ts';
import type { DirectoryBook } from '../directory/directory-book.ts';
import { ClientError } from '../failure.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import type { Rest } from '../rest/rest.ts';

const PAGE = 500;

export interface AuditPorts {
  readonly rest: Rest;
  readonly org: OrgId;
  readonly keyLog: KeyLogReplica;
  readonly directory: DirectoryBook;
  readonly alarms: Alarms;
  readonly digest: Digest;
  readonly verify: Verify;
}

type Page = z.infer<typeof auditPage>;

/**
 * The audit log for the compliance officer. Every event's hash is made again from its fields, and the whole tree up to the signed checkpoint
 * is grown from the hashes: an event that was changed, left out or slipped in breaks it.
 */
export class AuditReader implements AuditTrail {
  readonly #ports: AuditPorts;
  /** Hashes of the events from the first one on, as this device has seen them. */
  #hashes: Bytes[] = [];
  #frontier: LogFrontier = EMPTY_FRONTIER;
  #verifiedSize = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(ports: AuditPorts) {
    this.#ports = ports;
  }

  /** One page at a time: two that grow the tree at once would both add the same events. */
  page(input: { readonly before: number | null; readonly limit: number }) {
    const turn = this.#turn.then(() => this.#readPage(input));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #readPage(input: { readonly before: number | null; readonly limit: number }) {
    const page = await this.#fetch(input.before, input.limit);
    const verified = await this.#verify(page);
    if (!verified) this.#ports.alarms.raise({ code: 'ledger.bad_proof', severity: 'danger', about: 'audit' });
    return { rows: page.events.map((event) => this.#named(event)), size: page.size, verified };
  }

  async #verify(page: Page): Promise<boolean> {
    if (!page.events.every((event) => this.#fits(event))) return false;
    const { org, digest, verify, keyLog } = this.#ports;
    const serverKey = findOrg(keyLog.state)?.server;
    const checkpoint = decodeBase64Url(page.checkpoint);
    if (!serverKey || !checkpoint || checkpoint.length === 0) return page.size === 0;
    const checked = await checkAuditCheckpoint(checkpoint, { org, digest, verify, serverKey });
    if (!checked.ok) return false;
    const { size, root } = checked.value;
    if (size < this.#verifiedSize) return false;
    if (!(await this.#growTo(size))) return false;
    const before = this.#frontierAt(size);
    if (!before || !equalBytes(frontierRoot(digest, before), root)) return false;
    this.#verifiedSize = size;
    return page.events.every((event) => event.n >= size || this.#isKnown(event));
  }

  /** Fetches what is missing between what was seen and the checkpoint, newest first, and grows the tree by it. */
  async #growTo(size: number): Promise<boolean> {
    const missing: Bytes[] = [];
    while (this.#hashes.length + missing.length < size) {
      const before = size - missing.length;
      const wanted = Math.min(PAGE, before - this.#hashes.length);
      const { events } = await this.#fetch(before, wanted);
      if (events.length < wanted) return false;
      for (const [index, event] of events.entries()) {
        if (event.n !== before - 1 - index || !this.#fits(event)) return false;
        missing.push(hashOf(event));
      }
    }
    for (const hash of missing.reverse()) {
      this.#hashes.push(hash);
      const leaf = auditLeaf(this.#ports.digest, hash);
      this.#frontier = appendToFrontier(this.#ports.digest, this.#frontier, leaf);
    }
    return true;
  }

  #frontierAt(size: number): LogFrontier | null {
    if (this.#frontier.size === size) return this.#frontier;
    return null;
  }

  #isKnown(event: AuditEventBody): boolean {
    const known = this.#hashes[event.n];
    return known !== undefined && equalBytes(known, hashOf(event));
  }

  #fits(event: AuditEventBody): boolean {
    const { hash, ...fields } = event;
    const made = auditEventHash(this.#ports.digest, { v: 1, t: 'audit', org: this.#ports.org, ...fields });
    const given = decodeBase64Url(hash);
    return given !== null && encodeHex(made) === encodeHex(given);
  }

  #named(event: AuditEventBody): AuditRow {
    const actorName = event.actor === null ? 'Server' : this.#ports.directory.person(event.actor).name;
    return { ...event, actorName };
  }

  #fetch(before: number | null, limit: number): Promise<Page> {
    return this.#ports.rest.call({
      method: 'GET',
      path: '/audit',
      query: { before, limit },
      answer: auditPage,
    });
  }
}

function hashOf(event: AuditEventBody): Bytes {
  const hash = decodeBase64Url(event.hash);
  if (!hash) throw new ClientError('wire.malformed', 'audit');
  return hash;
}
