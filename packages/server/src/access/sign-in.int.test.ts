import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { decodeBase64Url, encodeBase64Url, newId } from '@baton/kernel';
import type { NewCredentialBody, SessionBody } from '@baton/wire';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import type { TestAccount } from '../testing/organisation.ts';
import {
  type Answer,
  call,
  codeOf,
  expectOk,
  startTestServer,
  TestPractice,
  type TestServer,
} from '../testing/practice.ts';
import { TestSocket } from '../testing/sync-client.ts';

// Sign-in, sessions and step-up with a clock that the test steps.

const { rng } = nodePorts;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let nowMs = nodePorts.clock.nowMs();
const clock = { nowMs: () => nowMs };
const step = (ms: number): void => {
  nowMs += ms;
};

let postgres: TemporaryPostgres;
let server: TestServer;
let second: TestServer;
let practice: TestPractice;
beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  const databaseUrl = await postgres.createDatabase('sign_in');
  const surroundings = { ports: { clock } };
  server = await startTestServer(databaseUrl, { surroundings });
  second = await startTestServer(databaseUrl, { surroundings, dataDir: server.config.dataDir });
  practice = await TestPractice.create(server, { clock: clock.nowMs });
});
afterAll(async () => {
  await second.stop();
  await server.stop();
  await postgres.stop();
});

const totpSecret = rng.bytes(20);
function code(atMs = nowMs): string {
  const totp = new TOTP({
    algorithm: 'SHA1',
    digits: 6,
    period: 30,
    secret: new Secret({ buffer: totpSecret.slice().buffer }),
  });
  return totp.generate({ timestamp: atMs });
}

async function joinWithPassphrase(): Promise<TestAccount> {
  return practice.join(['nurse'], {
    credentials: ({ credential, proof, login }): NewCredentialBody[] => [
      {
        kind: 'passphrase',
        credential,
        label: 'passphrase',
        login,
        proof: encodeBase64Url(proof),
        totp: { secret: encodeBase64Url(totpSecret), code: code() },
        wrap: encodeBase64Url(rng.bytes(60)),
      },
    ],
  });
}

function signIn(
  who: { login: string; proof: Uint8Array },
  options: { totp?: string; on?: TestServer; kind?: string; bearer?: boolean } = {},
): Promise<Answer> {
  const { totp = code(), on = server, kind = 'passphrase', bearer = true } = options;
  const body = { login: who.login, proof: encodeBase64Url(who.proof), totp, bearer };
  return call(on.url, 'POST', `/v1/auth/${kind}`, { body });
}

