import { type Bytes, equalBytes, ok, type Result, type TimestampMs } from '@baton/kernel';
import type { StatementOf } from '@baton/wire';
import { LABELS } from '../labels.ts';
import { type LedgerError, refuse } from '../ledger-error.ts';
import type { Digest, Verify } from '../ports.ts';
import { checkSignature } from '../signed-check.ts';
import { openStatement } from './apply-statement.ts';

export interface InvitationChain {
  readonly org: StatementOf<'org'>;
  readonly enroller: StatementOf<'enroller'>;
  readonly invitation: StatementOf<'invitation'>;
  /** What the claim names as `invitation`. */
  readonly invitationHash: Bytes;
}

export interface InvitationChainCheck {
  readonly digest: Digest;
  readonly verify: Verify;
  /** Hash of the first org statement, from the link's fragment. */
  readonly root: Bytes;
  readonly atMs: TimestampMs;
}

/**
 * The invitee's check before anything is made: the first org statement is the pinned one, its authority signed the enroller, the enroller
 * the invitation, and both are in time. Takes the three Signed statements in this order; the key log is checked in full after the claim.
 */
export async function checkInvitationChain(
  statements: readonly Bytes[],
  check: InvitationChainCheck,
): Promise<Result<InvitationChain, LedgerError>> {
  const { digest, verify, root, atMs } = check;
  const opened = [];
  for (const bytes of statements) {
    const statement = openStatement(digest, bytes);
    if (!statement.ok) return statement;
    opened.push(statement.value);
  }
  const [first, second, third] = opened;
  if (opened.length !== 3 || first?.body.t !== 'org') return refuse('ledger.bad_chain', 'org');
  if (second?.body.t !== 'enroller') return refuse('ledger.bad_chain', 'enroller');
  if (third?.body.t !== 'invitation') return refuse('ledger.bad_chain', 'invitation');
  if (!equalBytes(first.hash, root)) return refuse('ledger.unknown_signer', 'org');
  const links = [
    { statement: first, publicKey: first.body.pub, at: 'org' },
    { statement: second, publicKey: first.body.pub, at: 'enroller' },
    { statement: third, publicKey: second.body.pub, at: 'invitation' },
  ];
  for (const { statement, publicKey, at } of links) {
    if (statement.body.org !== first.body.org) return refuse('ledger.wrong_purpose', at);
    const { b, s } = statement.signed;
    const signature = await checkSignature({ digest, verify, label: LABELS.statement, publicKey }, b, s);
    if (!signature.ok) return refuse('ledger.bad_signature', at);
  }
  if (atMs >= second.body.notAfter) return refuse('ledger.expired', 'enroller');
  if (atMs >= third.body.notAfter) return refuse('ledger.expired', 'invitation');
  return ok({
    org: first.body,
    enroller: second.body,
    invitation: third.body,
    invitationHash: third.hash,
  });
}
