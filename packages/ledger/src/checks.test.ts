import { type Result } from '@baton/kernel';
import { boxCodec, receiptCodec, signedCodec, type Entry } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import {
  batch,
  conv,
  makeEnvelopeHeader,
  makePutHeader,
  makeReceipt,
  rows,
  sealEnvelope,
  sealPut,
} from './fixtures/objects.ts';
import { digest, makeBytes, makeNamedId, makeSigner, signBody, verify } from './fixtures/signing.ts';
import {
  accountId,
  certificateFor,
  DAY,
  deviceKeyOf,
  drafts,
  growKeyLog,
  makeEntry,
  makePractice,
  org,
  server,
  signCertificate,
  signEntry,
  T0,
  uikOf,
} from './fixtures/world.ts';
import {
  checkBoxes,
  checkCertificate,
  checkClaimProof,
  checkEntryChain,
  checkEntrySignature,
  checkEnvelope,
  checkPut,
  checkPutChain,
  checkReceipt,
  claimProofInput,
  hashBox,
  keyLogRoot,
  keyLogSize,
  LABELS,
  type LedgerError,
  openEnvelope,
  signingInput,
  verifyRow,
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

describe('an entry', () => {
  const check = { verify, certificate: ana, asOf: 'newest' } as const;
  const tried = async (changes: Partial<Entry>, by = deviceKeyOf('ana'), options: object = {}) =>
    outcome(
      await checkEntrySignature(practice, signEntry(makeEntry(practice, 'ana', changes), by), {
        ...check,
        ...options,
      }),
    );

  it('is signed by the device that it names, of the account that it names', async () => {
    expect(await tried({})).toBe('ok');
    expect(await tried({}, deviceKeyOf('ben'))).toBe('ledger.bad_signature@s');
    expect(await tried({}, deviceKeyOf('ana'), { certificate: ben })).toBe('ledger.unknown_signer@dk');
    expect(await tried({ author: accountId('ben') })).toBe('ledger.wrong_purpose@author');
    expect(await tried({ org: makeNamedId('org', 'other') })).toBe('ledger.wrong_purpose@org');
    expect(await tried({ ts: T0 + 91 * DAY })).toBe('ledger.expired@notAfter');
    expect(await tried({}, deviceKeyOf('ana'), { atMs: T0 + 91 * DAY })).toBe('ledger.expired@notAfter');
  });

  it('names a key log that is a prefix of ours', async () => {
    const size = keyLogSize(practice);
    const earlier = { size: size - 2, root: keyLogRoot(practice, size - 2)! };
    expect(await tried({ keylog: earlier })).toBe('ok');
    expect(await tried({ keylog: { ...earlier, size } })).toBe('ledger.fork@keylog.root');
    expect(await tried({ keylog: { ...earlier, size: size + 1 } })).toBe('ledger.bad_proof@keylog.size');
  });

  it('of a device that was revoked since is good as history and refused as news', async () => {
    const entry = signEntry(makeEntry(practice, 'ana'), deviceKeyOf('ana'));
    const since = await growKeyLog(practice, () => drafts.revocation('ana', 'ana'));
    expect(outcome(await checkEntrySignature(since, entry, { ...check, asOf: 'history' }))).toBe('ok');
    expect(outcome(await checkEntrySignature(since, entry, check))).toBe('ledger.revoked@device');
  });

  it('is no news where later readers would refuse it as history', async () => {
    const before = { size: 4, root: keyLogRoot(practice, 4)! };
    expect(await tried({ keylog: before })).toBe('ledger.unknown_signer@account');
    expect(await tried({ ts: T0 - 1 }, deviceKeyOf('ana'), { atMs: T0 + DAY })).toBe(
      'ledger.expired@notAfter',
    );
  });

  it('follows the head in position, hash, generation, link and key log', () => {
    const first = makeEntry(practice, 'ana');
    expect(outcome(checkEntryChain(first, null))).toBe('ok');
    expect(outcome(checkEntryChain({ ...first, n: 1 }, null))).toBe('ledger.bad_chain@n');
    expect(outcome(checkEntryChain({ ...first, prev: makeBytes('p', 32) }, null))).toBe(
      'ledger.bad_chain@prev',
    );
    expect(outcome(checkEntryChain({ ...first, gen: 2 }, null))).toBe('ledger.bad_chain@gen');
    expect(outcome(checkEntryChain({ ...first, link: makeBytes('l', 92) }, null))).toBe(
      'ledger.bad_chain@link',
    );
    const head = { conv, n: 0, hash: makeBytes('first', 32), gen: 1, keylogSize: 10 };
    const link = makeBytes('link', 92);
    const next: Entry = { ...first, n: 1, prev: head.hash, gen: 2, link };
    expect(outcome(checkEntryChain(next, head))).toBe('ok');
    expect(outcome(checkEntryChain({ ...next, gen: 1, link: null }, head))).toBe('ok');
    const cases: [Partial<Entry>, string][] = [
      [{ conv: makeNamedId('conversation', 'other') }, 'ledger.bad_chain@conv'],
      [{ n: 2 }, 'ledger.bad_chain@n'],
      [{ n: 0 }, 'ledger.bad_chain@n'],
      [{ prev: null }, 'ledger.bad_chain@prev'],
      [{ prev: makeBytes('fork', 32) }, 'ledger.bad_chain@prev'],
      [{ gen: 3 }, 'ledger.bad_chain@gen'],
      [{ gen: 0 }, 'ledger.bad_chain@gen'],
      [{ link: null }, 'ledger.bad_chain@link'],
      [{ gen: 1 }, 'ledger.bad_chain@link'],
      [{ keylog: { size: 9, root: makeBytes('r', 32) } }, 'ledger.rollback@keylog.size'],
    ];
    for (const [changes, code] of cases)
      expect(outcome(checkEntryChain({ ...next, ...changes }, head))).toBe(code);
  });

  it('comes with exactly the boxes that it names', () => {
    const box = (to: 'ana' | 'ben', changes: object = {}) =>
      boxCodec.encode({
        v: 1,
        t: 'box',
        conv,
        gen: 1,
        to: accountId(to),
        g: 1,
        enc: makeBytes(`enc ${to}`, 1120),
        ct: makeBytes('ct', 80),
        ...changes,
      });
    const boxes = [box('ana'), box('ben')];
    const entry = makeEntry(practice, 'ana', {
      recipients: (['ana', 'ben'] as const).map((name, i) => ({
        m: accountId(name),
        g: 1,
        h: true,
        b: hashBox(digest, boxes[i]!),
      })),
    });
    expect(outcome(checkBoxes(digest, entry, boxes))).toBe('ok');
    expect(outcome(checkBoxes(digest, entry, boxes.slice(1)))).toBe('ledger.bad_proof@boxes');
    expect(outcome(checkBoxes(digest, entry, boxes.toReversed()))).toBe('ledger.wrong_purpose@boxes.0');
    const swapped = [box('ana', { ct: makeBytes('other', 80) }), boxes[1]!];
    expect(outcome(checkBoxes(digest, entry, swapped))).toBe('ledger.bad_proof@boxes.0');
    for (const changes of [{ gen: 2 }, { g: 2 }, { conv: makeNamedId('conversation', 'other') }])
      expect(outcome(checkBoxes(digest, entry, [boxes[0]!, box('ben', changes)]))).toBe(
        'ledger.wrong_purpose@boxes.1',
      );
    expect(outcome(checkBoxes(digest, entry, [boxes[0]!, makeBytes('noise', 90)]))).toBe(
      'wire.malformed@boxes.1',
    );
  });

  it('claims an invitation with the proof of its key, for one place only', async () => {
    const key = makeSigner('link');
    const dk = checkedAna.value.hash;
    const binding = {
      conv,
      prev: makeBytes('invite entry', 32),
      invitation: makeNamedId('invitation', 'link'),
      account: accountId('ana'),
      dk,
    };
    const { invitation, account } = binding;
    const proof = key.sign(claimProofInput(digest, binding));
    const entry = makeEntry(practice, 'ana', {
      n: 2,
      prev: binding.prev,
      op: { op: 'claim', invitation, account, proof },
    });
    const ports = { digest, verify };
    expect(outcome(await checkClaimProof(ports, entry, key.pub))).toBe('ok');
    expect(outcome(await checkClaimProof(ports, entry, server.pub))).toBe('ledger.bad_signature@op.proof');
    const moved = { ...entry, prev: makeBytes('elsewhere', 32) };
    expect(outcome(await checkClaimProof(ports, moved, key.pub))).toBe('ledger.bad_signature@op.proof');
    expect(outcome(await checkClaimProof(ports, makeEntry(practice, 'ana'), key.pub))).toBe(
      'ledger.wrong_purpose@op',
    );
  });
});

describe('envelopes and puts', () => {
  it('are signed by the device that they name, in its time', async () => {
    const envelope = (changes: object, by = deviceKeyOf('ana'), check = byAna) =>
      checkEnvelope(sealEnvelope(makeEnvelopeHeader(practice, changes), by), check).then(outcome);
    expect(await envelope({})).toBe('ok');
    expect(await envelope({}, deviceKeyOf('ben'))).toBe('ledger.bad_signature@s');
    expect(await envelope({}, deviceKeyOf('ana'), byBen)).toBe('ledger.unknown_signer@h.dk');
    expect(await envelope({ author: accountId('ben') })).toBe('ledger.wrong_purpose@h.author');
    expect(await envelope({ org: makeNamedId('org', 'other') })).toBe('ledger.wrong_purpose@h.org');
    expect(await envelope({ ts: T0 + 90 * DAY })).toBe('ledger.expired@h.ts');
    expect(outcome(await checkPut(sealPut(makePutHeader(practice)), byAna))).toBe('ok');
    expect(outcome(await checkPut(sealEnvelope(makeEnvelopeHeader(practice)), byAna))).toBe(
      'wire.schema@h.t',
    );
  });

  it('of one key follow one another', () => {
    const newest = { version: 2, hash: makeBytes('put 2', 32) };
    expect(outcome(checkPutChain({ version: 1, prev: null }, null))).toBe('ok');
    expect(outcome(checkPutChain({ version: 3, prev: newest.hash }, newest))).toBe('ok');
    expect(outcome(checkPutChain({ version: 2, prev: null }, null))).toBe('ledger.bad_chain@h.version');
    expect(outcome(checkPutChain({ version: 1, prev: newest.hash }, null))).toBe('ledger.bad_chain@h.prev');
    expect(outcome(checkPutChain({ version: 3, prev: null }, newest))).toBe('ledger.bad_chain@h.prev');
    expect(outcome(checkPutChain({ version: 3, prev: makeBytes('x', 32) }, newest))).toBe(
      'ledger.bad_chain@h.prev',
    );
  });

  it('have a hash that covers the signature', () => {
    const one = openEnvelope(digest, sealEnvelope(makeEnvelopeHeader(practice)));
    const two = openEnvelope(digest, sealEnvelope(makeEnvelopeHeader(practice), deviceKeyOf('ben')));
    expect(one.ok && two.ok && one.value.header).toEqual(two.ok && two.value.header);
    expect(one.ok && one.value.hash).not.toEqual(two.ok && two.value.hash);
  });
});

describe('receipts', () => {
  it('cover their rows and no others', async () => {
    const checked = await checkReceipt(makeReceipt(), byServer);
    if (!checked.ok) throw new Error(checked.error.code);
    const { receipt } = checked.value;
    expect(receipt).toEqual({ ...receipt, batch: 7, count: 3 });
    for (const [index, row] of rows.entries()) {
      const claim = { row, index, path: batch.pathOf(index)! };
      expect(outcome(verifyRow(digest, receipt, claim))).toBe('ok');
      const moved = { ...claim, row: { ...row, seq: row.seq + 1 } };
      expect(outcome(verifyRow(digest, receipt, moved))).toBe('ledger.bad_proof@root');
      const other = { ...claim, row: { ...row, conv: makeNamedId('conversation', 'other') } };
      expect(outcome(verifyRow(digest, receipt, other))).toBe('ledger.bad_proof@root');
    }
    expect(batch.pathOf(3)).toBeNull();
  });

  it('are the named server’s, for this organisation', async () => {
    expect(outcome(await checkReceipt(makeReceipt(makeSigner('impostor')), byServer))).toBe(
      'ledger.bad_signature@s',
    );
    const other = { ...byServer, org: makeNamedId('org', 'other') };
    expect(outcome(await checkReceipt(makeReceipt(), other))).toBe('ledger.wrong_purpose@org');
    const body = receiptCodec.encode({
      v: 1,
      t: 'receipt',
      org,
      batch: 1,
      count: 1,
      root: batch.root,
      ts: T0,
    });
    const s = server.sign(signingInput(digest, LABELS.receipt, body));
    const twice = signedCodec.encode({ b: body, s, x: s });
    expect(outcome(await checkReceipt(twice, byServer))).toBe('ledger.wrong_purpose@x');
    const mislabelled = signBody({ label: LABELS.head, body, by: server });
    expect(outcome(await checkReceipt(mislabelled, byServer))).toBe('ledger.bad_signature@s');
  });
});
