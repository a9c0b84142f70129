import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { batonOfMessage, decodeBase64Url, encodeBase64Url, newId } from '@baton/kernel';
import { MESSAGE_KINDS } from '@baton/wire';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import type { TestConversation } from '../testing/conversation.ts';
import { TestDuty, type TestRole } from '../testing/duty.ts';
import type { TestAccount } from '../testing/organisation.ts';
import { admitPatient, claimBody, invitePatient, sendClaim, type TestLink } from '../testing/patients.ts';
import { claimIn, inviteInto, makeThread, rotate, takeOut } from '../testing/patient-thread.ts';
import { codeOf, expectOk, startTestServer, TestPractice, type TestServer } from '../testing/practice.ts';
import { makeKey } from '../testing/signing.ts';
import { TestSocket } from '../testing/sync-client.ts';

// A patient in a conversation: invited, reading before anybody is online, claiming, writing, asking, taken out, invited again.

const { rng } = nodePorts;
let postgres: TemporaryPostgres;
let server: TestServer;
let practice: TestPractice;
let duty: TestDuty;
let nurse: TestAccount;
let team: TestRole;

beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  server = await startTestServer(await postgres.createDatabase('patient_conversations'));
  practice = await TestPractice.create(server);
  duty = await TestDuty.create(practice);
  nurse = await practice.join(['nurse']);
  team = await duty.makeRole([practice.admin, nurse], { name: 'Care team' });
});
afterAll(async () => {
  await server?.stop();
  await postgres?.stop();
});

const role = () => team.role;
const items = (conversation: TestConversation, who: TestAccount) =>
  practice.get(`/v1/conversations/${conversation.conv}/items?after=0`, who);

/** A thread with one patient who has come in and whose link opens it no more. */
async function admitted(): Promise<{ thread: TestConversation; patient: TestAccount; link: TestLink }> {
  const thread = await makeThread(practice, { author: nurse, role: role() });
  const link = await invitePatient(practice, nurse);
  await expectOk(inviteInto(practice, thread, { author: nurse, link }));
  const { member: patient, claim } = claimBody(practice, link);
  const session = await expectOk<{ token: string }>(sendClaim(server.url, link, claim));
  patient.token = session.token;
  await expectOk(claimIn(practice, thread, { patient, link }));
  await expectOk(rotate(practice, thread, { author: patient, role: role(), patients: [patient] }));
  return { thread, patient, link };
}

describe('an invitation in a conversation', () => {
  it('is one of the key log, with its key', async () => {
    const thread = await makeThread(practice, { author: nurse, role: role() });
    const link = await invitePatient(practice, nurse);
    const other = await invitePatient(practice, nurse);
    const refused = async (changes: object) =>
      codeOf(await inviteInto(practice, thread, { author: nurse, link, changes }));
    expect(await refused({ sigPub: makeKey().pub })).toBe('policy.forbidden');
    expect(await refused({ invitation: other.invitation.invitation })).toBe('policy.forbidden');
    expect(await refused({ notAfter: practice.org.now + 30 * 86_400_000 })).toBe('policy.forbidden');
    await expectOk(inviteInto(practice, thread, { author: nurse, link }));
    const late = await admitPatient(practice, nurse);
    const gone = { ...link, invitation: { ...link.invitation, account: late.account } };
    expect(codeOf(await inviteInto(practice, thread, { author: nurse, link: gone }))).toBe(
      'policy.forbidden',
    );
  });

  it('lets its holder read at once, and write after the claim entry and new keys', async () => {
    const thread = await makeThread(practice, { author: nurse, role: role() });
    await expectOk(practice.send(thread, nurse));
    const link = await invitePatient(practice, nurse);
    await expectOk(inviteInto(practice, thread, { author: nurse, link }));
    const { member: patient, claim } = claimBody(practice, link);
    const session = await expectOk<{ token: string }>(sendClaim(server.url, link, claim));
    patient.token = session.token;

    const page = await expectOk<{ newest: number }>(items(thread, patient));
    expect(page.newest).toBe(3);
    const boxes = await expectOk<{ boxes: { to: string; gen: number }[] }>(
      practice.get(`/v1/conversations/${thread.conv}/boxes`, patient),
    );
    expect(boxes.boxes).toMatchObject([{ to: patient.account, gen: 1 }]);
    expect(codeOf(await practice.send(thread, patient))).toBe('request.not_found');

    const forged = await claimIn(practice, thread, { patient, link, key: makeKey() });
    expect(codeOf(forged)).toBe('ledger.bad_signature');
    await expectOk(claimIn(practice, thread, { patient, link }));
    // The link may lie in a text message: its key opens what is written until somebody makes new ones.
    expect(codeOf(await practice.send(thread, patient))).toBe('conflict.needs_rotate');
    expect(codeOf(await practice.send(thread, nurse))).toBe('conflict.needs_rotate');
    await expectOk(rotate(practice, thread, { author: patient, role: role(), patients: [patient] }));
    await expectOk(practice.send(thread, patient));
    await expectOk(practice.send(thread, nurse));
    expect(codeOf(await claimIn(practice, thread, { patient, link }))).toBe('policy.forbidden');
  });

  it('of a lost phone: out at once, in again with keys of the next generation', async () => {
    const { thread, patient } = await admitted();
    await expectOk(takeOut(practice, thread, { author: nurse, role: role(), account: patient }));
    expect((await items(thread, patient)).status).toBe(404);
    expect(codeOf(await practice.send(thread, patient))).toBe('request.not_found');
    const boxes = await practice.get(`/v1/conversations/${thread.conv}/boxes`, patient);
    expect(boxes.status).toBe(404);
    await expectOk(practice.send(thread, nurse));

    const link = await invitePatient(practice, nurse, { account: patient.account, gen: 2 });
    await expectOk(inviteInto(practice, thread, { author: nurse, link }));
    const shown = await expectOk<{ prev: string }>(
      practice.get(`/v1/patient-links/${link.invitation.invitation}`),
    );
    const { member: renewed, claim } = claimBody(practice, link, {
      prev: decodeBase64Url(shown.prev),
      boxKeyGen: 2,
      boxKeyPrev: patient.boxKey.hash,
    });
    renewed.token = (await expectOk<{ token: string }>(sendClaim(server.url, link, claim))).token;
    await expectOk(claimIn(practice, thread, { patient: renewed, link }));
    await expectOk(rotate(practice, thread, { author: nurse, role: role(), patients: [renewed] }));
    await expectOk(practice.send(thread, renewed));
    expect(codeOf(await practice.send(thread, patient))).toBe('ledger.revoked');
  });
});

