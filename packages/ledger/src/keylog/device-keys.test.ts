import { describe, expect, it } from 'vitest';
import { digest, makeNamedId, verify } from '../fixtures/signing.ts';
import {
  accountId,
  alter,
  certificateFor,
  DAY,
  type Draft,
  deviceKeyOf,
  drafts,
  growKeyLog,
  makePractice,
  signCertificate,
  signStatement,
  T0,
  uikOf,
} from '../fixtures/world.ts';
import {
  applyStatement,
  certificateNeededBy,
  checkCertificate,
  type KeyLogState,
  keyLogSize,
} from '../index.ts';

const practice = await makePractice();

async function codeOf(state: KeyLogState, draft: Draft, options: { atMs?: number } = {}): Promise<string> {
  const result = await applyStatement(state, signStatement(draft), { verify, ...options });
  return result.ok ? 'ok' : `${result.error.code}@${result.error.at}`;
}

describe('role keys', () => {
  it('name a certificate that the caller must bring', async () => {
    const draft = drafts.roleKey(practice, 'front-desk', 'ben');
    const bytes = signStatement(draft);
    const ben = signCertificate(certificateFor(practice, 'ben'), uikOf('ben'));
    const ana = signCertificate(certificateFor(practice, 'ana'), uikOf('ana'));
    expect(certificateNeededBy(digest, bytes)).toEqual(draft.statement.t === 'rolekey' && draft.statement.dk);
    expect(certificateNeededBy(digest, signStatement(drafts.org()))).toBeNull();
    expect(await codeOf(practice, draft)).toBe('ledger.unknown_signer@dk');
    const tried = async (certificate: Uint8Array, statement = bytes) => {
      const result = await applyStatement(practice, statement, { verify, certificate });
      return result.ok ? 'ok' : `${result.error.code}@${result.error.at}`;
    };
    expect(await tried(ben)).toBe('ok');
    expect(await tried(ana)).toBe('ledger.unknown_signer@dk');
    const forged = signCertificate(certificateFor(practice, 'ben'), uikOf('ana'));
    expect(await tried(forged)).toBe('ledger.bad_signature@s');
    expect(await tried(ben, signStatement({ ...draft, by: deviceKeyOf('ana') }))).toBe(
      'ledger.bad_signature@s',
    );
    expect(await tried(ben, signStatement(alter(draft, { gen: 1 })))).toBe('ledger.bad_chain@gen');
    expect(await tried(ben, signStatement(alter(draft, { account: accountId('ana') })))).toBe(
      'ledger.wrong_purpose@account',
    );
    const keyring = makeNamedId('conversation', 'other');
    expect(await tried(ben, signStatement(alter(draft, { keyring })))).toBe('ledger.wrong_purpose@keyring');
  });

  it('end with the role', async () => {
    const ended = await growKeyLog(practice, (state) => drafts.role(state, 'front-desk', false));
    expect(await codeOf(ended, drafts.roleKey(ended, 'front-desk', 'ben'))).toBe('ledger.revoked@role');
  });
});

describe('device certificates', () => {
  const refusal = async (
    state: KeyLogState,
    changes: Parameters<typeof certificateFor>[2],
    options: { by?: string; atMs?: number; size?: number } = {},
  ): Promise<string> => {
    const signed = signCertificate(certificateFor(state, 'ana', changes), uikOf(options.by ?? 'ana'));
    const { by: _, ...when } = options;
    const result = await checkCertificate(state, signed, { verify, atMs: T0 + DAY, ...when });
    return result.ok ? 'ok' : `${result.error.code}@${result.error.at}`;
  };

  it('hold for their account, class and time', async () => {
    expect(await refusal(practice, {})).toBe('ok');
    expect(await refusal(practice, {}, { by: 'ben' })).toBe('ledger.bad_signature@s');
    expect(await refusal(practice, { account: accountId('zoe') })).toBe('ledger.unknown_signer@account');
    expect(await refusal(practice, { org: makeNamedId('org', 'other') })).toBe('ledger.wrong_purpose@org');
    expect(await refusal(practice, { accountGen: 2 })).toBe('ledger.revoked@accountGen');
    expect(await refusal(practice, { class: 'agent' })).toBe('ledger.wrong_purpose@class');
    expect(await refusal(practice, { class: 'workstation' })).toBe('ledger.wrong_purpose@notAfter');
    expect(await refusal(practice, {}, { atMs: T0 - 1 })).toBe('ledger.expired@notAfter');
    expect(await refusal(practice, {}, { atMs: T0 + 90 * DAY })).toBe('ledger.expired@notAfter');
    expect(await refusal(practice, {}, { atMs: T0 + 90 * DAY - 1 })).toBe('ok');
  });

  it('end by revocation of the device or of all, and only from then on', async () => {
    const size = keyLogSize(practice);
    const one = await growKeyLog(practice, () => drafts.revocation('ana', 'ana'));
    expect(await refusal(one, {})).toBe('ledger.revoked@device');
    expect(await refusal(one, {}, { size })).toBe('ok');
    expect(await refusal(one, { device: makeNamedId('device', 'tablet') })).toBe('ok');
    expect(await codeOf(one, drafts.revocation('ana', 'ana'))).toBe('ledger.bad_chain@device');
    const all = await growKeyLog(practice, () => drafts.revocation('ana', null, 'enroller', T0 + 9));
    expect(await refusal(all, {})).toBe('ledger.revoked@device');
    expect(await refusal(all, { ts: T0 + 10 })).toBe('ok');
    expect(await codeOf(all, drafts.revocation('ana', null, 'enroller', T0 + 9))).toBe(
      'ledger.bad_chain@device',
    );
    expect(await codeOf(all, drafts.revocation('ana', null, 'enroller', T0 + 20))).toBe('ok');
  });

  it('end with the account, which then publishes nothing', async () => {
    const off = await growKeyLog(practice, (state) => drafts.grant(state, 'ana', ['physician'], false));
    expect(await refusal(off, {})).toBe('ledger.revoked@account');
    expect(await codeOf(off, drafts.boxKey(off, 'ana'))).toBe('ledger.revoked@account');
    const on = await growKeyLog(off, (state) => drafts.grant(state, 'ana', ['physician'], true));
    expect(await refusal(on, {})).toBe('ok');
  });
});
