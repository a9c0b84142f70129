import type { Collection, LiveSession } from '@baton/client';
import type { Bytes, Clock, Rng, Secret, Timers, TimestampMs } from '@baton/kernel';
import type { Manifest } from '@baton/wire';
import { ActivityLog } from '../activity/activity-log.ts';
import { AgentError } from '../agent-error.ts';
import { openDrawer } from '../drawer/drawer.ts';
import { createEgress } from '../egress/egress.ts';
import { StateLease } from '../lease/lease.ts';
import type { AgentProgram, RunningProgram } from '../program/agent-program.ts';
import type { Serve } from '../serving/served-request.ts';
import { restrictSession } from '../session/agent-session.ts';
import { AgentState } from '../state/agent-state.ts';
import { DurableTimers } from '../timers/durable-timers.ts';

/** What an agent's process is at; shown by the station. */
export type AgentStatus =
  /** Signed in; nobody has let it in (its state collection) yet. */
  | 'waiting'
  /** Another station acts; this one is ready to take over. */
  | 'standing-by'
  | 'acting';

export interface AgentPorts {
  readonly session: LiveSession;
  readonly manifest: Manifest;
  readonly clock: Clock;
  readonly monotonic: Clock;
  readonly timers: Timers;
  readonly rng: Rng;
  /** The server's clock, rounded down. */
  readonly serverNow: () => Promise<TimestampMs>;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Where people open Baton. */
  readonly publicUrl: string;
  /** This run of this station. */
  readonly holder: string;
  readonly leaseMs: number;
  readonly serve: (handler: Serve) => void;
  readonly secrets: Secret<unknown> | null;
  readonly asset: (path: string) => Bytes | null;
  readonly print: (line: string) => void;
  readonly status: (status: AgentStatus) => void;
  /** Nothing goes on: the caller ends the process. `changed`: start again, with the new manifest. */
  readonly over: (why: 'ended' | 'revoked' | 'changed' | 'connection') => void;
}

export interface RunningAgent {
  stop(): Promise<void>;
}

const LOOK_MS = 1000;

/** Waits until somebody has let the agent in, then runs its program until it is stopped. */
export async function runAgent(program: AgentProgram, ports: AgentPorts): Promise<RunningAgent> {
  const { session, manifest, clock, timers, rng } = ports;
  const account = session.me.read().account;
  const unwatch = watchStanding(ports);
  ports.status('waiting');
  const state = new AgentState(await awaitState(ports));
  const activity = new ActivityLog({ state, clock, print: ports.print });
  const durable: DurableTimers = new DurableTimers({
    state,
    clock,
    timers,
    isHeld: () => lease.isHeld,
    failed: (timer, error) => {
      ports.print(`timer failed: ${codeOf(error)}`);
      void activity.note('timer.failed', idsIn(timer.data), 'failed');
    },
  });
  const lease: StateLease = new StateLease({
    state,
    holder: ports.holder,
    monotonic: ports.monotonic,
    timers,
    serverNow: ports.serverNow,
    forMs: ports.leaseMs,
    changed: (held) => {
      ports.status(held ? 'acting' : 'standing-by');
      if (held) durable.wake();
      for (const listener of [...listeners]) listener(held);
    },
  });
  const listeners = new Set<(held: boolean) => void>();
  ports.status('standing-by');
  const running: RunningProgram = await program.start({
    account,
    org: session.me.read().org,
    manifest,
    session: restrictSession(session, manifest, timers),
    state,
    lease: {
      get isHeld() {
        return lease.isHeld;
      },
      requireHeld: () => lease.requireHeld(),
      subscribe(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
    timers: durable,
    egress: createEgress(manifest.hosts, ports.fetch),
    publicUrl: ports.publicUrl,
    serve: ports.serve,
    secrets: ports.secrets,
    drawer: openDrawer(session.store),
    asset: ports.asset,
    activity,
    clock,
    wait: timers,
    rng,
  });
  lease.start();
  return {
    async stop() {
      unwatch();
      await running.stop();
      await durable.stop();
      await lease.stop().catch(() => {
        // Offline: it runs out by itself.
      });
    },
  };
}

/** The collection is made by an administrator's client and shows up here by itself. */
async function awaitState({ session, timers }: AgentPorts): Promise<Collection> {
  const id = session.collections.stateOf(session.me.read().account);
  for (;;) {
    const collection = await session.collections.open(id).catch(() => null);
    // Opened, but is it readable? One that was let in without the first key never will be; one whose keys are late soon is.
    const readable = await collection?.get('lease/act').then(
      () => true,
      () => false,
    );
    if (collection && readable) return collection;
    await new Promise<void>((resolve) => timers.after(LOOK_MS, resolve));
  }
}

/** Ends the run when the organisation has ended or changed the agent. */
function watchStanding({ session, manifest, timers, over }: AgentPorts): () => void {
  const { account } = session.me.read();
  const state = session.collections.stateOf(account);
  let wasIn = false;
  let cancel = (): void => {};
  const judge = (): Parameters<AgentPorts['over']>[0] | null => {
    const me = session.directory.member(account);
    if (me?.kind === 'agent' && !me.active) return 'ended';
    if (session.connection.read().state === 'ended') return 'connection';
    const isIn = session.collections.isMember(state);
    if (wasIn && !isIn) return 'revoked';
    wasIn ||= isIn;
    const now = ownManifest(session);
    return now !== null && now.version !== manifest.version ? 'changed' : null;
  };
  const look = (): void => {
    const why = judge();
    if (why !== null) return over(why);
    cancel = timers.after(LOOK_MS, look);
  };
  cancel = timers.after(0, look);
  return () => cancel();
}

/** What the organisation signed for this account; null while it is not here. */
export function ownManifest(session: LiveSession): Manifest | null {
  const { account } = session.me.read();
  return session.agents.rows.read().find(({ agent }) => agent.id === account)?.manifest ?? null;
}

/** A code of the catalogue and where, or the class of an error: nothing that an error's sentence might quote. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const { code, at } = error as { readonly code?: unknown; readonly at?: unknown };
  if (typeof code !== 'string' || !/^[a-z_.]{1,40}$/.test(code)) return error.name;
  return typeof at === 'string' && /^[A-Za-z0-9_.-]{1,80}$/.test(at) ? `${code} at ${at}` : code;
}

function idsIn(data: Readonly<Record<string, string>>): string[] {
  return Object.values(data).filter((value) => /^[a-z]_[A-Za-z0-9_-]{22}$/.test(value));
}

export function requireProgram(program: AgentProgram, manifest: Manifest): void {
  if (program.name !== manifest.program) throw new AgentError('manifest', 'program');
}
