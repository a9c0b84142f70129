import { type ConversationId, encodeHex } from '@baton/kernel';
import { auditRecordCodec, boxCodec, entryCodec, sealedCodec, signedCodec } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { digest, verify } from './fixtures/signing.ts';
import { hex, readVectors, type Vector, valueOf } from './fixtures/vector-files.ts';
import {
  appendToFrontier,
  applyStatement,
  auditEventHash,
  auditLeaf,
  boxInfo,
  buildBatchTree,
  checkAuditCheckpoint,
  checkCertificate,
  checkCollectionRoot,
  checkEntryChain,
  checkEntrySignature,
  checkEnvelope,
  checkHeadOfLog,
  checkPut,
  checkReceipt,
  checkTreeHead,
  checkWatermark,
  conversationHeadValue,
  EMPTY_COLLECTION,
  EMPTY_FRONTIER,
  EMPTY_MAP,
  emptyKeyLog,
  entryCoreHash,
  findOrg,
  frontierRoot,
  hashBox,
  hashObject,
  hashSealed,
  keyLogMapRoot,
  keyLogRoot,
  keyLogSize,
  LABELS,
  listInvitations,
  mapKey,
  proveInMap,
  rowLeaf,
  sealedSigningInput,
  setInCollection,
  setInMap,
  signingInput,
  sparseRoot,
  verifyConversationHead,
  verifyRow,
} from './index.ts';

// The committed files against this package. What writes them computes every hash on its own (tools/src/vectors).

interface KeyLogFile {
  readonly certificate: Vector;
  readonly statements: readonly (Vector & { readonly subject: string })[];
  readonly patientInvitation: Vector & { readonly subject: string };
  readonly logRoot: string;
  readonly mapRoot: string;
}
interface ConversationFile {
  readonly entries: readonly (Vector & { readonly core: string })[];
  readonly box: {
    readonly bytes: string;
    readonly hash: string;
    readonly core: string;
    readonly info: string;
  };
  readonly sealed: readonly Vector[];
}
interface ProofFile {
  readonly receipts: {
    readonly rows: readonly { conv: ConversationId; seq: number; itemHash: string; leaf: string }[];
    readonly receipt: Vector;
  };
  readonly heads: {
    readonly conversation: { conv: ConversationId; n: number; entryHash: string; value: string };
    readonly head: Vector;
  };
  readonly collection: { readonly puts: readonly { key: string; hash: string }[]; readonly root: Vector };
  readonly watermark: Vector;
  readonly audit: {
    readonly events: readonly { bytes: string; hash: string }[];
    readonly checkpoint: Vector;
  };
}

const keyLogFile = readVectors<KeyLogFile>('key-log.json');
const conversationFile = readVectors<ConversationFile>('conversation.json');
const proofFile = readVectors<ProofFile>('proofs.json');

const certificate = hex(keyLogFile.certificate.bytes);
let keylog = emptyKeyLog(digest);
for (const { bytes } of keyLogFile.statements)
  keylog = valueOf(await applyStatement(keylog, hex(bytes), { verify, certificate }));
const org = findOrg(keylog);
if (org === null) throw new Error('no organisation');
const T = 1_800_000_000_000;
const device = valueOf(await checkCertificate(keylog, certificate, { verify, atMs: T + 86_400_000 }));
const byDevice = { digest, verify, certificate: device };
const byServer = { digest, verify, org: org.org, serverKey: org.server };

describe('signed objects', () => {
  const all = [
    keyLogFile.certificate,
    ...keyLogFile.statements,
    keyLogFile.patientInvitation,
    ...conversationFile.entries,
    proofFile.receipts.receipt,
    proofFile.heads.head,
    proofFile.collection.root,
    proofFile.watermark,
    proofFile.audit.checkpoint,
  ];
  it.each(all)('$name: hash, signing input, signature', async (vector) => {
    const signed = valueOf(signedCodec.decode(hex(vector.bytes)));
    expect(encodeHex(hashObject(digest, vector.label, signed.b))).toBe(vector.hash);
    expect(encodeHex(signingInput(digest, vector.label, signed.b))).toBe(vector.signingInput);
    expect(await verify(hex(vector.signer), hex(vector.signingInput), signed.s)).toBe(true);
    expect(Object.values(LABELS)).toContain(vector.label);
  });

  it('cover every type of statement and every operation of an entry', () => {
    const { statements, patientInvitation } = keyLogFile;
    const types = new Set([...statements, patientInvitation].map(({ name }) => name));
    expect([...types].sort()).toEqual(
      'account boxkey custodian enroller grant invitation org patient-invitation revocation role rolekey'.split(
        ' ',
      ),
    );
    expect(conversationFile.entries.map(({ name }) => name)).toEqual(
      'create add remove rotate role policy invite claim agent-grant agent-revoke close'.split(' '),
    );
  });
});

describe('the key log', () => {
  it('applies in order and has these roots', () => {
    expect(keyLogSize(keylog)).toBe(keyLogFile.statements.length);
    expect(encodeHex(keyLogRoot(keylog) ?? new Uint8Array())).toBe(keyLogFile.logRoot);
    expect(encodeHex(keyLogMapRoot(keylog))).toBe(keyLogFile.mapRoot);
    expect(encodeHex(org.root)).toBe(keyLogFile.statements[0]?.hash);
    expect(encodeHex(device.hash)).toBe(keyLogFile.certificate.hash);
  });

  it("takes a patient's invitation after them", async () => {
    const { bytes, hash, subject } = keyLogFile.patientInvitation;
    const grown = valueOf(await applyStatement(keylog, hex(bytes), { verify, certificate }));
    const placed = listInvitations(grown).at(-1);
    expect(encodeHex(placed?.hash ?? new Uint8Array())).toBe(hash);
    expect(`invitation:${placed?.statement.invitation}`).toBe(subject);
  });
});

