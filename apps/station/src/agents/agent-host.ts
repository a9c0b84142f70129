import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServedRequest } from '@baton/agent';
import { nodeRng, nodeTimers } from '@baton/client-node';
import { type AccountId, encodeHex, type Timers } from '@baton/kernel';
import { ProgramSettings } from '../settings/program-settings.ts';
import { type AgentHealth, AgentRun, type AgentState, type RunOptions } from './agent-run.ts';
import { type EnrolledAgent, EnrolledAgents } from './enrolled-agents.ts';
import type { Answer } from './request-relay.ts';

export type { AgentHealth, AgentState };

const RESCAN_MS = 3000;

export interface AgentHostOptions extends RunOptions {
  readonly dataDir: string;
  readonly timers?: Timers;
}

/** Runs every enrolled agent in a process of its own. One that crashes is started again, with growing pauses; the others do not notice. */
export class AgentHost {
  readonly #options: AgentHostOptions;
  readonly #agents: EnrolledAgents;
  readonly #timers: Timers;
  readonly #settings: ProgramSettings;
  /** Another run of the same station is another holder; a process that crashed left its lease to its successor here. */
  readonly #holder = encodeHex(nodeRng.bytes(12));
  readonly #runs = new Map<AccountId, AgentRun>();
  #cancel: () => void = () => {};
  #stopped = false;

  constructor(options: AgentHostOptions) {
    this.#options = options;
    this.#timers = options.timers ?? nodeTimers;
    this.#agents = new EnrolledAgents(options.dataDir);
    this.#settings = new ProgramSettings(options.dataDir);
  }

  /** Also takes up agents that are enrolled while it runs, and lets go of those that are removed. */
  start(): void {
    if (this.#stopped) return;
    const enrolled = this.#agents.list();
    for (const agent of enrolled) if (!this.#runs.has(agent.account)) this.#run(agent);
    for (const [account, run] of this.#runs) {
      if (enrolled.some((agent) => agent.account === account)) continue;
      this.#runs.delete(account);
      void run.stop();
    }
    for (const run of this.#runs.values()) run.followSettings();
    this.#cancel = this.#timers.after(RESCAN_MS, () => this.start());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    await Promise.all([...this.#runs.values()].map((run) => run.stop()));
  }

  health(): readonly AgentHealth[] {
    return [...this.#runs.values()].map((run) => run.health);
  }

  /** The process of an agent; null while there is none. */
  pid(account: AccountId): number | null {
    return this.#runs.get(account)?.pid ?? null;
  }

  /** Hands a request to the program of this name; null where none of this station's agents is at work with it, or none answers in time. */
  async ask(program: string, request: ServedRequest): Promise<Answer | null> {
    const runs = [...this.#runs.values()].filter((run) => run.program === program);
    const run = runs.find(({ health }) => health.state === 'acting');
    return run ? run.ask(request) : null;
  }

  /** Whether an agent of this station is of this program, at work or not. */
  has(program: string): boolean {
    return [...this.#runs.values()].some((run) => run.program === program);
  }

  #run(agent: EnrolledAgent): void {
    const run = new AgentRun(agent, {
      ...this.#options,
      settings: this.#settings,
      timers: this.#timers,
      holder: this.#holder,
      changed: () => this.#writeHealth(),
    });
    this.#runs.set(agent.account, run);
    run.start();
  }

  /** For `agent list`, which is another process. */
  #writeHealth(): void {
    const path = join(this.#options.dataDir, 'agents', 'health.json');
    writeFileSync(`${path}.new`, JSON.stringify(this.health()), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
}
