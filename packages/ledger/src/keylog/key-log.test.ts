import { describe, expect, it } from 'vitest';
import { digest, makeBytes, makeNamedId, makeSigner, verify } from '../fixtures/signing.ts';
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
  roleId,
  signCertificate,
  signStatement,
  statementHash,
  T0,
  uikOf,
} from '../fixtures/world.ts';
import {
  applyStatement,
  checkCertificate,
  checkInvitationChain,
  emptyKeyLog,
  findAccount,
  findCustodian,
  findInvitation,
  findOrg,
  findRole,
  findRoleKey,
  findRoleOfKeyring,
  type KeyLogState,
  keyLogMapRoot,
  keyLogRoot,
  keyLogSize,
  listAccounts,
  listInvitations,
  listRoles,
  serverKeys,
} from '../index.ts';

const practice = await makePractice();

async function codeOf(state: KeyLogState, draft: Draft, options: { atMs?: number } = {}): Promise<string> {
  const result = await applyStatement(state, signStatement(draft), { verify, ...options });
  return result.ok ? 'ok' : `${result.error.code}@${result.error.at}`;
}

describe('a practice set up in order', () => {
  it('shows what the statements established', () => {
    expect(keyLogSize(practice)).toBe(17);
    expect(findOrg(practice)?.name).toBe('Harbor Family Practice');
    expect(findOrg(practice)?.root).toEqual(statementHash(drafts.org().statement));
    expect(serverKeys(practice)).toHaveLength(1);
    expect(findCustodian(practice)?.statement.gen).toBe(1);
    expect(listAccounts(practice).map(({ name }) => name)).toEqual(['ana', 'ben', 'cleo', 'duty']);
    expect(listRoles(practice).map(({ name }) => name)).toEqual(['front-desk']);
    expect(listInvitations(practice).every(({ claimedAt }) => claimedAt !== null)).toBe(true);
    const ana = findAccount(practice, accountId('ana'));
    expect(ana).toMatchObject({ gen: 1, active: true, claimed: true, kind: 'user', jobs: ['physician'] });
    expect(ana?.uik).toEqual(uikOf('ana').pub);
    expect(ana?.boxKey?.gen).toBe(1);
    expect(findAccount(practice, accountId('duty'))?.manifest).toEqual(makeBytes('manifest', 32));
    const keyring = makeNamedId('conversation', 'keyring:front-desk');
    expect(findRoleOfKeyring(practice, keyring)).toBe(roleId('front-desk'));
    expect(findRoleKey(practice, roleId('front-desk'))?.statement.gen).toBe(1);
    expect(findRoleKey(practice, roleId('front-desk'), { gen: 2 })).toBeNull();
  });

  it('answers for the past by size', () => {
    expect(findAccount(practice, accountId('ana'), 3)).toBeNull();
    expect(findAccount(practice, accountId('ana'), 4)).toMatchObject({
      gen: 0,
      claimed: false,
      active: false,
    });
    expect(findAccount(practice, accountId('ana'), 5)).toMatchObject({ gen: 1, active: true, boxKey: null });
    expect(findAccount(practice, accountId('ana'), 6)?.boxKey?.gen).toBe(1);
    expect(findRole(practice, roleId('front-desk'), 15)).toBeNull();
    expect(findRole(practice, roleId('front-desk'), 16)?.key).toBeNull();
    expect(listAccounts(practice, 7)).toHaveLength(2);
  });

  it('leaves a state as it was when a statement is refused or another branch grows', async () => {
    const size = keyLogSize(practice);
    const root = keyLogRoot(practice);
    const map = keyLogMapRoot(practice);
    const one = await growKeyLog(practice, () => drafts.invitation('eve', ['nurse']));
    const other = await growKeyLog(practice, () => drafts.invitation('fay', ['nurse']));
    expect(await codeOf(practice, drafts.invitation('ana', ['nurse']))).toBe('ledger.bad_chain@invitation');
    expect(keyLogSize(practice)).toBe(size);
    expect(keyLogRoot(practice)).toEqual(root);
    expect(keyLogMapRoot(practice)).toEqual(map);
    expect(keyLogRoot(one)).not.toEqual(keyLogRoot(other));
    expect(keyLogRoot(one, size)).toEqual(root);
    expect(findAccount(other, accountId('eve'))).toBeNull();
  });
});

