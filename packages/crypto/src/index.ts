export {
  type BoxKeySeed,
  makeBoxKey,
  type NewBoxKey,
  walkBoxKeyChain,
} from './accounts/box-key-chain.ts';
export { encodeBase32, generateTotpSecret, otpauthAddress } from './authenticator/totp-secret.ts';
export {
  type GenerationSecrets,
  type OpenBoxInput,
  openBox,
  type SealBoxInput,
  type SealedBox,
  sealBox,
} from './boxes/box.ts';
export { type CollectionIndex, makeCollectionIndex } from './collections/collection-index.ts';
export {
  CUSTODIAN_SHARES,
  CUSTODIAN_THRESHOLD,
  joinCustodianSeed,
  parseCustodianShare,
  splitCustodianSeed,
} from './custodian/shares.ts';
export {
  type OpenEscalationInput,
  type OpenedEscalation,
  openEscalation,
  type SealAskInput,
  type SealedAsk,
  sealAsk,
} from './escalation/ask.ts';
export {
  type BoxKeyHolder,
  makeLateBox,
  openEscalationBox,
  type OpenEscalationBoxInput,
} from './escalation/escalation-box.ts';
export { openEscalationContext } from './escalation/escalation-context.ts';
export { MAX_NOTE_BYTES, openNote, sealNote } from './escalation/note.ts';
export { type FileKey, openFile, sealFile } from './files/file.ts';
export {
  FILE_CHUNK_BYTES,
  type FileHasher,
  type FileSource,
  makeFileHasher,
  openFileParts,
  sealedFileLength,
  sealFileParts,
} from './files/file-parts.ts';
export { type GenerationKeys, makeGenerationKeys } from './generations/generation-keys.ts';
export {
  type GroupKeyProvider,
  type NewGenerationSecrets,
  randomGroupKeys,
} from './generations/group-key-provider.ts';
export { type GenerationStart, openLink, walkHistory } from './generations/history.ts';
export {
  type BoxRecipient,
  type EntryDraft,
  extendGeneration,
  type Generation,
  makeGeneration,
} from './generations/make-generation.ts';
export {
  invitationBoxKey,
  invitationSigningKey,
  makeInvitationSecret,
} from './invitations/invitation-keys.ts';
export {
  type BlindedLinkCode,
  blindLinkCode,
  evaluateBlindedCode,
  evaluateLinkCode,
  parseLinkCode,
} from './invitations/link-code.ts';
export {
  buildDemoLink,
  buildJoinLink,
  buildPatientLink,
  type DemoLink,
  type JoinLink,
  type PatientLink,
  parseDemoFragment,
  parseJoinFragment,
  parsePatientFragment,
} from './invitations/links.ts';
export {
  linkHolderProof,
  makePatientLink,
  type NewPatientLink,
  patientLinkSecret,
} from './invitations/patient-link.ts';
export type { SealingPorts } from './ports.ts';
export {
  type AesGcmKey,
  type Argon2idPort,
  type Argon2idRequest,
  CryptoError,
  type CryptoErrorCode,
  type CryptoKeyPort,
  createPrimitives,
  type HkdfKey,
  type NativeAlgorithm,
  type Primitives,
  type PrimitivesPorts,
  type RuntimeSupport,
  type Sha256Port,
  type SigningKey,
  type SubtlePort,
  type XwingKey,
  type XwingPublicKey,
} from './primitives/primitives.ts';
export { deriveRoleBoxSeed } from './roles/role-box-key.ts';
export {
  checkAndUnsealEnvelope,
  type SealEnvelopeInput,
  sealEnvelope,
  unsealEnvelope,
} from './sealed/envelope.ts';
export { paddedLength } from './sealed/padding.ts';
export { checkAndUnsealPut, type SealPutInput, sealPut, unsealPut } from './sealed/put.ts';
export type { CheckAndUnsealInput, UnsealInput, Unsealed } from './sealed/unsealing.ts';
export { type SignBodyInput, type SignedObject, signBody } from './signing/sign-body.ts';
export {
  type Signing,
  signAccountStatement,
  signBatonEvent,
  signCertificate,
  signClaimProof,
  signCollectionRoot,
  signCosignature,
  signEntry,
  signProtocol,
  signRecord,
  signSessionChallenge,
  signStatement,
  signWatermark,
} from './signing/signed-objects.ts';
export {
  derivePhoneStoreKey,
  openUnderPin,
  type PinInput,
  type PinMac,
  sealUnderPin,
} from './vault/pin-wrap.ts';
export { makeUserMasterKey, openVault, sealVault, type VaultPlace } from './vault/vault.ts';
export { unwrapUserMasterKey, type WrapPlace, wrapUserMasterKey } from './vault/wrap.ts';
export {
  type CredentialKeys,
  deriveDemoKeys,
  derivePasskeyWrapKey,
  deriveWordKeys,
  passkeyPrfInput,
} from './vault/wrap-keys.ts';
export { generatePassphrase, PASSPHRASE_WORDS, parsePassphrase } from './words/passphrase.ts';
export { generateRecoveryWords, parseRecoveryWords, RECOVERY_WORDS } from './words/recovery-words.ts';
export type { WordsError } from './words/word-list.ts';
export { wordsLogin } from './words/words-login.ts';
