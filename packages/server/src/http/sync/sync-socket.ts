import { type Bytes, concatBytes } from '@baton/kernel';
import {
  type ClientFrame,
  decodeClientFrame,
  type ErrorCode,
  encodeServerFrame,
  SYNC_VERSION,
} from '@baton/wire';
import type { RawData, WebSocket } from 'ws';
import type { Session } from '../../access/sessions.ts';
import { ApiError } from '../../api-error.ts';
import { type Connection, createConnection } from '../../fanout/connection.ts';
import type { Services } from '../../server-parts.ts';
import { moveCursor } from '../../use-cases/marks.ts';
import { recordRefusal } from '../../use-cases/record-refusal.ts';
import { keepSession, readPosition } from '../../use-cases/watch-session.ts';
import { toApiError } from '../failures.ts';
import { answerFrame, type Question } from './answer-frame.ts';
import { createLane } from './lane.ts';

/** Work of one client at the same time; more waits in its socket. Small questions count 1, pages and long items what they hold. */
const MAX_IN_FLIGHT = 256;
const PAGE_WEIGHT = 32;
const BYTES_PER_WEIGHT = 16 * 1024;
/** Answers that the client has not taken yet: beyond this nothing more is heard of it. */
const HIGH_WATER_BYTES = 8 * 1024 * 1024;
const CHECK_MS = 30_000;
/** Delivery is told at most so often, so that it costs little and gives away little (threat T38). */
const CURSOR_MS = 300;
const CLOSE_GARBLED = 1007;

/** Runs one client's sync connection until either side ends it (docs/protocol §6). */
export function runSyncSocket(services: Services, session: Session, webSocket: WebSocket): void {
  const { metrics, ports, hub } = services;
  const connection = createConnection({
    who: session,
    socket: {
      get bufferedBytes() {
        return webSocket.bufferedAmount;
      },
      send: (bytes, onTaken) => {
        if (webSocket.readyState !== webSocket.OPEN) return;
        webSocket.send(bytes, { binary: true }, () => {
          onTaken();
          regulate();
        });
      },
      close: (code) => webSocket.close(code),
    },
    onMissed: () => metrics.missed(),
  });
  const removeFromHub = hub.add(connection);
  const client = { services, session, connection, end };
  const cursor = createCursor(client);
  const lane = createLane();
  const waiting: WaitingQuestion[] = [];
  let inFlight = 0;
  let isActive = false;
  let isOver = false;
  let cancelCheck = scheduleCheck();
  metrics.sockets(1);

  function end(code: ErrorCode): void {
    if (!isOver) connection.end(code);
  }

  function scheduleCheck(): () => void {
    return ports.timers.after(CHECK_MS, () => {
      const wasActive = isActive;
      isActive = false;
      void checkSession(client, wasActive);
      cancelCheck = scheduleCheck();
    });
  }

  const isFull = (): boolean => inFlight >= MAX_IN_FLIGHT || webSocket.bufferedAmount > HIGH_WATER_BYTES;

  /** A client that asks faster than it is answered, or does not take its answers, waits: it must not fill this process's memory. */
  function regulate(): void {
    if (webSocket.readyState !== webSocket.OPEN) waiting.length = 0;
    for (let next = waiting[0]; next !== undefined && !isFull(); next = waiting[0]) {
      waiting.shift();
      begin(next);
    }
    // What one read from the network brought along is in `waiting`; nothing more is read until there is room.
    if (isFull()) webSocket.pause();
    else if (webSocket.isPaused) webSocket.resume();
  }

  function begin({ question, weight }: WaitingQuestion): void {
    inFlight += weight;
    void answer(client, lane, question).finally(() => {
      inFlight -= weight;
      regulate();
    });
  }

  function handle(frame: ClientFrame, sizeBytes: number): void {
    if (frame.t === 'hello') return void greet(client, frame, cursor.start);
    if (frame.t !== 'ping') isActive = true;
    if (frame.t === 'cursor') return cursor.move(frame.batch);
    waiting.push({ question: frame, weight: weightOf(frame, sizeBytes) });
    regulate();
  }

  webSocket.on('message', (data: RawData, isBinary: boolean) => {
    // Whoever was told `bye` and does not hang up is not listened to any more.
    if (webSocket.readyState !== webSocket.OPEN) return;
    const bytes = bytesOf(data);
    const frame = isBinary ? decodeClientFrame(bytes) : null;
    if (frame?.ok === true) return handle(frame.value, bytes.length);
    // Without a question number there is nothing to answer to; the client is not one of ours.
    webSocket.send(encodeServerFrame({ t: 'bye', code: frame?.error.code ?? 'wire.malformed' }));
    webSocket.close(CLOSE_GARBLED);
  });
  webSocket.on('error', () => webSocket.terminate());
  webSocket.on('close', () => {
    isOver = true;
    cancelCheck();
    cursor.stop();
    removeFromHub();
    metrics.sockets(-1);
  });
}

