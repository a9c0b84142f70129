import { equalBytes } from '@baton/kernel';
import { INVITES_PATIENTS, type Job, type StatementOf } from '@baton/wire';
import { checkCertificate } from '../certificate.ts';
import { refuse } from '../ledger-error.ts';
import { checkOffer, placeInvitation } from './authority-rules.ts';
import { findAccount } from './lookups.ts';
import { checkSigner, type RuleResult, type Step } from './rule.ts';
import type { InvitationOffer } from './state.ts';

/** A patient's link is short-lived: whoever carries it and gets the server's database can search for its code. */
export const MAX_PATIENT_INVITATION_MS = 14 * 86_400_000;

const INVITING_JOBS: ReadonlySet<Job> = new Set<Job>(INVITES_PATIENTS);

/**
 * A patient's or proxy's invitation, signed by a device of a person who may invite patients (docs/protocol/patients.md §2). It makes an account
 * of kind patient, or gives an existing one new keys: never an account of another kind, and never another job.
 */
export async function applyPatientInvitation(step: Step<StatementOf<'patient-invitation'>>): RuleResult {
  const { state, statement } = step;
  const { job, ts, notAfter } = statement;
  const checked = checkOffer(step, { ...statement, kind: 'patient' });
  if (!checked.ok) return checked;
  const existing = checked.value;
  if (existing?.standings.at(-1)?.active === false) return refuse('ledger.revoked', 'account');
  if (existing !== null && existing.titles.at(-1)?.jobs.includes(job) !== true)
    return refuse('ledger.wrong_purpose', 'job');
  if (notAfter <= ts || notAfter - ts > MAX_PATIENT_INVITATION_MS)
    return refuse('ledger.wrong_purpose', 'notAfter');
  const author = findAccount(state, statement.author);
  if (author === null || !author.active) return refuse('ledger.unknown_signer', 'author');
  if (!mayInvitePatients(author)) return refuse('ledger.wrong_purpose', 'author');
  if (step.certificate === null) return refuse('ledger.unknown_signer', 'dk');
  const { verify, atMs } = step;
  const certified = await checkCertificate(state, step.certificate, { verify, atMs });
  if (!certified.ok) return certified;
  if (!equalBytes(certified.value.hash, statement.dk)) return refuse('ledger.unknown_signer', 'dk');
  if (certified.value.certificate.account !== statement.author)
    return refuse('ledger.wrong_purpose', 'author');
  const signer = await checkSigner(step, certified.value.certificate.pub);
  if (!signer.ok) return signer;
  return placeInvitation(step, { offer: offerOf(statement), author: statement.author });
}

export function mayInvitePatients(account: {
  readonly kind: 'user' | 'agent' | 'patient';
  readonly jobs: readonly Job[];
}): boolean {
  return account.kind === 'user' && account.jobs.some((job) => INVITING_JOBS.has(job));
}

/** The same invitation as the enrolment signer would have written it. */
function offerOf(statement: StatementOf<'patient-invitation'>): InvitationOffer {
  const { invitation, account, gen, job, pub, notAfter } = statement;
  return {
    invitation,
    account,
    kind: 'patient',
    gen,
    name: null,
    jobs: [job],
    pub,
    notAfter,
    manifest: null,
  };
}
