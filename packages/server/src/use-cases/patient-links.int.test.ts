import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { type Bytes, decodeBase64Url, encodeBase64Url, encodeHex, newId } from '@baton/kernel';
import { checkPatientInvitationChain, findAccount, findOrg } from '@baton/ledger';
import type { PatientLinkInfo, PatientLinksPage, PatientLinkState, SessionBody } from '@baton/wire';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import type { TestAccount } from '../testing/organisation.ts';
import {
  admitPatient,
  claimBody,
  invitePatient,
  makeLink,
  outputOf,
  putLink,
  sendClaim,
  type TestLink,
  tryCode,
} from '../testing/patients.ts';
import {
  type Answer,
  call,
  codeOf,
  expectOk,
  startTestServer,
  TestPractice,
  type TestServer,
} from '../testing/practice.ts';

// Patients' links at the server, with a clock that the test steps: threat T19 of the side that has the database.

const { digest, verify, rng } = nodePorts;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let nowMs = nodePorts.clock.nowMs();
const clock = { nowMs: () => nowMs };

let postgres: TemporaryPostgres;
let databaseUrl: string;
let server: TestServer;
let second: TestServer;
let practice: TestPractice;
let nurse: TestAccount;
let desk: TestAccount;
let porter: TestAccount;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  databaseUrl = await postgres.createDatabase('patient_links');
  const surroundings = { ports: { clock } };
  server = await startTestServer(databaseUrl, { surroundings });
  second = await startTestServer(databaseUrl, { surroundings, dataDir: server.config.dataDir });
  practice = await TestPractice.create(server, { clock: clock.nowMs });
  nurse = await practice.join(['nurse']);
  desk = await practice.join(['front-desk']);
  porter = await practice.join(['transport']);
});
afterAll(async () => {
  await second?.stop();
  await server?.stop();
  await postgres?.stop();
});

const idOf = (link: TestLink) => link.invitation.invitation;
const read = (link: TestLink): Promise<Answer> => call(server.url, 'GET', `/v1/patient-links/${idOf(link)}`);
const info = (link: TestLink): Promise<PatientLinkInfo> => expectOk<PatientLinkInfo>(read(link));
const stateOf = async (link: TestLink): Promise<PatientLinkState | undefined> => {
  const who = await fresh(nurse);
  const page = await expectOk<PatientLinksPage>(practice.get('/v1/patient-links', who));
  return page.links.find(({ invitation }) => invitation === idOf(link));
};

/** Signed in just now, whatever the clock says. */
async function fresh(who: TestAccount): Promise<TestAccount> {
  const body = { login: who.login, proof: encodeBase64Url(who.proof), totp: null, bearer: true };
  const session = await expectOk<SessionBody>(call(server.url, 'POST', '/v1/auth/recovery', { body }));
  return { ...who, token: session.token ?? '' };
}

describe('the link key', () => {
  it('is taken from the author of the invitation, and from nobody else', async () => {
    const link = makeLink(practice, nurse);
    expect(codeOf(await putLink(practice, nurse, link))).toBe('request.not_found');
    await practice.append([link.invitation.statement], nurse);
    expect(codeOf(await read(link))).toBe('request.not_found');
    for (const who of [desk, practice.admin])
      expect(codeOf(await putLink(practice, who, link))).toBe('request.not_found');
    expect(codeOf(await putLink(practice, porter, link))).toBe('policy.forbidden');
    await expectOk(putLink(practice, nurse, link));
    await expectOk(putLink(practice, nurse, link));
    const other = makeLink(practice, nurse).linkKey;
    expect(codeOf(await putLink(practice, nurse, link, { linkKey: other }))).toBe('conflict.exists');
    expect(codeOf(await putLink(practice, nurse, link, { holder: rng.bytes(32) }))).toBe('conflict.exists');
    expect((await info(link)).triesLeft).toBe(5);
  });

  it('is a key, of an invitation that is open', async () => {
    const link = makeLink(practice, nurse, { lifeMs: HOUR });
    await practice.append([link.invitation.statement], nurse);
    for (const linkKey of [new Uint8Array(32), new Uint8Array(32).fill(255)])
      expect(codeOf(await putLink(practice, nurse, link, { linkKey }))).toBe('request.invalid');
    nowMs += HOUR;
    expect(codeOf(await putLink(practice, await fresh(nurse), link))).toBe('ledger.expired');
  });

  it('is refused for the invitation that an enrolment key signed', async () => {
    const admin = await practice.freshAdmin();
    const invitation = practice.org.invite(['patient'], { kind: 'patient' });
    await practice.append([invitation.statement], admin);
    const link = { ...makeLink(practice, admin), invitation };
    expect(codeOf(await putLink(practice, admin, link))).toBe('request.not_found');
  });

  it('needs a fresh proof of presence where the patient gets new keys, and none for the first', async () => {
    nurse = await fresh(nurse);
    const patient = await admitPatient(practice, nurse);
    nowMs += HOUR / 2;
    await invitePatient(practice, nurse);
    const again = makeLink(practice, nurse, { account: patient.account, gen: 2 });
    const statements = [encodeBase64Url(again.invitation.statement)];
    expect(codeOf(await practice.post('/v1/keylog', { statements }, nurse))).toBe('auth.step_up');
    nurse = await fresh(nurse);
    await expectOk(practice.post('/v1/keylog', { statements }, nurse));
    expect(codeOf(await practice.post('/v1/keylog', { statements }, desk))).toBe('auth.expired');
    const foreign = [encodeBase64Url(makeLink(practice, nurse).invitation.statement)];
    expect(codeOf(await practice.post('/v1/keylog', { statements: foreign }, await fresh(desk)))).toBe(
      'policy.forbidden',
    );
  });
});

