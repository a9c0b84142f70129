import type { Bytes } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { patientChain } from '../fixtures/patient-chain.ts';
import { digest, makeNamedId, makeSigner, verify } from '../fixtures/signing.ts';
import {
  accountId,
  alter,
  certificateFor,
  DAY,
  type Draft,
  deviceKeyOf,
  drafts,
  growKeyLog,
  inviteKeyOf,
  makePractice,
  oe,
  signCertificate,
  signStatement,
  T0,
  uikOf,
} from '../fixtures/world.ts';
import {
  applyStatement,
  certificateNeededBy,
  checkPatientInvitationChain,
  findAccount,
  findInvitation,
  type KeyLogState,
  patientChainPositions,
} from '../index.ts';

const practice = await makePractice();
const certificateOf = (state: KeyLogState, name: string) =>
  signCertificate(certificateFor(state, name), uikOf(name));

async function codeOf(
  state: KeyLogState,
  draft: Draft,
  options: { author?: string; certificate?: Bytes; atMs?: number } = {},
): Promise<string> {
  const certificate = options.certificate ?? certificateOf(state, options.author ?? 'ben');
  const when = options.atMs === undefined ? {} : { atMs: options.atMs };
  const result = await applyStatement(state, signStatement(draft), { verify, certificate, ...when });
  return result.ok ? 'ok' : `${result.error.code}@${result.error.at}`;
}
const invited = await growKeyLog(practice, (state) => drafts.patientInvitation(state, 'pat', 'ben'));
const claimed = await growKeyLog(
  invited,
  (state) => drafts.account(state, 'pat'),
  (state) => drafts.boxKey(state, 'pat'),
);

