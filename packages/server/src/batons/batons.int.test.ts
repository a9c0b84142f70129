import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { type BatonId, batonOfMessage, encodeBase64Url, newId } from '@baton/kernel';
import type { BatonOp, batonEscalation } from '@baton/wire';
import type { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import type { TestConversation } from '../testing/conversation.ts';
import { TestDuty, type TestRole } from '../testing/duty.ts';
import type { TestAccount } from '../testing/organisation.ts';
import {
  call,
  codeOf,
  expectOk,
  startTestServer,
  TestPractice,
  type TestServer,
} from '../testing/practice.ts';
import { TestSocket } from '../testing/sync-client.ts';

// The course of a baton on a real server: opened with its message, acknowledged once, seen by whom it concerns (docs/protocol/batons.md).

const { rng } = nodePorts;
type BatonEscalation = z.infer<typeof batonEscalation>;
let postgres: TemporaryPostgres;
let server: TestServer;
let other: TestServer;
let practice: TestPractice;
let duty: TestDuty;
let nurse: TestAccount;
let doctor: TestAccount;
let outsider: TestAccount;
let onCall: TestRole;
let conversation: TestConversation;
beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  const url = await postgres.createDatabase('batons');
  server = await startTestServer(url);
  other = await startTestServer(url, { dataDir: server.config.dataDir });
  practice = await TestPractice.create(server);
  nurse = await practice.join(['nurse']);
  doctor = await practice.join(['physician']);
  outsider = await practice.join(['pharmacist']);
  conversation = await practice.converse(nurse, [nurse, doctor]);
});
afterAll(async () => {
  await other.stop();
  await server.stop();
  await postgres.stop();
});

async function openOne(options: Partial<Parameters<TestDuty['ask']>[2]> = {}) {
  const ask = duty.ask(conversation, nurse, { to: [doctor.account], ...options });
  await expectOk(duty.send(conversation, nurse, ask));
  const baton = ask.batons[0]!;
  return { ask, baton, state: await duty.until(nurse, baton) };
}

const acknowledge = { op: 'acknowledge', readBack: false } as const;

describe('before anybody is named to answer for what nobody answers', () => {
  it('takes FYI only', async () => {
    duty = new TestDuty(practice);
    const ask = duty.ask(conversation, nurse, { to: [doctor.account] });
    const refused = await duty.send(conversation, nurse, ask);
    expect([refused.status, codeOf(refused)]).toEqual([409, 'duty.no_supervisor']);
    duty = await TestDuty.create(practice);
    onCall = await duty.makeRole([practice.admin, doctor]);
  });
});

describe('a message that asks for something', () => {
  it('makes a baton for each owner, which its owner sees and acknowledges', async () => {
    const sockets = await Promise.all([server, other].map(({ url }) => TestSocket.join(url, doctor)));
    const { state, baton } = await openOne();
    expect(state).toMatchObject({ owner: doctor.account, status: 'open', opener: nurse.account, n: 0 });
    for (const socket of sockets) await socket.until((frame) => frame.t === 'batons' && frame.alert);
    const b = duty.event(doctor, state, acknowledge);
    const [socket] = sockets;
    expect(await socket!.ask({ t: 'baton', baton, b })).toMatchObject({ t: 'ok', a: { replay: false } });
    expect(await socket!.ask({ t: 'baton', baton, b })).toMatchObject({ t: 'ok', a: { replay: true } });
    const seen = await duty.until(nurse, baton, ({ status }) => status === 'acknowledged');
    expect(seen.acknowledged?.by).toBe(doctor.account);
    for (const each of sockets) each.close();
  });

  it('is refused without the boxes that its ladder needs, or with others than the header names', async () => {
    const supervisor = duty.supervisor;
    duty.supervisor = null;
    const bare = duty.ask(conversation, nurse, { to: [doctor.account] });
    duty.supervisor = supervisor;
    expect(codeOf(await duty.send(conversation, nurse, bare))).toBe('baton.escalation');
    const ask = duty.ask(conversation, nurse, { to: [doctor.account] });
    const swapped = { ...ask, escalation: { ...ask.escalation, context: rng.bytes(64) } };
    expect(codeOf(await duty.send(conversation, nurse, swapped))).toBe('ledger.bad_proof');
    const nobody = duty.ask(conversation, nurse, { to: [newId('account', rng)], boxTo: [doctor.account] });
    expect(codeOf(await duty.send(conversation, nurse, nobody))).toBe('baton.owner');
  });

  it('is opened once however often it is sent', async () => {
    const { ask, baton } = await openOne();
    const again = await expectOk<{ replay: boolean }>(duty.send(conversation, nurse, ask));
    expect(again.replay).toBe(true);
    const found = (await duty.batons(nurse)).get(baton);
    expect(found?.body.events).toHaveLength(1);
  });
});

describe('of two who act at the same moment', () => {
  it('exactly one wins, on whichever process, and the other gets the winner', async () => {
    for (let round = 0; round < 4; round++) {
      const { state, baton } = await openOne({ to: [onCall.role] });
      const answers = await Promise.all(
        [practice.admin, doctor].map(async (who, index) => {
          const event = encodeBase64Url(duty.event(who, state, acknowledge));
          const { url } = [server, other][index]!;
          const path = `/v1/batons/${baton}/events`;
          return call(url, 'POST', path, { token: who.token, body: { event } });
        }),
      );
      expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([200, 409]);
      expect(codeOf(answers.find(({ status }) => status === 409)!)).toBe('conflict.head');
      const won = [practice.admin, doctor][answers.findIndex(({ status }) => status === 200)]!;
      const seen = await duty.until(doctor, baton, ({ status }) => status === 'acknowledged');
      expect([seen.n, seen.acknowledged?.by]).toEqual([1, won.account]);
    }
  });
});

