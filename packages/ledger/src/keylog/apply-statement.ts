import { type Bytes, ok, type Result, type TimestampMs } from '@baton/kernel';
import { type Statement, statementCodec } from '@baton/wire';
import { LABELS } from '../labels.ts';
import { type LedgerError, refuse } from '../ledger-error.ts';
import { leafHash } from '../merkle/log-hashes.ts';
import { appendLeaf } from '../merkle/log-tree.ts';
import { mapKey, setInMap } from '../merkle/sparse-map.ts';
import type { Digest, Verify } from '../ports.ts';
import { type OpenedSigned, openSigned } from '../signed-check.ts';
import { applyAccount, applyBoxKey, applyRevocation } from './account-rules.ts';
import { applyCustodian, applyEnroller, applyGrant, applyInvitation, applyOrg } from './authority-rules.ts';
import { applyPatientInvitation } from './patient-rules.ts';
import { applyRole, applyRoleKey } from './role-rules.ts';
import type { RuleResult, Step } from './rule.ts';
import { type KeyLogState, keyLogOrg } from './state.ts';

export interface StatementCheck {
  readonly verify: Verify;
  /** The Signed device certificate that a role key or a patient's invitation names as `dk` (see `certificateNeededBy`). */
  readonly certificate?: Bytes;
  /**
   * The moment of acceptance, where the caller decides about a new statement: expired keys and invitations are refused by it. Left out
   * when replaying history, where the statement's own time counts.
   */
  readonly atMs?: TimestampMs;
}

/**
 * Appends one Signed statement to the key log, or says why it does not hold. Who must have signed what:
 * org and enroller and custodian: OA; invitation, grant, role: the newest OE; patient-invitation: a device of its author; account: its new
 * key and the invitation's; boxkey: the account's key; rolekey: a device of the account named; revocation: the account's key or OE
 * (docs/protocol/membership.md §7).
 */
export async function applyStatement(
  state: KeyLogState,
  signedBytes: Bytes,
  check: StatementCheck,
): Promise<Result<KeyLogState, LedgerError>> {
  const opened = openStatement(state.digest, signedBytes);
  if (!opened.ok) return opened;
  const { body: statement, hash, signed } = opened.value;
  const org = keyLogOrg(state);
  if (org === null ? statement.t !== 'org' : statement.org !== org)
    return refuse('ledger.wrong_purpose', 'org');
  const outcome = await applyRule({
    state,
    statement,
    signed,
    placed: { index: state.tree.size, hash, ts: statement.ts },
    verify: check.verify,
    atMs: Math.max(statement.ts, check.atMs ?? 0),
    certificate: check.certificate ?? null,
  });
  if (!outcome.ok) return outcome;
  const { subject, changes } = outcome.value;
  return ok({
    ...state,
    ...changes,
    tree: appendLeaf(state.digest, state.tree, leafHash(state.digest, signedBytes)),
    map: setInMap(state.map, mapKey(state.digest, subject), hash),
  });
}

/** Decodes a Signed statement; its signatures are not checked. `x` is allowed on claims only. */
export function openStatement(
  digest: Digest,
  signedBytes: Bytes,
): Result<OpenedSigned<Statement>, LedgerError> {
  const opened = openSigned(digest, signedBytes, { label: LABELS.statement, codec: statementCodec });
  if (opened.ok && opened.value.signed.x !== undefined && opened.value.body.t !== 'account')
    return refuse('ledger.wrong_purpose', 'x');
  return opened;
}

/** Hash of the device certificate that `applyStatement` will need for this statement; null where it needs none. */
export function certificateNeededBy(digest: Digest, signedBytes: Bytes): Bytes | null {
  const opened = openStatement(digest, signedBytes);
  if (!opened.ok) return null;
  const { body } = opened.value;
  return body.t === 'rolekey' || body.t === 'patient-invitation' ? body.dk : null;
}

function applyRule(step: Step<Statement>): RuleResult {
  const { statement } = step;
  switch (statement.t) {
    case 'org':
      return applyOrg({ ...step, statement });
    case 'enroller':
      return applyEnroller({ ...step, statement });
    case 'invitation':
      return applyInvitation({ ...step, statement });
    case 'patient-invitation':
      return applyPatientInvitation({ ...step, statement });
    case 'account':
      return applyAccount({ ...step, statement });
    case 'grant':
      return applyGrant({ ...step, statement });
    case 'boxkey':
      return applyBoxKey({ ...step, statement });
    case 'custodian':
      return applyCustodian({ ...step, statement });
    case 'role':
      return applyRole({ ...step, statement });
    case 'rolekey':
      return applyRoleKey({ ...step, statement });
    case 'revocation':
      return applyRevocation({ ...step, statement });
  }
}
