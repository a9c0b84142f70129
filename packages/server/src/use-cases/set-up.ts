import { encodeUtf8, equalBytes, type OrgId } from '@baton/kernel';
import { emptyKeyLog, findAccount, openStatement } from '@baton/ledger';
import { hasJob, ADMIN_JOBS } from '@baton/policy';
import type { z } from 'zod';
import type { setupInfo, setupRequest } from '@baton/wire';
import { encodeBase64Url } from '@baton/kernel';
import { accept, ApiError } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import { addLocator } from '../store/locators.ts';
import { findSetupToken, useSetupToken } from '../store/one-time.ts';
import { insertOrg } from '../store/organisations.ts';
import {
  announceStatements,
  checkStatements,
  type StatementNeeds,
  storeStatements,
} from './append-statements.ts';
import { bytesOfText } from './bytes-of-text.ts';
import type { SignedIn } from './describe-session.ts';
import { prepareAccount, prepareCredentials, storeAccount } from './open-account.ts';

type Needs = StatementNeeds & Pick<Services, 'config' | 'keys' | 'limits' | 'log'>;

/** Refuses unknown, used and expired tokens alike. */
async function requireToken(needs: Needs, token: string, address: string): Promise<Uint8Array> {
  await needs.limits.spend('setup', { subject: null, address });
  const hash = needs.ports.digest(encodeUtf8(token));
  const stored = await findSetupToken(needs.db.global, hash);
  // The demo's token counts until its practice is complete: a seeding that was cut short starts over.
  const isUsed = stored !== null && stored.org !== null && stored.kind !== 'demo';
  if (stored === null || isUsed || stored.expires_at <= needs.ports.clock.nowMs())
    throw new ApiError('auth.failed', 'token');
  return hash;
}

/** What the first admin's browser needs before it makes the organisation's keys. */
export async function readSetup(
  needs: Needs,
  input: { token: string; address: string },
): Promise<z.infer<typeof setupInfo>> {
  await requireToken(needs, input.token, input.address);
  return { serverKey: encodeBase64Url(needs.keys.publicKey), demo: needs.config.demo };
}

/**
 * Makes an organisation: its first statements, the first account with its vault and credentials, and a session, all in one transaction
 * with the token's use.
 */
export async function setUpOrganisation(
  needs: Needs,
  input: z.infer<typeof setupRequest>,
  address: string,
): Promise<SignedIn> {
  const tokenHash = await requireToken(needs, input.token, address);
  const { ports, db, keys } = needs;
  const bodies = [...input.statements, input.account, input.boxKey].map((text) =>
    bytesOfText(text, 'statements'),
  );
  const opened = bodies.map((body) => accept(openStatement(ports.digest, body)).body);
  const [org, enroller, custodian, invitation, account, boxKey] = opened;
  if (
    org?.t !== 'org' ||
    enroller?.t !== 'enroller' ||
    custodian?.t !== 'custodian' ||
    invitation?.t !== 'invitation' ||
    account?.t !== 'account' ||
    boxKey?.t !== 'boxkey'
  )
    throw new ApiError('request.invalid', 'statements');
  if (!equalBytes(org.server, keys.publicKey)) throw new ApiError('request.invalid', 'statements.server');
  if (invitation.account !== account.account || boxKey.account !== account.account)
    throw new ApiError('request.invalid', 'account');
  if (invitation.kind !== 'user' || !hasJob(invitation.jobs, ADMIN_JOBS))
    throw new ApiError('policy.last_admin', 'jobs');
  const id: OrgId = org.org;
  const checked = await checkStatements(needs, emptyKeyLog(ports.digest), { org: id, bodies });
  const admin = { org: id, account: account.account, kind: 'user' as const };
  const credentials = await prepareCredentials(
    needs,
    { account: admin.account, kind: 'user' },
    input.credentials,
  );
  const at = { account: admin.account, keyLog: checked.after, credentials };
  const prepared = await prepareAccount(needs, at, input);
  if (findAccount(checked.after, admin.account)?.active !== true)
    throw new ApiError('request.invalid', 'account');

  const { effects, signedIn } = await db.inOrg(id, async (trx) => {
    const atMs = ports.clock.nowMs();
    if (!(await useSetupToken(trx, { hash: tokenHash, org: id, atMs })))
      throw new ApiError('auth.failed', 'token');
    if (!(await addLocator(trx, { kind: 'org', key: id, org: id })))
      throw new ApiError('conflict.exists', 'org');
    await insertOrg(trx, id, atMs);
    const effects = await storeStatements(needs, trx, checked, {
      org: id,
      actor: admin.account,
      session: null,
    });
    if (effects === null) throw new ApiError('conflict.exists', 'org');
    return { effects, signedIn: await storeAccount(needs, trx, admin, prepared) };
  });
  announceStatements(needs, id, { checked, effects });
  needs.log.info('organisation made');
  return signedIn;
}
