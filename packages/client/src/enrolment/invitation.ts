import {
  type JoinLink,
  invitationSigningKey,
  type Primitives,
  parseJoinFragment,
  type SigningKey,
} from '@baton/crypto';
import { type Bytes, decodeBase64Url, equalBytes } from '@baton/kernel';
import { applyStatement, checkSignature, emptyKeyLog, LABELS, openStatement } from '@baton/ledger';
import { invitationInfo, type StatementOf } from '@baton/wire';
import type { InvitationPreview } from '../api/session.ts';
import { ClientError } from '../failure.ts';
import type { Rest } from '../rest/rest.ts';

/** An invitation whose chain from the pinned root was checked. */
export interface CheckedInvitation {
  readonly link: JoinLink;
  readonly orgName: string;
  readonly statement: StatementOf<'invitation'>;
  readonly hash: Bytes;
  readonly key: SigningKey;
  readonly claimed: boolean;
  readonly expired: boolean;
  readonly prev: Bytes | null;
  readonly boxKeyGen: number;
  readonly boxKeyPrev: Bytes | null;
}

/**
 * Checks that the organisation whose hash the link carries made this invitation, and that the link's secret is its key: a server cannot
 * invite anybody to an organisation of its own (docs/protocol/membership.md §8).
 */
export async function checkInvitation(
  ports: { readonly primitives: Primitives; readonly rest: Rest },
  fragment: string,
): Promise<CheckedInvitation> {
  const link = parseJoinFragment(fragment);
  if (!link)
    throw new ClientError('request.invalid', 'link', {
      sentence: 'This link is not complete. Ask for it again.',
    });
  const info = await ports.rest.call({
    method: 'GET',
    path: `/invitations/${link.invitation}`,
    answer: invitationInfo,
  });
  const { sha256: digest, verifyEd25519: verify } = ports.primitives;
  const opened = info.statements.map((text) => {
    const bytes = decodeBase64Url(text);
    const statement = bytes ? openStatement(digest, bytes) : null;
    if (!bytes || !statement?.ok) throw new ClientError('wire.malformed', 'invitation');
    return { bytes, ...statement.value };
  });
  const [org, , invitation] = opened;
  if (org?.body.t !== 'org' || invitation?.body.t !== 'invitation')
    throw new ClientError('ledger.wrong_purpose', 'invitation');
  if (!equalBytes(org.hash, link.root)) throw new ClientError('ledger.fork', 'invitation.root');
  await checkChain(
    opened.map(({ bytes }) => bytes),
    { digest, verify },
  );
  const key = await invitationSigningKey(ports.primitives, link.secret);
  const statement = invitation.body;
  if (statement.invitation !== link.invitation || !equalBytes(statement.pub, key.publicKey))
    throw new ClientError('ledger.wrong_purpose', 'invitation.pub');
  return {
    link,
    orgName: org.body.name,
    statement,
    hash: invitation.hash,
    key,
    claimed: info.claimed,
    expired: info.serverTime >= statement.notAfter,
    prev: hashOf(info.prev),
    boxKeyGen: info.boxKeyGen,
    boxKeyPrev: hashOf(info.boxKeyPrev),
  };
}

export function previewOf(invitation: CheckedInvitation): InvitationPreview {
  const { statement, orgName, claimed, expired } = invitation;
  return {
    orgName,
    name: statement.name,
    jobs: statement.jobs,
    claimed,
    expired,
    replacesKeys: statement.gen > 1,
  };
}

/**
 * Signatures of the three statements. They stand apart in the log (renewals of the enroller in between), so positions and generations are
 * not looked at here: the whole log is verified after the claim.
 */
async function checkChain(
  statements: readonly Bytes[],
  ports: { readonly digest: (bytes: Bytes) => Bytes; readonly verify: Primitives['verifyEd25519'] },
): Promise<void> {
  const [orgBytes, enrollerBytes, invitationBytes] = statements as [Bytes, Bytes, Bytes];
  const applied = await applyStatement(emptyKeyLog(ports.digest), orgBytes, { verify: ports.verify });
  if (!applied.ok) throw new ClientError(applied.error.code, 'invitation.org');
  const org = openStatement(ports.digest, orgBytes);
  const enroller = openStatement(ports.digest, enrollerBytes);
  const invitation = openStatement(ports.digest, invitationBytes);
  if (!org.ok || !enroller.ok || !invitation.ok) throw new ClientError('wire.malformed', 'invitation');
  if (org.value.body.t !== 'org' || enroller.value.body.t !== 'enroller')
    throw new ClientError('ledger.wrong_purpose', 'invitation');
  for (const [statement, publicKey] of [
    [enroller.value, org.value.body.pub],
    [invitation.value, enroller.value.body.pub],
  ] as const) {
    const { b, s } = statement.signed;
    const checked = await checkSignature({ ...ports, label: LABELS.statement, publicKey }, b, s);
    if (!checked.ok) throw new ClientError(checked.error.code, `invitation.${statement.body.t}`);
    if (statement.body.org !== org.value.body.org)
      throw new ClientError('ledger.wrong_purpose', 'invitation.org');
  }
}

function hashOf(text: string | null): Bytes | null {
  if (text === null) return null;
  const bytes = decodeBase64Url(text);
  if (bytes?.length !== 32) throw new ClientError('wire.malformed', 'invitation');
  return bytes;
}
