import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Conversation, LiveSession } from '@baton/client';
import { createNodeDoor } from '@baton/client-node';
import { parseId } from '@baton/kernel';
import { until } from '@baton/testkit';
import pg from 'pg';
import { WebSocket } from 'ws';
import { forkScript } from './processes.ts';
import type { RecipientNote } from './recipient.ts';
import { quantile } from './statistics.ts';
import type { Surroundings } from './surroundings.ts';

const CONVERSATIONS = 5;
const MESSAGES_EACH = 60;
const WARM_UP_FIRST = 150;
const WARM_UP_EACH = 10;
/** Nobody sends faster than this; what one message leaves behind is done before the next. */
const PAUSE_MS = 8;
/** What a short message weighs on the wire. */
const FLOOR_BODY_BYTES = 900;
const TEXT = 'Bed 4 asks for you, please call back when you can.';

export interface LatencyFigures {
  /** From `send` to the text in the recipient's timeline, in milliseconds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** One durable commit of one row, and one echo of one frame, one after the other. */
  readonly floorP50Ms: number;
  readonly floorP99Ms: number;
  readonly commitP50Ms: number;
  readonly echoP50Ms: number;
  /** p50 / floorP50. */
  readonly times: number;
  readonly messages: number;
}

/**
 * Send to decrypted-at-recipient through the real server, sender here and recipient in a process of its own, both with durable stores.
 * A floor is taken after each message, so that both see the same machine.
 */
export async function benchLatency(
  at: Surroundings,
  admin: LiveSession,
  progress: (line: string) => void,
): Promise<LatencyFigures> {
  progress('latency: two clients enter');
  const pair = await enterPair(at, admin);
  const floor = await openFloor(at.limitsUrl);
  const [sent, commits, echoes] = [[] as number[], [] as number[], [] as number[]];
  try {
    for (let conversation = 0; conversation < CONVERSATIONS; conversation++) {
      progress(`latency: conversation ${conversation + 1} of ${CONVERSATIONS}`);
      const thread = await pair.openThread(`Bench ${conversation}`);
      const warmUp = conversation === 0 ? WARM_UP_FIRST : WARM_UP_EACH;
      for (let message = 0; message < warmUp + MESSAGES_EACH; message++) {
        const tookMs = await pair.sendAndRead(thread, `${TEXT} ${conversation}.${message}`);
        await delay(PAUSE_MS);
        const { commitMs, echoMs } = await floor.measure();
        if (message < warmUp) continue;
        sent.push(tookMs);
        commits.push(commitMs);
        echoes.push(echoMs);
      }
    }
  } finally {
    await floor.close();
    await pair.close();
  }
  const floors = commits.map((commitMs, index) => commitMs + (echoes[index] ?? 0));
  return {
    p50Ms: quantile(sent, 0.5),
    p99Ms: quantile(sent, 0.99),
    floorP50Ms: quantile(floors, 0.5),
    floorP99Ms: quantile(floors, 0.99),
    commitP50Ms: quantile(commits, 0.5),
    echoP50Ms: quantile(echoes, 0.5),
    times: quantile(sent, 0.5) / quantile(floors, 0.5),
    messages: sent.length,
  };
}

async function enterPair(at: Surroundings, admin: LiveSession) {
  const invite = async (name: string): Promise<string> => {
    const { link } = await admin.people.invite({ name, jobs: ['nurse'] });
    return link.slice(link.indexOf('#') + 1);
  };
  const door = await createNodeDoor({ serverUrl: at.serverUrl, dataDir: join(at.folder, 'sender') });
  const { session } = await door.claimAsPersona(await invite('Sam Sender'), 'bench');
  const { child, message: ready } = await forkScript<RecipientNote>('recipient.ts', [
    at.serverUrl,
    join(at.folder, 'recipient'),
    await invite('Rita Recipient'),
  ]);
  const account = ready.t === 'ready' ? parseId('account', ready.account) : null;
  if (account === null) throw new Error('the recipient did not enter');
  await until(session.directory.people, (known) => known.some(({ id }) => id === account));
  return {
    async openThread(title: string): Promise<Conversation> {
      const thread = await session.conversations.startGroup({ title, members: [account] });
      const watching = nextNote(child, (note) => note.t === 'watching');
      child.send({ watch: thread.id });
      await watching;
      return thread;
    },
    async sendAndRead(thread: Conversation, text: string): Promise<number> {
      const read = nextNote(child, (note) => note.t === 'read' && note.text === text);
      const fromNs = process.hrtime.bigint();
      await thread.send({ text, files: [], mentions: [], replyTo: null, as: null });
      const note = await read;
      return note.t === 'read' ? Number(BigInt(note.atNs) - fromNs) / 1e6 : Number.NaN;
    },
    async close() {
      child.disconnect();
      await session.close();
    },
  };
}

function nextNote(child: ChildProcess, fits: (note: RecipientNote) => boolean): Promise<RecipientNote> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(limit);
      child.off('message', hear);
      settle();
    };
    const hear = (note: RecipientNote): void => {
      if (fits(note)) end(() => resolve(note));
    };
    const limit = setTimeout(() => end(() => reject(new Error('the recipient said nothing'))), 20_000);
    child.on('message', hear);
  });
}

async function openFloor(databaseUrl: string) {
  const database = new pg.Client(databaseUrl);
  await database.connect();
  await database.query('CREATE TABLE floor (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, body bytea)');
  const { child, message } = await forkScript<{ port: number }>('echo.ts', []);
  const socket = new WebSocket(`ws://127.0.0.1:${message.port}`, { perMessageDeflate: false });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const body = randomBytes(FLOOR_BODY_BYTES);
  return {
    async measure(): Promise<{ commitMs: number; echoMs: number }> {
      const startMs = performance.now();
      await database.query({
        name: 'floor',
        text: 'INSERT INTO floor (body) VALUES ($1)',
        values: [body],
      });
      const committedMs = performance.now();
      const back = new Promise((resolve) => socket.once('message', resolve));
      socket.send(body);
      await back;
      return { commitMs: committedMs - startMs, echoMs: performance.now() - committedMs };
    },
    async close() {
      socket.terminate();
      child.disconnect();
      await database.end();
    },
  };
}
