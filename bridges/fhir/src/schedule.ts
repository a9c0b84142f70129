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
  Soonest,
  WriteBacks,
} from '@baton/agent';
import { mergeFeed } from '@baton/clinical';
import type { AppointmentsValue, TextingValue } from '@baton/wire';
import { FhirClient } from './client/fhir-client.ts';
import { FhirFailure } from './client/fhir-failure.ts';
import { Poll } from './poll/poll.ts';
import { EntryTaker } from './poll/take-entry.ts';
import type { FhirSettings } from './settings.ts';
import { FhirEhrAdapter } from './write-back/fhir-ehr-adapter.ts';

const RETRY_MS = 2000;

export interface SchedulePorts {
  readonly settings: FhirSettings;
  readonly appointments: NamedValues<AppointmentsValue>;
  /** null: the practice does not text. */
  readonly texting: NamedValues<TextingValue> | null;
}

type Context = Pick<AgentContext, 'clock' | 'wait' | 'lease' | 'activity' | 'state' | 'rng' | 'egress'>;

/** The schedule of a record system that speaks FHIR R4: acts while it holds the lease, fetches what changed, offers back what Baton changed. */
export class FhirSchedule implements RunningProgram {
  readonly #context: Context;
  readonly #held: HeldMessages;
  readonly #report: FeedReport;
  readonly #writeBacks: WriteBacks;
  readonly #poll: Poll;
  readonly #next: Soonest;
  readonly #values: NamedValues<AppointmentsValue>;
  #off: () => void = () => {};
  #cancelRetry: () => void = () => {};
  #turning: Promise<void> = Promise.resolve();
  #acting = false;
  #stopped = false;
  /** Looks that failed in a row. */
  #failures = 0;

  constructor(context: Context, { settings, appointments, texting }: SchedulePorts) {
    this.#context = context;
    this.#values = appointments;
    const feed: FeedPorts = { context, values: appointments, feed: 'fhir', merge: mergeFeed };
    const client = new FhirClient(settings, context);
    const { baseUrl, timeZone, locations, minutes, sameIds, writeBack } = settings;
    this.#report = new FeedReport(feed);
    const taker = new EntryTaker({
      mapping: { origin: new URL(baseUrl).host, system: baseUrl, timeZone, locations, minutes, sameIds },
      nowMs: () => context.clock.nowMs(),
      visits: new FeedVisits(feed),
      finder: new PatientFinder(feed),
      held: () => this.#held,
      report: this.#report,
      died: async (ref) => {
        if (await markDeceased(texting, ref))
          this.#report.problem(
            'deceased',
            'A patient is reported as deceased: nothing is sent to them any more.',
          );
      },
    });
    this.#held = new HeldMessages(feed, (held) => taker.again(held));
    this.#writeBacks = new WriteBacks(
      feed,
      writeBack === 'none' ? null : new FhirEhrAdapter(client, writeBack),
    );
    this.#poll = new Poll({ context, client, settings, taker, report: this.#report });
    const everyMs = settings.everySeconds * 1000;
    this.#next = new Soonest(context, async () => {
      await this.#look();
      // A server that is down is not asked more often than one that is up.
      this.#next.in(everyMs * Math.min(2 ** this.#failures, 8));
    });
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
      this.#next.start();
      this.#next.in(0);
    } catch {
      // Offline, or the lease went in the meantime.
      await this.#rest();
      this.#cancelRetry();
      this.#cancelRetry = this.#context.wait.after(RETRY_MS, () => this.#turn());
    }
  }

  async #rest(): Promise<void> {
    this.#acting = false;
    await this.#next.stop();
    await this.#held.stop();
    await this.#writeBacks.stop();
    await this.#report.flush();
  }

  async #look(): Promise<void> {
    try {
      await this.#poll.look();
      this.#failures = 0;
      this.#report.seen();
    } catch (error) {
      this.#failures = Math.min(this.#failures + 1, 3);
      const code = error instanceof FhirFailure ? error.code : 'not-committed';
      this.#report.problem(code, 'The record system could not be asked; it is tried again.');
      if (this.#failures === 1) void this.#context.activity.note('feed.look', [], 'failed');
    }
  }
}
