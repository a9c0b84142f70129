import { type Bytes, encodeHex, encodeUtf8 } from '@baton/kernel';
import {
  auditCheckpointCodec,
  auditRecordCodec,
  collectionRootCodec,
  receiptCodec,
  treeHeadCodec,
  watermarkCodec,
} from '@baton/wire';
import {
  bytesNamed,
  idNamed,
  labelled,
  mapRoot,
  objectHash,
  sha256,
  signedVector,
  treeRoot,
  type Vector,
  uint64,
} from './fixed-keys.ts';
import {
  ana,
  anaDevice,
  certificateHash,
  fromHex,
  type KeyLogVectors,
  org,
  server,
  T0,
} from './key-log-vectors.ts';

const conv = idNamed('conversation', 'group');

/** Rows of one batch, their leaf inputs, and the receipt over them. */
function makeReceiptVectors() {
  const rows = [1, 2, 3].map((seq) => ({ conv, seq, itemHash: bytesNamed(`item ${seq}`, 32) }));
  const inputs = rows.map(({ seq, itemHash }) =>
    labelled('sg/row/v1', new Uint8Array(Buffer.concat([encodeUtf8(conv), uint64(seq), itemHash]))),
  );
  const root = treeRoot(inputs);
  const body = receiptCodec.encode({
    v: 1,
    t: 'receipt',
    org,
    batch: 7,
    count: rows.length,
    root,
    ts: T0 + 10,
  });
  return {
    rows: rows.map(({ seq, itemHash }, index) => ({
      conv,
      seq,
      itemHash: encodeHex(itemHash),
      leaf: encodeHex(treeRoot(inputs.slice(index, index + 1))),
    })),
    receipt: signedVector('receipt', { label: 'sg/receipt/v1', body, by: server }),
  };
}

function makeHeadVector(keylog: KeyLogVectors, entryHash: Bytes) {
  const n = 10;
  const value = sha256(uint64(n), entryHash);
  const convRoot = mapRoot([[objectHash('sg/map/v1', encodeUtf8(conv)), value]]);
  const head = {
    v: 1,
    t: 'head',
    org,
    size: keylog.statements.length,
    logRoot: fromHex(keylog.logRoot),
    mapRoot: fromHex(keylog.mapRoot),
    convRoot,
    ts: T0 + 11,
  } as const;
  return {
    conversation: { conv, n, entryHash: encodeHex(entryHash), value: encodeHex(value) },
    head: signedVector('tree head', { label: 'sg/head/v1', body: treeHeadCodec.encode(head), by: server }),
  };
}

function makeCollectionVectors() {
  const puts = ['a', 'b', 'c'].map((name) => ({
    key: sha256(encodeUtf8(`key ${name}`)),
    hash: bytesNamed(`put ${name}`, 32),
  }));
  const root = mapRoot(puts.map(({ key, hash }) => [objectHash('sg/collection-key/v1', key), hash]));
  const body = collectionRootCodec.encode({
    v: 1,
    t: 'collection-root',
    org,
    conv,
    author: ana,
    dk: certificateHash,
    seq: 12,
    root,
    ts: T0 + 12,
  });
  return {
    puts: puts.map(({ key, hash }) => ({ key: encodeHex(key), hash: encodeHex(hash) })),
    root: signedVector('collection root', { label: 'sg/collection-root/v1', body, by: anaDevice }),
  };
}

function makeWatermarkVector(): Vector {
  const body = watermarkCodec.encode({
    v: 1,
    t: 'watermark',
    org,
    conv,
    account: ana,
    dk: certificateHash,
    seq: 5,
    ts: T0 + 13,
  });
  return signedVector('watermark', { label: 'sg/watermark/v1', body, by: anaDevice });
}

function makeAuditVectors() {
  const events = [0, 1, 2].map((n) => {
    const bytes = auditRecordCodec.encode({
      v: 1,
      t: 'audit',
      org,
      n,
      at: T0 + n,
      actor: n === 0 ? null : ana,
      session: n === 0 ? null : idNamed('session', 'morning'),
      action: 'conversation.read',
      object: conv,
      outcome: 'ok',
      code: null,
    });
    return { bytes: encodeHex(bytes), hash: encodeHex(objectHash('sg/audit/v1', bytes)) };
  });
  const root = treeRoot(events.map(({ hash }) => fromHex(hash)));
  const body = auditCheckpointCodec.encode({ v: 1, t: 'audit-head', org, size: 3, root, ts: T0 + 14 });
  return {
    events,
    checkpoint: signedVector('audit checkpoint', { label: 'sg/audit-head/v1', body, by: server }),
  };
}

export interface ProofVectors {
  readonly receipts: ReturnType<typeof makeReceiptVectors>;
  readonly heads: ReturnType<typeof makeHeadVector>;
  readonly collection: ReturnType<typeof makeCollectionVectors>;
  readonly watermark: Vector;
  readonly audit: ReturnType<typeof makeAuditVectors>;
}

export function makeProofVectors(keylog: KeyLogVectors, entryHash: Bytes): ProofVectors {
  return {
    receipts: makeReceiptVectors(),
    heads: makeHeadVector(keylog, entryHash),
    collection: makeCollectionVectors(),
    watermark: makeWatermarkVector(),
    audit: makeAuditVectors(),
  };
}
