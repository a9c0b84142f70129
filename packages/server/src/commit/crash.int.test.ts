import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { startTemporaryPostgres, type TemporaryPostgres } from '@baton/embedded-postgres';
import { decodeBase64Url } from '@baton/kernel';
import { checkReceipt, verifyRow } from '@baton/ledger';
import type { AppendAnswer } from '@baton/wire';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { nodePorts } from '../adapters/node-ports.ts';
import { openServerKeys } from '../adapters/server-keys.ts';
import type { ServerConfig } from '../config.ts';
import { call, expectOk, startTestServer, TestPractice, type TestServer } from '../testing/practice.ts';
import { TestSocket } from '../testing/sync-client.ts';

// The server's process is killed in the middle, again and again: every acknowledged message is there once, in order.

const { digest, verify } = nodePorts;
const script = fileURLToPath(new URL('../testing/serve.ts', import.meta.url));
const ROUNDS = 4;
const SENDERS = 12;

let postgres: TemporaryPostgres;
/** Stays up, for set-up and for reading back. */
let observer: TestServer;
beforeAll(async () => {
  postgres = await startTemporaryPostgres();
  observer = await startTestServer(await postgres.createDatabase('crash'));
});
afterAll(async () => {
  await observer.stop();
  await postgres.stop();
});

async function spawnServer(config: ServerConfig): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(script, [JSON.stringify(config)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [message] = (await once(child, 'message')) as [{ port: number }];
  return { child, url: `http://127.0.0.1:${message.port}` };
}

async function kill(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

it('loses nothing that it acknowledged', async () => {
  const practice = await TestPractice.create(observer);
  const nurse = await practice.join(['nurse']);
  const conversation = await practice.converse(nurse, [nurse, practice.admin]);
  const acknowledged: { b: Uint8Array; answer: AppendAnswer }[] = [];
  const unanswered: Uint8Array[] = [];

  for (let round = 0; round < ROUNDS; round++) {
    const { child, url } = await spawnServer(observer.config);
    const sockets = await Promise.all(Array.from({ length: SENDERS }, () => TestSocket.join(url, nurse)));
    const killed = new AbortController();
    const senders = sockets.map(async (socket) => {
      while (!killed.signal.aborted) {
        const b = conversation.envelope(nurse);
        const reply = await Promise.race([socket.append(conversation.conv, b), socket.closed]);
        if (typeof reply === 'number') {
          unanswered.push(b);
          return;
        }
        if (reply.t !== 'ok' || !('receipt' in reply.a)) throw new Error(JSON.stringify(reply));
        acknowledged.push({ b, answer: reply.a as AppendAnswer });
      }
    });
    const enough = (round + 1) * 120;
    while (acknowledged.length < enough)
      await new Promise((resolve) => nodePorts.timers.after(5, () => resolve(null)));
    await kill(child);
    killed.abort();
    await Promise.all(senders);
  }

  // Whoever got no answer sends the same bytes again.
  const { child, url } = await spawnServer(observer.config);
  const socket = await TestSocket.join(url, nurse);
  for (const b of unanswered) {
    const reply = await socket.append(conversation.conv, b);
    if (reply.t !== 'ok') throw new Error(reply.code);
    acknowledged.push({ b, answer: reply.a as AppendAnswer });
  }
  socket.close();
  await kill(child);

  const items = new Map<number, Uint8Array>();
  for (let after = 0; ; ) {
    const page = await expectOk<{ items: { seq: number; b: string }[] }>(
      call(
        observer.url,
        'GET',
        `/v1/conversations/${conversation.conv}/items?after=${after}&limit=200`,
        nurse,
      ),
    );
    for (const { seq, b } of page.items) items.set(seq, decodeBase64Url(b) ?? new Uint8Array());
    if (page.items.length === 0) break;
    after += page.items.length;
  }
  // Gapless, and each message once: as many items as there were messages and the one entry.
  expect([...items.keys()]).toEqual(Array.from({ length: items.size }, (_, index) => index + 1));
  expect(items.size).toBe(1 + acknowledged.length);
  const { publicKey } = openServerKeys(observer.config.dataDir);
  const check = { digest, verify, org: practice.org.org, serverKey: publicKey };
  for (const { b, answer } of acknowledged) {
    expect(Buffer.from(items.get(answer.seq) ?? []).equals(b)).toBe(true);
    const receipt = await checkReceipt(answer.receipt, check);
    const row = { conv: conversation.conv, seq: answer.seq, itemHash: digest(b) };
    expect(
      receipt.ok &&
        verifyRow(digest, receipt.value.receipt, { row, index: answer.index, path: answer.path }).ok,
    ).toBe(true);
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS * 120);
});