describe('who signs what', () => {
  const stranger = makeSigner('stranger');
  const wrongSigner: [string, (state: KeyLogState) => Draft][] = [
    ['enroller', () => drafts.enroller(2)],
    ['custodian', () => drafts.custodian(2)],
    ['invitation', () => drafts.invitation('eve', ['nurse'])],
    ['grant', (state) => drafts.grant(state, 'ana', ['physician'])],
    ['boxkey', (state) => drafts.boxKey(state, 'ana')],
    ['role', (state) => drafts.role(state, 'nurses')],
    ['revocation by account', () => drafts.revocation('ana', 'ana', 'account')],
    ['revocation by enroller', () => drafts.revocation('ana', 'ana', 'enroller')],
  ];
  it.each(wrongSigner)('%s: only its own signer', async (_, make) => {
    const draft = make(practice);
    expect(await codeOf(practice, draft)).toBe('ok');
    for (const by of [stranger, uikOf('ben'), deviceKeyOf('ana')]) {
      expect(await codeOf(practice, { ...draft, by })).toBe('ledger.bad_signature@s');
    }
  });

  it('the root signs itself and is first', async () => {
    const empty = emptyKeyLog(digest);
    expect(await codeOf(empty, { ...drafts.org(), by: stranger })).toBe('ledger.bad_signature@s');
    expect(await codeOf(empty, drafts.enroller())).toBe('ledger.wrong_purpose@org');
    expect(await codeOf(practice, drafts.org())).toBe('ledger.bad_chain@ts');
    const renamed = alter(drafts.org(), { ts: T0 + DAY, name: 'Harbor' });
    expect(await codeOf(practice, renamed)).toBe('ok');
    const usurped = alter({ ...drafts.org(), by: stranger }, { ts: T0 + DAY, pub: stranger.pub });
    expect(await codeOf(practice, usurped)).toBe('ledger.unknown_signer@pub');
  });

  it('a statement of another organisation is refused', async () => {
    const foreign = alter(drafts.invitation('eve', ['nurse']), { org: makeNamedId('org', 'other') });
    expect(await codeOf(practice, foreign)).toBe('ledger.wrong_purpose@org');
  });

  it('an old enrolment signer signs nothing any more, nor does an expired one', async () => {
    const next = makeSigner('oe 2');
    const rotated = await growKeyLog(practice, () => drafts.enroller(2, next));
    expect(await codeOf(rotated, drafts.invitation('eve', ['nurse']))).toBe('ledger.bad_signature@s');
    expect(await codeOf(rotated, { ...drafts.invitation('eve', ['nurse']), by: next })).toBe('ok');
    const late = { atMs: T0 + 91 * DAY };
    expect(await codeOf(practice, drafts.invitation('eve', ['nurse']), late)).toBe('ledger.expired@enroller');
  });

  it('a second signature stands on claims only', async () => {
    const draft = { ...drafts.invitation('eve', ['nurse']), claim: stranger };
    expect(await codeOf(practice, draft)).toBe('ledger.wrong_purpose@x');
  });
});

