import { type AccountId, encodeHex, equalBytes, ok, type Result } from '@baton/kernel';
import type { Job, Statement, StatementOf } from '@baton/wire';
import { type LedgerError, refuse } from '../ledger-error.ts';
import { getPersistent, setPersistent } from './persistent-map.ts';
import {
  checkAuthority,
  checkEnroller,
  checkSigner,
  type Outcome,
  type RuleResult,
  type Step,
} from './rule.ts';
import type { AccountRecord, InvitationOffer } from './state.ts';

/** The first statement is the root of trust and signs itself; a later one may rename or change the server's key, under the same OA. */
export async function applyOrg(step: Step<StatementOf<'org'>>): RuleResult {
  const { state, statement, placed } = step;
  const previous = state.orgs.at(-1);
  if (previous !== undefined) {
    if (!equalBytes(previous.statement.pub, statement.pub)) return refuse('ledger.unknown_signer', 'pub');
    if (statement.ts <= previous.ts) return refuse('ledger.bad_chain', 'ts');
  }
  const signer = await checkSigner(step, statement.pub);
  if (!signer.ok) return signer;
  return ok({ subject: 'org', changes: { orgs: [...state.orgs, { ...placed, statement }] } });
}

export async function applyEnroller(step: Step<StatementOf<'enroller'>>): RuleResult {
  const { state, statement, placed } = step;
  if (statement.gen !== state.enrollers.length + 1) return refuse('ledger.bad_chain', 'gen');
  const signer = await checkAuthority(step);
  if (!signer.ok) return signer;
  return ok({ subject: 'enroller', changes: { enrollers: [...state.enrollers, { ...placed, statement }] } });
}

export async function applyCustodian(step: Step<StatementOf<'custodian'>>): RuleResult {
  const { state, statement, placed } = step;
  if (statement.gen !== state.custodians.length + 1) return refuse('ledger.bad_chain', 'gen');
  if (statement.threshold < 1 || statement.threshold > statement.shares)
    return refuse('ledger.wrong_purpose', 'threshold');
  const signer = await checkAuthority(step);
  if (!signer.ok) return signer;
  return ok({
    subject: 'custodian',
    changes: { custodians: [...state.custodians, { ...placed, statement }] },
  });
}

export async function applyInvitation(step: Step<StatementOf<'invitation'>>): RuleResult {
  const { kind, name, jobs, manifest } = step.statement;
  const offer = checkOffer(step, step.statement);
  if (!offer.ok) return offer;
  if (!fitsKind(kind, jobs)) return refuse('ledger.wrong_purpose', 'jobs');
  // A patient's name never reaches the log, which every member of staff replicates and the server reads.
  if ((kind === 'patient') !== (name === null)) return refuse('ledger.wrong_purpose', 'name');
  if ((kind === 'agent') !== (manifest !== null)) return refuse('ledger.wrong_purpose', 'manifest');
  const signer = await checkEnroller(step);
  if (!signer.ok) return signer;
  return placeInvitation(step, { offer: step.statement, author: null });
}

export async function applyGrant(step: Step<StatementOf<'grant'>>): RuleResult {
  const { state, statement, placed } = step;
  const { account, n, name, jobs, active, manifest } = statement;
  const record = getPersistent(state.accounts, account);
  if (record === undefined) return refuse('ledger.unknown_signer', 'account');
  if (n !== (record.standings.at(-1)?.n ?? 0) + 1) return refuse('ledger.bad_chain', 'n');
  if (!fitsKind(record.kind, jobs)) return refuse('ledger.wrong_purpose', 'jobs');
  if ((record.kind === 'patient') !== (name === null)) return refuse('ledger.wrong_purpose', 'name');
  if ((record.kind === 'agent') !== (manifest !== null)) return refuse('ledger.wrong_purpose', 'manifest');
  const signer = await checkEnroller(step);
  if (!signer.ok) return signer;
  const next: AccountRecord = {
    ...record,
    standings: [...record.standings, { ...placed, n, active }],
    titles: [...record.titles, { index: placed.index, name, jobs }],
    manifests: [...record.manifests, { index: placed.index, manifest }],
  };
  return ok({
    subject: `grant:${account}`,
    changes: { accounts: setPersistent(state.accounts, account, next) },
  });
}

/** An id that is new, an account of the same kind, the account's next generation. */
export function checkOffer(
  { state }: Step<Statement>,
  { invitation, account, kind, gen }: Pick<InvitationOffer, 'invitation' | 'account' | 'kind' | 'gen'>,
): Result<AccountRecord | null, LedgerError> {
  if (getPersistent(state.invitations, invitation) !== undefined)
    return refuse('ledger.bad_chain', 'invitation');
  const existing = getPersistent(state.accounts, account) ?? null;
  if (existing !== null && existing.kind !== kind) return refuse('ledger.wrong_purpose', 'kind');
  if (gen !== (existing?.identities.at(-1)?.gen ?? 0) + 1) return refuse('ledger.bad_chain', 'gen');
  return ok(existing);
}

/** The outcome of an invitation that holds: its record, and the account's where it is the first. */
export function placeInvitation(
  { state, placed }: Step<Statement>,
  { offer, author }: { readonly offer: InvitationOffer; readonly author: AccountId | null },
): Result<Outcome, LedgerError> {
  const { invitation, account, kind, gen, name, jobs, pub, notAfter, manifest } = offer;
  const record: AccountRecord = getPersistent(state.accounts, account) ?? {
    account,
    kind,
    index: placed.index,
    identities: [],
    titles: [{ index: placed.index, name, jobs }],
    manifests: [{ index: placed.index, manifest }],
    standings: [],
    boxKeys: [],
    revocations: [],
  };
  const statement = { invitation, account, kind, gen, name, jobs, pub, notAfter, manifest };
  return ok({
    subject: `invitation:${invitation}`,
    changes: {
      accounts: setPersistent(state.accounts, account, record),
      invitations: setPersistent(state.invitations, invitation, {
        ...placed,
        statement,
        author,
        claimedAt: null,
      }),
      invitationIds: setPersistent(state.invitationIds, encodeHex(placed.hash), invitation),
    },
  });
}

const PATIENT_JOBS: ReadonlySet<Job> = new Set<Job>(['patient', 'proxy']);

/** Agents are agents and nothing else, patients' accounts carry patients' jobs, and staff carry neither. */
function fitsKind(kind: AccountRecord['kind'], jobs: readonly Job[]): boolean {
  if (new Set(jobs).size !== jobs.length) return false;
  if (kind === 'agent') return jobs.length === 1 && jobs[0] === 'agent';
  if (kind === 'patient') return jobs.every((job) => PATIENT_JOBS.has(job));
  return jobs.every((job) => job !== 'agent' && !PATIENT_JOBS.has(job));
}
