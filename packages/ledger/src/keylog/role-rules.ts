import { equalBytes, ok } from '@baton/kernel';
import type { StatementOf } from '@baton/wire';
import { checkCertificate } from '../certificate.ts';
import { refuse } from '../ledger-error.ts';
import { getPersistent, setPersistent } from './persistent-map.ts';
import { checkEnroller, checkSigner, type RuleResult, type Step } from './rule.ts';

export async function applyRole(step: Step<StatementOf<'role'>>): RuleResult {
  const { state, statement, placed } = step;
  const { role, n, kind, keyring } = statement;
  const record = getPersistent(state.roles, role);
  const last = record?.versions.at(-1)?.statement;
  if (n !== (last?.n ?? 0) + 1) return refuse('ledger.bad_chain', 'n');
  if (last !== undefined && last.kind !== kind) return refuse('ledger.wrong_purpose', 'kind');
  if (last !== undefined && last.keyring !== keyring) return refuse('ledger.wrong_purpose', 'keyring');
  const owner = getPersistent(state.keyrings, keyring);
  if (owner !== undefined && owner !== role) return refuse('ledger.wrong_purpose', 'keyring');
  const signer = await checkEnroller(step);
  if (!signer.ok) return signer;
  const versions = [...(record?.versions ?? []), { ...placed, statement }];
  return ok({
    subject: `role:${role}`,
    changes: {
      roles: setPersistent(state.roles, role, { role, versions, keys: record?.keys ?? [] }),
      keyrings: setPersistent(state.keyrings, keyring, role),
    },
  });
}

/**
 * A role's box key, signed by a device of one who holds the role. That the account was a member of the keyring at the entry named is
 * checked against the keyring's own log (policy/membership checkRoleKey): this log does not hold it.
 */
export async function applyRoleKey(step: Step<StatementOf<'rolekey'>>): RuleResult {
  const { state, statement, placed } = step;
  const { role, gen, pub, keyring, account, dk } = statement;
  const record = getPersistent(state.roles, role);
  const version = record?.versions.at(-1)?.statement;
  if (record === undefined || version === undefined) return refuse('ledger.unknown_signer', 'role');
  if (!version.active) return refuse('ledger.revoked', 'role');
  if (version.keyring !== keyring) return refuse('ledger.wrong_purpose', 'keyring');
  // The keyring may have rotated twice before a holder published: later, but not always by one.
  if (gen <= (record.keys.at(-1)?.statement.gen ?? 0)) return refuse('ledger.bad_chain', 'gen');
  if (record.keys.some((key) => equalBytes(key.statement.pub, pub)))
    return refuse('ledger.wrong_purpose', 'pub');
  if (step.certificate === null) return refuse('ledger.unknown_signer', 'dk');
  const { verify, atMs } = step;
  const checked = await checkCertificate(state, step.certificate, { verify, atMs });
  if (!checked.ok) return checked;
  if (!equalBytes(checked.value.hash, dk)) return refuse('ledger.unknown_signer', 'dk');
  if (checked.value.certificate.account !== account) return refuse('ledger.wrong_purpose', 'account');
  const signer = await checkSigner(step, checked.value.certificate.pub);
  if (!signer.ok) return signer;
  const keys = [...record.keys, { ...placed, statement }];
  return ok({
    subject: `rolekey:${role}`,
    changes: { roles: setPersistent(state.roles, role, { ...record, keys }) },
  });
}
