import {
  AgentError,
  type AgentProgram,
  ownManifest,
  parseHost,
  requireProgram,
  runAgent,
  type RunningAgent,
  ServingDesk,
} from '@baton/agent';
import { ClientError, type LiveSession } from '@baton/client';
import {
  createNodeDoor,
  nodeClock,
  nodeMonotonic,
  type NodeDoor,
  nodeRng,
  nodeTimers,
} from '@baton/client-node';
import { encodeUtf8, equalBytes, Secret } from '@baton/kernel';
import type { Manifest } from '@baton/wire';
import { pathToFileURL } from 'node:url';
import type { Destination } from '../guard/outgoing.ts';
import {
  EXIT,
  type FromProcess,
  type RequestMessage,
  type StartMessage,
  toProcess,
} from '../process-messages.ts';
import { placeOfCrash } from '../crash-place.ts';
import { digestProgram } from '../program-folder.ts';
import { PULSE_MS } from '../pulse-watch.ts';
import { readPageAssets } from './page-assets.ts';

const LOOK_MS = 250;
/** An agent that is not told what it may do within this time starts anew. */
const MANIFEST_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 5000;

interface Guards {
  readonly allowHosts: (more: readonly Destination[]) => void;
  readonly confine: (folder: string) => void;
}

/** Signs in, checks the program against the manifest, and runs it until the station says stop. Ends the process. */
export async function runProcess(guards: Guards): Promise<void> {
  const running: { session: LiveSession | null; agent: RunningAgent | null } = { session: null, agent: null };
  let isEnding = false;
  const end = async (code: number, why: string): Promise<void> => {
    if (isEnding) return;
    isEnding = true;
    tell({ t: 'line', text: why });
    nodeTimers.after(STOP_LIMIT_MS, () => process.exit(code));
    await running.agent?.stop().catch(() => {});
    await running.session?.close().catch(() => {});
    process.exit(code);
  };
  const beat = (): void => {
    nodeTimers.after(PULSE_MS, () => {
      tell({ t: 'alive' });
      beat();
    });
  };
  beat();
  const start = await nextMessage();
  const desk = new ServingDesk();
  process.on('message', (message) => {
    const { data } = toProcess.safeParse(message);
    if (data?.t === 'stop') void end(EXIT.stopped, 'stopped');
    if (data?.t === 'request') void answer(desk, data);
  });
  // The station is gone: whoever comes after it starts this agent again.
  process.on('disconnect', () => void end(EXIT.stopped, 'stopped'));
  try {
    tell({ t: 'state', state: 'signing-in' });
    const door = await createNodeDoor({
      serverUrl: start.serverUrl,
      dataDir: start.folder,
      deviceClass: 'agent',
      deviceLabel: 'Station',
    });
    running.session = await door.resumeAgent();
    if (running.session === null) return await end(EXIT.ended, 'has no keys');
    const manifest = await awaitManifest(running.session);
    if (manifest === null) return await end(EXIT.again, 'waits for its manifest');
    if (!equalBytes(digestProgram(start.programFolder), manifest.code))
      return await end(EXIT.wrongCode, 'code is not what its manifest says');
    guards.allowHosts(manifest.hosts.map(parseHost));
    guards.confine(start.programFolder);
    running.agent = await runProgram({ start, door, session: running.session, manifest, end, desk });
  } catch (error) {
    await end(exitCodeOf(error), `ended: ${codeOf(error)}`);
  }
}

async function runProgram(input: {
  readonly start: StartMessage;
  readonly door: NodeDoor;
  readonly session: LiveSession;
  readonly manifest: Manifest;
  readonly end: (code: number, why: string) => Promise<void>;
  readonly desk: ServingDesk;
}): Promise<RunningAgent> {
  const { start, door, session, manifest, end, desk } = input;
  const asset = readPageAssets(start.programFolder);
  const loaded = (await import(pathToFileURL(`${start.programFolder}/src/index.ts`).href)) as {
    readonly program: AgentProgram;
  };
  requireProgram(loaded.program, manifest);
  return runAgent(loaded.program, {
    session,
    manifest,
    clock: nodeClock,
    monotonic: nodeMonotonic,
    timers: nodeTimers,
    rng: nodeRng,
    serverNow: async () => nodeClock.nowMs() - (await door.serverInfo()).clockSkewMs,
    fetch: (url, init) => fetch(url, init),
    publicUrl: start.publicUrl,
    holder: start.holder,
    leaseMs: start.leaseMs,
    serve: desk.serve,
    secrets: start.settings === null ? null : Secret.of<unknown>(JSON.parse(start.settings)),
    asset,
    print: (text) => tell({ t: 'line', text }),
    status: (state) => tell({ t: 'state', state }),
    over: (why) => {
      switch (why) {
        case 'ended':
          return void end(EXIT.ended, 'ended by the organisation');
        case 'revoked':
          return void end(EXIT.revoked, 'taken out of its state');
        case 'changed':
          return void end(EXIT.again, 'manifest changed');
        case 'connection':
          return void end(EXIT.again, 'session ended');
      }
    },
  });
}

/** What the program throws stays here: kind and place go to the log, nothing to whoever asked. */
async function answer(desk: ServingDesk, message: RequestMessage): Promise<void> {
  const { id, method, path, query, headers, isLocal } = message;
  const body = new Uint8Array(Buffer.from(message.body, 'base64'));
  const given = await desk.answer({ method, path, query, headers, body, isLocal });
  if (given.failure !== undefined) tell({ t: 'line', text: `request failed: ${codeOf(given.failure)}` });
  const bytes = typeof given.body === 'string' ? encodeUtf8(given.body) : (given.body ?? new Uint8Array(0));
  tell({
    t: 'response',
    id,
    status: given.status,
    headers: { ...given.headers },
    body: Buffer.from(bytes).toString('base64'),
  });
}

async function awaitManifest(session: LiveSession): Promise<Manifest | null> {
  const until = nodeMonotonic.nowMs() + MANIFEST_LIMIT_MS;
  while (nodeMonotonic.nowMs() < until) {
    const manifest = ownManifest(session);
    if (manifest && session.conversations.ready.read()) return manifest;
    await new Promise<void>((resolve) => nodeTimers.after(LOOK_MS, resolve));
  }
  return null;
}

function nextMessage(): Promise<StartMessage> {
  return new Promise((resolve, reject) => {
    process.once('message', (message) => {
      const parsed = toProcess.safeParse(message);
      if (parsed.success && parsed.data.t === 'start') resolve(parsed.data);
      else reject(new Error('The first message is not a start.'));
    });
  });
}

function tell(message: FromProcess): void {
  if (process.connected) process.send?.(message);
}

/** A server that says no has ended the agent; one that says nothing will be there again. */
function exitCodeOf(error: unknown): number {
  if (error instanceof AgentError && error.code === 'settings') return EXIT.wrongSettings;
  if (!(error instanceof ClientError)) return EXIT.crashed;
  return /^(auth|policy)\.|^ledger\.revoked$/.test(error.code) ? EXIT.ended : EXIT.again;
}

function codeOf(error: unknown): string {
  if (error instanceof ClientError) return error.code;
  if (error instanceof AgentError) return `${error.code} at ${error.at}`;
  return error instanceof Error ? placeOfCrash(error.stack ?? error.name) : 'unknown';
}
