import { CryptoError, type Primitives } from '@baton/crypto';
import type { ConversationId, OrgId } from '@baton/kernel';
import {
  type CheckedCertificate,
  checkSealed,
  findAccount,
  LABELS,
  type OpenedEnvelope,
  type OpenedPut,
} from '@baton/ledger';
import { isPatientsWriting, isWithinManifest, type ValueAuthor } from '@baton/policy';
import type { AgentWrite, ErrorCode, Item } from '@baton/wire';
import type { ManifestBook } from '../agents/manifest-book.ts';
import type { Alarms } from '../alarms/alarms.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { Certificates } from '../key-log/certificates.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';
import {
  entryInForce,
  isClosedAt,
  knowsHead,
  type MembershipLog,
  mayWriteAs,
  mayWriteIn,
  rolesOf,
} from '../membership/membership-log.ts';
import type { MembershipLogs } from '../membership/membership-logs.ts';

export interface JudgePorts {
  readonly primitives: Primitives;
  readonly org: OrgId;
  readonly keyLog: KeyLogReplica;
  readonly certificates: Certificates;
  readonly logs: MembershipLogs;
  readonly manifests: ManifestBook;
  readonly alarms: Alarms;
}

/** An author's certificate, and the size of the key log by which it and the author's standing held. */
interface Standing {
  readonly certificate: CheckedCertificate;
  readonly size: number;
}

/** How far the server's clock may have been from the one that a certificate's end was checked by. */
const CLOCK_SLACK_MS = 10 * 60_000;

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
 * Decides whether a sealed object may stand at its place of a stream: the header names this conversation and a head of its verified log, the
 * generation was the current one there, the author was a member then and held the role acted for, an agent's manifest lists what it writes,
 * the certificate chains to the key log, the signature holds.
 */
export class ItemJudge {
  readonly #ports: JudgePorts;

  constructor(ports: JudgePorts) {
    this.#ports = ports;
  }

