import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { isId } from '@baton/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import type { ServerConfig } from '../config.ts';
import { openDatabase } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { type TestAsk, TestDuty } from '../testing/duty.ts';
import { startTestServer, TestPractice, type TestServer } from '../testing/practice.ts';
import { TestSocket } from '../testing/sync-client.ts';

// The server's process is killed again and again while messages that ask for something come in: none of them is ever without its baton.

const script = fileURLToPath(new URL('../testing/serve.ts', import.meta.url));
const ROUNDS = 3;
const SENDERS = 8;
const PER_ROUND = 60;

let postgres: TemporaryPostgres;
let databaseUrl: string;
let server: TestServer;
beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  databaseUrl = await postgres.createDatabase('baton_crash');
  await migrate({ databaseUrl });
  server = await startTestServer(databaseUrl);
});
afterAll(async () => {
  await server.stop();
  await postgres.stop();
});

async function spawnServer(config: ServerConfig): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(script, [JSON.stringify(config)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [message] = (await once(child, 'message')) as [{ port: number }];
  return { child, url: `http://127.0.0.1:${message.port}` };
}

it('opens every baton of every message that was taken, once', async () => {
  const practice = await TestPractice.create(server);
  const nurse = await practice.join(['nurse']);
  const conversation = await practice.converse(nurse, [nurse, practice.admin]);
  const duty = await TestDuty.create(practice);
  // From here on nobody opens anything but the processes that are killed.
  await server.running.stop();
  const acknowledged: TestAsk[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const { child, url } = await spawnServer(server.config);
    const sockets = await Promise.all(Array.from({ length: SENDERS }, () => TestSocket.join(url, nurse)));
    const senders = sockets.map(async (socket) => {
      for (;;) {
        const ask = duty.ask(conversation, nurse, { to: [practice.admin.account, nurse.account] });
        const reply = await Promise.race([socket.appendAsk(conversation.conv, ask), socket.closed]);
        if (typeof reply === 'number') return;
        if (reply.t !== 'ok') throw new Error(reply.code);
        acknowledged.push(ask);
      }
    });
    while (acknowledged.length < round * PER_ROUND)
      await new Promise((resolve) => nodePorts.timers.after(2, () => resolve(null)));
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    await Promise.all(senders);
  }

  const db = await openDatabase({ databaseUrl, onError: () => {} });
  const { org } = practice.org;
  const readOpenings = () =>
    db.inOrg(org, (trx) => trx.selectFrom('baton_openings').select('message').execute());
  // What was left behind is written down; the next process finds it.
  const left = await readOpenings();
  const { child } = await spawnServer(server.config);
  for (let waits = 0; (await readOpenings()).length > 0; waits++) {
    if (waits > 200) throw new Error(`${left.length} were left, and they stayed`);
    await new Promise((resolve) => nodePorts.timers.after(50, () => resolve(null)));
  }
  const found = await db.inOrg(org, async (trx) => ({
    asked: await trx.selectFrom('escalations').select('message').execute(),
    opened: await trx.selectFrom('baton_events').select('baton').where('n', '=', 0).execute(),
    positions: await trx.selectFrom('baton_events').select('pos').orderBy('pos').execute(),
    timers: await trx.selectFrom('timers').select('subject').where('org', '=', org).execute(),
  }));
  const opened = new Set(found.opened.map(({ baton }) => baton));
  for (const { batons } of acknowledged) for (const baton of batons) expect(opened).toContain(baton);
  // Also of those whose senders never heard back: each message has both of its batons, and each of them a time.
  expect(opened.size).toBe(found.asked.length * 2);
  expect(found.timers.filter(({ subject }) => !isId('message', subject)).length).toBe(opened.size);
  expect(found.positions.map(({ pos }) => pos)).toEqual(found.positions.map((_, index) => index + 1));
  expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS * PER_ROUND);
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
  await db.close();
}, 60_000);