interface WaitingQuestion {
  readonly question: Question;
  readonly weight: number;
}

/** An answer with a page of items holds up to 4 MiB (`read_items`). */
function weightOf(frame: Question, sizeBytes: number): number {
  const isPage = frame.t === 'pull' || frame.t === 'pull-back';
  return isPage ? PAGE_WEIGHT : 1 + Math.floor(sizeBytes / BYTES_PER_WEIGHT);
}

interface Client {
  readonly services: Services;
  readonly session: Session;
  readonly connection: Connection;
  end(code: ErrorCode): void;
}

async function greet(
  client: Client,
  frame: Extract<ClientFrame, { t: 'hello' }>,
  onStarted: (cursor: number) => void,
): Promise<void> {
  const { services, session, connection } = client;
  if (frame.v !== SYNC_VERSION) return client.end('wire.version');
  try {
    const { batch, keyLog, records } = await readPosition(services, session);
    connection.send({
      t: 'welcome',
      v: SYNC_VERSION,
      batch,
      keylog: keyLog,
      records,
      ts: services.ports.clock.nowMs(),
    });
    // From here on it is sent what is committed; what came between its cursor and now it asks for.
    connection.start(frame.cursor, batch);
    onStarted(frame.cursor);
  } catch (error) {
    client.end(toApiError(services, error).code);
  }
}

async function answer(
  client: Client,
  lane: ReturnType<typeof createLane>,
  question: Question,
): Promise<void> {
  const { services, session, connection } = client;
  try {
    const a = await answerFrame(services, session, { question, lane });
    connection.send({ t: 'ok', q: question.q, a });
  } catch (error) {
    const { code, at, retryMs } = toApiError(services, error);
    services.metrics.refused(code);
    void recordRefusal(services, session, { code, action: `sync ${question.t}`, params: question });
    connection.send({ t: 'no', q: question.q, code, at: at.slice(0, 200), retryMs });
  }
}

/** Keeps the session alive while it is used, and ends the socket when the session is over. */
async function checkSession(client: Client, wasActive: boolean): Promise<void> {
  const { services, session } = client;
  try {
    await keepSession(services, session, wasActive);
  } catch (error) {
    // A database that is away for a moment ends nobody's session.
    if (error instanceof ApiError) client.end(error.code);
  }
}

function createCursor(client: Client): {
  start(cursor: number): void;
  move(batch: number): void;
  stop(): void;
} {
  const { services, session } = client;
  let told = 0;
  let newest = 0;
  let cancel: (() => void) | null = null;
  const flush = (): void => {
    cancel = null;
    const move = { from: told, to: newest };
    told = newest;
    moveCursor(services, session, move).catch((error: unknown) => void toApiError(services, error));
  };
  return {
    start(cursor) {
      told = Math.max(told, cursor);
      newest = Math.max(newest, cursor);
    },
    move(batch) {
      if (batch <= newest) return;
      newest = batch;
      cancel ??= services.ports.timers.after(CURSOR_MS, flush);
    },
    stop() {
      cancel?.();
      if (cancel !== null) flush();
    },
  };
}

function bytesOf(data: RawData): Bytes {
  if (Array.isArray(data)) return concatBytes(...data);
  return data instanceof ArrayBuffer
    ? new Uint8Array(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.length);
}
