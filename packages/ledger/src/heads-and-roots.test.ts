import { type Bytes, type Result } from '@baton/kernel';
import { auditCheckpointCodec, type TreeHead, treeHeadCodec } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { conv, makeCollectionRoot, makeHead, makeWatermark } from './fixtures/objects.ts';
import { digest, makeBytes, makeNamedId, makeSigner, signBody, verify } from './fixtures/signing.ts';
import {
  accountId,
  certificateFor,
  DAY,
  deviceKeyOf,
  drafts,
  growKeyLog,
  makePractice,
  org,
  server,
  signCertificate,
  T0,
  uikOf,
} from './fixtures/world.ts';
import {
  appendLeaf,
  auditEventHash,
  auditLeaf,
  checkAuditCheckpoint,
  checkCertificate,
  checkCheckpointExtends,
  checkCollectionRoot,
  checkCosignature,
  checkHeadExtends,
  checkHeadOfLog,
  checkTreeHead,
  checkWatermark,
  consistencyProof,
  conversationHeadValue,
  EMPTY_COLLECTION,
  EMPTY_MAP,
  emptyLogTree,
  hashObject,
  LABELS,
  type LedgerError,
  logRoot,
  mapKey,
  openCollectionRoot,
  openWatermark,
  proveInMap,
  setInCollection,
  setInMap,
  signingInput,
  sparseRoot,
  verifyConversationHead,
} from './index.ts';

const practice = await makePractice();
const ana = signCertificate(certificateFor(practice, 'ana'), uikOf('ana'));
const ben = signCertificate(certificateFor(practice, 'ben'), uikOf('ben'));
const checkedAna = await checkCertificate(practice, ana, { verify, atMs: T0 + DAY });
const checkedBen = await checkCertificate(practice, ben, { verify, atMs: T0 + DAY });
if (!checkedAna.ok || !checkedBen.ok) throw new Error('the fixture does not hold');
const byAna = { digest, verify, certificate: checkedAna.value };
const byBen = { digest, verify, certificate: checkedBen.value };
const byServer = { digest, verify, org, serverKey: server.pub };

function outcome(result: Result<unknown, LedgerError>): string {
  return result.ok ? 'ok' : `${result.error.code}@${result.error.at}`;
}

describe('heads of the key log', async () => {
  const headOf = async (bytes: Bytes): Promise<TreeHead> => {
    const checked = await checkTreeHead(bytes, byServer);
    if (!checked.ok) throw new Error(checked.error.code);
    return checked.value.head;
  };
  const grown = await growKeyLog(practice, () => drafts.invitation('eve', ['nurse']));
  const forked = await growKeyLog(practice, () => drafts.invitation('fay', ['nurse']));
  const pinned = await headOf(makeHead(practice));
  const head = await headOf(makeHead(grown));

  it('extend the pinned one by a proof', () => {
    const proof = consistencyProof(digest, grown.tree, pinned.size, head.size)!;
    expect(outcome(checkHeadExtends(digest, pinned, { head, proof }))).toBe('ok');
    expect(outcome(checkHeadExtends(digest, pinned, { head, proof: proof.slice(1) }))).toMatch(
      /^ledger.bad_proof/,
    );
    expect(outcome(checkHeadExtends(digest, pinned, { head: pinned, proof: [] }))).toBe('ok');
  });

  it('that are smaller or different are a rollback or a fork', async () => {
    const other = await headOf(makeHead(forked));
    expect(outcome(checkHeadExtends(digest, head, { head: pinned, proof: [] }))).toBe('ledger.rollback@size');
    expect(outcome(checkHeadExtends(digest, head, { head: other, proof: [] }))).toBe('ledger.fork@logRoot');
    const bent = { ...head, mapRoot: makeBytes('map', 32) };
    expect(outcome(checkHeadExtends(digest, head, { head: bent, proof: [] }))).toBe('ledger.fork@mapRoot');
  });

  it('fit the log that a client verified itself', async () => {
    expect(outcome(checkHeadOfLog(grown, head))).toBe('ok');
    expect(outcome(checkHeadOfLog(grown, pinned))).toBe('ok');
    expect(outcome(checkHeadOfLog(practice, head))).toBe('ledger.bad_proof@size');
    expect(outcome(checkHeadOfLog(forked, head))).toBe('ledger.fork@logRoot');
    expect(outcome(checkHeadOfLog(grown, { ...head, mapRoot: makeBytes('m', 32) }))).toBe(
      'ledger.fork@mapRoot',
    );
  });

  it('show a conversation’s newest entry', () => {
    const entryHash = makeBytes('entry', 32);
    const others = Array.from({ length: 20 }, (_, i) => mapKey(digest, `c${i}`));
    const filled = others.reduce((map, key) => setInMap(map, key, entryHash), EMPTY_MAP);
    const map = setInMap(filled, mapKey(digest, conv), conversationHeadValue(digest, 4, entryHash));
    const shown = { ...head, convRoot: sparseRoot(digest, map) };
    const proof = proveInMap(digest, map, mapKey(digest, conv));
    const claim = { conv, n: 4, entryHash, proof };
    expect(outcome(verifyConversationHead(digest, shown, claim))).toBe('ok');
    expect(outcome(verifyConversationHead(digest, shown, { ...claim, n: 3 }))).toBe('ledger.bad_proof@root');
    expect(outcome(verifyConversationHead(digest, head, claim))).toBe('ledger.bad_proof@root');
  });

  it('are cosigned by a witness', async () => {
    const witness = makeSigner('witness');
    const hash = hashObject(digest, LABELS.head, treeHeadCodec.encode(head));
    const signature = witness.sign(signingInput(digest, LABELS.witness, hash));
    const check = { digest, verify, witnessKey: witness.pub };
    expect(outcome(await checkCosignature(check, hash, signature))).toBe('ok');
    expect(outcome(await checkCosignature(check, makeBytes('h', 32), signature))).toBe(
      'ledger.bad_signature@s',
    );
  });
});

