import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import type { BatonStateBody } from '@baton/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import { createOutbound } from '../adapters/outbound.ts';
import type { ServerConfig } from '../config.ts';
import { listAttempts } from '../store/attempts.ts';
import { openDatabase } from '../store/database.ts';
import { migrate } from '../store/migrate.ts';
import { TestDuty } from '../testing/duty.ts';
import {
  isSignedWith,
  type OutsideServer,
  startOutsideServer,
  TestBrowser,
} from '../testing/outside-world.ts';
import { call, expectOk, startTestServer, TestPractice, type TestServer } from '../testing/practice.ts';

// The server's process is killed while it pushes and delivers: whoever runs next sends what was under way and what is due, each as it was.

const script = fileURLToPath(new URL('../testing/serve.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'baton-death-'));
/** Longer than a dead process's claim holds. */
const LATER_MS = 120_000;

let postgres: TemporaryPostgres;
let push: OutsideServer;
let receiver: OutsideServer;
let child: ChildProcess;
let first: TestServer;
beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  push = await startOutsideServer({ tls: true });
  receiver = await startOutsideServer({ tls: false });
  const authority = join(folder, 'ca.pem');
  writeFileSync(authority, push.certificate);
  const databaseUrl = await postgres.createDatabase('death');
  await migrate({ databaseUrl });
  const config: ServerConfig = {
    databaseUrl,
    host: '127.0.0.1',
    port: 0,
    publicUrl: 'http://localhost:8420',
    demo: false,
    demoSeedToken: null,
    dataDir: folder,
    webDir: null,
    logLevel: 'silent',
    outside: { noticeChannels: ['file'], pushHosts: [push.host], loopbackWebhooks: true },
  };
  child = fork(script, [JSON.stringify(config)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, NODE_EXTRA_CA_CERTS: authority },
  });
  const [message] = (await once(child, 'message')) as [{ port: number }];
  const running = { port: message.port, stop: () => Promise.resolve() };
  first = { url: `http://127.0.0.1:${message.port}`, config, running, stop: running.stop };
});
afterAll(async () => {
  child.kill('SIGKILL');
  await push.stop();
  await receiver.stop();
  await postgres.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('loses nothing, and marks what may have gone out twice', async () => {
  const practice = await TestPractice.create(first);
  const doctor = await practice.join(['physician']);
  const duty = await TestDuty.create(practice);
  await duty.name(duty.supervisor!.role, {}, { pushMs: 0, textMs: 20_000 });
  const browser = new TestBrowser();
  const { token: session } = doctor;
  const body = browser.subscription(push);
  await expectOk(call(first.url, 'PUT', '/v1/push', { token: session, body }));
  const { token, webhookSecret } = await expectOk<{ token: string; webhookSecret: string }>(
    practice.post('/v1/integrations', { name: 'Laboratory', webhook: `${receiver.url}/hook` }),
  );

  push.answers.push('hang');
  receiver.answers.push('hang');
  const asked = { to: doctor.account, contract: 'stat', withinMs: 300_000, reference: 'r' };
  const { baton } = await expectOk<BatonStateBody>(
    call(first.url, 'POST', '/v1/integrations/batons', { token, body: asked }),
  );
  await push.until(1);
  await receiver.until(1);
  const db = await openDatabase({ databaseUrl: first.config.databaseUrl, onError: () => {} });
  const attemptsNow = async () => {
    const attempts = await db.inOrg(practice.org.org, (trx) => listAttempts(trx, baton));
    return attempts
      .filter(({ account, n }) => account === doctor.account && n === 0)
      .map(({ channel, state, outcome, repeated }) => [channel, state, outcome, repeated] as const)
      .toSorted(([one], [other]) => (one < other ? -1 : 1));
  };
  // What goes by the socket is written down; only the push and the delivery are under way.
  await expect.poll(attemptsNow).toContainEqual(['socket', 'sent', null, false]);
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;

  const clock = { nowMs: () => nodePorts.clock.nowMs() + LATER_MS };
  const next = await startTestServer(first.config.databaseUrl, {
    ...first.config,
    surroundings: {
      addressFactor: 1000,
      ports: { clock },
      outbound: createOutbound({ ca: push.certificate }),
    },
  });
  try {
    await push.until(2);
    await receiver.until(2);
    expect(browser.open(push.received[1]!)).toContain('"kind":"stat"');
    const [before, after] = receiver.received;
    expect(after!.headers['webhook-id']).toBe(before!.headers['webhook-id']);
    expect(after!.body).toEqual(before!.body);
    expect(isSignedWith(webhookSecret, after!)).toBe(true);
    await expect.poll(attemptsNow).toEqual([
      ['push', 'sent', 'sent_again', true],
      ['socket', 'sent', null, false],
      ['text', 'none', 'no_address', false],
    ]);
  } finally {
    await db.close();
    await next.stop();
  }
});
