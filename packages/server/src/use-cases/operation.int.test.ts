import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { decodeBase64Url, encodeBase64Url, newId } from '@baton/kernel';
import { hashObject, LABELS, signingInput } from '@baton/ledger';
import { type NewCredentialBody, type SessionBody, signedCodec } from '@baton/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import { TestOrganisation } from '../testing/organisation.ts';
import {
  type Answer,
  call,
  codeOf,
  expectOk,
  startTestServer,
  TestPractice,
  type TestServer,
} from '../testing/practice.ts';
import { makeKey } from '../testing/signing.ts';

// The demo's start, the minute's housekeeping, and the witness.

const { digest, rng } = nodePorts;
let postgres: TemporaryPostgres;
beforeAll(async () => {
  postgres = await startTemporaryPostgres();
});
afterAll(() => postgres.stop());

describe('the demo', () => {
  const token = encodeBase64Url(rng.bytes(32));
  let server: TestServer;
  beforeAll(async () => {
    const databaseUrl = await postgres.createDatabase('demo');
    server = await startTestServer(databaseUrl, { demo: true, demoSeedToken: token });
  });
  afterAll(() => server.stop());
  const post = (path: string, body: unknown): Promise<Answer> =>
    call(server.url, 'POST', `/v1${path}`, { body });

  it('is set up by its token, lets personas in by their links, and is ready when it is complete', async () => {
    expect(codeOf(await call(server.url, 'GET', '/readyz'))).toBe('server.not_ready');
    await expectOk(call(server.url, 'GET', '/healthz'));
    const org = new TestOrganisation(() => nodePorts.clock.nowMs());
    const { serverKey } = await expectOk<{ serverKey: string }>(post('/setup/begin', { token }));
    const invitation = org.invite(['practice-manager']);
    const proof = rng.bytes(32);
    const { member, claim } = org.accept(invitation, {
      credentials: ({ credential }): NewCredentialBody[] => [
        {
          kind: 'demo',
          credential,
          label: 'persona',
          proof: encodeBase64Url(proof),
          wrap: encodeBase64Url(rng.bytes(60)),
        },
      ],
    });
    const statements = [...org.founding(decodeBase64Url(serverKey)!), invitation.statement];
    await expectOk(post('/setup', { token, statements: statements.map(encodeBase64Url), ...claim }));
    expect(codeOf(await post('/demo/complete', { token: 'wrong'.repeat(10) }))).toBe('auth.failed');
    await expectOk(post('/demo/complete', { token }));
    await expectOk(call(server.url, 'GET', '/readyz'));
    expect(codeOf(await post('/setup/begin', { token }))).toBe('auth.failed');

    const signIn = (bytes: Uint8Array): Promise<Answer> =>
      post('/auth/demo', { account: member.account, proof: encodeBase64Url(bytes), bearer: true });
    const session = await expectOk<SessionBody>(signIn(proof));
    expect(session).toMatchObject({ method: 'demo', demo: true, account: member.account });
    const stranger = { account: newId('account', rng), proof: encodeBase64Url(proof) };
    const refused = [await signIn(rng.bytes(32)), await post('/auth/demo', stranger)];
    for (const answer of refused) expect([answer.status, codeOf(answer)]).toEqual([401, 'auth.failed']);
    const info = await expectOk(call(server.url, 'GET', '/v1/server'));
    expect(info).toMatchObject({ demo: true, setUp: true });
  });
});

describe('each minute', () => {
  it('signs a new head when a conversation was made, and none when nothing was', async () => {
    const minutes: (() => void)[] = [];
    const timers = {
      after: (delayMs: number, task: () => void) => {
        if (delayMs !== 60_000) return nodePorts.timers.after(delayMs, task);
        minutes.push(task);
        return () => {};
      },
    };
    const databaseUrl = await postgres.createDatabase('minutes');
    const server = await startTestServer(databaseUrl, { surroundings: { ports: { timers } } });
    const practice = await TestPractice.create(server);
    const headOf = async (): Promise<string> =>
      (await expectOk<{ head: string }>(practice.get('/v1/keylog'))).head;
    const passMinute = async (): Promise<void> => {
      const before = minutes.length;
      minutes.at(-1)?.();
      while (minutes.length === before)
        await new Promise((resolve) => nodePorts.timers.after(5, () => resolve(null)));
    };
    const first = await headOf();
    await passMinute();
    expect(await headOf()).toBe(first);
    await practice.converse(practice.admin, [practice.admin]);
    expect(await headOf()).toBe(first);
    await passMinute();
    const second = await headOf();
    expect(second).not.toBe(first);
    await passMinute();
    expect(await headOf()).toBe(second);
    await server.stop();
  });
});

describe('the witness', () => {
  it('cosigns heads of its organisation; its key is pinned by the first one', async () => {
    const server = await startTestServer(await postgres.createDatabase('witness'));
    const practice = await TestPractice.create(server);
    const nurse = await practice.join(['nurse']);
    const { head } = await expectOk<{ head: string }>(practice.get('/v1/keylog'));
    const signed = signedCodec.decode(decodeBase64Url(head)!);
    if (!signed.ok) throw new Error(signed.error.code);
    const hash = hashObject(digest, LABELS.head, signed.value.b);
    const witness = makeKey();
    const cosign = (key = witness, of = hash): Record<string, string> => ({
      witnessKey: encodeBase64Url(key.pub),
      head: encodeBase64Url(of),
      signature: encodeBase64Url(key.sign(signingInput(digest, LABELS.witness, of))),
    });
    const post = (body: unknown, who = practice.admin): Promise<Answer> =>
      practice.post('/v1/keylog/cosign', body, who);
    expect(codeOf(await post(cosign(), nurse))).toBe('policy.forbidden');
    expect(codeOf(await post({ ...cosign(), signature: encodeBase64Url(rng.bytes(64)) }))).toBe(
      'ledger.bad_signature',
    );
    expect(codeOf(await post(cosign(witness, rng.bytes(32))))).toBe('request.not_found');
    await expectOk(post(cosign()));
    expect(codeOf(await post(cosign(makeKey())))).toBe('conflict.exists');
    const page = await expectOk<{ cosignatures: object[] }>(practice.get('/v1/keylog', nurse));
    expect(page.cosignatures).toEqual([
      { witness: encodeBase64Url(witness.pub), signature: cosign()['signature'] },
    ]);
    const me = await expectOk(practice.get('/v1/me', nurse));
    expect(me).toMatchObject({ witnessKey: encodeBase64Url(witness.pub) });
    await server.stop();
  });
});
