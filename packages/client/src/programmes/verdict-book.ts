import { encodeHex } from '@baton/kernel';
import { PROTOCOL_SIGNERS, type ProtocolSigner, type ProtocolVersion } from '@baton/wire';
import { isClientError } from '../failure.ts';
import type { ProtocolVerdict } from '../api/protocol-verdict.ts';
import type { PlacedSignature, ProtocolJudge } from './protocol-judge.ts';

type Signatures = { readonly [As in ProtocolSigner]: PlacedSignature | null };

export interface VerdictPorts {
  readonly judge: ProtocolJudge;
  /** Size of the key log: what it says of a person may be another with each statement. */
  readonly keyLogSize: () => number;
  readonly changed: () => void;
  readonly failed: (error: unknown) => void;
}

/** What protocols' signatures were found to be worth. A protocol that is not judged yet may not run. */
export class VerdictBook {
  readonly #ports: VerdictPorts;
  readonly #known = new Map<string, { readonly of: string; readonly verdict: ProtocolVerdict }>();
  readonly #asked = new Map<string, Promise<ProtocolVerdict>>();

  constructor(ports: VerdictPorts) {
    this.#ports = ports;
  }

  /** What is known now; judges in the background what is new, and tells when that is done. */
  peek(version: ProtocolVersion, signatures: Signatures): ProtocolVerdict | null {
    const known = this.#known.get(keyOf(version));
    if (known?.of === this.#print(version, signatures)) return known.verdict;
    void this.judge(version, signatures).then(this.#ports.changed, (error: unknown) => {
      // Without a connection it is judged when somebody looks again.
      if (!isClientError(error)) this.#ports.failed(error);
    });
    return null;
  }

  /** Throws `limit.busy` without a connection. */
  async judge(version: ProtocolVersion, signatures: Signatures): Promise<ProtocolVerdict> {
    const print = this.#print(version, signatures);
    const asked = this.#asked.get(print);
    if (asked) return asked;
    const asking = this.#ports.judge.check(version, signatures);
    this.#asked.set(print, asking);
    try {
      const verdict = await asking;
      this.#known.set(keyOf(version), { of: print, verdict });
      return verdict;
    } finally {
      this.#asked.delete(print);
    }
  }

  #print(version: ProtocolVersion, signatures: Signatures): string {
    const signed = PROTOCOL_SIGNERS.map((as) => {
      const placed = signatures[as];
      return placed === null ? '-' : `${placed.at}:${encodeHex(placed.value.signed)}`;
    });
    return [keyOf(version), version.body, encodeHex(version.hash), this.#ports.keyLogSize(), ...signed].join(
      '|',
    );
  }
}

function keyOf({ id, version }: Pick<ProtocolVersion, 'id' | 'version'>): string {
  return `${id}:${version}`;
}
