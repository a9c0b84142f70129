import type { Bytes } from '@baton/kernel';
import { findAccount, type KeyLogState, keyLogSize, openStatement } from '@baton/ledger';
import type { Action } from '@baton/policy';
import type { Statement } from '@baton/wire';
import { actorOf, requirePermission } from '../access/actor.ts';
import { requireStepUp, type Session } from '../access/sessions.ts';
import { accept, ApiError } from '../api-error.ts';
import {
  announceStatements,
  checkStatements,
  type StatementNeeds,
  storeStatements,
} from './append-statements.ts';

const ATTEMPTS = 4;

/**
 * Appends a signed-in account's statements to the key log, all or none; answers the new size. The signatures are the authority; the
 * permission and the proof of presence keep a stolen session from using them.
 */
export async function postStatements(
  needs: StatementNeeds,
  session: Session,
  bodies: readonly Bytes[],
): Promise<number> {
  const { org } = session;
  const statements = bodies.map((body) => accept(openStatement(needs.ports.digest, body)).body);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const keyLog = await needs.keyLogs.refresh(org);
    authorise(needs, session, { keyLog, statements });
    const checked = await checkStatements(needs, keyLog, { org, bodies });
    const options = { org, actor: session.account, session: session.session };
    const effects = await needs.db.inOrg(org, (trx) => storeStatements(needs, trx, checked, options));
    if (effects === null) continue; // somebody else's statements came first: judge by the longer log
    announceStatements(needs, org, { checked, effects });
    return keyLogSize(checked.after);
  }
  throw new ApiError('limit.busy', '', 500);
}

function authorise(
  needs: StatementNeeds,
  session: Session,
  what: { keyLog: KeyLogState; statements: readonly Statement[] },
): void {
  const actor = actorOf(what.keyLog, session);
  for (const statement of what.statements) {
    const rule = ruleFor(what.keyLog, session, statement);
    requirePermission(actor, rule.action, { onOneself: rule.onOneself });
    if (rule.dangerous) requireStepUp(session, needs.ports.clock.nowMs());
  }
}

interface Rule {
  readonly action: Action;
  readonly dangerous: boolean;
  readonly onOneself: boolean;
}

function ruleFor(keyLog: KeyLogState, session: Session, statement: Statement): Rule {
  const rule = (action: Action, dangerous: boolean, onOneself = false): Rule => ({
    action,
    dangerous,
    onOneself,
  });
  switch (statement.t) {
    case 'org':
    case 'enroller':
    case 'custodian':
      return rule('org.authority', true);
    case 'invitation':
      if (statement.kind === 'patient') return rule('people.invite.patient', true);
      return rule(statement.kind === 'agent' ? 'people.invite.agent' : 'people.invite', true);
    case 'grant': {
      const onOneself = statement.account === session.account;
      const isActive = findAccount(keyLog, statement.account)?.active !== false;
      return rule(isActive && !statement.active ? 'people.deactivate' : 'people.grant', true, onOneself);
    }
    case 'role':
      return rule('role.define', false);
    case 'revocation': {
      const isOwn = statement.account === session.account;
      const isThisDevice = isOwn && statement.device !== null && statement.device === session.device;
      return rule(isOwn ? 'device.revoke.own' : 'device.revoke.other', !isThisDevice);
    }
    case 'boxkey':
    case 'rolekey':
      if (statement.account !== session.account) throw new ApiError('policy.forbidden', 'account');
      return rule(statement.t === 'boxkey' ? 'device.register.own' : 'role.hold', false);
    case 'account':
      // A claim has a route of its own, which makes the session with it.
      throw new ApiError('request.invalid', 'statements');
  }
}
