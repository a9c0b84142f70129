export {
  type GenerationSecrets,
  type OpenBoxInput,
  openBox,
  type SealBoxInput,
  type SealedBox,
  sealBox,
} from './boxes/box.ts';
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
  signCertificate,
  signCollectionRoot,
  signEntry,
  signSessionChallenge,
  signStatement,
  signWatermark,
} from './signing/signed-objects.ts';
