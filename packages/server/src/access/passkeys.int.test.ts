import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { type AccountId, encodeBase64Url } from '@baton/kernel';
import type { NewCredentialBody, SessionBody } from '@baton/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import { TestAuthenticator } from '../testing/authenticator.ts';
import {
  type Answer,
  call,
  codeOf,
  expectOk,
  startTestServer,
  TestPractice,
  type TestServer,
} from '../testing/practice.ts';

// Passkeys with an authenticator in software: both factors in one, naming nobody before it is used.

const { rng } = nodePorts;
const party = { rpId: 'localhost', origin: 'http://localhost:8420' };
let postgres: TemporaryPostgres;
let server: TestServer;
let practice: TestPractice;
let authenticator: TestAuthenticator;
let account: AccountId;
beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  server = await startTestServer(await postgres.createDatabase('passkeys'));
  practice = await TestPractice.create(server);
  authenticator = new TestAuthenticator();
  account = await joinWithPasskey(authenticator);
});
afterAll(async () => {
  await server.stop();
  await postgres.stop();
});

type Options = { options: { challenge: string } & Record<string, unknown> };
const post = (path: string, body?: unknown): Promise<Answer> =>
  call(server.url, 'POST', `/v1${path}`, body === undefined ? {} : { body });

async function registrationFor(who: AccountId): Promise<Options['options']> {
  const body = { account: who, userName: 'Nurse' };
  return (await expectOk<Options>(post('/auth/passkey/registration', body))).options;
}

async function joinWithPasskey(key: TestAuthenticator): Promise<AccountId> {
  const invitation = practice.org.invite(['nurse']);
  await practice.append([invitation.statement]);
  const { challenge } = await registrationFor(invitation.account);
  const response = key.register({ challenge, ...party });
  const { claim } = practice.org.accept(invitation, {
    credentials: ({ credential }): NewCredentialBody[] => [
      { kind: 'passkey', credential, label: 'key', response, wrap: encodeBase64Url(rng.bytes(60)) },
    ],
  });
  await expectOk(post(`/invitations/${invitation.invitation}/claim`, claim));
  return invitation.account;
}

async function signIn(
  key: TestAuthenticator,
  overrides: { challenge?: string; rpId?: string; origin?: string } = {},
): Promise<Answer> {
  const { options } = await expectOk<Options>(post('/auth/passkey/options'));
  const response = key.assert({ challenge: options.challenge, ...party, ...overrides });
  return post('/auth/passkey', { flow: '', response, bearer: true });
}

it('asks for discoverable keys with the person verified, and names no account when signing in', async () => {
  const creation = await registrationFor(account);
  expect(creation).toMatchObject({
    rp: { id: 'localhost' },
    attestation: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  const { options } = await expectOk<Options>(post('/auth/passkey/options'));
  expect(options).toMatchObject({ rpId: 'localhost', userVerification: 'required' });
  expect(options['allowCredentials'] ?? []).toEqual([]);
});

it('signs in, with the wrap that belongs to the key', async () => {
  const session = await expectOk<SessionBody>(signIn(authenticator));
  expect(session).toMatchObject({ account, method: 'passkey', wrap: { kind: 'passkey' } });
});

it('takes a challenge once, only its own, from its own origin, and only with the person verified', async () => {
  const { options } = await expectOk<Options>(post('/auth/passkey/options'));
  const response = authenticator.assert({ challenge: options.challenge, ...party });
  const body = { flow: '', response, bearer: true };
  await expectOk(post('/auth/passkey', body));
  expect(codeOf(await post('/auth/passkey', body))).toBe('auth.failed');
  const registration = await registrationFor(account);
  const refused = [
    await signIn(authenticator, { challenge: encodeBase64Url(rng.bytes(32)) }),
    await signIn(authenticator, { challenge: registration.challenge }),
    await signIn(authenticator, { origin: 'https://elsewhere.example' }),
    await signIn(authenticator, { rpId: 'elsewhere.example' }),
    await signIn(new TestAuthenticator()),
  ];
  authenticator.flags = 0x01;
  refused.push(await signIn(authenticator));
  authenticator.flags = 0x05;
  for (const answer of refused) {
    expect([answer.status, codeOf(answer)]).toEqual([401, 'auth.failed']);
    expect(answer.body).toEqual(refused[0]?.body);
  }
  await expectOk(signIn(authenticator));
});

it('registers a key for the account that its challenge was made for, and no key twice', async () => {
  const invitation = practice.org.invite(['nurse']);
  await practice.append([invitation.statement]);
  const claimWith = async (challengeFor: AccountId, key: TestAuthenticator): Promise<Answer> => {
    const { challenge } = await registrationFor(challengeFor);
    const response = key.register({ challenge, ...party });
    const { claim } = practice.org.accept(invitation, {
      credentials: ({ credential }) => [{ kind: 'passkey', credential, label: 'key', response, wrap: null }],
    });
    return post(`/invitations/${invitation.invitation}/claim`, claim);
  };
  expect(codeOf(await claimWith(account, new TestAuthenticator()))).toBe('auth.failed');
  expect(codeOf(await claimWith(invitation.account, authenticator))).toBe('conflict.exists');
  await expectOk(claimWith(invitation.account, new TestAuthenticator()));
});
