import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import type { TestConversation } from '../testing/conversation.ts';
import { TestDuty } from '../testing/duty.ts';
import type { TestAccount } from '../testing/organisation.ts';
import { codeOf, expectOk, startTestServer, TestPractice, type TestServer } from '../testing/practice.ts';
import { TestSocket } from '../testing/sync-client.ts';

// The course of a baton on a real server: opened with its message, acknowledged once, seen by whom it concerns (docs/protocol/batons.md).

let postgres: TemporaryPostgres;
let server: TestServer;
let other: TestServer;
let practice: TestPractice;
let duty: TestDuty;
let nurse: TestAccount;
let doctor: TestAccount;
let conversation: TestConversation;
beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  const url = await postgres.createDatabase('batons');
  server = await startTestServer(url);
  other = await startTestServer(url, { dataDir: server.config.dataDir });
  practice = await TestPractice.create(server);
  nurse = await practice.join(['nurse']);
  doctor = await practice.join(['physician']);
  conversation = await practice.converse(nurse, [nurse, doctor]);
  duty = await TestDuty.create(practice);
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

describe('a message that asks for something', () => {
  it('makes a baton for each owner, which its owner sees and acknowledges', async () => {
    const socket = await TestSocket.join(server.url, doctor);
    const { state, baton } = await openOne();
    expect(state).toMatchObject({ owner: doctor.account, status: 'open', opener: nurse.account, n: 0 });
    await socket.until((frame) => frame.t === 'batons' && frame.alert);
    const b = duty.event(doctor, state, { op: 'acknowledge', readBack: false });
    const reply = await socket.ask({ t: 'baton', baton, b });
    expect(reply).toMatchObject({ t: 'ok', a: { replay: false } });
    expect(await socket.ask({ t: 'baton', baton, b })).toMatchObject({ t: 'ok', a: { replay: true } });
    const seen = await duty.until(nurse, baton, ({ status }) => status === 'acknowledged');
    expect(seen.acknowledged?.by).toBe(doctor.account);
    socket.close();
  });
});
