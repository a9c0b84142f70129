import {
  type AgentContext,
  type FeedPorts,
  FeedReport,
  FeedVisits,
  HeldMessages,
  markDeceased,
  type NamedValues,
  PatientFinder,
  type RunningProgram,
  type ServedRequest,
  type ServedResponse,
  WriteBacks,
} from '@baton/agent';
import { mergeFeed } from '@baton/clinical';
import { encodeBase64Url } from '@baton/kernel';
import type { AppointmentsValue, TextingValue } from '@baton/wire';
import { acknowledge } from './message/acknowledgement.ts';
import type { Hl7v2Settings } from './settings.ts';
import { MessageTaker } from './take-message.ts';

/** Path under which the station hands frames over. */
const PATH = '/mllp';
const NOT_NOW: ServedResponse = { status: 503 };
const RETRY_MS = 2000;

export interface InterfacePorts {
  readonly settings: Hl7v2Settings;
  readonly appointments: NamedValues<AppointmentsValue>;
  /** null: the practice does not text. */
  readonly texting: NamedValues<TextingValue> | null;
}

type Context = Pick<AgentContext, 'clock' | 'wait' | 'lease' | 'activity' | 'state' | 'rng'>;

/** The practice's HL7 v2 interface: acts while it holds the lease, and answers what the station's listener hands over. */
export class Hl7v2Interface implements RunningProgram {
  readonly #context: Context;
  readonly #taker: MessageTaker;
  readonly #held: HeldMessages;
  readonly #report: FeedReport;
  readonly #writeBacks: WriteBacks;
  readonly #values: NamedValues<AppointmentsValue>;
  #off: () => void = () => {};
  #cancelRetry: () => void = () => {};
  #turning: Promise<void> = Promise.resolve();
  #acting = false;
  #stopped = false;

  constructor(context: Context, { settings, appointments, texting }: InterfacePorts) {
    this.#context = context;
    this.#values = appointments;
    const feed: FeedPorts = { context, values: appointments, feed: 'hl7v2', merge: mergeFeed };
    this.#report = new FeedReport(feed);
    const finder = new PatientFinder(feed);
    this.#taker = new MessageTaker({
      settings,
      nowMs: () => context.clock.nowMs(),
      visits: new FeedVisits(feed),
      finder,
      held: () => this.#held,
      report: this.#report,
      died: async (ref) => {
        const isNew = await markDeceased(texting, ref);
        if (isNew)
          this.#report.problem(
            'deceased',
            'A patient is reported as deceased: nothing is sent to them any more.',
          );
      },
    });
    this.#held = new HeldMessages(feed, (held) => this.#taker.again(held));
    // SIU goes one way: what patients answer is for a person to enter over there.
    this.#writeBacks = new WriteBacks(feed, null);
  }

  start(): void {
    this.#off = this.#context.lease.subscribe(() => this.#turn());
    this.#turn();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#off();
    this.#cancelRetry();
    await this.#turning;
    await this.#rest();
  }

  /** What it throws is answered with 500: the listener asks again, then lets the sender repeat. */
  async serve(request: ServedRequest): Promise<ServedResponse> {
    if (request.path !== PATH) return { status: 404 };
    if (!this.#acting) return NOT_NOW;
    this.#context.lease.requireHeld();
    const isCut = request.headers['x-mllp-cut'] === 'true';
    const { header, verdict } = await this.#taker.take(request.body, isCut);
    const id = encodeBase64Url(this.#context.rng.bytes(12));
    const answer = acknowledge(header, verdict, { id, nowMs: this.#context.clock.nowMs() });
    return answer === null ? { status: 204 } : { status: 200, body: new Uint8Array(answer) };
  }

  #turn(): void {
    this.#turning = this.#turning.then(async () => {
      if (this.#context.lease.isHeld && !this.#stopped) await this.#act();
      else await this.#rest();
    });
  }

  async #act(): Promise<void> {
    if (this.#acting) return;
    try {
      // Read once for both, after both listen.
      const known = Promise.resolve().then(() => this.#values.list());
      await Promise.all([this.#held.start(known), this.#writeBacks.start(known)]);
      this.#acting = true;
    } catch {
      // Offline, or the lease went in the meantime.
      await this.#rest();
      this.#cancelRetry();
      this.#cancelRetry = this.#context.wait.after(RETRY_MS, () => this.#turn());
    }
  }

  async #rest(): Promise<void> {
    this.#acting = false;
    await this.#held.stop();
    await this.#writeBacks.stop();
    await this.#report.flush();
  }
}
