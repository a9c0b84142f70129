import { type AccountId, type Bytes, encodeHex, type TimestampMs } from '@baton/kernel';
import { type AccountView, type Digest, findAccount, type KeyLogState, listInvitations } from '@baton/ledger';
import type { Person } from '../api/directory.ts';

const KEY_CHANGE_SHOWN_MS = 30 * 86_400_000;
const KINDS = { user: 'person', agent: 'agent', patient: 'patient' } as const;

/** An account as people see it, from the verified key log alone. */
function toPerson(state: KeyLogState, account: AccountView, nowMs: TimestampMs): Person {
  const problem = problemOf(account);
  return {
    kind: KINDS[account.kind],
    id: account.account,
    name: account.name ?? 'Patient',
    jobs: account.jobs,
    active: account.active,
    keysChanged: keyChangeOf(state, account, nowMs),
    verified: problem === null,
    problem,
    fingerprint: account.uik ? fingerprintOf(state.digest, account.uik) : '',
  };
}

/** Somebody whom the key log does not know: shown, never given a key. */
export function unknownPerson(id: AccountId): Person {
  return {
    kind: 'person',
    id,
    name: 'Unknown',
    jobs: [],
    active: false,
    keysChanged: null,
    verified: false,
    problem: 'This account is not confirmed by your organisation.',
    fingerprint: '',
  };
}

export function findPerson(state: KeyLogState, id: AccountId, nowMs: TimestampMs): Person {
  const account = findAccount(state, id);
  return account ? toPerson(state, account, nowMs) : unknownPerson(id);
}

function problemOf(account: AccountView): string | null {
  if (!account.claimed) return 'The invitation has not been used yet.';
  if (!account.active) return 'This account has been deactivated.';
  if (!account.boxKey) return 'New keys are being set up. Messages can be sent when that is done.';
  return null;
}

function keyChangeOf(state: KeyLogState, account: AccountView, nowMs: TimestampMs): Person['keysChanged'] {
  if (account.gen <= 1) return null;
  const invitation = listInvitations(state).findLast(
    ({ statement, claimedAt }) =>
      claimedAt !== null && statement.account === account.account && statement.gen === account.gen,
  );
  if (!invitation || nowMs - invitation.ts > KEY_CHANGE_SHOWN_MS) return null;
  return { at: invitation.ts, reason: 'Confirmed by your organisation with a new invitation.' };
}

/** Twelve bytes of the identity key's hash, in groups that two people can read to each other. */
function fingerprintOf(digest: Digest, uik: Bytes): string {
  return (encodeHex(digest(uik)).slice(0, 24).match(/.{4}/g) ?? []).join(' ');
}
