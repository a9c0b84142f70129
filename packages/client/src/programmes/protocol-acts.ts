import { type Primitives, signProtocol } from '@baton/crypto';
import type { AccountId, Clock } from '@baton/kernel';
import { equalBytes } from '@baton/kernel';
import { hashProtocol } from '@baton/ledger';
import {
  protocolSignatureKey,
  type ProtocolSigner,
  type ProtocolVersion,
  PROTOCOL_SIGNERS,
} from '@baton/wire';
import type { Programmes } from '../api/programmes.ts';
import { ClientError } from '../failure.ts';
import type { Identity } from '../identity/identity.ts';
import type { ProgrammesBook } from './programmes-book.ts';
import type { ProgrammesWriter } from './programmes-writer.ts';
import type { VerdictBook } from './verdict-book.ts';

export interface ProtocolActsPorts {
  readonly me: AccountId;
  readonly clock: Clock;
  readonly primitives: Primitives;
  readonly identity: () => Identity;
  readonly may: (action: string) => boolean;
  /** Everything that others wrote until now. */
  readonly refresh: () => Promise<void>;
}

interface Parts {
  readonly book: ProgrammesBook;
  readonly verdicts: VerdictBook;
  readonly writer: ProgrammesWriter;
}

export const SIGNING_RIGHTS = { author: 'protocol.write', clinician: 'protocol.sign.clinician' } as const;

/** What people do with protocols: draft, sign, retire (docs/protocol/programmes.md §2). */
export class ProtocolActs {
  readonly #ports: ProtocolActsPorts;
  readonly #parts: Parts;

  constructor(ports: ProtocolActsPorts, parts: Parts) {
    this.#ports = ports;
    this.#parts = parts;
  }

  async saveDraft(input: Parameters<Programmes['saveDraft']>[0]): Promise<void> {
    const { me, clock, primitives, may } = this.#ports;
    if (!may('protocol.write')) throw new ClientError('policy.forbidden', 'protocol.write');
    const { id, version, name, body } = input;
    const known = this.#parts.book.protocol(id, version);
    if (known && (await this.#isSigned(known))) throw signedAlready();
    const hash = hashProtocol(primitives.sha256, body);
    await this.#parts.writer.change(keyOf(id, version), (newest) => {
      if (newest?.t === 'protocol') {
        if (newest.state !== 'draft') throw signedAlready();
        if (newest.body === body && newest.name === name) return null;
      }
      const updatedAt = clock.nowMs();
      return { t: 'protocol', id, version, name, state: 'draft', body, hash, updatedAt, by: me };
    });
  }

  async sign(id: string, version: number, as: ProtocolSigner): Promise<void> {
    const { me, clock, primitives, identity, may, refresh } = this.#ports;
    if (!may(SIGNING_RIGHTS[as]))
      throw new ClientError('policy.forbidden', `protocol.${as}`, { sentence: WHO_SIGNS[as] });
    await refresh();
    const { book, verdicts, writer } = this.#parts;
    const protocol = book.protocol(id, version);
    if (!protocol) throw new ClientError('request.not_found', 'protocol');
    const verdict = await verdicts.judge(protocol, book.signatures(protocol));
    if (verdict[as] !== null) return;
    if (PROTOCOL_SIGNERS.some((other) => other !== as && verdict[other]?.account === me))
      throw new ClientError('policy.forbidden', 'protocol.same-person', {
        sentence: 'You have signed this already. The other signature has to be another person’s.',
      });
    if (!equalBytes(hashProtocol(primitives.sha256, protocol.body), protocol.hash))
      throw new ClientError('ledger.wrong_purpose', 'protocol.hash');
    const { org, account, dk, deviceKey } = identity();
    const signed = await signProtocol(primitives, {
      key: deviceKey,
      body: {
        v: 1,
        t: 'protocol-signature',
        org,
        protocol: id,
        version,
        hash: protocol.hash,
        as,
        by: account,
        dk,
        at: clock.nowMs(),
      },
    });
    const value = { t: 'signature', protocol: id, version, as, signed: signed.bytes } as const;
    await writer.change(protocolSignatureKey(value), () => value);
    await this.#markSigned(protocol);
  }

  async retire(id: string, version: number): Promise<void> {
    const { me, clock, may } = this.#ports;
    if (!may('protocol.write')) throw new ClientError('policy.forbidden', 'protocol.write');
    await this.#parts.writer.alter('protocol', keyOf(id, version), (newest) =>
      newest.state === 'retired' ? null : { ...newest, state: 'retired', updatedAt: clock.nowMs(), by: me },
    );
  }

  /** With the second good signature, lists say that it is signed. Whether it may run is asked of the signatures each time. */
  async #markSigned(protocol: ProtocolVersion): Promise<void> {
    const { book, verdicts, writer } = this.#parts;
    await this.#ports.refresh();
    const verdict = await verdicts.judge(protocol, book.signatures(protocol));
    if (!verdict.mayRun) return;
    const { id, version, hash } = protocol;
    await writer.alter('protocol', keyOf(id, version), (newest) =>
      newest.state === 'draft' && equalBytes(newest.hash, hash) ? { ...newest, state: 'signed' } : null,
    );
  }

  async #isSigned(protocol: ProtocolVersion): Promise<boolean> {
    if (protocol.state !== 'draft') return true;
    const { book, verdicts } = this.#parts;
    const { author, clinician } = book.signatures(protocol);
    if (author === null || clinician === null) return false;
    return (await verdicts.judge(protocol, { author, clinician })).mayRun;
  }
}

const WHO_SIGNS: Readonly<Record<ProtocolSigner, string>> = {
  author: 'Authors are people with a clinical job, or the practice manager.',
  clinician:
    'Only a physician, an advanced practitioner, a nurse or a pharmacist can sign for the clinical content.',
};

function signedAlready(): ClientError {
  return new ClientError('conflict.exists', 'protocol.signed', {
    sentence: 'This version is signed and does not change any more. Save your changes as a new version.',
  });
}

function keyOf(id: string, version: number): string {
  return `protocol:${id}:${version}`;
}