describe('claiming an invitation', async () => {
  const invited = await growKeyLog(practice, () => drafts.invitation('eve', ['nurse']));
  const claim = drafts.account(invited, 'eve');

  it('needs both keys', async () => {
    expect(await codeOf(invited, claim)).toBe('ok');
    const { claim: _, ...unvouched } = claim;
    expect(await codeOf(invited, unvouched)).toBe('ledger.bad_signature@x');
    expect(await codeOf(invited, { ...claim, claim: inviteKeyOf('ana') })).toBe('ledger.bad_signature@x');
    expect(await codeOf(invited, { ...claim, by: inviteKeyOf('eve') })).toBe('ledger.bad_signature@s');
  });

  it('happens once, in time, for the account and generation named', async () => {
    const claimed = await growKeyLog(invited, () => claim);
    expect(await codeOf(claimed, claim)).toBe('ledger.bad_chain@invitation');
    expect(await codeOf(invited, claim, { atMs: T0 + 7 * DAY })).toBe('ledger.expired@invitation');
    expect(await codeOf(invited, alter(claim, { account: accountId('ana') }))).toBe(
      'ledger.wrong_purpose@account',
    );
    expect(await codeOf(invited, alter(claim, { gen: 2 }))).toBe('ledger.bad_chain@gen');
    expect(await codeOf(invited, alter(claim, { prev: makeBytes('x', 32) }))).toBe('ledger.bad_chain@prev');
    expect(await codeOf(invited, alter(claim, { invitation: makeBytes('x', 32) }))).toBe(
      'ledger.unknown_signer@invitation',
    );
  });

  it('does not outlive a deactivation', async () => {
    const cancelled = await growKeyLog(invited, (state) => drafts.grant(state, 'eve', ['nurse'], false));
    expect(await codeOf(cancelled, claim)).toBe('ledger.revoked@account');
  });

  it('is checked by the invitee against the pinned root', async () => {
    const chain = [drafts.org(), drafts.enroller(), drafts.invitation('eve', ['nurse'])].map(signStatement);
    const check = { digest, verify, root: statementHash(drafts.org().statement), atMs: T0 + DAY };
    const found = await checkInvitationChain(chain, check);
    expect(found.ok && found.value.invitation.name).toBe('eve');
    expect(found.ok && found.value.invitationHash).toEqual(
      findInvitation(invited, makeNamedId('invitation', 'eve:1'))?.hash,
    );
    const refusals: [readonly Uint8Array[], Partial<typeof check>, string][] = [
      [chain, { root: makeBytes('other root', 32) }, 'ledger.unknown_signer'],
      [chain, { atMs: T0 + 8 * DAY }, 'ledger.expired'],
      [chain.slice(0, 2), {}, 'ledger.bad_chain'],
      [[chain[0]!, chain[2]!, chain[1]!], {}, 'ledger.bad_chain'],
      [
        [chain[0]!, chain[1]!, signStatement({ ...drafts.invitation('eve', ['nurse']), by: uikOf('ana') })],
        {},
        'ledger.bad_signature',
      ],
    ];
    for (const [statements, changes, code] of refusals) {
      const result = await checkInvitationChain(statements, { ...check, ...changes });
      expect(result.ok ? 'ok' : result.error.code).toBe(code);
    }
  });
});

