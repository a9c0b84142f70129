import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { type BlobId, encodeBase64Url, newId } from '@baton/kernel';
import type { SessionBody } from '@baton/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import { entryText, sealTo, TestConversation } from '../testing/conversation.ts';
import { TestDuty } from '../testing/duty.ts';
import type { TestAccount } from '../testing/organisation.ts';
import { claimBody, invitePatient, makeLink, sendClaim } from '../testing/patients.ts';
import { claimIn, inviteInto, makeThread, rotate } from '../testing/patient-thread.ts';
import {
  type Answer,
  call,
  codeOf,
  expectOk,
  putFile,
  startTestServer,
  TestPractice,
  type TestServer,
} from '../testing/practice.ts';

// Every route of the OpenAPI document, asked with a patient's session (docs/protocol/server.md §7). A route that is not in the table fails the
// test: whoever adds one says here what a patient gets of it.

const { rng } = nodePorts;
const some = (length: number) => encodeBase64Url(rng.bytes(length));
let postgres: TemporaryPostgres;
let server: TestServer;
let practice: TestPractice;
let nurse: TestAccount;
let patient: TestAccount;
let mine: TestConversation;
let served: string[];
/** Ids of the practice and of another patient that no answer may hold; the key log is the one exception. */
let hidden: Record<'sidebar' | 'staffTalk' | 'other' | 'blob' | 'baton' | 'device' | 'credential', string>;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  server = await startTestServer(await postgres.createDatabase('patient_session'));
  practice = await TestPractice.create(server);
  const duty = await TestDuty.create(practice);
  nurse = await practice.join(['nurse']);
  const { role } = await duty.makeRole([practice.admin, nurse], { name: 'Care team' });
  const admit = async () => {
    const thread = await makeThread(practice, { author: nurse, role });
    const link = await invitePatient(practice, nurse);
    await expectOk(inviteInto(practice, thread, { author: nurse, link }));
    const { member, claim } = claimBody(practice, link);
    member.token = (await expectOk<SessionBody>(sendClaim(server.url, link, claim))).token ?? '';
    await expectOk(claimIn(practice, thread, { patient: member, link }));
    await expectOk(rotate(practice, thread, { author: member, role, patients: [member] }));
    await expectOk(practice.send(thread, member));
    return { thread, member };
  };
  const one = await admit();
  [patient, mine] = [one.member, one.thread];
  const other = await admit();
  const sidebar = await makeThread(practice, { author: nurse, role, kind: 'sidebar', parent: mine.conv });
  await expectOk(practice.send(sidebar, nurse));
  const staffTalk = await practice.converse(nurse, [nurse, practice.admin]);
  const blob: BlobId = newId('blob', rng);
  await expectOk(
    putFile(server.url, { conv: staffTalk.conv, blob, sealed: rng.bytes(100), token: nurse.token }),
  );
  const ask = duty.ask(mine, patient, { to: [role], contract: 'reply' });
  await expectOk(duty.send(mine, patient, ask));
  const baton = ask.batons[0]!;
  await duty.until(nurse, baton);
  hidden = {
    sidebar: sidebar.conv,
    staffTalk: staffTalk.conv,
    other: other.thread.conv,
    blob,
    baton,
    device: nurse.device.device,
    credential: nurse.credentials[0]?.credential ?? '',
  };
  const document = await expectOk<{ paths: Record<string, Record<string, object>> }>(
    call(server.url, 'GET', '/openapi.json'),
  );
  served = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
});
afterAll(async () => {
  await server?.stop();
  await postgres?.stop();
});

const OPEN = new Set([
  'GET /healthz',
  'GET /readyz',
  'GET /v1/server',
  'POST /v1/setup',
  'POST /v1/setup/begin',
  'POST /v1/demo/complete',
  'GET /v1/invitations/{invitation}',
  'POST /v1/invitations/{invitation}/claim',
  'GET /v1/patient-links/{invitation}',
  'POST /v1/patient-links/{invitation}',
  'POST /v1/auth/passphrase',
  'POST /v1/auth/recovery',
  'POST /v1/auth/demo',
  'POST /v1/auth/passkey',
  'POST /v1/auth/passkey/options',
  'POST /v1/auth/passkey/registration',
  'POST /v1/auth/device',
  'POST /v1/auth/device/challenge',
]);

