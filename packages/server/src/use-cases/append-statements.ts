import type { AccountId, Bytes, OrgId, RoleId, SessionId } from '@baton/kernel';
import {
  applyStatement,
  certificateNeededBy,
  type KeyLogState,
  keyLogSize,
  listAccounts,
  openStatement,
} from '@baton/ledger';
import { ADMIN_JOBS, checkRoleKey, hasJob } from '@baton/policy';
import type { Statement } from '@baton/wire';
import { accept, ApiError } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import { type AuditEvent, appendAudit } from '../store/audit.ts';
import type { OrgTransaction } from '../store/database.ts';
import { revokeDevices } from '../store/devices.ts';
import { addLocator } from '../store/locators.ts';
import { lockOrg, type Organisation } from '../store/organisations.ts';
import { disableCredentials } from '../store/credentials.ts';
import { endSessions } from '../store/sessions.ts';
import { flagForRotation, insertStatements, upsertRole } from '../store/statements.ts';

export type StatementNeeds = Pick<
  Services,
  | 'db'
  | 'ports'
  | 'certificates'
  | 'keyLogs'
  | 'conversations'
  | 'treeHeads'
  | 'hub'
  | 'notifier'
  | 'dutyRounds'
>;

export interface CheckedStatements {
  readonly before: KeyLogState;
  readonly after: KeyLogState;
  readonly statements: readonly { readonly statement: Statement; readonly body: Bytes }[];
}

/** Applies statements to the newest key log in memory; nothing is stored. `certificates` are those that come with the request. */
export async function checkStatements(
  needs: Pick<StatementNeeds, 'ports' | 'certificates' | 'conversations'>,
  before: KeyLogState,
  what: { org: OrgId; bodies: readonly Bytes[] },
): Promise<CheckedStatements> {
  const { ports, certificates, conversations } = needs;
  const { org, bodies } = what;
  const statements: { statement: Statement; body: Bytes }[] = [];
  let after = before;
  for (const body of bodies) {
    const { body: statement } = accept(openStatement(ports.digest, body));
    if (statement.org !== org) throw new ApiError('ledger.wrong_purpose', 'org');
    const dk = certificateNeededBy(ports.digest, body);
    const certificate = dk === null ? null : await certificates.signed(org, dk);
    if (statement.t === 'rolekey') {
      await conversations.reload(org, statement.keyring);
      const keyring = await conversations.get(org, statement.keyring);
      if (keyring === null) throw new ApiError('ledger.unknown_signer', 'keyring');
      accept(checkRoleKey(statement, keyring));
    }
    const check = { verify: ports.verify, atMs: ports.clock.nowMs() };
    after = accept(
      await applyStatement(after, body, certificate === null ? check : { ...check, certificate }),
    );
    statements.push({ statement, body });
  }
  if (hasAdmin(before) && !hasAdmin(after)) throw new ApiError('policy.last_admin');
  return { before, after, statements };
}

function hasAdmin(state: KeyLogState): boolean {
  return listAccounts(state).some(
    (account) => account.kind === 'user' && account.active && hasJob(account.jobs, ADMIN_JOBS),
  );
}

export interface CommitOptions {
  readonly org: OrgId;
  readonly actor: AccountId | null;
  readonly session: SessionId | null;
}

export interface StatementEffects {
  readonly ended: readonly { readonly account: AccountId; readonly sessions: readonly SessionId[] }[];
}

/**
 * Stores checked statements and all that follows from them in the caller's transaction: role rows, rotation flags, sessions and devices
 * that end, audit, a new signed head. `null` where the key log has grown since they were checked.
 */
export async function storeStatements(
  needs: StatementNeeds,
  trx: OrgTransaction,
  checked: CheckedStatements,
  options: CommitOptions,
): Promise<StatementEffects | null> {
  const { ports, treeHeads } = needs;
  const { org } = options;
  const locked: Organisation = await lockOrg(trx, org);
  const from = keyLogSize(checked.before);
  if (locked.keylog_size !== from) return null;
  const atMs = Math.max(ports.clock.nowMs(), locked.last_ts);
  await insertStatements(trx, {
    org,
    from,
    atMs,
    statements: checked.statements.map(({ statement, body }) => ({ kind: statement.t, body })),
  });
  const flagged = new Set<string>();
  const ended: { account: AccountId; sessions: readonly SessionId[] }[] = [];
  for (const { statement } of checked.statements) {
    const account = findEnded(statement);
    if (account !== null) {
      const { sessions } = await endAccountAccess(trx, { ...account, atMs });
      ended.push({ account: account.account, sessions });
    }
    for (const member of findOutdated(checked, statement)) flagged.add(member);
    if (statement.t === 'role') await upsertRole(trx, { org, ...pickRole(statement) });
    if (statement.t === 'invitation' || statement.t === 'patient-invitation') {
      const isFree = await addLocator(trx, { kind: 'invitation', key: statement.invitation, org });
      if (!isFree) throw new ApiError('conflict.exists', 'invitation');
    }
    if (statement.t === 'account') await addLocator(trx, { kind: 'account', key: statement.account, org });
  }
  await flagForRotation(trx, [...flagged]);
  await appendAudit(
    trx,
    { org, atMs },
    checked.statements.map(({ statement }) => auditOf(statement, options)),
  );
  await treeHeads.sign(trx, { ...locked, last_ts: atMs }, checked.after);
  return { ended };
}

