import type { Bytes } from '@baton/kernel';
import { hashObject, LABELS, signingInput } from '@baton/ledger';
import { applyBatonEvent, type BatonState } from '@baton/policy';
import { type BatonEvent, type BatonOp, batonEventCodec, signedCodec } from '@baton/wire';
import type { ServerKeys } from '../adapters/server-keys.ts';
import type { Ports } from '../ports.ts';

/** An event that is about to be written, and the state after it. */
export interface PlannedEvent {
  readonly event: BatonEvent;
  readonly hash: Bytes;
  /** The Signed event. */
  readonly body: Bytes;
  readonly at: number;
  readonly state: BatonState;
}

/** The chain that an event is put on: of a baton that there is, or the beginning of one. */
export type Chain = BatonState | Pick<BatonState, 'org' | 'baton'>;

/** An event of the server's own, signed with the key that the org statement names. Throws where it does not fit: that is a bug. */
export async function signServerEvent(
  needs: { ports: Ports; keys: ServerKeys },
  chain: Chain,
  what: { op: BatonOp; atMs: number },
): Promise<PlannedEvent> {
  const { digest } = needs.ports;
  const before = 'n' in chain ? chain : null;
  const event: BatonEvent = {
    v: 1,
    t: 'baton',
    org: chain.org,
    baton: chain.baton,
    n: before === null ? 0 : before.n + 1,
    prev: before?.head ?? null,
    by: null,
    as: null,
    dk: null,
    ts: what.atMs,
    op: what.op,
  };
  const b = batonEventCodec.encode(event);
  const s = await needs.keys.sign(signingInput(digest, LABELS.batonEvent, b));
  const hash = hashObject(digest, LABELS.batonEvent, b);
  const next = applyBatonEvent(before, { event, hash, at: what.atMs });
  if (!next.ok) throw new Error(`the server's own event does not fit: ${next.error.code} ${next.error.at}`);
  return { event, hash, body: signedCodec.encode({ b, s }), at: what.atMs, state: next.value };
}