type Ask = () => Answer | Promise<Answer>;
const ask = (
  method: string,
  path: string,
  given: { body?: unknown; raw?: Uint8Array } = {},
): Promise<Answer> => call(server.url, method, path, { token: patient.token, ...given });
const get = (path: string): Promise<Answer> => ask('GET', path);
/** Of what is the patient's own conversation, and of the three that are not. */
const in3 = (make: (conv: string) => Promise<Answer>): Ask[] =>
  (['sidebar', 'staffTalk', 'other'] as const).map((which) => () => make(hidden[which]));

const FORBIDDEN = 'policy.forbidden';
const ABSENT = 'request.not_found';
const statement = (bytes: Uint8Array) => ({ statements: [encodeBase64Url(bytes)] });

/** What to ask of each route, and the code of the answer (`ok` for 200). */
const ROUTES: Record<string, { expected: string; asks: () => Ask[] }> = {
  'GET /v1/me': { expected: 'ok', asks: () => [() => get('/v1/me')] },
  'GET /v1/vault': { expected: 'ok', asks: () => [() => get('/v1/vault')] },
  'PUT /v1/vault': {
    expected: 'ok',
    asks: () => [() => ask('PUT', '/v1/vault', { body: { version: 2, sealed: some(200) } })],
  },
  'POST /v1/devices': {
    expected: 'conflict.exists',
    asks: () => [
      () => {
        const { account, uik } = patient;
        const { certificate } = practice.org.certify({ account, gen: 1, uik, deviceClass: 'personal' });
        return ask('POST', '/v1/devices', { body: { certificate: encodeBase64Url(certificate) } });
      },
    ],
  },
  'DELETE /v1/devices/{device}': {
    expected: ABSENT,
    asks: () => [
      () => {
        const body = {
          statement: encodeBase64Url(practice.org.revocation(patient, hidden.device as never)),
        };
        return ask('DELETE', `/v1/devices/${hidden.device}`, { body });
      },
    ],
  },
  'POST /v1/credentials': {
    expected: 'ok',
    asks: () => [
      () =>
        ask('POST', '/v1/credentials', {
          body: { kind: 'device', credential: newId('credential', rng), label: 'This phone' },
        }),
    ],
  },
  'DELETE /v1/credentials/{credential}': {
    expected: ABSENT,
    asks: () => [() => ask('DELETE', `/v1/credentials/${hidden.credential}`)],
  },
  'POST /v1/auth/step-up': {
    expected: 'auth.failed',
    asks: () => [
      () =>
        ask('POST', '/v1/auth/step-up', { body: { kind: 'passphrase', proof: some(32), totp: '000000' } }),
    ],
  },
  'PUT /v1/patient-links/{invitation}': {
    expected: FORBIDDEN,
    asks: () => [
      () => {
        const path = `/v1/patient-links/${newId('invitation', rng)}`;
        return ask('PUT', path, { body: { linkKey: some(32), holder: some(32) } });
      },
    ],
  },
  'GET /v1/patient-links': { expected: FORBIDDEN, asks: () => [() => get('/v1/patient-links')] },
  'GET /v1/keylog': { expected: 'ok', asks: () => [() => get('/v1/keylog')] },
  'POST /v1/keylog': {
    expected: FORBIDDEN,
    asks: () => {
      const { org } = practice;
      const forged = [
        org.invite(['nurse']).statement,
        org.invite(['patient'], { kind: 'patient' }).statement,
        makeLink(practice, patient).invitation.statement,
        makeLink(practice, nurse).invitation.statement,
        org.grant(patient.account, { n: 1, jobs: ['nurse'], active: true }),
        org.role(newId('role', rng), newId('conversation', rng)),
        org.revocation(nurse, null),
      ];
      return forged.map((bytes) => () => ask('POST', '/v1/keylog', { body: statement(bytes) }));
    },
  },
  'GET /v1/keylog/consistency': {
    expected: 'ok',
    asks: () => [() => get('/v1/keylog/consistency?from=1&to=2')],
  },
  'GET /v1/keylog/inclusion': {
    expected: 'ok',
    asks: () => [() => get('/v1/keylog/inclusion?index=0&size=2')],
  },
  'POST /v1/keylog/cosign': {
    expected: 'ledger.bad_signature',
    asks: () => [
      () =>
        ask('POST', '/v1/keylog/cosign', {
          body: { head: some(32), witnessKey: some(32), signature: some(64) },
        }),
    ],
  },
  // Whoever checks a signature needs the certificate behind it.
  'GET /v1/certificates/{hash}': {
    expected: 'ok',
    asks: () => [() => get(`/v1/certificates/${encodeBase64Url(nurse.device.dk)}`)],
  },
  'GET /v1/conversations': { expected: 'ok', asks: () => [() => get('/v1/conversations')] },
  'POST /v1/conversations': {
    expected: FORBIDDEN,
    asks: () =>
      (['group', 'patient', 'direct'] as const).map((kind) => async () => {
        const made = new TestConversation(practice.org);
        await practice.follow(made, patient);
        const members = [patient, nurse];
        const op = {
          op: 'create' as const,
          kind,
          members: members.map(({ account }) => ({ m: account, hist: true })),
          role: null,
          parent: null,
        };
        const entry = made.entry(patient, op, { recipients: sealTo(members), newGeneration: true });
        return ask('POST', '/v1/conversations', { body: { conv: made.conv, ...entryText(entry) } });
      }),
  },
  'GET /v1/conversations/{conv}': { expected: ABSENT, asks: () => in3((c) => get(`/v1/conversations/${c}`)) },
  'GET /v1/conversations/{conv}/entries': {
    expected: ABSENT,
    asks: () => in3((c) => get(`/v1/conversations/${c}/entries`)),
  },
  'GET /v1/conversations/{conv}/boxes': {
    expected: ABSENT,
    asks: () => in3((c) => get(`/v1/conversations/${c}/boxes`)),
  },
  'GET /v1/conversations/{conv}/items': {
    expected: ABSENT,
    asks: () => in3((c) => get(`/v1/conversations/${c}/items?after=0`)),
  },
  'GET /v1/conversations/{conv}/receipts': {
    expected: ABSENT,
    asks: () => in3((c) => get(`/v1/conversations/${c}/receipts?after=0`)),
  },
  'GET /v1/conversations/{conv}/snapshot': {
    expected: ABSENT,
    asks: () => in3((c) => get(`/v1/conversations/${c}/snapshot`)),
  },
  'POST /v1/conversations/{conv}/items': {
    expected: ABSENT,
    asks: () =>
      in3((c) => {
        const copy = new TestConversation(practice.org, c as never);
        copy.gen = 1;
        copy.head = rng.bytes(32);
        const body = { k: 'envelope', b: encodeBase64Url(copy.envelope(patient)) };
        return ask('POST', `/v1/conversations/${c}/items`, { body });
      }),
  },
  'PUT /v1/conversations/{conv}/root': {
    expected: ABSENT,
    asks: () => in3((c) => ask('PUT', `/v1/conversations/${c}/root`, { body: { root: some(100) } })),
  },
  'PUT /v1/conversations/{conv}/blobs/{blob}': {
    expected: ABSENT,
    asks: () =>
      in3((c) =>
        putFile(server.url, {
          conv: c,
          blob: newId('blob', rng),
          sealed: rng.bytes(50),
          token: patient.token,
        }),
      ),
  },
  'GET /v1/conversations/{conv}/blobs/{blob}': {
    expected: ABSENT,
    asks: () => in3((c) => get(`/v1/conversations/${c}/blobs/${hidden.blob}`)),
  },
  'DELETE /v1/conversations/{conv}/blobs/{blob}': {
    expected: ABSENT,
    asks: () => in3((c) => ask('DELETE', `/v1/conversations/${c}/blobs/${hidden.blob}`)),
  },
  'GET /v1/blobs/{blob}': { expected: ABSENT, asks: () => [() => get(`/v1/blobs/${hidden.blob}`)] },
  'GET /v1/records': { expected: FORBIDDEN, asks: () => [() => get('/v1/records')] },
  'POST /v1/records': {
    expected: FORBIDDEN,
    asks: () => [() => ask('POST', '/v1/records', { body: { records: [some(100)] } })],
  },
  // By its hash alone, which the key log names: what an assistant may do is everybody's to know who shares a conversation with it.
  'GET /v1/manifests/{hash}': { expected: ABSENT, asks: () => [() => get(`/v1/manifests/${some(32)}`)] },
  'PUT /v1/manifests/{hash}': {
    expected: FORBIDDEN,
    asks: () => [() => ask('PUT', `/v1/manifests/${some(32)}`, { body: { manifest: some(100) } })],
  },
  'GET /v1/batons': { expected: FORBIDDEN, asks: () => [() => get('/v1/batons')] },
  'POST /v1/batons/{baton}/events': {
    expected: FORBIDDEN,
    asks: () => [() => ask('POST', `/v1/batons/${hidden.baton}/events`, { body: { event: some(100) } })],
  },
  'GET /v1/batons/{baton}/escalation': {
    expected: FORBIDDEN,
    asks: () => [() => get(`/v1/batons/${hidden.baton}/escalation`)],
  },
  'GET /v1/me/notices': { expected: FORBIDDEN, asks: () => [() => get('/v1/me/notices')] },
  'PUT /v1/me/notices': {
    expected: FORBIDDEN,
    asks: () => [() => ask('PUT', '/v1/me/notices', { body: { phone: null, voice: false, language: 'en' } })],
  },
  'GET /v1/push': { expected: 'ok', asks: () => [() => get('/v1/push')] },
  'PUT /v1/push': {
    expected: 'request.invalid',
    asks: () => [
      () =>
        ask('PUT', '/v1/push', {
          body: { endpoint: 'https://attacker.example/push', p256dh: some(65), auth: some(16) },
        }),
    ],
  },
  'DELETE /v1/push': { expected: 'ok', asks: () => [() => ask('DELETE', '/v1/push')] },
  'GET /v1/integrations': { expected: FORBIDDEN, asks: () => [() => get('/v1/integrations')] },
  'POST /v1/integrations': {
    expected: FORBIDDEN,
    asks: () => [() => ask('POST', '/v1/integrations', { body: { name: 'Pumps', webhook: null } })],
  },
  'DELETE /v1/integrations/{integration}': {
    expected: FORBIDDEN,
    asks: () => [() => ask('DELETE', `/v1/integrations/${newId('integration', rng)}`)],
  },
  'POST /v1/integrations/batons': {
    expected: 'auth.required',
    asks: () => [() => ask('POST', '/v1/integrations/batons', { body: {} })],
  },
  'GET /v1/integrations/batons/{baton}': {
    expected: 'auth.required',
    asks: () => [() => get(`/v1/integrations/batons/${hidden.baton}`)],
  },
  'GET /v1/agents/{account}/activity': {
    expected: FORBIDDEN,
    asks: () => [() => get(`/v1/agents/${nurse.account}/activity`)],
  },
  'GET /v1/audit': { expected: FORBIDDEN, asks: () => [() => get('/v1/audit')] },
  // Last: it ends the session.
  'DELETE /v1/session': { expected: 'ok', asks: () => [() => ask('DELETE', '/v1/session')] },
};

it('every route is open to all or in the table', () => {
  const known = [...OPEN, ...Object.keys(ROUTES)].sort();
  expect(known).toEqual([...served].sort());
});

it.each(Object.entries(ROUTES))('%s', async (route, { expected, asks }) => {
  for (const one of asks()) {
    const answer = await one();
    expect(answer.status === 200 ? 'ok' : codeOf(answer)).toBe(expected);
    const text = JSON.stringify(answer.body);
    for (const [name, id] of Object.entries(hidden)) expect(text.includes(id), name).toBe(false);
    // The key log and certificates name devices and accounts: everybody verifies signatures by them.
    if (route === 'GET /v1/conversations')
      expect(answer.body).toMatchObject({ conversations: [{ conv: mine.conv }] });
  }
});
