export {
  type AuditCheck,
  auditEventHash,
  auditLeaf,
  checkAuditCheckpoint,
  checkCheckpointExtends,
} from './audit-log.ts';
export { type BatonEventCheck, checkBatonEvent, openBatonEvent } from './baton-check.ts';
export {
  type CertificateCheck,
  type CheckedCertificate,
  checkCertificate,
  checkPastCertificate,
  isCertificateCurrent,
  MAX_CERTIFICATE_LIFE_MS,
} from './certificate.ts';
export {
  type ChainHead,
  type CheckedEntry,
  checkBoxes,
  checkClaimProof,
  checkEntryChain,
  checkEntrySignature,
  type EntryCheck,
  openEntry,
} from './entry-check.ts';
export {
  checkEscalation,
  escalationBoxInfo,
  type EscalationBinding,
  type EscalationRecipient,
  escalationRecipients,
  hashEscalationBox,
  hashEscalationContext,
} from './escalation-check.ts';
export {
  type BoxBinding,
  boxInfo,
  type ClaimBinding,
  claimProofInput,
  encodeUint64,
  entryCoreHash,
  hashBox,
  hashManifest,
  hashObject,
  hashSealed,
  labelPrefix,
  type SealedLabel,
  sealedSigningInput,
  signingInput,
} from './hashing.ts';
export {
  applyStatement,
  certificateNeededBy,
  openStatement,
  type StatementCheck,
} from './keylog/apply-statement.ts';
export {
  checkInvitationChain,
  type InvitationChain,
  type InvitationChainCheck,
} from './keylog/invitation-chain.ts';
export {
  type AccountView,
  type Authority,
  findAccount,
  findAccountAt,
  findAuthority,
  findCustodian,
  findEnroller,
  findInvitation,
  findInvitationAt,
  findOrg,
  findRole,
  findRoleKey,
  findRoleOfKeyring,
  keyLogMapRoot,
  keyLogRoot,
  keyLogSize,
  listAccounts,
  listInvitations,
  listRoles,
  type OrgView,
  type RoleView,
  serverKeys,
} from './keylog/lookups.ts';
export {
  checkPatientInvitationChain,
  type PatientInvitationChain,
  type PatientInvitationProof,
  patientChainPositions,
} from './keylog/patient-invitation-chain.ts';
export { MAX_PATIENT_INVITATION_MS, mayInvitePatients } from './keylog/patient-rules.ts';
export {
  type BoxKeyRecord,
  emptyKeyLog,
  type InvitationOffer,
  type InvitationRecord,
  type KeyLogState,
  keyLogOrg,
  type Placed,
  type PlacedStatement,
  type RevocationRecord,
} from './keylog/state.ts';
export { LABELS, type Label } from './labels.ts';
export type { LedgerError, LedgerErrorCode } from './ledger-error.ts';
export {
  appendToFrontier,
  EMPTY_FRONTIER,
  frontierRoot,
  type LogFrontier,
} from './merkle/log-frontier.ts';
export { emptyRoot, leafHash, nodeHash } from './merkle/log-hashes.ts';
export {
  type ConsistencyClaim,
  type InclusionClaim,
  verifyConsistency,
  verifyInclusion,
} from './merkle/log-proofs.ts';
export {
  appendLeaf,
  consistencyProof,
  emptyLogTree,
  inclusionProof,
  type LogTree,
  logRoot,
} from './merkle/log-tree.ts';
export {
  EMPTY_MAP,
  getFromMap,
  type MapClaim,
  type MapProof,
  mapKey,
  proveInMap,
  type SparseMap,
  setInMap,
  sparseRoot,
  verifyMapProof,
} from './merkle/sparse-map.ts';
export type { Digest, Verify } from './ports.ts';
export {
  checkProtocolSignature,
  hashProtocol,
  openProtocolSignature,
  type ProtocolSignatureCheck,
} from './protocol-check.ts';
export {
  type BatchTree,
  buildBatchTree,
  type CheckedReceipt,
  checkReceipt,
  type ReceiptCheck,
  type ReceiptRow,
  type RowClaim,
  rowLeaf,
  verifyRow,
} from './receipts.ts';
export { checkRecord, openRecord, type RecordCheck } from './record-check.ts';
export {
  checkEnvelope,
  checkPut,
  checkPutChain,
  checkSealed,
  type OpenedEnvelope,
  type OpenedPut,
  type OpenedSealed,
  openEnvelope,
  openPut,
  type PutVersion,
  type SealedCheck,
} from './sealed-check.ts';
export {
  checkSignature,
  checkSigned,
  type OpenedSigned,
  openSigned,
  type SignatureCheck,
  type SignedForm,
} from './signed-check.ts';
export {
  type CheckedHead,
  type ConversationHeadClaim,
  checkCosignature,
  checkHeadExtends,
  checkHeadOfLog,
  checkTreeHead,
  conversationHeadValue,
  type HeadCheck,
  verifyConversationHead,
} from './tree-heads.ts';
export {
  type CheckedCollectionRoot,
  type CheckedWatermark,
  type CollectionMap,
  checkCollectionRoot,
  checkWatermark,
  type DeviceSignedCheck,
  EMPTY_COLLECTION,
  openCollectionRoot,
  openWatermark,
  setInCollection,
} from './watermarks.ts';