  /** Answers who wrote it. Throws `BadItem`; a lost connection is thrown on as `limit.busy`. */
  async judge(conv: ConversationId, item: Item, opened: OpenedEnvelope | OpenedPut): Promise<ValueAuthor> {
    const { header } = opened;
    if (header.conv !== conv || header.org !== this.#ports.org)
      throw new BadItem('ledger.wrong_purpose', 'header.conv', true);
    const log = await this.#logWith(conv, header.logN);
    const head = knowsHead(log, header.logN, header.logHead);
    if (head === 'newer') throw new BadItem('ledger.rollback', 'header.logN', true);
    if (head === 'fork') throw new BadItem('ledger.fork', 'header.logHead', true);
    const isPut = item.k === 'put';
    if (isPut !== (log.state.kind === 'collection') || log.state.kind === 'keyring')
      throw new BadItem('policy.kind', 'k', true);
    if (isClosedAt(log, item.seq)) throw new BadItem('policy.closed', 'conv', true);
    const inForce = entryInForce(log, item.seq);
    if (!inForce || inForce.entry.gen !== header.gen || header.logN > inForce.entry.n)
      throw new BadItem('policy.generation', 'header.gen', true);
    const { certificate, size } = await this.#judgeAuthor(log, item, header, inForce.entry.keylog.size);
    const { sha256: digest, verifyEd25519: verify } = this.#ports.primitives;
    const label = isPut ? LABELS.put : LABELS.envelope;
    const signed = await checkSealed(opened, { digest, verify, certificate }, label);
    if (!signed.ok) throw new BadItem(signed.error.code, signed.error.at, true);
    return this.authorOf(header, Math.max(size, this.#ports.keyLog.sizeAt(item.ts)));
  }

  /** Who this is, as the key log of that size shows the account; left out: now. Who is not there yet has no right at all. */
  async authorOf(
    { author, dk }: Pick<OpenedPut['header'], 'author' | 'dk'>,
    size?: number,
  ): Promise<ValueAuthor> {
    const { keyLog, manifests } = this.#ports;
    const found = findAccount(keyLog.state, author, size);
    const manifest = found?.manifest ? await manifests.find(found.manifest) : null;
    const program = manifest?.program ?? null;
    return { account: author, dk, kind: found?.kind ?? 'patient', jobs: found?.jobs ?? [], program };
  }

  /** What is wrong with an item, as a value; raises the alarm that belongs to it. Throws on what is not the item's fault. */
  report(conv: ConversationId, error: unknown): BadItem {
    const bad = asBadItem(error);
    if (bad.danger)
      this.#ports.alarms.raise({ code: bad.code, severity: 'danger', about: `${conv}.${bad.at}` });
    return bad;
  }

  async #logWith(conv: ConversationId, n: number): Promise<MembershipLog> {
    const log = await this.#ports.logs.require(conv);
    if (log.rows.length > n) return log;
    await this.#ports.logs.refresh(conv);
    return this.#ports.logs.require(conv);
  }

  /**
   * The author's standing, by the key log that was in force: the one that the newest entry names, or, for an account or a holder that is
   * newer than that entry, the one of the commit time, or today's. None is older than what the server had shown before the commit: whoever
   * was revoked or deactivated by then does not write any more (docs/protocol/membership.md §6).
   */
  async #judgeAuthor(
    log: MembershipLog,
    item: Item,
    header: OpenedEnvelope['header'] | OpenedPut['header'],
    entrySize: number,
  ): Promise<Standing> {
    const { keyLog, logs } = this.#ports;
    const as = 'as' in header ? header.as : null;
    const roles = [...rolesOf(log.state), ...(as === null ? [] : [as])];
    await logs.prepareRoles(roles);
    const floor = Math.max(entrySize, keyLog.floorOf(item.batch));
    const before = keyLog.size;
    const failure = await this.#tryAuthor(log, item, header, [floor, keyLog.sizeAt(item.ts), before]);
    if (!(failure instanceof BadItem)) return failure;
    // The author's account, device or role may be newer than this copy of the key log, and so may the author's holding of a role.
    await keyLog.catchUp();
    const isAboutHolders = roles.length > 0 && failure.code.startsWith('policy.');
    if (isAboutHolders) await logs.refreshRoles(roles);
    else if (keyLog.size === before) throw failure;
    const again = await this.#tryAuthor(log, item, header, [keyLog.size]);
    if (again instanceof BadItem) throw failure;
    return again;
  }

  /** By the first of these key-log sizes that holds; the first failure where none does. Sizes below the first are not asked. */
  async #tryAuthor(
    log: MembershipLog,
    item: Item,
    header: OpenedEnvelope['header'] | OpenedPut['header'],
    sizes: readonly [number, ...number[]],
  ): Promise<Standing | BadItem> {
    let failure: BadItem | null = null;
    for (const size of new Set(sizes.filter((candidate) => candidate >= sizes[0]))) {
      try {
        return { certificate: await this.#checkAuthor(log, item, header, size), size };
      } catch (error) {
        failure ??= asBadItem(error);
      }
    }
    return failure ?? new BadItem('ledger.unknown_signer', 'header.author', true);
  }

  async #checkAuthor(
    log: MembershipLog,
    item: Item,
    header: OpenedEnvelope['header'] | OpenedPut['header'],
    size: number,
  ): Promise<CheckedCertificate> {
    const { keyLog, logs, certificates } = this.#ports;
    const { author, gen } = header;
    const standing = { log, keyLog: keyLog.state, size, author, gen, keyring: logs.keyring };
    if (!mayWriteIn(standing)) throw new BadItem('policy.not_a_member', 'header.author', true);
    if ('as' in header && header.as !== null && !mayWriteAs(standing, header.as))
      throw new BadItem('policy.forbidden', 'header.as', true);
    await this.#checkManifest(log, header, size);
    const checked = await certificates.check(keyLog.state, header.dk, { atMs: header.ts, size });
    // The author's own time is only a claim: the certificate must have lasted until the commit.
    if (item.ts - CLOCK_SLACK_MS >= checked.certificate.notAfter)
      throw new BadItem('ledger.expired', 'header.dk', true);
    return checked;
  }

  /**
   * What an agent writes beyond its manifest, or a patient beyond what patients write, stands nowhere, whatever the server has committed
   * (docs/protocol/agents.md §1, patients.md §1).
   */
  async #checkManifest(
    log: MembershipLog,
    header: OpenedEnvelope['header'] | OpenedPut['header'],
    size: number,
  ): Promise<void> {
    const { keyLog, manifests } = this.#ports;
    const { author } = header;
    // The newest as well: what is shown of an agent goes by it.
    const signed = [size, keyLog.size].flatMap((at) => findAccount(keyLog.state, author, at)?.manifest ?? []);
    if (signed.length > 0) await manifests.prepare(signed);
    const kind: AgentWrite = 'class' in header ? header.class.kind : 'put';
    const conversationKind = log.state.kind;
    const writing = {
      keyLog: keyLog.state,
      size,
      author,
      manifests: manifests.known,
      conversationKind,
      kind,
    };
    if (!isWithinManifest(writing)) throw new BadItem('policy.manifest', 'header.author', true);
    if (!isPatientsWriting(writing)) throw new BadItem('policy.forbidden', 'header.class.kind', true);
  }
}

/** Failures that lie in the item. What lies in the connection is thrown on, so that the item is tried again. */
function asBadItem(error: unknown): BadItem {
  if (error instanceof BadItem) return error;
  if (error instanceof CryptoError) return new BadItem('ledger.bad_proof', 'content', true);
  if (isClientError(error, 'request.not_found')) {
    // Removed meanwhile: the log of the conversation is shown no longer, and that is no fault of the item.
    if (error.at.startsWith('/conversations/')) throw error;
    return new BadItem('ledger.unknown_signer', 'certificate', true);
  }
  if (error instanceof ClientError && error.retryMs === 0) return new BadItem(error.code, error.at, true);
  throw error;
}