describe('a conversation', () => {
  it('has entries that hold, chain and have these core hashes', async () => {
    let head: Parameters<typeof checkEntryChain>[1] = null;
    for (const vector of conversationFile.entries) {
      const check = { verify, certificate, asOf: 'newest' } as const;
      const { entry, hash } = valueOf(await checkEntrySignature(keylog, hex(vector.bytes), check));
      valueOf(checkEntryChain(entry, head));
      expect(encodeHex(entryCoreHash(digest, entry))).toBe(vector.core);
      head = { conv: entry.conv, n: entry.n, hash, gen: entry.gen, keylogSize: entry.keylog.size };
      expect(encodeHex(entryCodec.encode(entry))).toBe(
        encodeHex(valueOf(signedCodec.decode(hex(vector.bytes))).b),
      );
    }
    expect(head?.n).toBe(10);
  });

  it('has a box with this hash and info', () => {
    const { bytes, hash, core, info } = conversationFile.box;
    const { conv, gen, to, g } = valueOf(boxCodec.decode(hex(bytes)));
    expect(encodeHex(hashBox(digest, hex(bytes)))).toBe(hash);
    expect(encodeHex(boxInfo({ conv, gen, to, g, core: hex(core) }))).toBe(info);
    expect(core).toBe(conversationFile.entries[0]?.core);
  });

  it('has an envelope and a put that hold', async () => {
    const [envelope, put] = conversationFile.sealed;
    if (envelope === undefined || put === undefined) throw new Error('missing');
    for (const vector of [envelope, put]) {
      const label = vector.label as typeof LABELS.envelope;
      const sealed = valueOf(sealedCodec.decode(hex(vector.bytes)));
      expect(encodeHex(hashSealed(digest, label, hex(vector.bytes)))).toBe(vector.hash);
      expect(encodeHex(sealedSigningInput(digest, label, sealed))).toBe(vector.signingInput);
    }
    expect(valueOf(await checkEnvelope(hex(envelope.bytes), byDevice)).header.t).toBe('envelope');
    expect(valueOf(await checkPut(hex(put.bytes), byDevice)).header.t).toBe('put');
  });
});

describe('proofs', () => {
  it('of a receipt', async () => {
    const { rows, receipt } = proofFile.receipts;
    const checked = valueOf(await checkReceipt(hex(receipt.bytes), byServer));
    const leaves = rows.map((row) => rowLeaf(digest, { ...row, itemHash: hex(row.itemHash) }));
    expect(leaves.map(encodeHex)).toEqual(rows.map(({ leaf }) => leaf));
    const tree = buildBatchTree(digest, leaves);
    expect(tree.root).toEqual(checked.receipt.root);
    for (const [index, row] of rows.entries()) {
      const claim = { row: { ...row, itemHash: hex(row.itemHash) }, index, path: tree.pathOf(index) ?? [] };
      valueOf(verifyRow(digest, checked.receipt, claim));
    }
  });

  it('of a tree head', async () => {
    const { conversation, head } = proofFile.heads;
    const checked = valueOf(await checkTreeHead(hex(head.bytes), byServer));
    valueOf(checkHeadOfLog(keylog, checked.head));
    const { conv, n } = conversation;
    const entryHash = hex(conversation.entryHash);
    const value = conversationHeadValue(digest, n, entryHash);
    expect(encodeHex(value)).toBe(conversation.value);
    const map = setInMap(EMPTY_MAP, mapKey(digest, conv), value);
    const proof = proveInMap(digest, map, mapKey(digest, conv));
    valueOf(verifyConversationHead(digest, checked.head, { conv, n, entryHash, proof }));
  });

  it('of a collection and a watermark', async () => {
    const { puts, root } = proofFile.collection;
    const checked = valueOf(await checkCollectionRoot(hex(root.bytes), byDevice));
    const map = puts.reduce(
      (grown, put) => setInCollection(digest, grown, { key: hex(put.key), hash: hex(put.hash) }),
      EMPTY_COLLECTION,
    );
    expect(sparseRoot(digest, map)).toEqual(checked.root.root);
    expect(valueOf(await checkWatermark(hex(proofFile.watermark.bytes), byDevice)).watermark.seq).toBe(5);
  });

  it('of the audit log', async () => {
    const { events, checkpoint } = proofFile.audit;
    const checked = valueOf(await checkAuditCheckpoint(hex(checkpoint.bytes), byServer));
    const hashes = events.map(({ bytes }) =>
      auditEventHash(digest, valueOf(auditRecordCodec.decode(hex(bytes)))),
    );
    expect(hashes.map(encodeHex)).toEqual(events.map(({ hash }) => hash));
    const frontier = hashes.reduce(
      (grown, hash) => appendToFrontier(digest, grown, auditLeaf(digest, hash)),
      EMPTY_FRONTIER,
    );
    expect(frontierRoot(digest, frontier)).toEqual(checked.root);
  });
});
