import type { AccountId, Bytes, Clock, OrgId, Rng, Secret, Timers } from '@baton/kernel';
import type { Manifest } from '@baton/wire';
import type { ActivityLog } from '../activity/activity-log.ts';
import type { Drawer } from '../drawer/drawer.ts';
import type { Egress } from '../egress/egress.ts';
import type { Lease } from '../lease/lease.ts';
import type { Serve } from '../serving/served-request.ts';
import type { AgentSession } from '../session/agent-session.ts';
import type { AgentState } from '../state/agent-state.ts';
import type { DurableTimers } from '../timers/durable-timers.ts';

/** One program of `agents/` or `bridges/`: its folder's index.ts exports it as `program`. */
export interface AgentProgram {
  /** The folder's name, as the manifest's `program` says it. */
  readonly name: string;
  /** Called once, when the agent is signed in and has its state. What it throws ends the process; the station starts it again. */
  start(context: AgentContext): Promise<RunningProgram>;
}

export interface RunningProgram {
  /** Before an orderly end: lets what is under way come to its end. */
  stop(): Promise<void>;
}

/** Everything that a program has. There is nothing else to reach for: the station refuses it Node's own modules. */
export interface AgentContext {
  readonly account: AccountId;
  readonly org: OrgId;
  /** What the organisation signed for it; a new one ends the process, which then starts with it. */
  readonly manifest: Manifest;
  readonly session: AgentSession;
  /** Sealed, and the same on every station. */
  readonly state: AgentState;
  /** Of all stations that host this agent one acts: whoever holds this. */
  readonly lease: Lease;
  readonly timers: DurableTimers;
  readonly egress: Egress;
  /** Where people open Baton: `https://host`, without a slash at the end. */
  readonly publicUrl: string;
  /**
   * Takes the requests that reach the station's listener under `/<program>/`; called once. Of several stations each has its own listener:
   * ask the lease before acting. What is not answered within ten seconds is answered with 503.
   */
  readonly serve: (handler: Serve) => void;
  /**
   * What the station's settings file of this program says, read when the process started: accounts, secrets, numbers. Not yet judged; null
   * where there is no such file. Another content starts the process anew.
   */
  readonly secrets: Secret<unknown> | null;
  /** On this station only. For what the whole organisation's stations share there is `state`. */
  readonly drawer: Drawer;
  /** A file below the program's `src/`, as the digest covers it; TypeScript comes without its types. null where there is none. */
  readonly asset: (path: string) => Bytes | null;
  readonly activity: ActivityLog;
  readonly clock: Clock;
  /** Not durable: for what may be forgotten when the process ends. */
  readonly wait: Timers;
  readonly rng: Rng;
}
