import { unzipSync } from 'fflate';
import { readCertificates, requireCertificate } from './certificates.ts';
import { Fault } from './fault.ts';
import { checkAttachments, checkFiles } from './files.ts';
import { checkHead, type KeyLog, KeyLogReader, openSigned } from './key-log.ts';
import { type Book, type MembershipLog, readMembershipLog } from './membership.ts';
import { checkOrder, type Message, readMessage } from './messages.ts';
import { hex, isObjectSignedBy } from './primitives.ts';
import { Shape } from './shape.ts';

const EVIDENCE = 'sg/evidence/v1';
/** Larger files are no bundle: nothing is unpacked without a bound. */
const MAX_BYTES = 4 * 1024 ** 3;

export interface Verdict {
  readonly org: string;
  readonly orgName: string;
  readonly rootHash: string;
  readonly conv: string;
  readonly madeAt: number;
  readonly madeBy: string;
  readonly reason: string;
  readonly left: number;
  readonly headAt: number;
  readonly people: ReadonlyMap<string, { readonly name: string; readonly isProven: boolean }>;
  readonly messages: readonly Message[];
  readonly fileCount: number;
}

/** Checks a bundle by docs/protocol/evidence.md §3, in that order. Throws `Fault` with the first thing that does not hold. */
export function verifyBundle(zipBytes: Uint8Array): Verdict {
  const zip = unpack(zipBytes);
  const evidence = zip.get('evidence.cbor');
  if (evidence === undefined) throw new Fault(1, 'evidence.cbor', 'is missing from the ZIP');
  // The list of files is inside what comes second; who altered either is found either way.
  const signed = openSigned(evidence, { step: 2, at: 'evidence.cbor' });
  const body = Shape.decode(signed.b, { step: 2, at: 'evidence' });
  checkFiles(zip, body.shapes('files'));
  if (body.text('t') !== 'evidence' || body.whole('v') !== 1)
    throw body.fault('is of an unknown version', 'v');

  const { log, headAt, late } = readKeyLog(body);
  const org = body.text('org');
  if (log.org !== org) throw body.fault('is of another organisation than its key log', 'org');
  const book: Book = { certificates: readCertificates(body.byteStrings('certificates'), log), log };
  checkPatientInvitations(late, book);

  const conv = body.text('conv');
  const thread = readMembershipLog(body.byteStrings('entries'), book, { at: 'entries', conv });
  const keyrings = readKeyrings(body, book);
  const items = body.shapes('items').map((item) => item.inStep(6));
  const messages = items.map((item) => ({
    ...readMessage(item, book, { org, thread, keyrings }),
    batch: item.whole('batch'),
  }));
  checkOrder(messages);
  checkAttachments(zip, body.shapes('attachments'), messages);

  const madeBy = body.text('madeBy');
  const madeAt = body.whole('madeAt');
  const place = { step: 9, at: 'evidence' };
  const wanted = { dk: body.bytes('dk', 32), account: madeBy, atMs: madeAt };
  if (!isObjectSignedBy(requireCertificate(book, wanted, place).pub, EVIDENCE, signed))
    throw new Fault(9, 'evidence', 'is not signed by who says to have made it');
  return {
    org,
    orgName: log.orgName,
    rootHash: log.rootHash,
    conv,
    madeAt,
    madeBy,
    reason: body.text('reason'),
    left: body.whole('left'),
    headAt,
    people: namesOf(body, log),
    messages,
    fileCount: zip.size,
  };
}

function unpack(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  let total = 0;
  const seen = new Set<string>();
  try {
    const files = unzipSync(bytes, {
      filter({ name, originalSize, compression }) {
        total += originalSize;
        if (total > MAX_BYTES) throw new RangeError('too large');
        if (compression !== 0) throw new RangeError(`${name} is compressed`);
        if (seen.has(name)) throw new RangeError(`${name} is there twice`);
        seen.add(name);
        return true;
      },
    });
    const entries = new Map(Object.entries(files));
    // A name such as `__proto__` would be there and in no list of them.
    if (entries.size !== seen.size) throw new RangeError('a file has a name that no list shows');
    return entries;
  } catch (error) {
    throw new Fault(
      1,
      'the ZIP',
      `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function readKeyLog(body: Shape): {
  readonly log: KeyLog;
  readonly headAt: number;
  readonly late: ReturnType<KeyLogReader['signedByDevices']>;
} {
  const statements = body.shapes('statements').map((shape) => ({
    index: shape.whole('index'),
    raw: shape.bytes('b'),
    path: shape.byteStrings('path'),
  }));
  const reader = new KeyLogReader();
  let before = -1;
  for (const [place, { index, raw }] of statements.entries()) {
    const at = `statements[${place}]`;
    if (index <= before) throw new Fault(3, at, 'is out of order');
    before = index;
    reader.read(openSigned(raw, { step: 3, at }), at);
  }
  const log = reader.finish();
  return { log, headAt: checkHead(body, log, statements).ts, late: reader.signedByDevices() };
}

/** A patient's invitation is signed by a colleague's device. */
function checkPatientInvitations(late: ReturnType<KeyLogReader['signedByDevices']>, book: Book): void {
  for (const { signed, at } of late) {
    const { body } = signed;
    const wanted = { dk: body.bytes('dk', 32), account: body.text('author'), atMs: body.whole('ts') };
    const certificate = requireCertificate(book, wanted, { step: 4, at });
    if (!isObjectSignedBy(certificate.pub, 'sg/statement/v1', signed))
      throw new Fault(4, at, 'is not signed by who says to have invited');
  }
}

function readKeyrings(body: Shape, book: Book): ReadonlyMap<string, MembershipLog> {
  const keyrings = new Map<string, MembershipLog>();
  for (const shape of body.shapes('keyrings')) {
    const role = shape.text('role');
    const place = { at: `${shape.at}.entries`, conv: shape.text('conv') };
    const log = readMembershipLog(shape.byteStrings('entries'), book, place);
    const first = openSigned(shape.byteStrings('entries')[0] as Uint8Array, { step: 5, at: place.at });
    if (first.body.inner('op').textOrNull('role') !== role)
      throw new Fault(5, place.at, 'is the keyring of another role');
    keyrings.set(role, log);
  }
  return keyrings;
}

function namesOf(body: Shape, log: KeyLog): Verdict['people'] {
  const names = new Map<string, { readonly name: string; readonly isProven: boolean }>();
  for (const shape of body.shapes('people'))
    names.set(shape.text('account'), { name: shape.text('name'), isProven: false });
  for (const [account, { name }] of log.accounts)
    if (name !== null) names.set(account, { name, isProven: true });
  return names;
}

export function fingerprint(rootHash: string): string {
  return hex(Buffer.from(rootHash, 'hex')).match(/.{8}/g)?.join(' ') ?? '';
}
