import { requireCertificate, SLACK_MS } from './certificates.ts';
import { Fault } from './fault.ts';
import { type Book, type MembershipLog, wasHolder } from './membership.ts';
import { openSigned } from './key-log.ts';
import {
  gcmOpen,
  hex,
  hkdfExpand,
  isIncluded,
  isObjectSignedBy,
  isSame,
  isSignedBy,
  labelled,
  leafHash,
  objectHash,
  padmeLength,
  sha256,
  uint64,
  utf8,
} from './primitives.ts';
import { Shape } from './shape.ts';

const ENVELOPE = 'sg/envelope/v1';
const MIN_PADDED_BYTES = 256;

export interface Attachment {
  readonly blob: string;
  readonly key: Uint8Array;
  readonly hash: Uint8Array;
  readonly sizeBytes: number;
  readonly name: string;
}

export interface Message {
  readonly id: string;
  readonly seq: number;
  readonly atMs: number;
  readonly author: string;
  readonly as: string | null;
  readonly kind: string;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  /** Committed time is signed by the server. */
  readonly hasReceipt: boolean;
}

export interface Place {
  readonly org: string;
  readonly thread: MembershipLog;
  readonly keyrings: ReadonlyMap<string, MembershipLog>;
}

/** One item of the bundle: who wrote it, that they could, what it says. */
export function readMessage(
  item: Shape,
  book: Book,
  { org, thread, keyrings }: Place,
): Message & { readonly last: string | null; readonly hash: string } {
  const raw = item.bytes('b');
  const sealed = Shape.decode(raw, { step: 6, at: `${item.at}.b` });
  const h = sealed.bytes('h');
  const c = sealed.bytes('c', 32);
  const x = sealed.bytes('x');
  const header = Shape.decode(h, { step: 6, at: `${item.at}.header` });
  if (header.text('t') !== 'envelope' || header.text('org') !== org || header.text('conv') !== thread.conv)
    throw header.fault('belongs to another conversation');
  const author = header.text('author');
  const atMs = item.whole('ts');
  const place = { step: 6, at: item.at };
  const certificate = requireCertificate(book, { dk: header.bytes('dk', 32), account: author, atMs }, place);
  const signed = labelled(ENVELOPE, sha256(sha256(h), c, sha256(x)));
  if (!isSignedBy(certificate.pub, signed, sealed.bytes('s', 64)))
    throw item.fault('is not signed by its author');
  const content = open(item, { h, c, x });
  const kind = header.inner('class').text('kind');
  if (content.text('t') !== kind) throw item.fault('its content is of another kind than its header says');
  requireMember(header, { author, atMs, thread, keyrings });
  return {
    id: header.text('id'),
    seq: item.whole('seq'),
    atMs,
    author,
    as: header.textOrNull('as'),
    kind,
    text: content.has('text') ? content.text('text') : '',
    attachments: content.has('attachments') ? content.shapes('attachments').map(readAttachment) : [],
    hasReceipt: checkReceipt(item, raw, { org, conv: thread.conv, serverKey: book.log.serverKey }),
    last: header.has('last') ? hex(header.bytes('last', 32)) : null,
    hash: hex(objectHash(ENVELOPE, raw)),
  };
}

/** okm = HKDF-Expand(secret, H(L(label, header)), 76): AES key, nonce, key commitment (sealing.md §5, §14). */
function open(
  item: Shape,
  { h, c, x }: { readonly h: Uint8Array; readonly c: Uint8Array; readonly x: Uint8Array },
): Shape {
  const okm = hkdfExpand(item.bytes('secret', 32), objectHash(ENVELOPE, h), 76);
  if (!isSame(okm.subarray(44), c)) throw item.fault('its secret is not the one that it was sealed with');
  const padded = gcmOpen({ key: okm.subarray(0, 32), nonce: okm.subarray(32, 44), aad: h }, x);
  if (padded === null) throw item.fault('does not open');
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end -= 1;
  const isPadded =
    end >= 0 && padded[end] === 0x80 && Math.max(MIN_PADDED_BYTES, padmeLength(end + 1)) === padded.length;
  if (!isPadded) throw item.fault('its filling does not fit');
  return Shape.decode(padded.subarray(0, end), { step: 6, at: `${item.at}.content` });
}