describe('re-invitation', async () => {
  const steps = [
    () => drafts.invitation('ana', ['app'], 2),
    (state: KeyLogState) => drafts.account(state, 'ana', 2),
  ];
  const reset = await growKeyLog(practice, ...steps);

  it('changes the key in the open and leaves the old box key unusable', async () => {
    const ana = findAccount(reset, accountId('ana'));
    expect(ana).toMatchObject({ gen: 2, boxKey: null, jobs: ['app'] });
    expect(ana?.boxKeys).toHaveLength(1);
    const next = await growKeyLog(reset, (state) => drafts.boxKey(state, 'ana'));
    expect(findAccount(next, accountId('ana'))?.boxKey).toMatchObject({ gen: 2, accountGen: 2, chain: null });
  });

  it('ends the old identity: its certificates and box keys are refused', async () => {
    const old = certificateFor(practice, 'ana');
    const signed = signCertificate(old, uikOf('ana'));
    const check = { verify, atMs: T0 + DAY };
    expect((await checkCertificate(practice, signed, check)).ok).toBe(true);
    const refused = await checkCertificate(reset, signed, check);
    expect(refused.ok ? 'ok' : refused.error).toEqual({ code: 'ledger.revoked', at: 'accountGen' });
    expect((await checkCertificate(reset, signed, { ...check, size: keyLogSize(practice) })).ok).toBe(true);
    const stale = alter({ ...drafts.boxKey(practice, 'ana') }, { accountGen: 1 });
    expect(await codeOf(reset, stale)).toBe('ledger.bad_chain@accountGen');
  });

  it('does not bring back jobs that a newer grant took away', async () => {
    const state = await growKeyLog(
      practice,
      () => drafts.invitation('ana', ['app'], 2),
      (before) => drafts.grant(before, 'ana', ['transport']),
      (before) => drafts.account(before, 'ana', 2),
    );
    expect(findAccount(state, accountId('ana'))?.jobs).toEqual(['transport']);
  });

  it('refuses the same key again', async () => {
    const invited = await growKeyLog(practice, () => drafts.invitation('ana', ['app'], 2));
    const draft = drafts.account(invited, 'ana', 2);
    const same = alter({ ...draft, by: uikOf('ana') }, { pub: uikOf('ana').pub });
    expect(await codeOf(invited, same)).toBe('ledger.wrong_purpose@pub');
  });
});

describe('chains, kinds and names', () => {
  const cases: [string, (state: KeyLogState) => Draft, string][] = [
    ['enroller gen', () => drafts.enroller(3), 'ledger.bad_chain@gen'],
    ['custodian gen', () => drafts.custodian(3), 'ledger.bad_chain@gen'],
    [
      'custodian threshold',
      () => alter(drafts.custodian(2), { threshold: 4 }),
      'ledger.wrong_purpose@threshold',
    ],
    ['invitation gen', () => drafts.invitation('ana', ['nurse'], 3), 'ledger.bad_chain@gen'],
    ['kind change', () => drafts.invitation('ana', ['patient'], 2), 'ledger.wrong_purpose@kind'],
    [
      'named patient',
      () => alter(drafts.invitation('pat', ['patient']), { name: 'Pat' }),
      'ledger.wrong_purpose@name',
    ],
    [
      'nameless nurse',
      () => alter(drafts.invitation('eve', ['nurse']), { name: null }),
      'ledger.wrong_purpose@name',
    ],
    ['nurse and agent', () => drafts.invitation('eve', ['nurse', 'agent']), 'ledger.wrong_purpose@jobs'],
    ['same job twice', () => drafts.invitation('eve', ['nurse', 'nurse']), 'ledger.wrong_purpose@jobs'],
    [
      'agent without manifest',
      () => alter(drafts.invitation('bot', ['agent']), { manifest: null }),
      'ledger.wrong_purpose@manifest',
    ],
    ['grant n', (state) => alter(drafts.grant(state, 'ana', ['app']), { n: 2 }), 'ledger.bad_chain@n'],
    ['grant of an agent job', (state) => drafts.grant(state, 'ana', ['agent']), 'ledger.wrong_purpose@jobs'],
    ['grant of nobody', (state) => drafts.grant(state, 'zoe', ['nurse']), 'ledger.unknown_signer@account'],
    ['boxkey gen', (state) => alter(drafts.boxKey(state, 'ana'), { gen: 3 }), 'ledger.bad_chain@gen'],
    ['boxkey prev', (state) => alter(drafts.boxKey(state, 'ana'), { prev: null }), 'ledger.bad_chain@prev'],
    [
      'boxkey chain',
      (state) => alter(drafts.boxKey(state, 'ana'), { chain: null }),
      'ledger.bad_chain@chain',
    ],
    [
      'boxkey again',
      (state) => alter(drafts.boxKey(state, 'ana'), { pub: makeBytes('box:ana:1', 1216) }),
      'ledger.wrong_purpose@pub',
    ],
    ['role n', (state) => alter(drafts.role(state, 'front-desk'), { n: 1 }), 'ledger.bad_chain@n'],
    [
      'role kind',
      (state) => alter(drafts.role(state, 'front-desk'), { kind: 'duty' }),
      'ledger.wrong_purpose@kind',
    ],
    [
      'role keyring',
      (state) => alter(drafts.role(state, 'front-desk'), { keyring: makeNamedId('conversation', 'k') }),
      'ledger.wrong_purpose@keyring',
    ],
    [
      'keyring of two roles',
      (state) =>
        alter(drafts.role(state, 'nurses'), { keyring: makeNamedId('conversation', 'keyring:front-desk') }),
      'ledger.wrong_purpose@keyring',
    ],
    [
      'revoking a stranger',
      () => drafts.revocation('zoe', null, 'enroller'),
      'ledger.unknown_signer@account',
    ],
  ];
  it.each(cases)('%s', async (_, make, code) => {
    expect(await codeOf(practice, make(practice))).toBe(code);
  });
});

