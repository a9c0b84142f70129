import { type Bytes, type CredentialId, type DeviceId, encodeBase64Url } from '@baton/kernel';
import { checkCertificate, openStatement } from '@baton/ledger';
import type { meBody, NewCredentialBody, VaultBody } from '@baton/wire';
import type { z } from 'zod';
import { actorOf, loadActor, requirePermission } from '../access/actor.ts';
import { requireStepUp, type Session } from '../access/sessions.ts';
import { accept, ApiError, notFound } from '../api-error.ts';
import type { Services } from '../server-parts.ts';
import { type AuditEvent, appendAudit } from '../store/audit.ts';
import { disableCredentials, listCredentials } from '../store/credentials.ts';
import { findDevice, listDevices, saveCertificate } from '../store/devices.ts';
import { removeLocator } from '../store/locators.ts';
import { removePushSubscriptions } from '../store/push-subscriptions.ts';
import { endSessions, nameSessionDevice } from '../store/sessions.ts';
import { findWitness } from '../store/tree-heads.ts';
import { replaceVault } from '../store/vaults.ts';
import { prepareCredential, storeCredentials } from './add-credential.ts';
import type { StatementNeeds } from './append-statements.ts';
import { bytesOfText } from './bytes-of-text.ts';
import { describeSession, deviceBodyOf, readVaultBody, wrapBodyOf } from './describe-session.ts';
import { postStatements } from './post-statements.ts';

type Needs = StatementNeeds & Pick<Services, 'config' | 'keys'>;

export async function readMe(needs: Needs, session: Session): Promise<z.infer<typeof meBody>> {
  const { db, ports, config } = needs;
  return db.inOrg(session.org, async (trx) => {
    const credentials = await listCredentials(trx, session.account);
    const devices = await listDevices(trx, session.account, ports.clock.nowMs());
    const witness = await findWitness(trx);
    return {
      session: await describeSession(trx, session, { token: null, demo: config.demo }),
      wraps: credentials.map(wrapBodyOf),
      devices: devices.map((row) => deviceBodyOf(row, session)),
      witnessKey: witness === null ? null : encodeBase64Url(witness),
    };
  });
}

export async function readVault(needs: Needs, session: Session): Promise<VaultBody> {
  return needs.db.inOrg(session.org, (trx) => readVaultBody(trx, session.account));
}

/** Compare-and-set: version n + 1 replaces version n. */
export async function putVault(needs: Needs, session: Session, vault: VaultBody): Promise<VaultBody> {
  const sealed = bytesOfText(vault.sealed, 'sealed');
  return needs.db.inOrg(session.org, async (trx) => {
    if (!(await replaceVault(trx, session.account, { version: vault.version, sealed })))
      throw new ApiError('conflict.version', 'version');
    return vault;
  });
}

/** Registers this session's device key, once: a session does not change hands. */
export async function registerDevice(needs: Needs, session: Session, body: Bytes): Promise<void> {
  const { db, ports, keyLogs } = needs;
  const { org, account } = session;
  const keyLog = await keyLogs.refresh(org);
  const actor = actorOf(keyLog, session);
  requirePermission(actor, 'device.register.own');
  const atMs = ports.clock.nowMs();
  const { certificate, hash } = accept(await checkCertificate(keyLog, body, { verify: ports.verify, atMs }));
  if (certificate.account !== account) throw new ApiError('ledger.wrong_purpose', 'account');
  if (session.device !== null && session.device !== certificate.device)
    throw new ApiError('conflict.exists', 'device');
  await db.inOrg(org, async (trx) => {
    if (!(await saveCertificate(trx, { org, hash, body, certificate, atMs })))
      throw new ApiError('conflict.exists', 'device');
    await nameSessionDevice(trx, { session: session.session, device: certificate.device });
    await appendAudit(trx, { org, atMs }, [eventOf(session, 'device.register', certificate.device)]);
  });
}

/** Ends a device for good by the Signed revocation; its sessions end at once. */
export async function revokeDevice(
  needs: Needs,
  session: Session,
  what: { device: DeviceId; statement: Bytes },
): Promise<void> {
  const { body: statement } = accept(openStatement(needs.ports.digest, what.statement));
  if (statement.t !== 'revocation' || statement.device !== what.device)
    throw new ApiError('request.invalid', 'statement');
  const device = await needs.db.inOrg(session.org, (trx) => findDevice(trx, what.device));
  // Somebody else's device is an administrator's business and goes by POST /keylog.
  if (device?.account !== session.account || statement.account !== session.account) throw notFound();
  await postStatements(needs, session, [what.statement]);
}

export async function addCredential(needs: Needs, session: Session, body: NewCredentialBody): Promise<void> {
  const { db, ports, keyLogs } = needs;
  const { org, account } = session;
  const atMs = ports.clock.nowMs();
  const actor = await loadActor(keyLogs, session);
  requirePermission(actor, 'credential.manage.own');
  requireStepUp(session, atMs);
  const prepared = await prepareCredential(needs, { account, kind: actor.kind }, body);
  await db.inOrg(org, async (trx) => {
    await storeCredentials(trx, { org, account }, [prepared]);
    await appendAudit(trx, { org, atMs }, [eventOf(session, `credential.add.${body.kind}`, body.credential)]);
  });
}

/** Removes a way to sign in and ends what was signed in with it. The last one stays. */
export async function removeCredential(
  needs: Needs,
  session: Session,
  credential: CredentialId,
): Promise<void> {
  const { db, ports, hub, notifier } = needs;
  const { org, account } = session;
  const atMs = ports.clock.nowMs();
  requireStepUp(session, atMs);
  const ended = await db.inOrg(org, async (trx) => {
    const rows = await listCredentials(trx, account);
    if (!rows.some((row) => row.credential === credential)) throw notFound();
    if (rows.length === 1) throw new ApiError('policy.forbidden', 'credential');
    for (const row of await disableCredentials(trx, { account, credential, atMs })) {
      if (row.login_key !== null) await removeLocator(trx, 'login', row.login_key);
      if (row.passkey_id !== null) await removeLocator(trx, 'passkey', ports.digest(row.passkey_id));
    }
    await appendAudit(trx, { org, atMs }, [eventOf(session, 'credential.remove', credential)]);
    const others = await endSessions(trx, { account, credential, atMs, code: 'auth.expired' });
    return others;
  });
  hub.endSessions(org, ended, 'auth.expired');
  notifier.tell({ t: 'sessions', org, account });
}

/** Ends this session; its socket gets `bye`. */
export async function signOut(needs: Needs, session: Session): Promise<void> {
  const { db, ports, hub, notifier } = needs;
  const { org, account } = session;
  const atMs = ports.clock.nowMs();
  const ended = await db.inOrg(org, async (trx) => {
    const sessions = await endSessions(trx, {
      account,
      session: session.session,
      atMs,
      code: 'auth.expired',
    });
    // Whoever leaves is not followed: signing in again subscribes again.
    if (session.device !== null) await removePushSubscriptions(trx, { account, device: session.device });
    await appendAudit(trx, { org, atMs }, [eventOf(session, 'session.end', session.session)]);
    return sessions;
  });
  hub.endSessions(org, ended, 'auth.expired');
  notifier.tell({ t: 'sessions', org, account });
}

function eventOf(session: Session, action: string, object: string): AuditEvent {
  return { actor: session.account, session: session.session, action, object, outcome: 'ok', code: null };
}
