import { type Bytes, equalBytes, type InvitationId, ok, type Result, type TimestampMs } from '@baton/kernel';
import { deviceCertificateCodec, type Statement, type StatementOf } from '@baton/wire';
import { MAX_CERTIFICATE_LIFE_MS } from '../certificate.ts';
import { LABELS, type Label } from '../labels.ts';
import { type LedgerError, refuse } from '../ledger-error.ts';
import type { Digest, Verify } from '../ports.ts';
import { checkSignature, type OpenedSigned, openSigned } from '../signed-check.ts';
import { openStatement } from './apply-statement.ts';
import type { InvitationChainCheck } from './invitation-chain.ts';
import { MAX_PATIENT_INVITATION_MS, mayInvitePatients } from './patient-rules.ts';
import { getPersistent } from './persistent-map.ts';
import type { KeyLogState } from './state.ts';

/** Enough for the author's own invitation and a later grant to have been signed under different enrolment keys. */
const MAX_STATEMENTS = 8;

export interface PatientInvitationProof {
  /**
   * In the order of the key log: the first org statement, the enrolment keys that signed for the author, the author's invitation and account,
   * the newest grant where there is one, and the patient's invitation last.
   */
  readonly statements: readonly Bytes[];
  /** The author's Signed device certificate. */
  readonly certificate: Bytes;
}

export interface PatientInvitationChain {
  readonly org: StatementOf<'org'>;
  readonly invitation: StatementOf<'patient-invitation'>;
  /** What the claim names as `invitation`. */
  readonly invitationHash: Bytes;
}

/**
 * The patient's check before anything is made (docs/protocol/patients.md §2): from the org statement that the link pins, over an enrolment
 * key, to a person whom it made one who invites patients, to a device of theirs, to this invitation. That none of it has ended since is seen
 * when the whole key log is checked, after the claim.
 */
export async function checkPatientInvitationChain(
  proof: PatientInvitationProof,
  check: InvitationChainCheck,
): Promise<Result<PatientInvitationChain, LedgerError>> {
  const { digest, root, atMs } = check;
  if (proof.statements.length > MAX_STATEMENTS) return refuse('ledger.bad_chain', 'statements');
  const opened: OpenedSigned<Statement>[] = [];
  for (const bytes of proof.statements) {
    const statement = openStatement(digest, bytes);
    if (!statement.ok) return statement;
    opened.push(statement.value);
  }
  const org = only(opened, 'org');
  const author = only(opened, 'invitation');
  const account = only(opened, 'account');
  const link = only(opened, 'patient-invitation');
  if (org === null) return refuse('ledger.bad_chain', 'org');
  if (author === null || account === null) return refuse('ledger.bad_chain', 'author');
  if (link === null) return refuse('ledger.bad_chain', 'invitation');
  if (!equalBytes(org.hash, root)) return refuse('ledger.unknown_signer', 'org');
  if (opened.some(({ body }) => body.org !== org.body.org)) return refuse('ledger.wrong_purpose', 'org');

  const signed = signerOf(check);
  if (!(await signed(org, org.body.pub))) return refuse('ledger.bad_signature', 'org');
  const enrollers: Bytes[] = [];
  for (const one of all(opened, 'enroller')) {
    if (!(await signed(one, org.body.pub))) return refuse('ledger.bad_signature', 'enroller');
    enrollers.push(one.body.pub);
  }
  const isEnrolled = (one: OpenedSigned<Statement>) => signed.byOneOf(one, enrollers);
  if (!(await isEnrolled(author))) return refuse('ledger.bad_signature', 'author');
  const person = await checkPerson({ author, account, grants: all(opened, 'grant') }, { signed, isEnrolled });
  if (!person.ok) return person;
  const device = await checkDevice(proof.certificate, { digest, signed, account, link });
  if (!device.ok) return device;
  const { body } = link;
  if (body.notAfter <= body.ts || body.notAfter - body.ts > MAX_PATIENT_INVITATION_MS)
    return refuse('ledger.wrong_purpose', 'invitation');
  if (atMs >= body.notAfter) return refuse('ledger.expired', 'invitation');
  return ok({ org: org.body, invitation: body, invitationHash: link.hash });
}

/**
 * Where in the key log the statements stand that `checkPatientInvitationChain` asks for, the patient's invitation last, as its author stood when
 * it was written; null where there is no such invitation.
 */
export function patientChainPositions(
  state: KeyLogState,
  invitation: InvitationId,
): readonly number[] | null {
  const record = getPersistent(state.invitations, invitation);
  const signer = record?.author ?? null;
  const author = signer === null ? undefined : getPersistent(state.accounts, signer);
  const identity = author?.identities.findLast(({ index }) => index < (record?.index ?? 0));
  const own = identity === undefined ? undefined : getPersistent(state.invitations, identity.invitation);
  if (record === undefined || author === undefined || identity === undefined || own === undefined)
    return null;
  // A grant that is older than the author's own invitation says nothing any more.
  const grant = author.standings.findLast(({ index }) => own.index < index && index < record.index);
  const signed = [own.index, ...(grant === undefined ? [] : [grant.index])];
  const enrollers = signed.map((at) => state.enrollers.findLast(({ index }) => index < at)?.index ?? 0);
  const positions = new Set([0, ...enrollers, ...signed, identity.index]);
  return [...[...positions].sort((a, b) => a - b), record.index];
}

