import { type ChildProcess, fork } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeRng, nodeTimers } from '@baton/client-node';
import { type AccountId, encodeHex, type Timers } from '@baton/kernel';
import { placeOfCrash } from './crash-place.ts';
import { type EnrolledAgent, EnrolledAgents } from './enrolled-agents.ts';
import { EXIT, fromProcess, type PROCESS_STATES, type StartMessage } from './process-messages.ts';
import { CODE_FOLDERS, findProgram } from './program-folder.ts';

const CHILD = fileURLToPath(new URL('./child/main.ts', import.meta.url));
/** A holder that dies without giving its lease back keeps others waiting so long. */
const LEASE_MS = 180_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** Whoever ran so long has recovered: the next pause is short again. */
const HEALTHY_MS = 60_000;
/** What only a person can change is looked at again so seldom. */
const PATIENT_PAUSE_MS = 60_000;
const STOP_LIMIT_MS = 8000;
const RESCAN_MS = 3000;
const LAST_WORDS = 8000;

export type AgentState =
  | (typeof PROCESS_STATES)[number]
  | 'starting'
  | 'restarting'
  | 'stopped'
  | 'ended'
  | 'revoked'
  | 'wrong-code'
  | 'no-program';

export interface AgentHealth {
  readonly account: AccountId;
  readonly name: string;
  readonly program: string;
  readonly state: AgentState;
  /** Ends that nobody asked for, since the station started. */
  readonly crashes: number;
}

export interface AgentHostOptions {
  readonly serverUrl: string;
  readonly dataDir: string;
  /** Without content: names of agents, states, words and ids. */
  readonly log: (line: string) => void;
  readonly timers?: Timers;
  readonly leaseMs?: number;
  /** Where programs are looked for; the project itself where left out. */
  readonly programs?: (name: string) => { readonly folder: string } | null;
  readonly firstPauseMs?: number;
}

/** Runs every enrolled agent in a process of its own. One that crashes is started again, with growing pauses; the others do not notice. */
export class AgentHost {
  readonly #options: AgentHostOptions;
  readonly #agents: EnrolledAgents;
  readonly #timers: Timers;
  /** Another run of the same station is another holder; a process that crashed left its lease to its successor here. */
  readonly #holder = encodeHex(nodeRng.bytes(12));
  readonly #runs = new Map<AccountId, AgentRun>();
  #cancel: () => void = () => {};
  #stopped = false;

  constructor(options: AgentHostOptions) {
    this.#options = options;
    this.#timers = options.timers ?? nodeTimers;
    this.#agents = new EnrolledAgents(options.dataDir);
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

  #run(agent: EnrolledAgent): void {
    const run = new AgentRun(agent, {
      ...this.#options,
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

interface RunPorts extends AgentHostOptions {
  readonly timers: Timers;
  readonly holder: string;
  readonly changed: () => void;
}

/** One agent: its process, and when it is started again. */
class AgentRun {
  readonly #agent: EnrolledAgent;
  readonly #ports: RunPorts;
  #child: ChildProcess | null = null;
  #state: AgentState = 'starting';
  #crashes = 0;
  #lastWords = '';
  #pauseMs: number;
  #cancel: () => void = () => {};
  #cancelHealthy: () => void = () => {};
  #stopped = false;

  constructor(agent: EnrolledAgent, ports: RunPorts) {
    this.#agent = agent;
    this.#ports = ports;
    this.#pauseMs = ports.firstPauseMs ?? FIRST_PAUSE_MS;
  }

  get health(): AgentHealth {
    const { account, name, program } = this.#agent;
    return { account, name, program, state: this.#state, crashes: this.#crashes };
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  start(): void {
    if (this.#stopped || this.#child) return;
    const program = (this.#ports.programs ?? findProgram)(this.#agent.program);
    if (program === null) {
      this.#show('no-program');
      return this.#later(PATIENT_PAUSE_MS);
    }
    this.#show('starting');
    const child = this.#spawn(program.folder);
    this.#child = child;
    child.on('message', (message) => this.#heard(message));
    // What a program prints could be anything that it has read: of a crash only kind and place are taken, of the rest nothing.
    child.stdout?.resume();
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#lastWords = (this.#lastWords + chunk.toString('utf8')).slice(-LAST_WORDS);
    });
    this.#lastWords = '';
    // A process that could not be made says so by `error`; `exit` never comes then.
    child.on('error', () => this.#ended(child, EXIT.again));
    child.on('exit', (code) => this.#ended(child, code ?? -1));
    const start: StartMessage = {
      t: 'start',
      serverUrl: this.#ports.serverUrl,
      folder: this.#agent.folder,
      program: this.#agent.program,
      programFolder: program.folder,
      holder: this.#ports.holder,
      leaseMs: this.#ports.leaseMs ?? LEASE_MS,
    };
    child.send(start, () => {});
    this.#cancelHealthy = this.#ports.timers.after(HEALTHY_MS, () => {
      this.#pauseMs = this.#ports.firstPauseMs ?? FIRST_PAUSE_MS;
    });
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancel();
    const child = this.#child;
    if (!child) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    if (child.connected) child.send({ t: 'stop' }, () => {});
    const cancel = this.#ports.timers.after(STOP_LIMIT_MS, () => child.kill('SIGKILL'));
    await gone;
    cancel();
  }

  /** No environment, no files but code and its own folder, no processes, no threads, no native code. */
  #spawn(programFolder: string): ChildProcess {
    const { folder } = this.#agent;
    return fork(CHILD, [this.#ports.serverUrl], {
      execArgv: [
        '--permission',
        ...[...CODE_FOLDERS, programFolder, folder].map((path) => `--allow-fs-read=${path}`),
        `--allow-fs-write=${folder}`,
        '--disable-warning=ExperimentalWarning',
        '--disable-warning=SecurityWarning',
      ],
      cwd: folder,
      env: {},
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
  }

  #heard(message: unknown): void {
    const parsed = fromProcess.safeParse(message);
    if (!parsed.success) return;
    if (parsed.data.t === 'state') this.#show(parsed.data.state);
    else this.#print(parsed.data.text);
  }

  #ended(child: ChildProcess, code: number): void {
    if (this.#child !== child) return;
    this.#child = null;
    this.#cancelHealthy();
    if (this.#stopped || code === EXIT.stopped) return this.#show('stopped');
    switch (code) {
      case EXIT.ended:
        return this.#show('ended');
      case EXIT.revoked:
        this.#show('revoked');
        return this.#later(PATIENT_PAUSE_MS);
      case EXIT.wrongCode:
        this.#show('wrong-code');
        return this.#later(PATIENT_PAUSE_MS);
      default:
        if (code !== EXIT.again) {
          this.#crashes += 1;
          if (this.#lastWords !== '') this.#print(`crashed: ${placeOfCrash(this.#lastWords)}`);
        }
        this.#show('restarting');
        this.#later(this.#pauseMs);
        this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }

  #later(delayMs: number): void {
    this.#cancel();
    if (!this.#stopped) this.#cancel = this.#ports.timers.after(delayMs, () => this.start());
  }

  #show(state: AgentState): void {
    if (state === this.#state && state !== 'starting') return;
    this.#state = state;
    this.#print(state);
    this.#ports.changed();
  }

  #print(text: string): void {
    for (const line of text.trimEnd().split('\n').slice(0, 20))
      this.#ports.log(`agent ${this.#agent.program} ${this.#agent.account}: ${line.slice(0, 400)}`);
  }
}