describe("a patient's invitation", () => {
  const draft = drafts.patientInvitation(practice, 'pat', 'ben');

  it('is signed by a device of a person who may invite patients', async () => {
    expect(certificateNeededBy(digest, signStatement(draft))).toEqual(
      draft.statement.t === 'patient-invitation' && draft.statement.dk,
    );
    expect(await codeOf(practice, draft)).toBe('ok');
    const none = await applyStatement(practice, signStatement(draft), { verify });
    expect(none).toMatchObject({ ok: false, error: { code: 'ledger.unknown_signer', at: 'dk' } });
    for (const by of [oe, uikOf('ben'), deviceKeyOf('ana'), inviteKeyOf('pat'), makeSigner('stranger')])
      expect(await codeOf(practice, { ...draft, by })).toBe('ledger.bad_signature@s');
    expect(await codeOf(practice, draft, { author: 'ana' })).toBe('ledger.unknown_signer@dk');
    const forged = signCertificate(certificateFor(practice, 'ben'), uikOf('ana'));
    expect(await codeOf(practice, draft, { certificate: forged })).toBe('ledger.bad_signature@s');
  });

  it('names that person as its author, and no other', async () => {
    for (const author of ['ana', 'zoe'])
      expect(await codeOf(practice, alter(draft, { author: accountId(author) }))).toMatch(/@author$/);
    // An agent, a patient and staff without such a job invite nobody.
    const byAgent = drafts.patientInvitation(practice, 'pat', 'duty');
    expect(await codeOf(practice, byAgent, { author: 'duty' })).toBe('ledger.wrong_purpose@author');
    const moved = await growKeyLog(practice, (state) => drafts.grant(state, 'ben', ['transport']));
    expect(await codeOf(moved, drafts.patientInvitation(moved, 'pat', 'ben'))).toBe(
      'ledger.wrong_purpose@author',
    );
    const gone = await growKeyLog(practice, (state) => drafts.grant(state, 'ben', ['nurse'], false));
    expect(await codeOf(gone, drafts.patientInvitation(gone, 'pat', 'ben'))).toBe(
      'ledger.unknown_signer@author',
    );
    const byPatient = drafts.patientInvitation(claimed, 'quinn', 'pat');
    expect(await codeOf(claimed, byPatient, { author: 'pat' })).toBe('ledger.wrong_purpose@author');
  });

  it('ends with the device, and with the certificate', async () => {
    const revoked = await growKeyLog(practice, () => drafts.revocation('ben', 'ben'));
    expect(await codeOf(revoked, draft)).toBe('ledger.revoked@device');
    expect(await codeOf(practice, draft, { atMs: T0 + 90 * DAY })).toBe('ledger.expired@notAfter');
  });

  it('lives at most 14 days', async () => {
    const { ts } = draft.statement;
    expect(await codeOf(practice, alter(draft, { notAfter: ts + 14 * DAY }))).toBe('ok');
    expect(await codeOf(practice, alter(draft, { notAfter: ts + 14 * DAY + 1 }))).toBe(
      'ledger.wrong_purpose@notAfter',
    );
    expect(await codeOf(practice, alter(draft, { notAfter: ts }))).toBe('ledger.wrong_purpose@notAfter');
  });

  it('counts as an invitation of kind patient, without a name', async () => {
    const found = findInvitation(invited, makeNamedId('invitation', 'pat:1'));
    expect(found).toMatchObject({ author: accountId('ben'), claimedAt: null });
    expect(found?.statement).toMatchObject({
      kind: 'patient',
      name: null,
      jobs: ['patient'],
      manifest: null,
      gen: 1,
    });
    expect(findAccount(invited, accountId('pat'))).toMatchObject({
      kind: 'patient',
      claimed: false,
      name: null,
    });
    expect(findAccount(claimed, accountId('pat'))).toMatchObject({ active: true, jobs: ['patient'], gen: 1 });
    expect(await codeOf(claimed, drafts.account(claimed, 'pat'))).toBe('ledger.bad_chain@invitation');
    const late = await applyStatement(invited, signStatement(drafts.account(invited, 'pat')), {
      verify,
      atMs: T0 + 20 * DAY,
    });
    expect(late).toMatchObject({ ok: false, error: { code: 'ledger.expired', at: 'invitation' } });
  });

  it('makes no account of another kind a patient, and a patient nothing else', async () => {
    const over = (name: string, gen: number) => drafts.patientInvitation(practice, name, 'ben', gen);
    expect(await codeOf(practice, over('ana', 2))).toBe('ledger.wrong_purpose@kind');
    expect(await codeOf(practice, over('duty', 2))).toBe('ledger.wrong_purpose@kind');
    const again = drafts.patientInvitation(claimed, 'pat', 'ben', 2);
    expect(await codeOf(claimed, alter(again, { job: 'proxy' }))).toBe('ledger.wrong_purpose@job');
    expect(await codeOf(claimed, again)).toBe('ok');
  });

  it('gives new keys: one generation higher, once', async () => {
    const again = drafts.patientInvitation(claimed, 'pat', 'ben', 2);
    expect(await codeOf(claimed, alter(again, { gen: 1 }))).toBe('ledger.bad_chain@gen');
    expect(await codeOf(claimed, alter(again, { gen: 3 }))).toBe('ledger.bad_chain@gen');
    expect(await codeOf(claimed, alter(again, { invitation: makeNamedId('invitation', 'pat:1') }))).toBe(
      'ledger.bad_chain@invitation',
    );
    const renewed = await growKeyLog(
      claimed,
      (state) => drafts.patientInvitation(state, 'pat', 'ben', 2),
      (state) => drafts.account(state, 'pat', 2),
    );
    const pat = findAccount(renewed, accountId('pat'));
    expect(pat).toMatchObject({ gen: 2, boxKey: null });
    expect(pat?.uik).toEqual(uikOf('pat', 2).pub);
    const ended = await growKeyLog(claimed, (state) =>
      alter(drafts.grant(state, 'pat', ['patient'], false), { name: null, manifest: null }),
    );
    expect(await codeOf(ended, drafts.patientInvitation(ended, 'pat', 'ben', 2))).toBe(
      'ledger.revoked@account',
    );
  });
});

