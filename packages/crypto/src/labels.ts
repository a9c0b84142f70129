import { type Bytes, type ConversationId, concatBytes, encodeUtf8 } from '@baton/kernel';
import { encodeUint64 } from '@baton/ledger';

/**
 * Labels of everything that is derived from, or sealed under, a secret (docs/protocol/sealing.md §1). Public hashes and signatures have
 * theirs in ledger/labels; no text occurs in both.
 */
export const SECRET_LABELS = {
  /** Envelope key of a generation. */
  messageKey: 'sg/msg/v1',
  /** Put key of a generation. */
  collectionKey: 'sg/coll/v1',
  /** Index key of a collection, from its first generation. */
  collectionIndex: 'sg/coll-index/v1',
  /** History link. */
  link: 'sg/link/v1',
  /** Seed of a role's box key. */
  roleBox: 'sg/role-box/v1',
  /** Back chain of an account's box keys. */
  boxKeyChain: 'sg/boxkey-chain/v1',
  vault: 'sg/vault/v1',
  wrap: 'sg/wrap/v1',
  /** Salt of Argon2id. */
  salt: 'sg/salt/v1',
  /** Sign-in proof. */
  proof: 'sg/proof/v1',
  demoProof: 'sg/demo-proof/v1',
  demoWrap: 'sg/demo-wrap/v1',
  /** What the passkey's PRF is asked for. */
  prfInput: 'sg/prf-input/v1',
  prfWrap: 'sg/prf-wrap/v1',
  /** User master key under a PIN and a key of the device. */
  pinWrap: 'sg/pin-wrap/v1',
  /** Key of what a phone keeps of an account while nobody has opened it. */
  phoneStore: 'sg/phone-store/v1',
  file: 'sg/file/v1',
  invitationSign: 'sg/invitation-sign/v1',
  invitationBox: 'sg/invitation-box/v1',
  /** Input of the OPRF over a patient link's code. */
  linkCode: 'sg/link-code/v1',
  /** An invitation's secret from a patient link and its code. */
  patientLink: 'sg/patient-link/v1',
  /** Proof that somebody holds a patient link. */
  linkHolder: 'sg/link-holder/v1',
  /** Login name of recovery words. */
  wordsLogin: 'sg/words-login/v1',
  /** Key of an asking message's context block, from the message's own secret. */
  contextKey: 'sg/context-key/v1',
  /** HPKE info of a hand-over note. */
  note: 'sg/note/v1',
  /** Checksum of a printed custodian share. */
  share: 'sg/share/v1',
} as const;

export type SecretLabel = (typeof SECRET_LABELS)[keyof typeof SECRET_LABELS];

const ZERO = Uint8Array.of(0);

/** utf8(label) || 0x00 || parts. Callers pass parts of fixed length, or one of free length at the end, so that the whole is unambiguous. */
export function labelled(label: SecretLabel, ...parts: readonly Bytes[]): Bytes {
  return concatBytes(encodeUtf8(label), ZERO, ...parts);
}

/** utf8(label) || 0x00 || utf8(conv) || uint64be(gen): a generation of a conversation. Ids have one length. */
export function generationContext(label: SecretLabel, conv: ConversationId, gen: number): Bytes {
  return labelled(label, encodeUtf8(conv), encodeUint64(gen));
}
