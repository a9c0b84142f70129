import type { Bytes } from '@baton/kernel';
import { type ClaimBinding, claimProofInput, LABELS, signingInput } from '@baton/ledger';
import {
  type BatonEvent,
  batonEventCodec,
  type CollectionRoot,
  collectionRootCodec,
  type DeviceCertificate,
  deviceCertificateCodec,
  type Entry,
  entryCodec,
  type OrgRecord,
  orgRecordCodec,
  type ProtocolSignatureBody,
  protocolSignatureCodec,
  type Statement,
  type StatementOf,
  statementCodec,
  type Watermark,
  watermarkCodec,
} from '@baton/wire';
import type { Primitives, SigningKey } from '../primitives/primitives.ts';
import { type SignedObject, signBody } from './sign-body.ts';

// One function an object, so that a body cannot be signed under another object's label (threat T4). Who has to sign what is in
// docs/protocol/membership.md; the ledger refuses the rest.

export interface Signing<Body> {
  readonly key: SigningKey;
  readonly body: Body;
}

/** Any key-log statement but an account's. */
export function signStatement(
  primitives: Primitives,
  { key, body }: Signing<Exclude<Statement, StatementOf<'account'>>>,
): Promise<SignedObject> {
  return signBody(primitives, { key, label: LABELS.statement, body: statementCodec.encode(body) });
}

/** An account's identity key: signed by itself and, as the claim, by the key of the invitation that it answers. */
export function signAccountStatement(
  primitives: Primitives,
  input: Signing<StatementOf<'account'>> & { readonly invitationKey: SigningKey },
): Promise<SignedObject> {
  return signBody(primitives, {
    key: input.key,
    label: LABELS.statement,
    body: statementCodec.encode(input.body),
    second: { key: input.invitationKey, label: LABELS.claim },
  });
}

/** A device certificate, by the account's identity key (UIK). `hash` is what entries and envelopes name as `dk`. */
export function signCertificate(
  primitives: Primitives,
  { key, body }: Signing<DeviceCertificate>,
): Promise<SignedObject> {
  return signBody(primitives, { key, label: LABELS.device, body: deviceCertificateCodec.encode(body) });
}

/** A membership entry, by the author's device key. */
export function signEntry(primitives: Primitives, { key, body }: Signing<Entry>): Promise<SignedObject> {
  return signBody(primitives, { key, label: LABELS.entry, body: entryCodec.encode(body) });
}

export function signWatermark(
  primitives: Primitives,
  { key, body }: Signing<Watermark>,
): Promise<SignedObject> {
  return signBody(primitives, { key, label: LABELS.watermark, body: watermarkCodec.encode(body) });
}

export function signCollectionRoot(
  primitives: Primitives,
  { key, body }: Signing<CollectionRoot>,
): Promise<SignedObject> {
  return signBody(primitives, { key, label: LABELS.collectionRoot, body: collectionRootCodec.encode(body) });
}

/** An event of a baton, by the person's device key. The server signs its own without this package. */
export function signBatonEvent(
  primitives: Primitives,
  { key, body }: Signing<BatonEvent>,
): Promise<SignedObject> {
  return signBody(primitives, { key, label: LABELS.batonEvent, body: batonEventCodec.encode(body) });
}

/** An organisation record, by the author's device key. */
export function signRecord(primitives: Primitives, { key, body }: Signing<OrgRecord>): Promise<SignedObject> {
  return signBody(primitives, { key, label: LABELS.record, body: orgRecordCodec.encode(body) });
}

/** A check-in protocol's signature (programmes.md §2), by the person's device key. */
export function signProtocol(
  primitives: Primitives,
  { key, body }: Signing<ProtocolSignatureBody>,
): Promise<SignedObject> {
  return signBody(primitives, {
    key,
    label: LABELS.protocolSignature,
    body: protocolSignatureCodec.encode(body),
  });
}

/** Answer to a device sign-in challenge (32 bytes from the server): 64 bytes. The label keeps a challenge from being anything else. */
export function signSessionChallenge(
  primitives: Primitives,
  input: { readonly key: SigningKey; readonly challenge: Bytes },
): Promise<Bytes> {
  return input.key.sign(signingInput(primitives.sha256, LABELS.session, input.challenge));
}

/** `proof` of a `claim` entry, by the key of the invitation: 64 bytes, good at one place of one conversation. */
export function signClaimProof(
  primitives: Primitives,
  input: { readonly key: SigningKey; readonly binding: ClaimBinding },
): Promise<Bytes> {
  return input.key.sign(claimProofInput(primitives.sha256, input.binding));
}

/** A witness's cosignature of a tree head that it found consistent with the one before: 64 bytes over the head's hash. */
export function signCosignature(
  primitives: Primitives,
  input: { readonly key: SigningKey; readonly headHash: Bytes },
): Promise<Bytes> {
  return input.key.sign(signingInput(primitives.sha256, LABELS.witness, input.headHash));
}