/** After the commit: this process's memory, its sockets, and the other processes. */
export function announceStatements(
  needs: StatementNeeds,
  org: OrgId,
  result: { checked: CheckedStatements; effects: StatementEffects },
): void {
  const { keyLogs, hub, notifier } = needs;
  const { checked, effects } = result;
  keyLogs.advance(org, checked.after);
  const size = keyLogSize(checked.after);
  for (const { account, sessions } of effects.ended) {
    hub.endSessions(org, sessions, 'ledger.revoked');
    notifier.tell({ t: 'sessions', org, account });
  }
  hub.publishKeyLog(org, size);
  notifier.tell({ t: 'keylog', org, size });
  needs.dutyRounds.wake(org, needs.ports.clock.nowMs());
}

interface Ended {
  readonly account: AccountId;
  /** null: all of the account's. */
  readonly device: Extract<Statement, { t: 'revocation' }>['device'];
  /** The ways to sign in go as well. */
  readonly forGood: boolean;
}

function findEnded(statement: Statement): Ended | null {
  if (statement.t === 'grant' && !statement.active)
    return { account: statement.account, device: null, forGood: false };
  if (statement.t === 'revocation')
    return { account: statement.account, device: statement.device, forGood: false };
  // New keys by a new invitation: whoever was signed in with the old ones is out, and so are the old ways to sign in.
  if (statement.t === 'account' && statement.gen > 1)
    return { account: statement.account, device: null, forGood: true };
  return null;
}

async function endAccountAccess(
  trx: OrgTransaction,
  what: Ended & { atMs: number },
): Promise<{ sessions: SessionId[] }> {
  const { account, device, atMs, forGood } = what;
  const revoked = { account, atMs, code: 'ledger.revoked' };
  const sessions = await endSessions(trx, device === null ? revoked : { ...revoked, device });
  await revokeDevices(trx, { account, device, atMs });
  if (forGood) await disableCredentials(trx, { account, atMs });
  return { sessions };
}

/** Members whose conversations need new keys because of a statement (policy/membership needsRotate says the same of each). */
function findOutdated(checked: CheckedStatements, statement: Statement): string[] {
  switch (statement.t) {
    case 'revocation':
      return [statement.account];
    case 'grant':
      return statement.active ? [] : [statement.account];
    case 'account':
      return statement.gen > 1 ? [statement.account] : [];
    case 'boxkey':
      return statement.gen > 1 ? [statement.account] : [];
    case 'rolekey':
      return isFirstRoleKey(checked, statement.role) ? [] : [statement.role];
    case 'role':
      return statement.active ? [] : [statement.role];
    case 'org':
    case 'enroller':
    case 'invitation':
    case 'patient-invitation':
    case 'custodian':
      return [];
  }
}

function isFirstRoleKey(checked: CheckedStatements, role: RoleId): boolean {
  const newest = checked.statements.filter(
    ({ statement }) => statement.t === 'rolekey' && statement.role === role,
  );
  return newest[0]?.statement.t === 'rolekey' && newest[0].statement.gen === 1;
}

function pickRole(statement: Extract<Statement, { t: 'role' }>): {
  role: RoleId;
  keyring: string;
  active: boolean;
} {
  const { role, keyring, active } = statement;
  return { role, keyring, active };
}

function auditOf(statement: Statement, options: CommitOptions): AuditEvent {
  const object =
    'account' in statement ? statement.account : 'role' in statement ? statement.role : statement.org;
  return {
    actor: options.actor,
    session: options.session,
    action: `keylog.${statement.t}`,
    object,
    outcome: 'ok',
    code: null,
  };
}
