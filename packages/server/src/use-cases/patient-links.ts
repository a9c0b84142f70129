import { type Bytes, decodeBase64Url, encodeBase64Url, type InvitationId, type OrgId } from '@baton/kernel';
import {
  findAccount,
  findInvitation,
  type InvitationRecord,
  type KeyLogState,
  openStatement,
  patientChainPositions,
} from '@baton/ledger';
import {
  MAX_LINK_TRIES,
  type PatientLinkInfo,
  type PatientLinksPage,
  type PatientLinkState,
  type PutPatientLinkRequest,
} from '@baton/wire';
import { loadActor, requirePermission } from '../access/actor.ts';
import { evaluateLinkElement, isLinkElement, isLinkKey } from '../access/link-code.ts';
import { isProof } from '../access/proofs.ts';
import type { Session } from '../access/sessions.ts';
import { ApiError, notFound } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import { appendAudit } from '../store/audit.ts';
import { findOrgOf } from '../store/locators.ts';
import { lockOrg } from '../store/organisations.ts';
import {
  countSecondClaim,
  findPatientLink,
  insertPatientLink,
  listPatientLinks,
  takeTry,
} from '../store/patient-links.ts';
import type { PatientLinkRow } from '../store/schema.ts';
import { readStatements } from '../store/statements.ts';
import { bytesOfText } from './bytes-of-text.ts';

type Needs = Pick<Services, 'db' | 'ports' | 'keys' | 'keyLogs' | 'limits' | 'certificates'>;

const DAY_MS = 86_400_000;
/** How long staff are still shown links that have ended. */
const SHOWN_AFTER_END_MS = 30 * DAY_MS;
const PAGE = 500;

/** Keeps the link key of an invitation that this account has signed. The same again changes nothing; another one is refused. */
export async function putPatientLink(
  needs: Needs,
  session: Session,
  what: { invitation: InvitationId; input: PutPatientLinkRequest },
): Promise<void> {
  const { db, ports, keys, keyLogs } = needs;
  const { org, account } = session;
  const { invitation } = what;
  requirePermission(await loadActor(keyLogs, session), 'people.invite.patient');
  const record = findInvitation(await keyLogs.refresh(org), invitation);
  // Somebody else's invitation, and one of the enrolment signer, is none of this account's.
  if (record?.author !== account) throw notFound();
  const linkKey = bytesOfText(what.input.linkKey, 'linkKey', 32);
  const holder = bytesOfText(what.input.holder, 'holder', 32);
  if (!isLinkKey(linkKey)) throw new ApiError('request.invalid', 'linkKey');
  await db.inOrg(org, async (trx) => {
    const locked = await lockOrg(trx, org);
    const known = await findPatientLink(trx, invitation);
    if (known !== null) {
      if (!isSame(needs, known, { linkKey, holder })) throw new ApiError('conflict.exists', 'invitation');
      return;
    }
    const atMs = Math.max(ports.clock.nowMs(), locked.last_ts);
    if (record.claimedAt !== null) throw new ApiError('conflict.claimed');
    if (atMs >= record.statement.notAfter) throw new ApiError('ledger.expired', 'invitation');
    await insertPatientLink(trx, {
      org,
      invitation,
      account: record.statement.account,
      author: account,
      linkKey: keys.sealAtRest(linkKey, contextOf(org, invitation)),
      holder,
      tries: MAX_LINK_TRIES,
      notAfter: record.statement.notAfter,
      atMs,
    });
    const { session: id } = session;
    const event = { actor: account, session: id, object: invitation, outcome: 'ok', code: null } as const;
    await appendAudit(trx, { org, atMs }, [{ ...event, action: 'patient-link.put' }]);
  });
}

/** The chain from the root to a patient's invitation, and how the link stands, for whoever holds it. */
export async function readPatientLink(
  needs: Needs,
  invitation: InvitationId,
  address: string,
): Promise<PatientLinkInfo> {
  await needs.limits.spend('patient-link', { subject: null, address });
  const { org, keyLog, record, row } = await findLink(needs, invitation);
  const positions = patientChainPositions(keyLog, invitation) ?? [];
  const statements = await needs.db.inOrg(org, async (trx) => {
    const found: Bytes[] = [];
    for (const position of positions) found.push(...(await readStatements(trx, position, 1)));
    return found;
  });
  const last = statements.at(-1);
  const opened = last === undefined ? null : openStatement(needs.ports.digest, last);
  const signed =
    opened?.ok === true && opened.value.body.t === 'patient-invitation' ? opened.value.body : null;
  const certificate = signed === null ? null : await needs.certificates.signed(org, signed.dk);
  if (certificate === null) throw notFound();
  const account = findAccount(keyLog, record.statement.account);
  const before = account?.hash ?? null;
  const lastBoxKey = account?.boxKeys.at(-1);
  return {
    statements: statements.map(encodeBase64Url),
    certificate: encodeBase64Url(certificate),
    triesLeft: row.replaced ? 0 : row.tries_left,
    claimed: record.claimedAt !== null,
    prev: before === null ? null : encodeBase64Url(before),
    boxKeyGen: (lastBoxKey?.gen ?? 0) + 1,
    boxKeyPrev: lastBoxKey === undefined ? null : encodeBase64Url(lastBoxKey.hash),
    serverTime: needs.ports.clock.nowMs(),
  };
}

