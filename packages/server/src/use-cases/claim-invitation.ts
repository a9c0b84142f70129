import { encodeBase64Url, equalBytes, type InvitationId, type OrgId } from '@baton/kernel';
import {
  checkSignature,
  findAccount,
  findInvitation,
  findOrg,
  type InvitationRecord,
  type KeyLogState,
  LABELS,
  openStatement,
} from '@baton/ledger';
import type { claimRequest, invitationInfo } from '@baton/wire';
import type { z } from 'zod';
import { accept, ApiError, notFound } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import { findOrgOf } from '../store/locators.ts';
import { recordAudit } from '../store/audit.ts';
import { lockOrg } from '../store/organisations.ts';
import { closeClaimedLink, countSecondClaim, findPatientLink } from '../store/patient-links.ts';
import { readStatements } from '../store/statements.ts';
import {
  announceStatements,
  checkStatements,
  type StatementNeeds,
  storeStatements,
} from './append-statements.ts';
import { bytesOfText } from './bytes-of-text.ts';
import type { SignedIn } from './describe-session.ts';
import type { PreparedCredential } from './add-credential.ts';
import { prepareAccount, prepareCredentials, storeAccount } from './open-account.ts';

type Needs = StatementNeeds & Pick<Services, 'config' | 'keys' | 'limits'>;

interface Found {
  readonly org: OrgId;
  readonly keyLog: KeyLogState;
  readonly record: InvitationRecord;
}

async function findOpenInvitation(needs: Needs, invitation: InvitationId, address: string): Promise<Found> {
  // By address only: ids of invitations stand in the key log, and their secrets need no counting.
  await needs.limits.spend('claim', { subject: null, address });
  const org = await findOrgOf(needs.db.global, 'invitation', invitation);
  if (org === null) throw notFound();
  const keyLog = await needs.keyLogs.refresh(org);
  const record = findInvitation(keyLog, invitation);
  if (record === null) throw notFound();
  return { org, keyLog, record };
}

/** The chain from the root to an invitation, for whoever holds its link. */
export async function readInvitation(
  needs: Needs,
  invitation: InvitationId,
  address: string,
): Promise<z.infer<typeof invitationInfo>> {
  const { org, keyLog, record } = await findOpenInvitation(needs, invitation, address);
  const enroller = keyLog.enrollers.findLast((placed) => placed.index < record.index);
  const positions = [0, enroller?.index ?? 0, record.index];
  const statements = await needs.db.inOrg(org, async (trx) => {
    const found: Uint8Array[] = [];
    for (const position of positions) found.push(...(await readStatements(trx, position, 1)));
    return found;
  });
  const account = findAccount(keyLog, record.statement.account);
  const before = account?.hash ?? null;
  const lastBoxKey = account?.boxKeys.at(-1);
  if (findOrg(keyLog) === null) throw notFound();
  return {
    statements: statements.map(encodeBase64Url),
    claimed: record.claimedAt !== null,
    prev: before === null ? null : encodeBase64Url(before),
    boxKeyGen: (lastBoxKey?.gen ?? 0) + 1,
    boxKeyPrev: lastBoxKey === undefined ? null : encodeBase64Url(lastBoxKey.hash),
    serverTime: needs.ports.clock.nowMs(),
  };
}

/** First claim wins; a second one is `conflict.claimed` and an event in the audit log. */
export async function claimInvitation(
  needs: Needs,
  claim: { invitation: InvitationId; input: z.infer<typeof claimRequest>; address: string },
): Promise<SignedIn> {
  const { invitation, input, address } = claim;
  let credentials: PreparedCredential[] | null = null;
  for (let attempt = 1; attempt <= 3; attempt++) {
    const found = await findOpenInvitation(needs, invitation, address);
    const { org, keyLog, record } = found;
    const { account, kind } = record.statement;
    if (record.claimedAt !== null) {
      await tellSecondClaim(needs, found, { invitation, account: input.account });
      await recordAudit(needs.db, { org, atMs: needs.ports.clock.nowMs() }, [
        {
          actor: null,
          session: null,
          action: 'invitation.claim',
          object: invitation,
          outcome: 'refused',
          code: 'conflict.claimed',
        },
      ]);
      throw new ApiError('conflict.claimed');
    }
    const bodies = [bytesOfText(input.account, 'account'), bytesOfText(input.boxKey, 'boxKey')];
    const [first, second] = bodies.map((body) => accept(openStatement(needs.ports.digest, body)).body);
    if (first?.t !== 'account' || second?.t !== 'boxkey') throw new ApiError('request.invalid', 'account');
    if (first.account !== account || second.account !== account)
      throw new ApiError('ledger.wrong_purpose', 'account');
    if (!Buffer.from(first.invitation).equals(record.hash))
      throw new ApiError('ledger.wrong_purpose', 'invitation');
    const checked = await checkStatements(needs, keyLog, { org, bodies });
    credentials ??= await prepareCredentials(needs, { account, kind }, input.credentials);
    const prepared = await prepareAccount(needs, { account, keyLog: checked.after, credentials }, input);
    const stored = await needs.db.inOrg(org, async (trx) => {
      const effects = await storeStatements(needs, trx, checked, { org, actor: account, session: null });
      if (effects === null) return null;
      await closeClaimedLink(trx, { org, invitation, atMs: needs.ports.clock.nowMs() });
      return { effects, signedIn: await storeAccount(needs, trx, { org, account, kind }, prepared) };
    });
    if (stored === null) continue; // the key log grew meanwhile: look again, perhaps somebody else has claimed
    announceStatements(needs, org, { checked, effects: stored.effects });
    return stored.signedIn;
  }
  throw new ApiError('limit.busy', '', 500);
}

/**
 * A second claim of a patient's link by somebody who has its keys is an alarm for staff (docs/protocol/patients.md §2). Whoever cannot show that
 * raises none, and neither does the first claim sent again because its answer was lost.
 */
async function tellSecondClaim(
  needs: Needs,
  { org, keyLog, record }: Found,
  claim: { invitation: InvitationId; account: string },
): Promise<void> {
  const { digest, verify } = needs.ports;
  const opened = openStatement(digest, bytesOfText(claim.account, 'account'));
  const x = opened.ok ? opened.value.signed.x : undefined;
  if (!opened.ok || x === undefined || opened.value.body.t !== 'account') return;
  const known = findAccount(keyLog, record.statement.account)?.hash ?? null;
  if (known !== null && equalBytes(known, opened.value.hash)) return;
  const by = { digest, verify, label: LABELS.claim, publicKey: record.statement.pub };
  if (!(await checkSignature(by, opened.value.signed.b, x)).ok) return;
  await needs.db.inOrg(org, async (trx) => {
    await lockOrg(trx, org);
    if ((await findPatientLink(trx, claim.invitation)) === null) return;
    await countSecondClaim(trx, { org, invitation: claim.invitation });
  });
}
