/**
 * Domain labels: every hash and every signature of the protocol begins with one, so that bytes made for one purpose never count for
 * another (docs/protocol §1, threats T3 and T4). A label is followed by a zero byte, which no label contains.
 */
export const LABELS = {
  /** Key-log statement: hash and first signature. */
  statement: 'sg/statement/v1',
  /** Second signature of an account statement, by the invitation's key. */
  claim: 'sg/claim/v1',
  /** Device certificate. */
  device: 'sg/device/v1',
  /** Membership entry. */
  entry: 'sg/entry/v1',
  /** Membership entry with its box hashes zeroed: what a box is bound to. */
  entryCore: 'sg/entry-core/v1',
  /** HPKE info of a box, and the hash of a box. */
  box: 'sg/box/v1',
  envelope: 'sg/envelope/v1',
  put: 'sg/put/v1',
  receipt: 'sg/receipt/v1',
  /** Row of a receipt's batch tree. */
  row: 'sg/row/v1',
  /** Signed head of the key log. */
  head: 'sg/head/v1',
  watermark: 'sg/watermark/v1',
  collectionRoot: 'sg/collection-root/v1',
  /** Key of a put inside a collection's map. */
  collectionKey: 'sg/collection-key/v1',
  /** Device sign-in challenge. */
  session: 'sg/session/v1',
  /** Event of the audit log. */
  audit: 'sg/audit/v1',
  /** Signed checkpoint of the audit log. */
  auditHead: 'sg/audit-head/v1',
  /** Subject of the sparse map. */
  map: 'sg/map/v1',
  /** Witness's signature over a tree head's hash. */
  witness: 'sg/witness/v1',
  /** Event of a baton. */
  batonEvent: 'sg/baton/v1',
  /** Organisation record: policy, ladder, unit, queue, schedule, cover, availability. */
  record: 'sg/record/v1',
  /** Hash of an agent's manifest, which invitation and grant name. */
  manifest: 'sg/manifest/v1',
  /** HPKE info of an escalation box, and the hash of one. */
  escalationBox: 'sg/esc-box/v1',
  /** Hash of a sealed context block. */
  context: 'sg/context/v1',
  /** Bundle of evidence (docs/protocol/evidence.md). */
  evidence: 'sg/evidence/v1',
  /** Hash of a protocol's document (docs/protocol/programmes.md §2). */
  protocol: 'sg/protocol/v1',
  /** What a person's device signs of a protocol. */
  protocolSignature: 'sg/protocol-signature/v1',
} as const;

export type Label = (typeof LABELS)[keyof typeof LABELS];