type Opened<T extends Statement['t']> = OpenedSigned<StatementOf<T>>;

function all<T extends Statement['t']>(opened: readonly OpenedSigned<Statement>[], t: T): Opened<T>[] {
  return opened.filter((one): one is Opened<T> => one.body.t === t);
}

function only<T extends Statement['t']>(opened: readonly OpenedSigned<Statement>[], t: T): Opened<T> | null {
  const found = all(opened, t);
  return found.length === 1 ? (found[0] ?? null) : null;
}

interface Signed {
  (one: OpenedSigned<unknown>, publicKey: Bytes, label?: Label): Promise<boolean>;
  byOneOf(one: OpenedSigned<unknown>, publicKeys: readonly Bytes[]): Promise<boolean>;
}

function signerOf({ digest, verify }: { readonly digest: Digest; readonly verify: Verify }): Signed {
  const isSigned = async (one: OpenedSigned<unknown>, publicKey: Bytes, label: Label = LABELS.statement) =>
    (await checkSignature({ digest, verify, label, publicKey }, one.signed.b, one.signed.s)).ok;
  const byOneOf = async (one: OpenedSigned<unknown>, publicKeys: readonly Bytes[]) => {
    for (const publicKey of publicKeys) if (await isSigned(one, publicKey)) return true;
    return false;
  };
  return Object.assign(isSigned, { byOneOf });
}

/** The author: claimed by who held the invitation, and one who may invite patients by the newest word of an enrolment key. */
async function checkPerson(
  person: {
    readonly author: Opened<'invitation'>;
    readonly account: Opened<'account'>;
    readonly grants: readonly Opened<'grant'>[];
  },
  check: { readonly signed: Signed; readonly isEnrolled: (one: Opened<'grant'>) => Promise<boolean> },
): Promise<Result<null, LedgerError>> {
  const { author, account, grants } = person;
  const { account: id, gen } = account.body;
  if (author.body.account !== id || author.body.gen !== gen) return refuse('ledger.bad_chain', 'author');
  if (!equalBytes(account.body.invitation, author.hash)) return refuse('ledger.bad_chain', 'author');
  const { x } = account.signed;
  if (x === undefined || !(await check.signed(account, account.body.pub)))
    return refuse('ledger.bad_signature', 'author');
  const claim = { ...account, signed: { ...account.signed, s: x } };
  if (!(await check.signed(claim, author.body.pub, LABELS.claim)))
    return refuse('ledger.bad_signature', 'author');
  let { jobs } = author.body;
  for (const grant of grants) {
    if (grant.body.account !== id || !grant.body.active) return refuse('ledger.wrong_purpose', 'author');
    if (!(await check.isEnrolled(grant))) return refuse('ledger.bad_signature', 'author');
    jobs = grant.body.jobs;
  }
  return mayInvitePatients({ kind: author.body.kind, jobs })
    ? ok(null)
    : refuse('ledger.wrong_purpose', 'author');
}

/** The device certificate, signed by the author's identity key and good when the invitation was written; the invitation, signed by it. */
async function checkDevice(
  certificate: Bytes,
  context: {
    readonly digest: Digest;
    readonly signed: Signed;
    readonly account: Opened<'account'>;
    readonly link: Opened<'patient-invitation'>;
  },
): Promise<Result<null, LedgerError>> {
  const { digest, signed, account, link } = context;
  const device = openSigned(digest, certificate, { label: LABELS.device, codec: deviceCertificateCodec });
  if (!device.ok) return device;
  const { body, hash } = device.value;
  const { author, dk, ts } = link.body;
  if (!equalBytes(hash, dk)) return refuse('ledger.unknown_signer', 'dk');
  if (body.org !== link.body.org || body.account !== author || author !== account.body.account)
    return refuse('ledger.wrong_purpose', 'dk');
  if (body.accountGen !== account.body.gen || body.class === 'agent')
    return refuse('ledger.wrong_purpose', 'dk');
  if (body.notAfter - body.notBefore > MAX_CERTIFICATE_LIFE_MS[body.class])
    return refuse('ledger.wrong_purpose', 'dk');
  if (!isWithin(ts, body)) return refuse('ledger.expired', 'dk');
  if (!(await signed(device.value, account.body.pub, LABELS.device)))
    return refuse('ledger.bad_signature', 'dk');
  return (await signed(link, body.pub)) ? ok(null) : refuse('ledger.bad_signature', 'invitation');
}

function isWithin(
  atMs: TimestampMs,
  { notBefore, notAfter }: { notBefore: TimestampMs; notAfter: TimestampMs },
): boolean {
  return notBefore <= atMs && atMs < notAfter;
}