describe('passphrase and code', () => {
  it('signs in with both, answers vault and wrap, and takes a code once only', async () => {
    const nurse = await joinWithPassphrase();
    step(MINUTE);
    const session = await expectOk<SessionBody>(signIn(nurse));
    expect(session).toMatchObject({ method: 'passphrase', account: nurse.account, demo: false });
    expect(session.vault.version).toBe(1);
    expect(session.wrap?.kind).toBe('passphrase');
    const again = await signIn(nurse);
    expect([again.status, codeOf(again)]).toEqual([401, 'auth.failed']);
    step(MINUTE);
    await expectOk(signIn(nurse));
  });

  it('gives one answer for an unknown login, a wrong proof, a wrong code and a missing code', async () => {
    const nurse = await joinWithPassphrase();
    step(MINUTE);
    const wrong = { ...nurse, proof: rng.bytes(32) };
    const unknown = { login: 'nobody-at-all', proof: rng.bytes(32) };
    const wrongCode = code() === '000000' ? '000001' : '000000';
    const answers = [
      await signIn(unknown),
      await signIn(wrong),
      await signIn(nurse, { totp: wrongCode }),
      await signIn(nurse, { kind: 'recovery' }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual(answers[0]!.body);
      expect([...answer.headers.keys()].sort()).toEqual([...answers[0]!.headers.keys()].sort());
    }
  });

  it('does comparable work for an unknown login', async () => {
    const timesApart = async (attempt: number): Promise<number> => {
      const nurse = await joinWithPassphrase();
      const timings: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
      for (let round = 0; round < 4; round++) {
        for (const who of ['known', 'unknown'] as const) {
          const login = who === 'known' ? nurse.login : `ghost-${attempt}-${round}`;
          const started = performance.now();
          await signIn({ login, proof: rng.bytes(32) });
          timings[who].push(performance.now() - started);
        }
      }
      const ratio = Math.min(...timings.known) / Math.min(...timings.unknown);
      return Math.max(ratio, 1 / ratio);
    };
    // A busy machine shows a difference now and then, a server that makes one shows it every time.
    let smallest = Number.POSITIVE_INFINITY;
    for (let attempt = 0; attempt < 3 && smallest >= 5; attempt++)
      smallest = Math.min(smallest, await timesApart(attempt));
    expect(smallest).toBeLessThan(5);
  });

  it('counts tries over both processes and answers limit.rate for known and unknown logins alike', async () => {
    const nurse = await joinWithPassphrase();
    for (const login of [nurse.login, 'never-seen']) {
      const codes: string[] = [];
      for (let round = 0; round < 12; round++) {
        const answer = await signIn(
          { login, proof: rng.bytes(32) },
          { on: round % 2 === 0 ? server : second },
        );
        codes.push(codeOf(answer));
      }
      expect(codes.slice(0, 10)).toEqual(Array(10).fill('auth.failed'));
      expect(codes.slice(10)).toEqual(['limit.rate', 'limit.rate']);
    }
  });
});

describe('sessions', () => {
  const me = (token: string): Promise<Answer> => call(server.url, 'GET', '/v1/me', { token });

  it('ends after an hour without use, to the second', async () => {
    const nurse = await practice.join(['nurse']);
    step(HOUR - 1000);
    expect((await me(nurse.token)).status).toBe(200);
    step(HOUR - 1000);
    expect((await me(nurse.token)).status).toBe(200);
    step(HOUR + 1000);
    const answer = await me(nurse.token);
    expect([answer.status, codeOf(answer)]).toEqual([401, 'auth.expired']);
  });

  it('ends after twelve hours however much it is used', async () => {
    const nurse = await practice.join(['nurse']);
    for (let half = 0; half < 23; half++) {
      step(HOUR / 2);
      expect((await me(nurse.token)).status).toBe(200);
    }
    step(HOUR / 2 - 1000);
    expect((await me(nurse.token)).status).toBe(200);
    step(2000);
    expect(codeOf(await me(nurse.token))).toBe('auth.expired');
  });

  it('stores no token, and knows none but its own', async () => {
    const nurse = await practice.join(['nurse']);
    expect(codeOf(await me(encodeBase64Url(rng.bytes(32))))).toBe('auth.required');
    expect(codeOf(await me('x'))).toBe('auth.required');
    expect((await me(nurse.token)).status).toBe(200);
    expect(codeOf(await call(server.url, 'GET', '/v1/me'))).toBe('auth.required');
  });

  it('signs out at once everywhere, with `bye` on the socket', async () => {
    const nurse = await practice.join(['nurse']);
    const socket = await TestSocket.join(second.url, nurse);
    await expectOk(call(server.url, 'DELETE', '/v1/session', { token: nurse.token }));
    expect((await me(nurse.token)).status).toBe(401);
    await socket.until((frame) => frame.t === 'bye' && frame.code === 'auth.expired');
  });
});

describe('the cookie', () => {
  const origin = 'http://localhost:8420';
  const cookieOf = (answer: Answer): string => answer.headers.getSetCookie()[0] ?? '';
  const valueOf = (cookie: string): string => cookie.split(';')[0] ?? '';

  async function signInWithCookie(): Promise<{ nurse: TestAccount; cookie: string }> {
    const nurse = await joinWithPassphrase();
    step(MINUTE);
    const answer = await signIn(nurse, { bearer: false });
    const { token } = await expectOk<SessionBody>(Promise.resolve(answer));
    expect(token).toBeNull();
    return { nurse, cookie: cookieOf(answer) };
  }

  it('is host-bound, secure, hidden from scripts and strict', async () => {
    const { cookie } = await signInWithCookie();
    expect(cookie).toMatch(/^__Host-baton=[A-Za-z0-9_-]{43}; /);
    for (const attribute of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Strict'])
      expect(cookie).toContain(attribute);
    expect(cookie).not.toContain('Domain');
  });

  it('works for reading, and for writing only from the app itself', async () => {
    const { cookie } = await signInWithCookie();
    const headers = { cookie: valueOf(cookie) };
    expect((await call(server.url, 'GET', '/v1/me', { headers })).status).toBe(200);
    const vault = { version: 2, sealed: encodeBase64Url(rng.bytes(50)) };
    const write = (extra: Record<string, string>): Promise<Answer> =>
      call(server.url, 'PUT', '/v1/vault', { headers: { ...headers, ...extra }, body: vault });
    expect(codeOf(await write({}))).toBe('auth.origin');
    expect(codeOf(await write({ origin: 'https://elsewhere.example' }))).toBe('auth.origin');
    expect((await write({ origin })).status).toBe(200);
    const stale = await write({ origin });
    expect([stale.status, codeOf(stale)]).toEqual([409, 'conflict.version']);
  });

  it('opens a socket only from the app itself', async () => {
    const { cookie } = await signInWithCookie();
    const foreign = await TestSocket.open(server.url, {
      headers: { cookie: valueOf(cookie), origin: 'https://elsewhere.example' },
    });
    expect(foreign.frames[0]).toEqual({ t: 'bye', code: 'auth.origin' });
    const without = await TestSocket.open(server.url, { headers: { cookie: valueOf(cookie) } });
    expect(without.frames[0]).toEqual({ t: 'bye', code: 'auth.origin' });
    const own = await TestSocket.open(server.url, { headers: { cookie: valueOf(cookie), origin } });
    expect(own.frames[0]).toMatchObject({ t: 'welcome' });
    own.close();
  });

  it('changes its token every quarter of an hour; the old one works for a minute', async () => {
    const { cookie } = await signInWithCookie();
    const headers = { cookie: valueOf(cookie) };
    step(16 * MINUTE);
    const answer = await call(server.url, 'GET', '/v1/me', { headers });
    const next = valueOf(cookieOf(answer));
    expect(next).not.toBe('');
    expect(next).not.toBe(headers.cookie);
    step(30_000);
    expect((await call(server.url, 'GET', '/v1/me', { headers })).status).toBe(200);
    step(31_000);
    const late = await call(server.url, 'GET', '/v1/me', { headers });
    expect(codeOf(late)).toBe('auth.required');
    expect((await call(server.url, 'GET', '/v1/me', { headers: { cookie: next } })).status).toBe(200);
  });
});

describe('step-up', () => {
  it('is asked for by dangerous acts five minutes after sign-in, and given by the proofs again', async () => {
    const nurse = await joinWithPassphrase();
    step(6 * MINUTE);
    const recovery: NewCredentialBody = {
      kind: 'recovery',
      credential: newId('credential', rng),
      label: 'words',
      login: `words-${nurse.login}`,
      proof: encodeBase64Url(rng.bytes(32)),
      wrap: encodeBase64Url(rng.bytes(60)),
    };
    const add = (): Promise<Answer> =>
      call(server.url, 'POST', '/v1/credentials', { token: nurse.token, body: recovery });
    expect(codeOf(await add())).toBe('auth.step_up');
    const stepUp = (proof: Uint8Array): Promise<Answer> =>
      call(server.url, 'POST', '/v1/auth/step-up', {
        token: nurse.token,
        body: { kind: 'passphrase', proof: encodeBase64Url(proof), totp: code() },
      });
    expect(codeOf(await stepUp(rng.bytes(32)))).toBe('auth.failed');
    const session = await expectOk<SessionBody>(stepUp(nurse.proof));
    expect(session.steppedUpUntil).toBe(nowMs + 5 * MINUTE);
    await expectOk(add());
    expect(codeOf(await add())).toBe('conflict.exists');
    step(5 * MINUTE);
    const remove = await call(server.url, 'DELETE', `/v1/credentials/${recovery.credential}`, {
      token: nurse.token,
    });
    expect(codeOf(remove)).toBe('auth.step_up');
  });

  it('guards invitations, grants and roles of others by job as well', async () => {
    const nurse = await practice.join(['nurse']);
    const invitation = practice.org.invite(['nurse']);
    const statements = { statements: [encodeBase64Url(invitation.statement)] };
    expect(codeOf(await practice.post('/v1/keylog', statements, nurse))).toBe('policy.forbidden');
    step(6 * MINUTE);
    const fresh = await signInAs(practice.admin);
    await expectOk(practice.post('/v1/keylog', statements, fresh));
  });
});

async function signInAs(account: TestAccount): Promise<TestAccount> {
  const session = await expectOk<SessionBody>(signIn(account, { kind: 'recovery' }));
  return { ...account, token: session.token ?? '' };
}

describe('agents', () => {
  it('sign in by a device key over a one-time challenge, and stay longer', async () => {
    const admin = await signInAs(practice.admin);
    const invitation = practice.org.invite(['agent'], { kind: 'agent' });
    await practice.append([invitation.statement], admin);
    const { member, claim } = practice.org.accept(invitation, {
      credentials: ({ credential }) => [{ kind: 'device', credential, label: 'station' }],
    });
    await expectOk(
      call(server.url, 'POST', `/v1/invitations/${invitation.invitation}/claim`, { body: claim }),
    );
    const who = { account: member.account, device: member.device.device };
    const challenge = async (): Promise<Uint8Array> => {
      const given = await expectOk<{ challenge: string }>(
        call(server.url, 'POST', '/v1/auth/device/challenge', { body: who }),
      );
      return decodeBase64Url(given.challenge) ?? new Uint8Array();
    };
    const answerTo = (bytes: Uint8Array, key = member.device): Promise<Answer> =>
      call(server.url, 'POST', '/v1/auth/device', {
        body: {
          ...who,
          challenge: encodeBase64Url(bytes),
          signature: encodeBase64Url(practice.org.sessionSignature(key, bytes)),
        },
      });
    const one = await challenge();
    const session = await expectOk<SessionBody>(answerTo(one));
    expect(session.absoluteExpiresAt - nowMs).toBeGreaterThan(24 * HOUR);
    expect(codeOf(await answerTo(one))).toBe('auth.failed');
    expect(codeOf(await answerTo(rng.bytes(32)))).toBe('auth.failed');
    const two = await challenge();
    expect(codeOf(await answerTo(two, practice.admin.device))).toBe('auth.failed');
    const nobody = { account: newId('account', rng), device: newId('device', rng) };
    const blind = await call(server.url, 'POST', '/v1/auth/device/challenge', { body: nobody });
    expect(blind.status).toBe(200);
  });
});

describe('invitations', () => {
  it('are claimed once; a second claim is refused and recorded', async () => {
    const admin = await signInAs(practice.admin);
    const invitation = practice.org.invite(['nurse']);
    await practice.append([invitation.statement], admin);
    const claims = [1, 2].map(() => practice.org.accept(invitation));
    const path = `/v1/invitations/${invitation.invitation}/claim`;
    const answers = await Promise.all(
      claims.map(({ claim }, index) =>
        call(index === 0 ? server.url : second.url, 'POST', path, { body: claim }),
      ),
    );
    expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
    expect(codeOf(answers.find(({ status }) => status === 409)!)).toBe('conflict.claimed');
    const info = await expectOk(call(server.url, 'GET', `/v1/invitations/${invitation.invitation}`));
    expect(info).toMatchObject({ claimed: true });
  });

  it('are refused when expired, and when another invitation signed the claim', async () => {
    const admin = await signInAs(practice.admin);
    const late = practice.org.invite(['nurse'], { notAfter: nowMs + HOUR });
    const foreign = practice.org.invite(['nurse']);
    await practice.append([late.statement, foreign.statement], admin);
    const swapped = practice.org.accept({ ...late, key: foreign.key });
    const path = `/v1/invitations/${late.invitation}/claim`;
    expect(codeOf(await call(server.url, 'POST', path, { body: swapped.claim }))).toBe(
      'ledger.bad_signature',
    );
    step(2 * HOUR);
    const answer = await call(server.url, 'POST', path, { body: practice.org.accept(late).claim });
    expect(codeOf(answer)).toBe('ledger.expired');
  });

  it('give new keys to an account, and end everything that was signed in with the old ones', async () => {
    const nurse = await practice.join(['nurse'], {}, await signInAs(practice.admin));
    const admin = await signInAs(practice.admin);
    const again = practice.org.invite(['nurse'], { account: nurse.account, gen: 2 });
    await practice.append([again.statement], admin);
    const info = await expectOk<{ prev: string; boxKeyGen: number; boxKeyPrev: string }>(
      call(server.url, 'GET', `/v1/invitations/${again.invitation}`),
    );
    const { claim } = practice.org.accept(again, {
      prev: decodeBase64Url(info.prev),
      boxKeyGen: info.boxKeyGen,
      boxKeyPrev: decodeBase64Url(info.boxKeyPrev),
    });
    const path = `/v1/invitations/${again.invitation}/claim`;
    await expectOk(call(server.url, 'POST', path, { body: claim }));
    expect((await call(server.url, 'GET', '/v1/me', { token: nurse.token })).status).not.toBe(200);
    expect(codeOf(await signIn(nurse, { kind: 'recovery' }))).toBe('auth.failed');
  });
});

it('has no demo outside the demo', async () => {
  const body = { account: practice.admin.account, proof: encodeBase64Url(rng.bytes(32)) };
  const answer = await call(server.url, 'POST', '/v1/auth/demo', { body });
  expect([answer.status, codeOf(answer)]).toEqual([404, 'request.not_found']);
  const admin = await signInAs(practice.admin);
  const demo = {
    kind: 'demo',
    credential: newId('credential', rng),
    label: 'x',
    proof: encodeBase64Url(rng.bytes(32)),
    wrap: encodeBase64Url(rng.bytes(60)),
  };
  expect(codeOf(await practice.post('/v1/credentials', demo, admin))).toBe('policy.forbidden');
  const complete = await call(server.url, 'POST', '/v1/demo/complete', { body: { token: 'x'.repeat(30) } });
  expect(complete.status).toBe(404);
});