function requireMember(
  header: Shape,
  { author, atMs, thread, keyrings }: { readonly author: string; readonly atMs: number } & Omit<Place, 'org'>,
): void {
  const entry = thread.entries[header.whole('logN')];
  if (entry === undefined) throw header.fault('names a membership entry that is not in the file', 'logN');
  if (entry.hash !== hex(header.bytes('logHead', 32)))
    throw header.fault('names another membership log than this one', 'logHead');
  const as = header.textOrNull('as');
  const isHolder = (role: string): boolean => {
    const keyring = keyrings.get(role);
    return keyring !== undefined && wasHolder(keyring, author, atMs);
  };
  if (as !== null && !isHolder(as))
    throw header.fault('was written for a role that its author did not hold', 'as');
  if (entry.ts > atMs + SLACK_MS)
    throw header.fault('names a membership entry that was made after it', 'logN');
  const isIn = (members: ReadonlySet<string>): boolean =>
    members.has(author) || [...members].some((member) => member.startsWith('r_') && isHolder(member));
  if (!isIn(entry.members)) throw header.fault('its author was no member of the conversation');
  // Nothing is committed of somebody who is out, whatever older entry the header names.
  const newest = thread.entries.findLast(({ ts }) => ts + SLACK_MS <= atMs);
  const isClose = thread.entries.some(({ ts, members }) => Math.abs(ts - atMs) <= SLACK_MS && isIn(members));
  if (newest !== undefined && !isIn(newest.members) && !isClose)
    throw header.fault('its author had been taken out of the conversation');
}

function readAttachment(shape: Shape): Attachment {
  return {
    blob: shape.text('blob'),
    key: shape.bytes('key', 32),
    hash: shape.bytes('hash', 32),
    sizeBytes: shape.whole('sizeBytes'),
    name: shape.text('name'),
  };
}

function checkReceipt(
  item: Shape,
  raw: Uint8Array,
  { org, conv, serverKey }: { readonly org: string; readonly conv: string; readonly serverKey: Uint8Array },
): boolean {
  const bytes = item.bytesOrNull('receipt');
  if (bytes === null) return false;
  const at = `${item.at}.receipt`;
  const receipt = openSigned(bytes, { step: 7, at });
  const { body } = receipt;
  if (!isObjectSignedBy(serverKey, 'sg/receipt/v1', receipt))
    throw new Fault(7, at, "is not signed by the organisation's server");
  if (
    body.text('org') !== org ||
    body.whole('batch') !== item.whole('batch') ||
    body.whole('ts') !== item.whole('ts')
  )
    throw new Fault(7, at, 'is for another batch or time');
  const leaf = leafHash(labelled('sg/row/v1', utf8(conv), uint64(item.whole('seq')), sha256(raw)));
  const proof = { leaf, index: item.whole('index'), size: body.whole('count') };
  if (!isIncluded(proof, item.byteStrings('path'), body.bytes('root', 32)))
    throw new Fault(7, at, 'does not cover this message at its place');
  return true;
}

/** Positions, batches and times go one way, and nobody names as newest what comes later. */
export function checkOrder(
  messages: readonly (Message & {
    readonly last: string | null;
    readonly hash: string;
    readonly batch: number;
  })[],
): void {
  const places = new Map(messages.map(({ hash }, index) => [hash, index]));
  for (const [index, message] of messages.entries()) {
    const before = messages[index - 1];
    if (before && (message.seq <= before.seq || message.batch < before.batch || message.atMs < before.atMs))
      throw new Fault(7, `items[${index}]`, 'is out of order');
    const named = message.last === null ? undefined : places.get(message.last);
    if (named !== undefined && named >= index)
      throw new Fault(7, `items[${index}]`, 'names as older what comes after it');
  }
}
