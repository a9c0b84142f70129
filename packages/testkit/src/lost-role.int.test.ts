import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPractice, type Device, type Practice } from './practice.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from './until.ts';

let server: TestServer;
let practice: Practice;

beforeAll(async () => {
  server = await startTestServer();
  practice = await createPractice(server, {
    people: [
      { name: 'Maria Lopez', jobs: ['nurse'] },
      { name: 'James Chen', jobs: ['physician'] },
      { name: 'Otto Berg', jobs: ['charge-nurse'] },
    ],
  });
}, 60_000);

afterAll(async () => {
  await practice?.close();
  await server?.stop();
});

it('what somebody acknowledged through a role stays readable to them after they have lost the role', async () => {
  const { admin } = practice;
  const [maria, james, otto] = practice.people as [Device, Device, Device];
  const holders = [james.account, otto.account];
  const role = await admin.session.people.defineRole({
    name: 'Line nurse',
    unit: null,
    use: 'duty',
    holders,
  });
  await admin.session.people.removeHolder(role, admin.account);
  const heldByJames = (holds: boolean) =>
    until(james.session.directory.roles, (roles) =>
      roles.some(({ id, heldByMe }) => id === role && heldByMe === holds),
    );
  await heldByJames(true);
  await until(maria.session.directory.roles, (roles) =>
    roles.some(({ id, holders: known }) => id === role && known.length === 2),
  );
  const line = await maria.session.conversations.startWithRole(role);
  const words = 'Check the line in bed 9';
  await line.send({
    text: words,
    files: [],
    mentions: [],
    replyTo: null,
    as: null,
    ask: { contract: 'reply', to: [role], withinMs: 3_600_000, callback: null, patient: null },
  });
  const [owed] = await until(james.session.batons.owe, ([first]) => first?.text === words);
  await james.session.batons.acknowledge(owed!.id);
  await until(james.session.batons.owe, ([first]) => first?.owner.id === james.account);
  // Nobody is there who could let him in for it in person.
  for (const { session } of [maria, otto]) await session.close();
  await james.session.people.removeHolder(role, james.account);
  await heldByJames(false);
  const [kept] = await until(james.session.batons.owe, ([first]) => first?.text === words);
  expect(kept).toMatchObject({ id: owed!.id, readVia: 'member', conversation: null });
  await james.session.batons.close(owed!.id, 'done');
});
