import { type Certificate, requireCertificate, SLACK_MS } from './certificates.ts';
import { encodeTextMap } from './cbor.ts';
import { Fault } from './fault.ts';
import { type KeyLog, openSigned } from './key-log.ts';
import { hex, isObjectSignedBy, isSame, isSignedBy, labelled, objectHash, sha256 } from './primitives.ts';
import type { Shape } from './shape.ts';

const STEP = 5;
const ENTRY = 'sg/entry/v1';

/** A conversation's membership log: members after each entry. */
export interface MembershipLog {
  readonly conv: string;
  readonly entries: readonly {
    readonly hash: string;
    readonly ts: number;
    readonly members: ReadonlySet<string>;
  }[];
}

export interface Book {
  readonly certificates: ReadonlyMap<string, Certificate>;
  readonly log: KeyLog;
}

/** Checks positions, hashes and signatures; whether each change was allowed is not judged again. */
export function readMembershipLog(
  raws: readonly Uint8Array[],
  book: Book,
  place: { readonly at: string; readonly conv: string },
): MembershipLog {
  const entries: { hash: string; ts: number; members: ReadonlySet<string> }[] = [];
  const invited: Invited = new Map();
  let members = new Set<string>();
  let prev: Uint8Array | null = null;
  if (raws.length === 0) throw new Fault(STEP, place.at, 'is empty');
  for (const [n, raw] of raws.entries()) {
    const at = `${place.at}[${n}]`;
    const signed = openSigned(raw, { step: STEP, at });
    const { body } = signed;
    if (body.text('t') !== 'entry' || body.text('org') !== book.log.org || body.text('conv') !== place.conv)
      throw new Fault(STEP, at, 'is no entry of this conversation');
    if (body.whole('n') !== n) throw new Fault(STEP, at, 'stands at another place than it says');
    const named = body.bytesOrNull('prev', 32);
    if (prev === null ? named !== null : named === null || !isSame(named, prev))
      throw new Fault(STEP, at, 'does not follow the entry before it');
    const author = body.text('author');
    const dk = body.bytes('dk', 32);
    const ts = body.whole('ts');
    const certificate = requireCertificate(book, { dk, account: author, atMs: ts }, { step: STEP, at });
    if (!isObjectSignedBy(certificate.pub, ENTRY, signed))
      throw new Fault(STEP, at, 'is not signed by its author');
    members = change(members, body, { at, invited, conv: place.conv });
    prev = objectHash(ENTRY, signed.b);
    entries.push({ hash: hex(prev), ts, members });
  }
  return { conv: place.conv, entries };
}

/** Account and key of each invitation. */
type Invited = Map<string, { readonly account: string; readonly key: Uint8Array }>;

function change(
  before: ReadonlySet<string>,
  body: Shape,
  context: { readonly at: string; readonly invited: Invited; readonly conv: string },
): Set<string> {
  const members = new Set(before);
  const op = body.inner('op');
  switch (op.text('op')) {
    case 'create':
    case 'add':
      for (const member of op.shapes('members')) members.add(member.text('m'));
      break;
    case 'remove':
      for (const member of op.list('members')) {
        if (typeof member !== 'string') continue;
        members.delete(member);
        // A link that was not used goes with the account that it was for.
        for (const [invitation, { account }] of context.invited)
          if (account === member) context.invited.delete(invitation);
      }
      break;
    case 'invite':
      context.invited.set(op.text('invitation'), {
        account: op.text('account'),
        key: op.bytes('sigPub', 32),
      });
      break;
    case 'claim':
      requireProof(body, op, context);
      // Nobody writes on an invitation alone.
      members.add(op.text('account'));
      break;
    case 'agent-grant':
      members.add(op.text('agent'));
      break;
    case 'agent-revoke':
      members.delete(op.text('agent'));
      break;
    default:
      break;
  }
  return members;
}

function requireProof(
  body: Shape,
  op: Shape,
  { at, invited, conv }: { readonly at: string; readonly invited: Invited; readonly conv: string },
): void {
  const invitation = op.text('invitation');
  const account = op.text('account');
  const found = invited.get(invitation);
  if (found === undefined) throw new Fault(STEP, at, 'claims an invitation that is not there');
  if (found.account !== account || body.text('author') !== account)
    throw new Fault(STEP, at, 'claims an invitation of somebody else');
  const proven = encodeTextMap({
    conv,
    prev: body.bytes('prev', 32),
    invitation,
    account,
    dk: body.bytes('dk', 32),
  });
  if (!isSignedBy(found.key, labelled('sg/claim/v1', sha256(proven)), op.bytes('proof', 64)))
    throw new Fault(STEP, at, "its proof is not by the invitation's key");
}

/** Whether somebody was a holder of a keyring around a moment: after the newest entry before it, or by one close to it. */
export function wasHolder(keyring: MembershipLog, account: string, atMs: number): boolean {
  const newest = keyring.entries.findLast(({ ts }) => ts <= atMs);
  return (
    newest?.members.has(account) === true ||
    keyring.entries.some(({ ts, members }) => Math.abs(ts - atMs) <= SLACK_MS && members.has(account))
  );
}
