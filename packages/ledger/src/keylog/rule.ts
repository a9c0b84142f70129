import { type Bytes, ok, type Result, type TimestampMs } from '@baton/kernel';
import type { Signed, Statement } from '@baton/wire';
import { LABELS, type Label } from '../labels.ts';
import { type LedgerError, refuse } from '../ledger-error.ts';
import type { Verify } from '../ports.ts';
import { checkSignature } from '../signed-check.ts';
import type { KeyLogState, Placed } from './state.ts';

/** One statement on its way into the log. */
export interface Step<S extends Statement> {
  readonly state: KeyLogState;
  readonly statement: S;
  readonly signed: Signed;
  readonly placed: Placed;
  readonly verify: Verify;
  /** Moment for which keys and invitations must be valid. */
  readonly atMs: TimestampMs;
  /** The Signed certificate that a role key or a patient's invitation names. */
  readonly certificate: Bytes | null;
}

/** What a statement that holds changes: its subject in the map, and parts of the state. */
export interface Outcome {
  readonly subject: string;
  readonly changes: Partial<KeyLogState>;
}

export type RuleResult = Promise<Result<Outcome, LedgerError>>;

/** Checks the statement's first signature. */
export function checkSigner(step: Step<Statement>, publicKey: Bytes): Promise<Result<null, LedgerError>> {
  return checkStepSignature(step, { label: LABELS.statement, publicKey, signature: step.signed.s });
}

export function checkStepSignature(
  step: Step<Statement>,
  input: { readonly label: Label; readonly publicKey: Bytes; readonly signature: Bytes },
): Promise<Result<null, LedgerError>> {
  const { label, publicKey, signature } = input;
  return checkSignature(
    { digest: step.state.digest, verify: step.verify, label, publicKey },
    step.signed.b,
    signature,
  );
}

/** Checks that the organisation's authority (OA) signed. */
export async function checkAuthority(step: Step<Statement>): Promise<Result<null, LedgerError>> {
  const authority = step.state.orgs.at(-1);
  if (authority === undefined) return refuse('ledger.unknown_signer', 'org');
  return checkSigner(step, authority.statement.pub);
}

/** Checks that the newest enrolment signer (OE) signed, in its time. */
export async function checkEnroller(step: Step<Statement>): Promise<Result<null, LedgerError>> {
  const enroller = step.state.enrollers.at(-1);
  if (enroller === undefined) return refuse('ledger.unknown_signer', 'enroller');
  const signer = await checkSigner(step, enroller.statement.pub);
  if (!signer.ok) return signer;
  return step.atMs < enroller.statement.notAfter ? ok(null) : refuse('ledger.expired', 'enroller');
}
