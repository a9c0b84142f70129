import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ServedRequest } from '@baton/agent';
import type { AccountId, Timers } from '@baton/kernel';
import type { ProgramSettings } from '../settings/program-settings.ts';
import { placeOfCrash } from './crash-place.ts';
import type { EnrolledAgent } from './enrolled-agents.ts';
import { EXIT, fromProcess, type PROCESS_STATES, type StartMessage } from './process-messages.ts';
import { CODE_FOLDERS, findProgram } from './program-folder.ts';
import { PulseWatch, SILENT_MS } from './pulse-watch.ts';
import { type Answer, RequestRelay } from './request-relay.ts';

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
const LAST_WORDS = 8000;
/** Carriers repeat after fifteen seconds; before that they are told to come again. */
const ANSWER_MS = 10_000;

export type AgentState =
  | (typeof PROCESS_STATES)[number]
  | 'starting'
  | 'restarting'
  | 'stopped'
  | 'ended'
  | 'revoked'
  | 'wrong-code'
  | 'wrong-settings'
  | 'no-program';

export interface AgentHealth {
  readonly account: AccountId;
  readonly name: string;
  readonly program: string;
  readonly state: AgentState;
  /** Ends that nobody asked for, since the station started. */
  readonly crashes: number;
}

/** What of a station's host every run needs. */
export interface RunOptions {
  readonly serverUrl: string;
  /** Where people open Baton; `serverUrl` where left out. */
  readonly publicUrl?: string;
  /** Without content: names of agents, states, words and ids. */
  readonly log: (line: string) => void;
  readonly leaseMs?: number;
  /** Where programs are looked for; the project itself where left out. */
  readonly programs?: (name: string) => { readonly folder: string } | null;
  readonly firstPauseMs?: number;
  /** An agent's program answers a request within this time, or somebody else does. */
  readonly answerMs?: number;
  /** A process that gives no sign of life for this long is killed and started again. */
  readonly silentMs?: number;
}

interface RunPorts extends RunOptions {
  readonly settings: ProgramSettings;
  readonly timers: Timers;
  readonly holder: string;
  readonly changed: () => void;
}

/** One agent: its process, and when it is started again. */
export class AgentRun {
  readonly #agent: EnrolledAgent;
  readonly #ports: RunPorts;
  #child: ChildProcess | null = null;
  #state: AgentState = 'starting';
  #crashes = 0;
  #lastWords = '';
  #pauseMs: number;
  #cancel: () => void = () => {};
  #cancelHealthy: () => void = () => {};
  /** It is being ended so that it starts anew. */
  #changing = false;
  #stopped = false;
  /** What the settings file said when the process was started; undefined: not looked at. */
  #settings: string | null | undefined;
  readonly #relay: RequestRelay;
  readonly #pulse: PulseWatch;

  constructor(agent: EnrolledAgent, ports: RunPorts) {
    this.#agent = agent;
    this.#ports = ports;
    this.#relay = new RequestRelay({
      timers: ports.timers,
      limitMs: ports.answerMs ?? ANSWER_MS,
      send: (message) => {
        if (this.#child?.connected !== true) return false;
        // What `send` answers is only whether the pipe is full; the message goes all the same.
        this.#child.send(message, () => {});
        return true;
      },
    });
    this.#pulse = new PulseWatch(ports.timers, ports.silentMs ?? SILENT_MS, () => {
      this.#print('gives no sign of life');
      this.#child?.kill('SIGKILL');
    });
    this.#pauseMs = ports.firstPauseMs ?? FIRST_PAUSE_MS;
  }

  get health(): AgentHealth {
    const { account, name, program } = this.#agent;
    return { account, name, program, state: this.#state, crashes: this.#crashes };
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  get program(): string {
    return this.#agent.program;
  }

  /** What its program answers; null where it is not at work, or not in time. */
  ask(request: ServedRequest): Promise<Answer | null> {
    return this.#state === 'acting' ? this.#relay.ask(request) : Promise.resolve(null);
  }

  /** The settings file is another than the one that the process was started with: it starts anew. */
  followSettings(): void {
    if (this.#stopped || this.#settings === undefined) return;
    const found = this.#ports.settings.read(this.#agent.program);
    if (found.ok && found.json === this.#settings) return;
    if (!found.ok && this.#state === 'wrong-settings') return;
    this.#print('settings changed');
    this.#settings = undefined;
    if (this.#child === null) return this.start();
    this.#changing = true;
    this.#show('restarting');
    void this.#end(this.#child);
  }

  start(): void {
    if (this.#stopped || this.#child) return;
    const program = (this.#ports.programs ?? findProgram)(this.#agent.program);
    if (program === null) {
      this.#show('no-program');
      return this.#later(PATIENT_PAUSE_MS);
    }
    const settings = this.#ports.settings.read(this.#agent.program);
    this.#settings = settings.ok ? settings.json : null;
    if (!settings.ok) {
      this.#print(settings.sentence);
      this.#show('wrong-settings');
      return this.#later(PATIENT_PAUSE_MS);
    }
    this.#show('starting');
    const child = this.#spawn(program.folder);
    this.#child = child;
    this.#pulse.beat();
    child.on('message', (message) => {
      if (this.#child === child) this.#pulse.beat();
      this.#heard(message);
    });
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
      publicUrl: this.#ports.publicUrl ?? this.#ports.serverUrl,
      folder: this.#agent.folder,
      program: this.#agent.program,
      programFolder: program.folder,
      holder: this.#ports.holder,
      leaseMs: this.#ports.leaseMs ?? LEASE_MS,
      settings: settings.json,
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
    await this.#end(child);
  }

  async #end(child: ChildProcess): Promise<void> {
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
    if (parsed.data.t === 'state') {
      if (!this.#changing) this.#show(parsed.data.state);
    } else if (parsed.data.t === 'response') this.#relay.answered(parsed.data);
    else if (parsed.data.t === 'line') this.#print(parsed.data.text);
  }

  #ended(child: ChildProcess, code: number): void {
    if (this.#child !== child) return;
    this.#child = null;
    this.#pulse.stop();
    this.#cancelHealthy();
    this.#relay.giveUp();
    const isChanging = this.#changing;
    this.#changing = false;
    if (isChanging && !this.#stopped) return this.start();
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
      case EXIT.wrongSettings:
        this.#show('wrong-settings');
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