describe('watermarks and collection roots', () => {
  it('are their signer’s own and never go back', async () => {
    const previous = openWatermark(digest, makeWatermark(practice, 5));
    if (!previous.ok) throw new Error(previous.error.code);
    const tried = (bytes: Bytes, check = byAna) =>
      checkWatermark(bytes, check, previous.value.body).then(outcome);
    expect(await tried(makeWatermark(practice, 6))).toBe('ok');
    expect(await tried(makeWatermark(practice, 5))).toBe('ok');
    expect(await tried(makeWatermark(practice, 4))).toBe('ledger.rollback@seq');
    expect(await tried(makeWatermark(practice, 6, deviceKeyOf('ben')), byBen)).toBe(
      'ledger.unknown_signer@dk',
    );
    const expired = {
      ...byAna,
      certificate: {
        ...checkedAna.value,
        certificate: { ...checkedAna.value.certificate, notAfter: T0 + 1 },
      },
    };
    expect(await tried(makeWatermark(practice, 6), expired)).toBe('ledger.expired@ts');
  });

  it('of a collection are rollback or fork where they go back or differ', async () => {
    const previous = openCollectionRoot(digest, makeCollectionRoot(practice));
    if (!previous.ok) throw new Error(previous.error.code);
    const tried = (input: object) =>
      checkCollectionRoot(makeCollectionRoot(practice, input), byAna, previous.value.body).then(outcome);
    expect(await tried({})).toBe('ok');
    expect(await tried({ seq: 6, root: makeBytes('next', 32) })).toBe('ok');
    expect(await tried({ seq: 4 })).toBe('ledger.rollback@seq');
    expect(await tried({ root: makeBytes('other', 32) })).toBe('ledger.fork@root');
  });

  it('have a map root that does not depend on the order of puts', () => {
    const puts = ['a', 'b', 'c'].map((name) => ({
      key: makeBytes(name, 32),
      hash: makeBytes(`put ${name}`, 32),
    }));
    const build = (list: typeof puts) =>
      sparseRoot(
        digest,
        list.reduce((map, put) => setInCollection(digest, map, put), EMPTY_COLLECTION),
      );
    expect(build(puts)).toEqual(build(puts.toReversed()));
    expect(build(puts)).not.toEqual(build(puts.slice(1)));
  });
});

describe('the audit log', () => {
  const record = (n: number) =>
    ({
      v: 1,
      t: 'audit',
      org,
      n,
      at: T0 + n,
      actor: accountId('ana'),
      session: null,
      action: 'conversation.read',
      object: conv,
      outcome: 'ok',
      code: null,
    }) as const;
  const leaves = [0, 1, 2, 3, 4].map((n) => auditLeaf(digest, auditEventHash(digest, record(n))));
  const tree = leaves.reduce((grown, leaf) => appendLeaf(digest, grown, leaf), emptyLogTree());

  it('has checkpoints that extend one another', async () => {
    const body = { v: 1, t: 'audit-head', org, size: 5, root: logRoot(digest, tree)!, ts: T0 } as const;
    const signed = signBody({ label: LABELS.auditHead, body: auditCheckpointCodec.encode(body), by: server });
    const checked = await checkAuditCheckpoint(signed, byServer);
    if (!checked.ok) throw new Error(checked.error.code);
    const kept = { size: 3, root: logRoot(digest, tree, 3)! };
    const proof = consistencyProof(digest, tree, 3, 5)!;
    const step = { checkpoint: checked.value, proof };
    expect(outcome(checkCheckpointExtends(digest, kept, step))).toBe('ok');
    expect(outcome(checkCheckpointExtends(digest, { ...kept, root: makeBytes('x', 32) }, step))).toMatch(
      /^ledger.bad_proof/,
    );
    expect(outcome(checkCheckpointExtends(digest, { size: 6, root: kept.root }, step))).toBe(
      'ledger.rollback@size',
    );
    const other = { ...byServer, org: makeNamedId('org', 'other') };
    expect(outcome(await checkAuditCheckpoint(signed, other))).toBe('ledger.wrong_purpose@org');
  });

  it('shows a change to any event', () => {
    expect(auditEventHash(digest, record(1))).not.toEqual(
      auditEventHash(digest, { ...record(1), object: null }),
    );
  });
});
