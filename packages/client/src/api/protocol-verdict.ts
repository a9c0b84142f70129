import type { AccountId, TimestampMs } from '@baton/kernel';
import type { ErrorCode, ProtocolSigner } from '@baton/wire';

/** A signature that counts. */
export interface GoodSignature {
  readonly account: AccountId;
  /** As the signer's device said. */
  readonly at: TimestampMs;
}

/** Why a protocol may not run. */
export type ProtocolFlaw =
  /** The document is not the one that its own hash names. */
  | 'document'
  | 'author-missing'
  | 'clinician-missing'
  /** There is a signature, and it does not count (`refused` says why). */
  | 'author-refused'
  | 'clinician-refused'
  /** One person signed as both. */
  | 'same-person';

export interface ProtocolVerdict {
  /** Both signatures hold, by two people, for this very document. */
  readonly mayRun: boolean;
  readonly author: GoodSignature | null;
  readonly clinician: GoodSignature | null;
  readonly why: ProtocolFlaw | null;
  /** Signatures that are there and do not count: the ledger's code, or `policy.forbidden` for somebody without the right. */
  readonly refused: { readonly [As in ProtocolSigner]: ErrorCode | null };
}