/**
 * One of five evaluations of the code. Counted and durable before it is answered, under the organisation's lock, so that however many ask at
 * once five are answered. What was right is not known here.
 */
export async function evaluateLink(
  needs: Needs,
  asked: { invitation: InvitationId; blinded: string; proof: string; address: string },
): Promise<{ evaluated: string; triesLeft: number }> {
  const { db, ports, keys, limits } = needs;
  const { invitation, address } = asked;
  // Not by the link: its id stands in the key log, and nobody who read it there shall keep the patient out.
  await limits.spend('patient-link', { subject: null, address });
  const { org, row } = await findLink(needs, invitation);
  if (!isProof(ports.digest, bytesOfText(asked.proof, 'proof', 32), row.holder))
    throw new ApiError('auth.failed', 'proof');
  const blinded = decodeBase64Url(asked.blinded);
  if (blinded?.length !== 32 || !isLinkElement(blinded)) throw new ApiError('request.invalid', 'blinded');
  const taken = await db.inOrg(org, async (trx) => {
    const locked = await lockOrg(trx, org);
    const atMs = Math.max(ports.clock.nowMs(), locked.last_ts);
    const now = await findPatientLink(trx, invitation);
    const event = { actor: null, session: null, action: 'patient-link.try', object: invitation } as const;
    const refuse = async (code: 'conflict.claimed' | 'ledger.expired' | 'auth.locked'): Promise<ApiError> => {
      await appendAudit(trx, { org, atMs }, [{ ...event, outcome: 'refused', code }]);
      return new ApiError(code);
    };
    if (now === null) return notFound();
    if (now.claimed_at !== null) {
      // Whoever has the link and tries it after it was used is not the one who used it: staff are told.
      await countSecondClaim(trx, { org, invitation });
      return refuse('conflict.claimed');
    }
    if (atMs >= now.not_after) return refuse('ledger.expired');
    const one = await takeTry(trx, { org, invitation });
    if (one === null) return refuse('auth.locked');
    await appendAudit(trx, { org, atMs }, [{ ...event, outcome: 'ok', code: null }]);
    return one;
  });
  // Returned, not thrown, out of the transaction: what was counted stays counted.
  if (taken instanceof ApiError) throw taken;
  const linkKey = keys.openAtRest(taken.linkKey, contextOf(org, invitation));
  if (linkKey === null) throw new ApiError('server.internal');
  return { evaluated: encodeBase64Url(evaluateLinkElement(linkKey, blinded)), triesLeft: taken.triesLeft };
}

/** How patients' links stand, for those who invite them: changed after a position. */
export async function listLinks(needs: Needs, session: Session, after: number): Promise<PatientLinksPage> {
  requirePermission(await loadActor(needs.keyLogs, session), 'people.invite.patient');
  const endedAfterMs = needs.ports.clock.nowMs() - SHOWN_AFTER_END_MS;
  const rows = await needs.db.inOrg(session.org, (trx) =>
    listPatientLinks(trx, { after, endedAfterMs, limit: PAGE + 1 }),
  );
  const shown = rows.slice(0, PAGE);
  return { links: shown.map(stateOf), pos: shown.at(-1)?.pos ?? after, more: rows.length > PAGE };
}

function stateOf(row: PatientLinkRow): PatientLinkState {
  return {
    invitation: row.invitation as PatientLinkState['invitation'],
    account: row.account as PatientLinkState['account'],
    author: row.author as PatientLinkState['author'],
    createdAt: row.created_at,
    notAfter: row.not_after,
    triesLeft: row.tries_left,
    claimedAt: row.claimed_at,
    secondClaims: row.second_claims,
    replaced: row.replaced,
  };
}

interface Found {
  readonly org: OrgId;
  readonly keyLog: KeyLogState;
  readonly record: InvitationRecord;
  readonly row: PatientLinkRow;
}

/** What does not exist, has no link key yet and is another kind of invitation is one answer. */
async function findLink(needs: Needs, invitation: InvitationId): Promise<Found> {
  const org = await findOrgOf(needs.db.global, 'invitation', invitation);
  if (org === null) throw notFound();
  const row = await needs.db.inOrg(org, (trx) => findPatientLink(trx, invitation));
  const keyLog = await needs.keyLogs.refresh(org);
  const record = findInvitation(keyLog, invitation);
  if (row === null || record === null) throw notFound();
  return { org, keyLog, record, row };
}

/** Whether this is what was put before; once the key is gone, who holds the link tells. */
function isSame(needs: Needs, row: PatientLinkRow, given: { linkKey: Bytes; holder: Bytes }): boolean {
  if (!Buffer.from(row.holder).equals(given.holder)) return false;
  if (row.link_key === null) return true;
  const context = contextOf(row.org as OrgId, row.invitation as InvitationId);
  const known = needs.keys.openAtRest(row.link_key, context);
  return known !== null && Buffer.from(known).equals(given.linkKey);
}

function contextOf(org: OrgId, invitation: InvitationId): string {
  return `patient-link:${org}:${invitation}`;
}