describe('the chain', () => {
  it('leads from the root that the link pins to the invitation', async () => {
    const link = await invitePatient(practice, nurse);
    const shown = await info(link);
    const proof = {
      statements: shown.statements.map((text) => decodeBase64Url(text) as Bytes),
      certificate: decodeBase64Url(shown.certificate) as Bytes,
    };
    const root = findOrg(await practice.keyLog(await fresh(nurse)))?.root as Bytes;
    const checked = await checkPatientInvitationChain(proof, { digest, verify, root, atMs: nowMs });
    expect(checked).toMatchObject({ ok: true, value: { invitation: { invitation: idOf(link) } } });
    expect(shown).toMatchObject({ claimed: false, prev: null, boxKeyGen: 1, boxKeyPrev: null, triesLeft: 5 });
    // T19: whoever has the link is told this and no more; nobody's account, number of patients or conversation.
    expect(Object.keys(shown).sort()).toEqual(
      'boxKeyGen boxKeyPrev certificate claimed prev serverTime statements triesLeft'.split(' '),
    );
  });
});

describe('T19: the code', () => {
  it('is evaluated for who holds the link, and tells nobody whether it was right', async () => {
    const link = await invitePatient(practice, nurse);
    const right = await tryCode(server.url, link);
    expect(right.output).toEqual(outputOf(link));
    const wrong = await tryCode(second.url, link, { code: '314159' });
    expect(wrong.output).toEqual(outputOf(link, '314159'));
    expect([right.triesLeft, wrong.triesLeft]).toEqual([4, 3]);
    expect(Object.keys(right.answer.body as object)).toEqual(Object.keys(wrong.answer.body as object));
  });

  it('is answered five times, the sixth wrong one and the sixth right one alike not at all', async () => {
    const link = await invitePatient(practice, nurse);
    for (const left of [4, 3, 2, 1, 0])
      expect((await tryCode(server.url, link, { code: '000000' })).triesLeft).toBe(left);
    for (const code of ['000000', link.code]) {
      const { answer } = await tryCode(server.url, link, { code });
      expect([answer.status, codeOf(answer)]).toEqual([403, 'auth.locked']);
    }
    expect(await stateOf(link)).toMatchObject({ triesLeft: 0, claimedAt: null, secondClaims: 0 });
  });

  it('is answered five times however many ask at once, over both processes', async () => {
    const link = await invitePatient(practice, nurse);
    const tries = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        tryCode(index % 2 === 0 ? server.url : second.url, link, { code: String(index).padStart(6, '0') }),
      ),
    );
    const outcomes = tries.map(({ answer }) => (answer.status === 200 ? 'ok' : codeOf(answer)));
    expect(outcomes.filter((code) => code === 'ok')).toHaveLength(5);
    expect(outcomes.filter((code) => code === 'auth.locked')).toHaveLength(45);
    expect(tries.flatMap(({ triesLeft }) => triesLeft ?? []).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
    expect((await info(link)).triesLeft).toBe(0);
  });

  it('costs no try to who does not hold the link, and to what is no element', async () => {
    const link = await invitePatient(practice, nurse);
    for (const proof of [rng.bytes(32), digest(link.proof), new Uint8Array(32)]) {
      const { answer } = await tryCode(server.url, link, { proof });
      expect([answer.status, codeOf(answer)]).toEqual([401, 'auth.failed']);
    }
    for (const blinded of [new Uint8Array(32), new Uint8Array(32).fill(255), rng.bytes(31)])
      expect(codeOf((await tryCode(server.url, link, { blinded })).answer)).toBe('request.invalid');
    expect((await info(link)).triesLeft).toBe(5);
  });

  it('is not there for ids that are guessed, of another kind, or of invitations without a link key', async () => {
    const link = await invitePatient(practice, nurse);
    const unset = makeLink(practice, nurse);
    await practice.append([unset.invitation.statement], nurse);
    const staff = practice.org.invite(['nurse']);
    await practice.append([staff.statement], await practice.freshAdmin());
    const absent = await call(server.url, 'GET', `/v1/patient-links/${newId('invitation', rng)}`);
    for (const invitation of [unset.invitation, staff]) {
      const there = await call(server.url, 'GET', `/v1/patient-links/${invitation.invitation}`);
      expect([there.status, there.body]).toEqual([absent.status, absent.body]);
      const tried = await tryCode(server.url, { ...link, invitation: { ...link.invitation, ...invitation } });
      expect(codeOf(tried.answer)).toBe('request.not_found');
    }
    expect(absent.status).toBe(404);
    expect((await call(server.url, 'GET', `/v1/patient-links/${nurse.account}`)).status).toBe(400);
  });

  it('ends with the invitation', async () => {
    nurse = await fresh(nurse);
    const link = await invitePatient(practice, nurse, { lifeMs: HOUR });
    const { claim } = claimBody(practice, link);
    nowMs += HOUR;
    expect(codeOf((await tryCode(server.url, link)).answer)).toBe('ledger.expired');
    expect(codeOf(await sendClaim(server.url, link, claim))).toBe('ledger.expired');
    nurse = await fresh(nurse);
  });

  it('ends with a newer link for the same account', async () => {
    const older = await invitePatient(practice, nurse);
    const newer = await invitePatient(practice, nurse, { account: older.invitation.account });
    expect(codeOf((await tryCode(server.url, older)).answer)).toBe('auth.locked');
    expect(await stateOf(older)).toMatchObject({ replaced: true });
    expect((await info(older)).triesLeft).toBe(0);
    expect((await tryCode(server.url, newer)).output).toEqual(outputOf(newer));
  });
});