describe('what a patient writes', () => {
  it('is messages and what goes with them; other kinds are refused', async () => {
    const { thread, patient } = await admitted();
    const allowed = new Set(['message', 'edit', 'withdrawal', 'reaction', 'form', 'reading']);
    for (const kind of MESSAGE_KINDS) {
      const asks = {
        class: { kind, contract: 'fyi' as const, to: [], withinMs: null, replyTo: null },
        escalation: null,
      };
      const answer = await practice.send(thread, patient, thread.envelope(patient, { asks }));
      expect([kind, answer.status === 200 ? 'ok' : codeOf(answer)]).toEqual([
        kind,
        allowed.has(kind) ? 'ok' : 'policy.forbidden',
      ]);
    }
  });

  it('asks roles for an answer or help at once, in a time that people can keep', async () => {
    const { thread, patient } = await admitted();
    const tried = async (options: Parameters<TestDuty['ask']>[2]) => {
      const ask = duty.ask(thread, patient, options);
      const answer = await duty.send(thread, patient, ask);
      return answer.status === 200 ? ask : codeOf(answer);
    };
    expect(await tried({ to: [nurse.account], boxTo: [role()] })).toBe('baton.owner');
    expect(await tried({ to: [role()], contract: 'talk' })).toBe('policy.forbidden');
    expect(await tried({ to: [role()], withinMs: 1000 })).toBe('policy.forbidden');
    expect(await tried({ to: [role()], boxTo: [nurse.account] })).toBe('baton.escalation');
    const made = await tried({ to: [role()], contract: 'reply' });
    if (typeof made === 'string') throw new Error(made);
    const baton = await duty.until(nurse, made.batons[0]!);
    expect(baton).toMatchObject({ opener: patient.account, owner: role(), contract: 'reply' });
    expect(baton.reached.has(nurse.account)).toBe(true);
  });

  it('calls people so often in a quarter of an hour and no more', async () => {
    const { thread, patient } = await admitted();
    const codes: string[] = [];
    for (let sent = 0; sent < 61; sent++) {
      const ask = duty.ask(thread, patient, { to: [role()], contract: 'reply' });
      const answer = await duty.send(thread, patient, ask);
      codes.push(answer.status === 200 ? 'ok' : codeOf(answer));
    }
    expect(new Set(codes.slice(0, 60))).toEqual(new Set(['ok']));
    expect(codes[60]).toBe('limit.rate');
    await expectOk(practice.send(thread, patient));
  });

  it('opens a baton for a patient whose card is of an older ladder: without boxes too', async () => {
    const { thread, patient } = await admitted();
    const message = newId('message', rng);
    const asks = {
      class: {
        kind: 'message' as const,
        contract: 'stat' as const,
        to: [role()],
        withinMs: 300_000,
        replyTo: null,
      },
      escalation: null,
    };
    await expectOk(practice.send(thread, patient, thread.envelope(patient, { id: message, asks })));
    const baton = batonOfMessage(message, 0);
    const state = await duty.until(nurse, baton);
    expect(state).toMatchObject({ owner: role(), contract: 'stat' });
    // Staff, whose client has the records, are still held to the whole ladder.
    const again = thread.envelope(nurse, { asks });
    expect(codeOf(await practice.send(thread, nurse, again))).toBe('baton.escalation');
    const shown = await expectOk<{ boxes: string[]; context: string }>(
      practice.get(`/v1/batons/${baton}/escalation`, nurse),
    );
    expect(shown).toMatchObject({ boxes: [], context: '' });
    await expectOk(duty.act(nurse, state, { op: 'close', reason: 'done' }));
  });
});

