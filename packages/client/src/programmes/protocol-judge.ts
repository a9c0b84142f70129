import { type AccountId, equalBytes, type OrgId, type TimestampMs } from '@baton/kernel';
import {
  checkProtocolSignature,
  type Digest,
  findAuthority,
  hashProtocol,
  openProtocolSignature,
  type Verify,
} from '@baton/ledger';
import { can } from '@baton/policy';
import {
  type ErrorCode,
  PROTOCOL_SIGNERS,
  type ProtocolSignature,
  protocolSignatureKey,
  type ProtocolSigner,
  type ProtocolVersion,
} from '@baton/wire';
import type { ProtocolFlaw, ProtocolVerdict, GoodSignature } from '../api/protocol-verdict.ts';
import { ClientError, isClientError } from '../failure.ts';
import type { Certificates } from '../key-log/certificates.ts';
import type { KeyLogReplica } from '../key-log/replica.ts';

/** A device's clock may be ahead of the server's by so much when it signs. */
const CLOCK_SLACK_MS = 10 * 60_000;

/** A signature as the collection holds it. */
export interface PlacedSignature {
  readonly value: ProtocolSignature;
  /** Commit time of its put: it was made no later. */
  readonly at: TimestampMs;
}

export interface JudgePorts {
  readonly org: OrgId;
  readonly digest: Digest;
  readonly verify: Verify;
  readonly keyLog: Pick<KeyLogReplica, 'state' | 'catchUp'>;
  readonly certificates: Pick<Certificates, 'checkPast'>;
}

const RIGHTS = { author: 'protocol.write', clinician: 'protocol.sign.clinician' } as const;

/** What a protocol's signatures are worth (docs/protocol/programmes.md §2). One judge for the screens and for the agent that runs it. */
export class ProtocolJudge {
  readonly #ports: JudgePorts;

  constructor(ports: JudgePorts) {
    this.#ports = ports;
  }

  /** No connection is thrown as `limit.busy`; nothing is decided then. */
  async check(
    version: ProtocolVersion,
    signatures: { readonly [As in ProtocolSigner]: PlacedSignature | null },
  ): Promise<ProtocolVerdict> {
    const [author, clinician] = await Promise.all(
      PROTOCOL_SIGNERS.map((as) => this.#judge(version, as, signatures[as])),
    );
    const good = { author: goodOf(author), clinician: goodOf(clinician) };
    const why = this.#flawOf(version, { author: author ?? null, clinician: clinician ?? null });
    const refused = { author: codeOf(author), clinician: codeOf(clinician) };
    return { mayRun: why === null, ...good, why, refused };
  }

  #flawOf(
    version: ProtocolVersion,
    found: { readonly author: Judged; readonly clinician: Judged },
  ): ProtocolFlaw | null {
    if (!this.#isOwnHash(version)) return 'document';
    const { author, clinician } = found;
    if (author === null) return 'author-missing';
    if (author.code !== null) return 'author-refused';
    if (clinician === null) return 'clinician-missing';
    if (clinician.code !== null) return 'clinician-refused';
    return author.account === clinician.account ? 'same-person' : null;
  }

  #isOwnHash({ body, hash }: ProtocolVersion): boolean {
    return equalBytes(hashProtocol(this.#ports.digest, body), hash);
  }

  async #judge(
    version: ProtocolVersion,
    as: ProtocolSigner,
    placed: PlacedSignature | null,
  ): Promise<Judged> {
    if (placed === null) return null;
    try {
      return await this.#attempt(version, as, placed);
    } catch (error) {
      if (!isClientError(error) || error.retryMs > 0) throw error;
      if (!MAY_BE_NEWER.has(error.code)) return { code: error.code };
      // The signer's account or device may be newer than this copy of the key log.
      await this.#ports.keyLog.catchUp();
      return this.#attempt(version, as, placed).catch((again: unknown) => {
        if (!isClientError(again) || again.retryMs > 0) throw again;
        return { code: again.code };
      });
    }
  }

  async #attempt(version: ProtocolVersion, as: ProtocolSigner, placed: PlacedSignature): Promise<Judged> {
    const { org, digest, verify, keyLog, certificates } = this.#ports;
    const opened = openProtocolSignature(digest, placed.value.signed);
    if (!opened.ok) throw new ClientError(opened.error.code, 'signature');
    const { body } = opened.value;
    const isOfThis =
      body.org === org &&
      body.as === as &&
      body.protocol === version.id &&
      body.version === version.version &&
      equalBytes(body.hash, hashProtocol(digest, version.body)) &&
      protocolSignatureKey(placed.value) === protocolSignatureKey(body);
    if (!isOfThis) throw new ClientError('ledger.wrong_purpose', 'signature');
    if (body.at > placed.at + CLOCK_SLACK_MS) throw new ClientError('ledger.expired', 'signature.at');
    const certificate = await certificates.checkPast(keyLog.state, body.dk, {
      atMs: body.at,
      committedAtMs: placed.at,
    });
    const checked = await checkProtocolSignature(opened.value, { digest, verify, certificate });
    if (!checked.ok) throw new ClientError(checked.error.code, `signature.${checked.error.at}`);
    const authority = findAuthority(keyLog.state, body.by, placed.at);
    if (authority === null || !can(authority, RIGHTS[as]))
      throw new ClientError('policy.forbidden', 'signature.by');
    return { code: null, account: body.by, at: body.at };
  }
}

type Judged =
  | { readonly code: null; readonly account: AccountId; readonly at: TimestampMs }
  | { readonly code: ErrorCode }
  | null;

const MAY_BE_NEWER: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ledger.unknown_signer',
  'ledger.revoked',
  'policy.forbidden',
]);

function goodOf(judged: Judged | undefined): GoodSignature | null {
  return judged?.code === null ? { account: judged.account, at: judged.at } : null;
}

function codeOf(judged: Judged | undefined): ErrorCode | null {
  return judged?.code ?? null;
}