describe('the claim', () => {
  it('is won by one of two devices, and the other is counted', async () => {
    const link = await invitePatient(practice, nurse);
    const claims = [claimBody(practice, link), claimBody(practice, link)];
    const answers = await Promise.all(
      claims.map(({ claim }, index) => sendClaim([server, second][index]!.url, link, claim)),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
    const lost = answers.find(({ status }) => status === 409) as Answer;
    expect(codeOf(lost)).toBe('conflict.claimed');
    expect(await stateOf(link)).toMatchObject({ secondClaims: 1 });
    expect((await stateOf(link))?.claimedAt).not.toBeNull();
    expect((await info(link)).claimed).toBe(true);
  });

  it('sent again because its answer was lost is no second claim, and who has no keys raises no alarm', async () => {
    const link = await invitePatient(practice, nurse);
    const { claim } = claimBody(practice, link);
    await expectOk(sendClaim(server.url, link, claim));
    expect(codeOf(await sendClaim(server.url, link, claim))).toBe('conflict.claimed');
    const { claim: forged } = claimBody(practice, {
      ...link,
      invitation: { ...link.invitation, key: makeLink(practice, nurse).invitation.key },
    });
    expect(codeOf(await sendClaim(server.url, link, forged))).toBe('conflict.claimed');
    expect(codeOf((await tryCode(server.url, link, { proof: rng.bytes(32) })).answer)).toBe('auth.failed');
    expect(await stateOf(link)).toMatchObject({ secondClaims: 0 });
  });

  it('T19: makes the link worth nothing, and its later use an alarm', async () => {
    const link = await invitePatient(practice, nurse);
    const { claim } = claimBody(practice, link);
    await expectOk(sendClaim(server.url, link, claim));
    const { answer } = await tryCode(server.url, link);
    expect([answer.status, codeOf(answer)]).toEqual([409, 'conflict.claimed']);
    expect(await stateOf(link)).toMatchObject({ secondClaims: 1, triesLeft: 5 });
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query("SELECT set_config('baton.org', $1, false)", [practice.org.org]);
    const { rows } = await client.query<{ link_key: Buffer | null }>(
      'SELECT link_key FROM baton.patient_links WHERE invitation = $1',
      [idOf(link)],
    );
    await client.end();
    expect(rows).toEqual([{ link_key: null }]);
  });

  it('needs the key that follows from link and code', async () => {
    const link = await invitePatient(practice, nurse);
    const stolen = {
      ...link,
      invitation: { ...link.invitation, key: makeLink(practice, nurse).invitation.key },
    };
    const { claim } = claimBody(practice, stolen);
    expect(codeOf(await sendClaim(server.url, link, claim))).toBe('ledger.bad_signature');
    expect((await info(link)).claimed).toBe(false);
  });

  it('of new keys ends what the old phone was signed in with', async () => {
    nurse = await fresh(nurse);
    const patient = await admitPatient(practice, nurse);
    expect((await practice.get('/v1/me', patient)).status).toBe(200);
    const link = await invitePatient(practice, nurse, { account: patient.account, gen: 2 });
    const shown = await info(link);
    expect(shown).toMatchObject({ boxKeyGen: 2, boxKeyPrev: encodeBase64Url(patient.boxKey.hash) });
    const { claim, member } = claimBody(practice, link, {
      prev: decodeBase64Url(shown.prev ?? ''),
      boxKeyGen: 2,
      boxKeyPrev: patient.boxKey.hash,
    });
    // Until the claim the phone that may be found again goes on; staff have taken it out of the conversations.
    expect((await practice.get('/v1/me', patient)).status).toBe(200);
    await expectOk(sendClaim(server.url, link, claim));
    expect(codeOf(await practice.get('/v1/me', patient))).toBe('ledger.revoked');
    const view = findAccount(await practice.keyLog(nurse), patient.account);
    expect([view?.gen, view?.uik && encodeHex(view.uik)]).toEqual([2, encodeHex(member.uik.pub)]);
  });
});

describe('staff', () => {
  it('see how links stand by what changed, and others do not', async () => {
    nurse = await fresh(nurse);
    const page = (after: number, who = nurse) => practice.get(`/v1/patient-links?after=${after}`, who);
    const before = await expectOk<PatientLinksPage>(page(0));
    expect(before.more).toBe(false);
    const [one, two] = [
      await invitePatient(practice, nurse),
      await invitePatient(practice, (desk = await fresh(desk))),
    ];
    await tryCode(server.url, one);
    const after = await expectOk<PatientLinksPage>(page(before.pos));
    expect(after.links.map(({ invitation }) => invitation)).toEqual([idOf(two), idOf(one)]);
    expect(after.links[1]).toEqual({
      invitation: idOf(one),
      account: one.invitation.account,
      author: nurse.account,
      createdAt: nowMs,
      notAfter: nowMs + 7 * DAY,
      triesLeft: 4,
      claimedAt: null,
      secondClaims: 0,
      replaced: false,
    });
    expect((await expectOk<PatientLinksPage>(page(after.pos))).links).toEqual([]);
    const patient = await admitPatient(practice, nurse);
    for (const who of [await fresh(porter), patient])
      expect(codeOf(await page(0, who))).toBe('policy.forbidden');
  });

  it('find tries and claims in the audit log, without the address or anything of the code', async () => {
    const officer = await practice.join(['compliance-officer']);
    const events = await expectOk<{
      events: { action: string; object: string | null; code: string | null }[];
    }>(practice.get('/v1/audit?limit=500', officer));
    const actions = new Set(events.events.map(({ action, code }) => `${action}:${code ?? 'ok'}`));
    for (const expected of [
      'keylog.patient-invitation:ok',
      'patient-link.put:ok',
      'patient-link.try:ok',
      'patient-link.try:auth.locked',
      'patient-link.try:conflict.claimed',
      'invitation.claim:conflict.claimed',
    ])
      expect(actions, expected).toContain(expected);
    const tried = events.events.filter(({ action }) => action === 'patient-link.try');
    for (const { object } of tried) expect(object).toMatch(/^i_/);
  });
});
