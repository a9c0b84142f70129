import { findAccount, type KeyLogState } from '@baton/ledger';
import type { Action } from '@baton/policy';
import type { Statement } from '@baton/wire';
import { ApiError } from '../api-error.ts';
import { actorOf, requirePermission } from './actor.ts';
import { requireStepUp, type Session } from './sessions.ts';

/** Whether the session may append these statements: what its account's jobs allow, and for dangerous ones a proof of presence. */
export function admitStatements(
  by: { readonly session: Session; readonly keyLog: KeyLogState; readonly nowMs: number },
  statements: readonly Statement[],
): void {
  const actor = actorOf(by.keyLog, by.session);
  for (const statement of statements) {
    const rule = ruleFor(by.keyLog, by.session, statement);
    requirePermission(actor, rule.action, { onOneself: rule.onOneself });
    if (rule.dangerous) requireStepUp(by.session, by.nowMs);
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
    case 'patient-invitation':
      if (statement.author !== session.account) throw new ApiError('policy.forbidden', 'author');
      // Every day's work, signed by the device itself; one that replaces a patient's keys is not.
      return rule('people.invite.patient', statement.gen > 1);
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
    case 'rolekey': {
      if (statement.account !== session.account) throw new ApiError('policy.forbidden', 'account');
      // An agent holds no role; the duty agent publishes the key of a keyring that it is in (`checkRoleKey`).
      const isAgent = findAccount(keyLog, session.account)?.kind === 'agent';
      return rule(statement.t === 'boxkey' || isAgent ? 'device.register.own' : 'role.hold', false);
    }
    case 'account':
      // A claim has a route of its own, which makes the session with it.
      throw new ApiError('request.invalid', 'statements');
  }
}
