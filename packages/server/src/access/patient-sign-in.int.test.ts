import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { type Bytes, decodeBase64Url, encodeBase64Url, newId } from '@baton/kernel';
import type { SessionBody } from '@baton/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import type { TestAccount } from '../testing/organisation.ts';
import { admitPatient, claimBody, invitePatient, sendClaim } from '../testing/patients.ts';
import {
  type Answer,
  call,
  codeOf,
  expectOk,
  startTestServer,
  TestPractice,
  type TestServer,
} from '../testing/practice.ts';

// How patients stay signed in, and that nothing but their own ways in lets another device in (threat T15).

const { rng } = nodePorts;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const nowMs = nodePorts.clock.nowMs();

let postgres: TemporaryPostgres;
let server: TestServer;
let practice: TestPractice;
let nurse: TestAccount;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  const surroundings = { ports: { clock: { nowMs: () => nowMs } } };
  server = await startTestServer(await postgres.createDatabase('patient_sign_in'), { surroundings });
  practice = await TestPractice.create(server, { clock: () => nowMs });
  nurse = await practice.join(['nurse']);
});
afterAll(async () => {
  await server?.stop();
  await postgres?.stop();
});

describe('the sessions of patients', () => {
  it('last half a day unused and 30 days at most', async () => {
    const link = await invitePatient(practice, nurse);
    const { claim } = claimBody(practice, link);
    const session = await expectOk<SessionBody>(sendClaim(server.url, link, claim));
    expect(session.idleExpiresAt - nowMs).toBe(12 * HOUR);
    expect(session.absoluteExpiresAt - nowMs).toBe(30 * DAY);
    const staff = await expectOk<SessionBody>(
      call(server.url, 'POST', '/v1/auth/recovery', {
        body: { login: nurse.login, proof: encodeBase64Url(nurse.proof), totp: null, bearer: true },
      }),
    );
    expect(staff.absoluteExpiresAt - nowMs).toBe(12 * HOUR);
  });

  it('start by the key of the phone that claimed, into a cookie or as a bearer token', async () => {
    const link = await invitePatient(practice, nurse);
    const { claim, member } = claimBody(practice, link, {
      credentials: ({ credential }) => [{ kind: 'device', credential, label: 'This phone' }],
    });
    await expectOk(sendClaim(server.url, link, claim));
    const who = { account: member.account, device: member.device.device };
    const signIn = async (key: TestAccount['device'], more: object = {}): Promise<Answer> => {
      const given = await expectOk<{ challenge: string }>(
        call(server.url, 'POST', '/v1/auth/device/challenge', { body: who }),
      );
      const challenge = decodeBase64Url(given.challenge) as Bytes;
      const signature = encodeBase64Url(practice.org.sessionSignature(key, challenge));
      const body = { ...who, challenge: given.challenge, signature, ...more };
      return call(server.url, 'POST', '/v1/auth/device', { body });
    };
    const bearer = await expectOk<SessionBody>(signIn(member.device));
    expect(bearer).toMatchObject({ method: 'device', account: member.account, wrap: { wrap: null } });
    expect(bearer.token).not.toBeNull();
    const cookie = await signIn(member.device, { bearer: false });
    expect((cookie.body as SessionBody).token).toBeNull();
    expect(cookie.headers.get('set-cookie')).toMatch(/^__Host-baton=.*HttpOnly.*Secure.*SameSite=Strict/i);
    expect(codeOf(await signIn(nurse.device))).toBe('auth.failed');
  });
});

describe('T15: another device', () => {
  it('is linked by no route: a session registers its own key once, and sign-in needs a credential', async () => {
    const document = await expectOk<{ paths: Record<string, Record<string, object>> }>(
      call(server.url, 'GET', '/openapi.json'),
    );
    const touching = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods)
        .filter(() => /device|link|pair|invitation|credential/.test(path))
        .map((method) => `${method.toUpperCase()} ${path}`),
    );
    // A new route of this kind must be looked at here: none takes a code or a picture in place of a credential.
    expect(touching.sort()).toEqual(
      [
        'DELETE /v1/credentials/{credential}',
        'DELETE /v1/devices/{device}',
        'GET /v1/invitations/{invitation}',
        'GET /v1/patient-links',
        'GET /v1/patient-links/{invitation}',
        'POST /v1/auth/device',
        'POST /v1/auth/device/challenge',
        'POST /v1/credentials',
        'POST /v1/devices',
        'POST /v1/invitations/{invitation}/claim',
        'POST /v1/patient-links/{invitation}',
        'PUT /v1/patient-links/{invitation}',
      ].sort(),
    );
    const patient = await admitPatient(practice, nurse);
    const forged = practice.org.certify({
      account: patient.account,
      gen: 1,
      uik: nurse.uik,
      deviceClass: 'personal',
    });
    const second = practice.org.certify({
      account: patient.account,
      gen: 1,
      uik: patient.uik,
      deviceClass: 'personal',
    });
    const register = (certificate: Bytes, token?: string) =>
      call(server.url, 'POST', '/v1/devices', {
        ...(token === undefined ? {} : { token }),
        body: { certificate: encodeBase64Url(certificate) },
      });
    expect(codeOf(await register(second.certificate))).toBe('auth.required');
    expect(codeOf(await register(forged.certificate, patient.token))).toBe('ledger.bad_signature');
    // Even with the right keys the session that is there does not change hands.
    expect(codeOf(await register(second.certificate, patient.token))).toBe('conflict.exists');
    expect(codeOf(await register(second.certificate, nurse.token))).toBe('ledger.wrong_purpose');
  });

  it('of staff signs in with two factors: a device key alone is none', async () => {
    const invitation = practice.org.invite(['nurse']);
    await practice.append([invitation.statement], await practice.freshAdmin());
    const device = { kind: 'device' as const, credential: newId('credential', rng), label: 'Phone' };
    const { claim } = practice.org.accept(invitation, { credentials: () => [device] });
    const claimed = await call(server.url, 'POST', `/v1/invitations/${invitation.invitation}/claim`, {
      body: claim,
    });
    expect(codeOf(claimed)).toBe('policy.forbidden');
    expect(codeOf(await practice.post('/v1/credentials', device, nurse))).toBe('policy.forbidden');
    const patient = await admitPatient(practice, nurse);
    await expectOk(practice.post('/v1/credentials', device, patient));
  });
});
