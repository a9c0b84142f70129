import { z } from 'zod';
import { base64UrlField, idField, timestampField, uintField } from '../fields.ts';
import { certificateText, hashText, statementText } from './bodies.ts';

// Request and answer bodies of patients' links (docs/protocol/patients.md §2). All under /v1. The statement itself goes by POST /keylog, the
// claim by POST /invitations/:invitation/claim.

/** Evaluations of the code that the server answers, over the whole life of a link. */
export const MAX_LINK_TRIES = 5;

/** PUT /patient-links/:invitation: by the author of the invitation, after its statement. Repeatable with the same values. */
export const putPatientLinkRequest = z
  .object({
    /** The OPRF key of this invitation. */
    linkKey: base64UrlField(32),
    /** SHA-256 of the proof that somebody holds `s` (crypto `linkHolderProof`). */
    holder: hashText,
  })
  .meta({ id: 'PutPatientLinkRequest' });
export type PutPatientLinkRequest = z.infer<typeof putPatientLinkRequest>;

/** GET /patient-links/:invitation */
export const patientLinkInfo = z
  .object({
    /** For ledger `checkPatientInvitationChain`: from the org statement that the link pins to the patient's invitation. */
    statements: z.array(statementText).min(5).max(8),
    /** Of the author's device that signed the invitation. */
    certificate: certificateText,
    triesLeft: uintField,
    claimed: z.boolean(),
    /** Hash of the statement that the claim must name as `prev`; null for a new account. */
    prev: hashText.nullable(),
    /** Generation that the new box key must have, and its predecessor's hash. */
    boxKeyGen: uintField,
    boxKeyPrev: hashText.nullable(),
    serverTime: timestampField,
  })
  .meta({ id: 'PatientLinkInfo' });
export type PatientLinkInfo = z.infer<typeof patientLinkInfo>;

/**
 * POST /patient-links/:invitation: one try. `auth.failed` where `proof` is not that of the link's `s`, which costs no try; `conflict.claimed` after
 * the claim, which staff are told of; `auth.locked` when none are left.
 */
export const evaluateLinkRequest = z
  .object({
    /** Blinded code: a group element. */
    blinded: base64UrlField(32),
    /** Crypto `linkHolderProof`: who does not hold the link uses up nobody's tries. */
    proof: base64UrlField(32),
  })
  .meta({ id: 'EvaluateLinkRequest' });
export const linkEvaluation = z
  .object({ evaluated: base64UrlField(32), triesLeft: uintField })
  .meta({ id: 'LinkEvaluation' });

/** A patient's link as staff see it. */
const patientLinkState = z
  .object({
    invitation: idField('invitation'),
    account: idField('account'),
    author: idField('account'),
    createdAt: timestampField,
    notAfter: timestampField,
    triesLeft: uintField,
    claimedAt: timestampField.nullable(),
    /** Tries to use it after it was used: an alarm. */
    secondClaims: uintField,
    /** A newer link for the same account took its place. */
    replaced: z.boolean(),
  })
  .meta({ id: 'PatientLinkState' });
export type PatientLinkState = z.infer<typeof patientLinkState>;

/**
 * GET /patient-links?after: those that changed after a position, in the order of their newest change, at most 500. Links that ended more
 * than 30 days ago are left out.
 */
export const patientLinksPage = z
  .object({ links: z.array(patientLinkState), pos: uintField, more: z.boolean() })
  .meta({ id: 'PatientLinks' });
export type PatientLinksPage = z.infer<typeof patientLinksPage>;