describe('what a patient hears of', () => {
  it('T38: items and keys, not when whom of the staff had or read them', async () => {
    const { thread, patient } = await admitted();
    const heard = await TestSocket.join(server.url, patient);
    const staff = await TestSocket.join(server.url, nurse);
    const colleague = await TestSocket.join(server.url, practice.admin);
    const made = duty.ask(thread, patient, { to: [role()], contract: 'reply' });
    await expectOk(duty.send(thread, patient, made));
    await staff.until((frame) => frame.t === 'batons');
    await staff.until((frame) => frame.t === 'items');
    staff.send({ t: 'cursor', batch: 10_000_000 });
    // A colleague is told, by the same call that leaves the patient out.
    await colleague.until((frame) => frame.t === 'mark' && frame.conv === thread.conv);
    await expectOk(practice.send(thread, nurse));
    await heard.until((frame) => frame.t === 'items' && frame.conv === thread.conv);
    const marks = await heard.ask({ t: 'marks', conv: thread.conv });
    if (marks.t !== 'ok' || !('marks' in marks.a)) throw new Error('no marks');
    expect(marks.a.marks.map(({ account }) => account).filter((id) => id !== patient.account)).toEqual([]);
    const seen = await colleague.ask({ t: 'marks', conv: thread.conv });
    if (seen.t !== 'ok' || !('marks' in seen.a)) throw new Error('no marks');
    expect(seen.a.marks.map(({ account }) => account)).toContain(nurse.account);
    expect(heard.frames.map(({ t }) => t)).not.toContain('batons');
    expect(heard.frames.map(({ t }) => t)).not.toContain('mark');
    for (const socket of [heard, staff, colleague]) socket.close();
  });

  it('nothing of a sidebar: not there, by any question', async () => {
    const { thread, patient } = await admitted();
    const sidebar = await makeThread(practice, {
      author: nurse,
      role: role(),
      kind: 'sidebar',
      parent: thread.conv,
    });
    await expectOk(practice.send(sidebar, nurse));
    const heard = await TestSocket.join(server.url, patient);
    for (const path of ['', '/entries', '/items?after=0', '/boxes', '/snapshot']) {
      const answer = await practice.get(`/v1/conversations/${sidebar.conv}${path}`, patient);
      expect([path, answer.status]).toEqual([path, 404]);
    }
    const mine = sidebar.envelope(patient);
    expect(codeOf(await practice.send(sidebar, patient, mine))).toBe('request.not_found');
    const link = await invitePatient(practice, nurse);
    expect(codeOf(await inviteInto(practice, sidebar, { author: nurse, link }))).toBe('policy.kind');
    await practice.follow(sidebar, nurse);
    const add = sidebar.entry(
      nurse,
      { op: 'add', members: [{ m: patient.account, hist: true }], because: null },
      { recipients: [{ m: patient.account, g: 1, h: true }], newGeneration: false },
    );
    const added = await practice.post(
      `/v1/conversations/${sidebar.conv}/items`,
      { k: 'entry', b: encodeBase64Url(add.b), boxes: add.boxes.map(encodeBase64Url) },
      nurse,
    );
    expect(codeOf(added)).toBe('policy.kind');
    const page = await expectOk<{ conversations: { conv: string }[] }>(
      practice.get('/v1/conversations', patient),
    );
    expect(page.conversations.map(({ conv }) => conv)).toEqual([thread.conv]);
    const shown = heard.frames.filter((frame) => frame.t === 'items' && frame.conv === sidebar.conv);
    expect(shown).toEqual([]);
    heard.close();
  });
});
