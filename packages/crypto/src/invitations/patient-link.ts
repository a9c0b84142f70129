import { type Bytes, concatBytes, encodeUtf8, type InvitationId, newId, Secret } from '@baton/kernel';
import { labelled, SECRET_LABELS } from '../labels.ts';
import type { SealingPorts } from '../ports.ts';
import { requireLength } from '../primitives/crypto-error.ts';
import type { Primitives } from '../primitives/primitives.ts';
import { evaluateLinkCode, LINK_OUTPUT_BYTES, makeLinkCode, makeLinkKey } from './link-code.ts';

/** Bytes of `s`, the part that the link carries. */
export const LINK_SECRET_BYTES = 16;

/** What the inviter's device makes for one patient or proxy (docs/protocol/patients.md §2). Nobody but the patient gets all of it. */
export interface NewPatientLink {
  readonly invitation: InvitationId;
  /** 16 bytes: into the link's fragment, and nowhere else. */
  readonly s: Secret<Bytes>;
  /** Six digits: told another way than the link. */
  readonly code: Secret<string>;
  /** 32 bytes: to the server, with the statement. */
  readonly linkKey: Secret<Bytes>;
  /** SHA-256 of `linkHolderProof`: to the server, so that nobody but a holder of the link can use up its tries. */
  readonly holder: Bytes;
  /** x, 32 bytes: an invitation's secret (`invitationSigningKey`, `invitationBoxKey`). Forgotten once statement and entry are made. */
  readonly secret: Secret<Bytes>;
}

export async function makePatientLink({ primitives, rng }: SealingPorts): Promise<NewPatientLink> {
  const invitation = newId('invitation', rng);
  const s = Secret.of(rng.bytes(LINK_SECRET_BYTES));
  const code = makeLinkCode(rng);
  const linkKey = makeLinkKey(rng);
  const output = evaluateLinkCode(rng, { invitation, code, linkKey });
  const secret = await patientLinkSecret(primitives, { invitation, s, output });
  const holder = primitives.sha256(await linkHolderProof(primitives, { invitation, s }));
  return { invitation, s, code, linkKey, holder, secret };
}

/**
 * HKDF(s; "sg/link-holder/v1" || 0x00 || invitation; 32): goes with each try of the code. `s` has 128 random bits, so what the server keeps
 * of it, a hash, helps nobody to find it, and says nothing about the code.
 */
export function linkHolderProof(
  primitives: Primitives,
  input: { readonly invitation: InvitationId; readonly s: Secret<Bytes> },
): Promise<Bytes> {
  const ikm = input.s.reveal();
  requireLength(ikm, LINK_SECRET_BYTES, 'link secret');
  const info = labelled(SECRET_LABELS.linkHolder, encodeUtf8(input.invitation));
  return primitives.hkdfSha256({ ikm, salt: new Uint8Array(0), info, length: 32 });
}

/**
 * x = HKDF(s || F; "sg/patient-link/v1" || 0x00 || invitation; 32). `output` is F. A wrong code gives another x, and so other keys than those
 * of the statement: only the holder of `s` can see that.
 */
export async function patientLinkSecret(
  primitives: Primitives,
  input: { readonly invitation: InvitationId; readonly s: Secret<Bytes>; readonly output: Secret<Bytes> },
): Promise<Secret<Bytes>> {
  const [s, output] = [input.s.reveal(), input.output.reveal()];
  requireLength(s, LINK_SECRET_BYTES, 'link secret');
  requireLength(output, LINK_OUTPUT_BYTES, 'evaluated code');
  const ikm = concatBytes(s, output);
  const info = labelled(SECRET_LABELS.patientLink, encodeUtf8(input.invitation));
  const secret = await primitives.hkdfSha256({ ikm, salt: new Uint8Array(0), info, length: 32 });
  ikm.fill(0);
  return Secret.of(secret);
}