describe('who sees it', () => {
  it('is whoever it concerns; for everybody else it is not there', async () => {
    const { state, baton } = await openOne();
    const absent = batonOfMessage(newId('message', rng), 0);
    expect((await duty.batons(outsider)).has(baton)).toBe(false);
    for (const path of ['escalation', 'events']) {
      const ask = async (id: BatonId) => {
        const event = encodeBase64Url(duty.event(outsider, { ...state, baton: id }, acknowledge));
        const at = `/v1/batons/${id}/${path}`;
        return path === 'events' ? practice.post(at, { event }, outsider) : practice.get(at, outsider);
      };
      const hidden = await ask(baton);
      const nowhere = await ask(absent);
      expect([hidden.status, hidden.body]).toEqual([404, nowhere.body]);
    }
    // Handed to the outsider: from the offer on they see it, and nothing of the conversation.
    await expectOk(duty.act(doctor, state, { op: 'offer', to: outsider.account, note: null }));
    const offered = await duty.until(outsider, baton, ({ offer }) => offer?.to === outsider.account);
    expect((await practice.get(`/v1/conversations/${conversation.conv}`, outsider)).status).toBe(404);
    await expectOk(duty.act(outsider, offered, { op: 'accept' }));
    const accepted = await duty.until(nurse, baton, ({ status }) => status === 'acknowledged');
    expect([accepted.owner, accepted.offer]).toEqual([outsider.account, null]);
  });

  it('hands message, context and their boxes to whoever is reached, and to nobody another one’s', async () => {
    const { ask, baton } = await openOne({ to: [onCall.role] });
    const read = await expectOk<BatonEscalation>(
      practice.get(`/v1/batons/${baton}/escalation`, practice.admin),
    );
    expect(read.envelope).toBe(encodeBase64Url(ask.b));
    expect(read.context).toBe(encodeBase64Url(ask.escalation.context));
    // The admin holds both roles that the message is boxed to; the nurse who wrote it none.
    expect(read.boxes.sort()).toEqual(ask.escalation.boxes.map(encodeBase64Url).sort());
    const own = await expectOk<BatonEscalation>(practice.get(`/v1/batons/${baton}/escalation`, nurse));
    expect(own.boxes).toEqual([]);
  });

  it('comes to include new members of the conversation', async () => {
    const group = await practice.converse(nurse, [nurse, doctor]);
    const ask = duty.ask(group, nurse, { to: [doctor.account] });
    await expectOk(duty.send(group, nurse, ask));
    const baton = ask.batons[0]!;
    await duty.until(nurse, baton);
    const before = (await expectOk<{ upTo: number }>(practice.get('/v1/batons?after=0', outsider))).upTo;
    await practice.follow(group, nurse);
    const entry = group.entry(
      nurse,
      { op: 'add', members: [{ m: outsider.account, hist: true }], because: null },
      { recipients: [{ m: outsider.account, g: 1, h: true }], newGeneration: false },
    );
    const body = { k: 'entry', b: encodeBase64Url(entry.b), boxes: entry.boxes.map(encodeBase64Url) };
    await expectOk(practice.post(`/v1/conversations/${group.conv}/items`, body, nurse));
    expect((await duty.batons(outsider, before)).get(baton)?.body.via).toBe('member');
  });
});

describe('what ends it', () => {
  it('is the act of a named person, with a message that is there', async () => {
    const { state, baton } = await openOne();
    const made = { op: 'answer', conv: conversation.conv, message: newId('message', rng) } as const;
    expect(codeOf(await duty.act(doctor, state, made))).toBe('request.invalid');
    const message = newId('message', rng);
    await expectOk(practice.send(conversation, doctor, conversation.envelope(doctor, { id: message })));
    expect(codeOf(await duty.act(outsider, state, { ...made, message }))).toBe('request.not_found');
    await expectOk(duty.act(doctor, state, { op: 'answer', conv: conversation.conv, message }));
    const ended = await duty.until(nurse, baton, ({ status }) => status === 'answered');
    expect(ended.ended?.by).toBe(doctor.account);
    expect(codeOf(await duty.act(nurse, ended, { op: 'close', reason: 'done' }))).toBe('baton.ended');
  });

  it('is nobody’s event but one’s own, of this baton, by a certificate that holds', async () => {
    const { state, baton } = await openOne();
    const forged = encodeBase64Url(duty.event({ ...doctor, account: nurse.account }, state, acknowledge));
    const path = `/v1/batons/${baton}/events`;
    expect(codeOf(await practice.post(path, { event: forged }, nurse))).toBe('ledger.wrong_purpose');
    expect(codeOf(await practice.post(path, { event: forged }, doctor))).toBe('ledger.wrong_purpose');
    const step: BatonOp = {
      op: 'step',
      step: 1,
      target: doctor.account,
      offsetMs: 0,
      reached: [],
      empty: true,
    };
    expect(codeOf(await duty.act(doctor, state, step))).toBe('ledger.wrong_purpose');
  });
});