describe('an agent’s manifest', () => {
  const second = makeBytes('manifest 2', 32);
  const manifestOf = (state: KeyLogState, size?: number) =>
    findAccount(state, accountId('duty'), size)?.manifest;

  it('is what the newest grant or claimed invitation names', async () => {
    const size = keyLogSize(practice);
    const granted = await growKeyLog(practice, (state) =>
      alter(drafts.grant(state, 'duty', ['agent']), { manifest: second }),
    );
    expect(manifestOf(granted)).toEqual(second);
    expect(manifestOf(granted, size)).toEqual(makeBytes('manifest', 32));
    const open = await growKeyLog(granted, () => drafts.invitation('duty', ['agent'], 2));
    expect(manifestOf(open), 'an invitation that nobody claimed changes nothing').toEqual(second);
    const claimed = await growKeyLog(open, (state) => drafts.account(state, 'duty', 2));
    expect(manifestOf(claimed)).toEqual(makeBytes('manifest', 32));
  });

  it('stands with agents, always, and with nobody else', async () => {
    const without = alter(drafts.grant(practice, 'duty', ['agent']), { manifest: null });
    expect(await codeOf(practice, without)).toBe('ledger.wrong_purpose@manifest');
    const person = alter(drafts.grant(practice, 'ana', ['physician']), { manifest: second });
    expect(await codeOf(practice, person)).toBe('ledger.wrong_purpose@manifest');
  });

  it('outlives a deactivation, which ends the agent', async () => {
    const ended = await growKeyLog(practice, (state) => drafts.grant(state, 'duty', ['agent'], false));
    expect(findAccount(ended, accountId('duty'))).toMatchObject({
      active: false,
      manifest: makeBytes('manifest', 32),
    });
  });
});

it('replays 10,000 statements in seconds', { timeout: 30_000 }, async () => {
  const statements = [signStatement(drafts.org()), signStatement(drafts.enroller())];
  for (let i = 0; i < 10_000; i++) {
    const { statement } = drafts.invitation(`person ${i}`, ['nurse']);
    statements.push(
      signStatement({ statement: { ...statement, t: 'invitation' } as Draft['statement'], by: oe }),
    );
  }
  const accepted = async () => true;
  const started = performance.now();
  let state = emptyKeyLog(digest);
  for (const bytes of statements) {
    const result = await applyStatement(state, bytes, { verify: accepted });
    if (!result.ok) throw new Error(result.error.code);
    state = result.value;
  }
  keyLogMapRoot(state);
  const elapsedMs = performance.now() - started;
  expect(keyLogSize(state)).toBe(10_002);
  expect(elapsedMs).toBeLessThan(10_000);
  console.log(`replayed in ${elapsedMs.toFixed(0)} ms`);
});
