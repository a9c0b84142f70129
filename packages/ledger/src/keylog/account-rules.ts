import { encodeHex, equalBytes, ok } from '@baton/kernel';
import type { StatementOf } from '@baton/wire';
import { LABELS } from '../labels.ts';
import { refuse } from '../ledger-error.ts';
import { getPersistent, setPersistent } from './persistent-map.ts';
import { checkEnroller, checkSigner, checkStepSignature, type RuleResult, type Step } from './rule.ts';
import type { AccountRecord } from './state.ts';

/** A claim: the new identity key signs itself, the invitation's key vouches for it, and the invitation is used up. */
export async function applyAccount(step: Step<StatementOf<'account'>>): RuleResult {
  const { state, statement, placed, signed } = step;
  const id = getPersistent(state.invitationIds, encodeHex(statement.invitation));
  const invitation = id === undefined ? undefined : getPersistent(state.invitations, id);
  const record = getPersistent(state.accounts, statement.account);
  if (id === undefined || invitation === undefined || record === undefined)
    return refuse('ledger.unknown_signer', 'invitation');
  const offer = invitation.statement;
  if (offer.account !== statement.account) return refuse('ledger.wrong_purpose', 'account');
  if (invitation.claimedAt !== null) return refuse('ledger.bad_chain', 'invitation');
  const current = record.identities.at(-1);
  if (statement.gen !== offer.gen || statement.gen !== (current?.gen ?? 0) + 1)
    return refuse('ledger.bad_chain', 'gen');
  if (!equalNullable(statement.prev, current?.hash ?? null)) return refuse('ledger.bad_chain', 'prev');
  if (record.identities.some((identity) => equalBytes(identity.pub, statement.pub)))
    return refuse('ledger.wrong_purpose', 'pub');
  if (step.atMs >= offer.notAfter) return refuse('ledger.expired', 'invitation');
  if (record.standings.at(-1)?.active === false) return refuse('ledger.revoked', 'account');
  if (signed.x === undefined) return refuse('ledger.bad_signature', 'x');
  const signer = await checkSigner(step, statement.pub);
  if (!signer.ok) return signer;
  const claim = await checkStepSignature(step, {
    label: LABELS.claim,
    publicKey: offer.pub,
    signature: signed.x,
  });
  if (!claim.ok) return refuse('ledger.bad_signature', 'x');
  // A grant that is newer than the invitation already says what the account is now.
  const overtaken = (record.standings.at(-1)?.index ?? -1) > invitation.index;
  const title = { index: placed.index, name: offer.name, jobs: offer.jobs };
  const next: AccountRecord = {
    ...record,
    identities: [...record.identities, { ...placed, gen: statement.gen, pub: statement.pub, invitation: id }],
    titles: overtaken ? record.titles : [...record.titles, title],
    manifests: [...record.manifests, { index: placed.index, manifest: offer.manifest }],
  };
  return ok({
    subject: `account:${statement.account}`,
    changes: {
      accounts: setPersistent(state.accounts, statement.account, next),
      invitations: setPersistent(state.invitations, id, { ...invitation, claimedAt: placed.index }),
    },
  });
}

export async function applyBoxKey(step: Step<StatementOf<'boxkey'>>): RuleResult {
  const { state, statement, placed } = step;
  const { account, accountGen, gen, pub, chain, prev } = statement;
  const record = getPersistent(state.accounts, account);
  const identity = record?.identities.at(-1);
  if (record === undefined || identity === undefined) return refuse('ledger.unknown_signer', 'account');
  if (record.standings.at(-1)?.active === false) return refuse('ledger.revoked', 'account');
  if (accountGen !== identity.gen) return refuse('ledger.bad_chain', 'accountGen');
  const last = record.boxKeys.at(-1);
  if (gen !== (last?.gen ?? 0) + 1) return refuse('ledger.bad_chain', 'gen');
  if (!equalNullable(prev, last?.hash ?? null)) return refuse('ledger.bad_chain', 'prev');
  // After a credential reset the earlier seed may be lost, so the chain may break there and nowhere else.
  if (last === undefined && chain !== null) return refuse('ledger.bad_chain', 'chain');
  if (last?.accountGen === accountGen && chain === null) return refuse('ledger.bad_chain', 'chain');
  if (record.boxKeys.some((key) => equalBytes(key.pub, pub))) return refuse('ledger.wrong_purpose', 'pub');
  const signer = await checkSigner(step, identity.pub);
  if (!signer.ok) return signer;
  const next = { ...record, boxKeys: [...record.boxKeys, { ...placed, accountGen, gen, pub, chain }] };
  return ok({
    subject: `boxkey:${account}`,
    changes: { accounts: setPersistent(state.accounts, account, next) },
  });
}

export async function applyRevocation(step: Step<StatementOf<'revocation'>>): RuleResult {
  const { state, statement, placed } = step;
  const { account, device, by, reason } = statement;
  const record = getPersistent(state.accounts, account);
  const identity = record?.identities.at(-1);
  if (record === undefined || identity === undefined) return refuse('ledger.unknown_signer', 'account');
  const before = record.revocations.findLast((revocation) => revocation.device === device);
  // One device ends once; "every device" may be said again, later, of later devices.
  if (before !== undefined && (device !== null || statement.ts <= before.ts))
    return refuse('ledger.bad_chain', 'device');
  const signer = by === 'account' ? await checkSigner(step, identity.pub) : await checkEnroller(step);
  if (!signer.ok) return signer;
  const revocation = { ...placed, device, accountGen: identity.gen, reason };
  const next = { ...record, revocations: [...record.revocations, revocation] };
  return ok({
    subject: `revocation:${account}:${device ?? 'all'}`,
    changes: { accounts: setPersistent(state.accounts, account, next) },
  });
}

function equalNullable(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : equalBytes(a, b);
}
