import { type Bytes, encodeHex, encodeUtf8 } from '@baton/kernel';
import {
  boxCodec,
  type Entry,
  type EntryOp,
  encodeCanonical,
  entryCodec,
  envelopeHeaderCodec,
  putHeaderCodec,
  sealedCodec,
} from '@baton/wire';
import { conv, escalationBoxHash, escalationContextHash, message } from './baton-vectors.ts';
import {
  bytesNamed,
  idNamed,
  labelled,
  objectHash,
  sha256,
  signedVector,
  type Vector,
} from './fixed-keys.ts';
import {
  ana,
  anaDevice,
  ben,
  certificateHash,
  DAY,
  desk,
  fromHex,
  type KeyLogVectors,
  org,
  T0,
} from './key-log-vectors.ts';

const agent = idNamed('account', 'agent');
const patient = idNamed('account', 'patient');
const link = idNamed('invitation', 'link');

/** One operation of each kind, and the key generation after it. */
const ops: readonly (readonly [op: EntryOp, gen: number])[] = [
  [
    {
      op: 'create',
      kind: 'group',
      members: [
        { m: ana, hist: true },
        { m: desk, hist: true },
      ],
      role: null,
      parent: null,
    },
    1,
  ],
  [{ op: 'add', members: [{ m: ben, hist: true }], because: null }, 1],
  [{ op: 'remove', members: [ben], because: bytesNamed('because', 32) }, 2],
  [{ op: 'rotate', reason: 'age' }, 3],
  [{ op: 'role', member: desk, standing: 'owner' }, 3],
  [{ op: 'policy', retentionDays: 2190, openInvite: false }, 3],
  [
    {
      op: 'invite',
      because: null,
      invitation: link,
      account: patient,
      sigPub: bytesNamed('link signing key', 32),
      boxPub: bytesNamed('link box key', 1216),
      notAfter: T0 + 7 * DAY,
      hist: true,
    },
    3,
  ],
  [{ op: 'claim', invitation: link, account: patient, proof: bytesNamed('claim proof', 64) }, 3],
  [{ op: 'agent-grant', agent, hist: false, manifest: bytesNamed('manifest', 32) }, 4],
  [{ op: 'agent-revoke', agent }, 5],
  [{ op: 'close', reason: 'done' }, 5],
];

export interface EntryVector extends Vector {
  /** Hash of the entry with its box hashes zeroed. */
  readonly core: string;
}

/** Entries that chain from the first to the last. Whether their author may do all that is policy's business, not the bytes'. */
function makeEntryVectors(keylog: KeyLogVectors): EntryVector[] {
  const vectors: EntryVector[] = [];
  let previousGen = 0;
  for (const [n, [op, gen]] of ops.entries()) {
    const previous = vectors.at(-1);
    const entry: Entry = {
      v: 1,
      t: 'entry',
      org,
      conv,
      n,
      prev: previous === undefined ? null : fromHex(previous.hash),
      author: ana,
      as: op.op === 'rotate' ? desk : null,
      dk: certificateHash,
      ts: T0 + DAY + n,
      op,
      gen,
      recipients:
        gen === previousGen
          ? []
          : [
              { m: ana, g: 2, h: true, b: bytesNamed(`box ana ${gen}`, 32) },
              { m: 'custodian', g: 1, h: true, b: bytesNamed(`box custodian ${gen}`, 32) },
            ],
      link: gen > 1 && gen !== previousGen ? bytesNamed(`link ${gen}`, 92) : null,
      keylog: { size: keylog.statements.length, root: fromHex(keylog.logRoot) },
    };
    const zeroed = { ...entry, recipients: entry.recipients.map((r) => ({ ...r, b: new Uint8Array(32) })) };
    const body = entryCodec.encode(entry);
    vectors.push({
      ...signedVector(op.op, { label: 'sg/entry/v1', body, by: anaDevice }),
      core: encodeHex(objectHash('sg/entry-core/v1', entryCodec.encode(zeroed))),
    });
    previousGen = gen;
  }
  return vectors;
}

function makeBoxVector(core: Bytes) {
  const info = labelled('sg/box/v1', encodeCanonical({ conv, gen: 1, to: ana, g: 2, core }));
  const box = boxCodec.encode({
    v: 1,
    t: 'box',
    conv,
    gen: 1,
    to: ana,
    g: 2,
    enc: bytesNamed('encapsulation', 1120),
    ct: bytesNamed('sealed keys', 80),
  });
  return {
    bytes: encodeHex(box),
    hash: encodeHex(objectHash('sg/box/v1', box)),
    core: encodeHex(core),
    info: encodeHex(info),
  };
}

function makeSealedVector(name: 'envelope' | 'put', h: Bytes): Vector {
  const label = `sg/${name}/v1`;
  const c = bytesNamed('commitment', 32);
  const x = bytesNamed('ciphertext', 96);
  const signingInput = labelled(label, sha256(sha256(h), c, sha256(x)));
  const bytes = sealedCodec.encode({ h, c, x, s: anaDevice.sign(signingInput) });
  return {
    name,
    label,
    signer: encodeHex(anaDevice.pub),
    bytes: encodeHex(bytes),
    hash: encodeHex(objectHash(label, bytes)),
    signingInput: encodeHex(signingInput),
  };
}

function makeSealedVectors(head: Bytes): Vector[] {
  const header = {
    v: 1,
    org,
    conv,
    gen: 5,
    logN: ops.length - 1,
    logHead: head,
    author: ana,
    dk: certificateHash,
    ts: T0 + 2 * DAY,
    salt: bytesNamed('salt', 32),
    last: bytesNamed('last receipt', 32),
  } as const;
  const envelope = envelopeHeaderCodec.encode({
    ...header,
    t: 'envelope',
    id: message,
    as: desk,
    class: {
      kind: 'message',
      contract: 'reply',
      to: [ben],
      withinMs: 900_000,
      replyTo: idNamed('message', 'asked'),
    },
    blobs: [idNamed('blob', 'photo')],
    escalation: { boxes: [{ to: ben, g: 2, b: escalationBoxHash }], context: escalationContextHash },
  });
  const key = sha256(encodeUtf8('opaque key'));
  const put = putHeaderCodec.encode({
    ...header,
    t: 'put',
    key,
    version: 2,
    prev: bytesNamed('put 1', 32),
    del: false,
  });
  return [makeSealedVector('envelope', envelope), makeSealedVector('put', put)];
}

export interface ConversationVectors {
  readonly entries: readonly EntryVector[];
  readonly box: ReturnType<typeof makeBoxVector>;
  readonly sealed: readonly Vector[];
}

export function makeConversationVectors(keylog: KeyLogVectors): ConversationVectors {
  const entries = makeEntryVectors(keylog);
  const [first] = entries;
  const last = entries.at(-1);
  if (first === undefined || last === undefined) throw new Error('no entries');
  return {
    entries,
    box: makeBoxVector(fromHex(first.core)),
    sealed: makeSealedVectors(fromHex(last.hash)),
  };
}