describe('the chain to it, from the root that the link pins', async () => {
  const chain = await patientChain(practice);
  const { check } = chain;
  const codeOfChain = async (changes: Partial<typeof chain>, checked = check) => {
    const result = await checkPatientInvitationChain({ ...chain, ...changes }, checked);
    return result.ok ? 'ok' : `${result.error.code}@${result.error.at}`;
  };
  const [org, enroller, author, account, grant, link] = chain.statements as [
    Bytes,
    Bytes,
    Bytes,
    Bytes,
    Bytes,
    Bytes,
  ];
  const signed = (draft: Draft, changes: object = {}) => signStatement(alter(draft, changes));

  it('holds, with and without a grant', async () => {
    const held = await checkPatientInvitationChain(chain, check);
    expect(held).toMatchObject({ ok: true, value: { invitation: { account: accountId('pat') } } });
    expect(await codeOfChain({ statements: [org, enroller, author, account, link] })).toBe('ok');
  });

  it('is found in the key log: the author as they stood when it was written', async () => {
    const id = makeNamedId('invitation', 'pat:1');
    expect(patientChainPositions(practice, id)).toBeNull();
    expect(patientChainPositions(practice, makeNamedId('invitation', 'ben:1'))).toBeNull();
    // Ben: invitation at 6, claim at 7; no grant.
    expect(patientChainPositions(invited, id)).toEqual([0, 1, 6, 7, 17]);
    const granted = await growKeyLog(
      practice,
      () => drafts.enroller(2, makeSigner('oe 2')),
      (state) => ({ ...drafts.grant(state, 'ben', ['nurse', 'charge-nurse']), by: makeSigner('oe 2') }),
      (state) => drafts.patientInvitation(state, 'pat', 'ben'),
      (state) => ({ ...drafts.grant(state, 'ben', ['transport']), by: makeSigner('oe 2') }),
    );
    expect(patientChainPositions(granted, id)).toEqual([0, 1, 6, 7, 17, 18, 19]);
  });

  it('breaks where a part is missing, doubled or of another root', async () => {
    for (const index of [0, 1, 2, 3, 5])
      expect(await codeOfChain({ statements: chain.statements.toSpliced(index, 1) })).not.toBe('ok');
    expect(await codeOfChain({ statements: [...chain.statements, link] })).toBe(
      'ledger.bad_chain@invitation',
    );
    expect(await codeOfChain({ statements: [...chain.statements, grant, grant, grant] })).toBe(
      'ledger.bad_chain@statements',
    );
    expect(await codeOfChain({}, { ...check, root: new Uint8Array(32) })).toBe('ledger.unknown_signer@org');
    expect(await codeOfChain({}, { ...check, atMs: T0 + 15 * DAY })).toBe('ledger.expired@invitation');
  });

  it('cannot be made by a server: not with keys of its own, not with an author of another job', async () => {
    const foreign = makeSigner('a lying server');
    const replaced = (index: number, draft: Draft) =>
      codeOfChain({ statements: chain.statements.with(index, signStatement(draft)) });
    expect(await replaced(1, { ...drafts.enroller(1, foreign), by: foreign })).toBe(
      'ledger.bad_signature@enroller',
    );
    expect(await replaced(2, { ...drafts.invitation('ben', ['nurse']), by: foreign })).toBe(
      'ledger.bad_signature@author',
    );
    expect(await replaced(4, { ...drafts.grant(practice, 'ben', ['physician']), by: foreign })).toBe(
      'ledger.bad_signature@author',
    );
    expect(await replaced(4, drafts.grant(practice, 'ben', ['transport']))).toBe(
      'ledger.wrong_purpose@author',
    );
    expect(await replaced(4, drafts.grant(practice, 'ben', ['nurse'], false))).toBe(
      'ledger.wrong_purpose@author',
    );
    expect(await replaced(4, drafts.grant(practice, 'ana', ['nurse']))).toBe('ledger.wrong_purpose@author');
    const invitation = drafts.patientInvitation(practice, 'pat', 'ben');
    expect(await replaced(5, { ...invitation, by: foreign })).toBe('ledger.bad_signature@invitation');
    const own = signed(invitation, { notAfter: T0 + 40 * DAY });
    expect(await codeOfChain({ statements: chain.statements.with(5, own) })).toBe(
      'ledger.wrong_purpose@invitation',
    );
    expect(await codeOfChain({ certificate: certificateOf(practice, 'ana') })).toBe(
      'ledger.unknown_signer@dk',
    );
    const stolen = alter(drafts.patientInvitation(practice, 'pat', 'ana'), { author: accountId('ben') });
    expect(
      await codeOfChain({
        statements: chain.statements.with(5, signStatement(stolen)),
        certificate: certificateOf(practice, 'ana'),
      }),
    ).toBe('ledger.wrong_purpose@dk');
  });
});
