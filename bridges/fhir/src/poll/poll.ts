import type { AgentContext, FeedReport, Shelf } from '@baton/agent';
import type { TimestampMs } from '@baton/kernel';
import { z } from 'zod';
import type { FhirAnswer, FhirClient } from '../client/fhir-client.ts';
import { FhirFailure } from '../client/fhir-failure.ts';
import { type BundleResource, bundleResource } from '../resources.ts';
import type { FhirSettings } from '../settings.ts';
import { Included } from '../visits/included.ts';
import type { EntryTaker } from './take-entry.ts';

const PAGE = 100;
const MOST_PAGES = 5000;
/** A server commits side by side: what it dates a little earlier may appear a little later. Taking it twice changes nothing. */
const OVERLAP_MS = 120_000;
const DAY_MS = 86_400_000;

const cursor = z.strictObject({
  /** By the server's clock, milliseconds; what changed since is asked for. null: everything of the window. */
  since: z.number().int().nonnegative().nullable(),
  /** Of the first page of exactly this question. */
  question: z.string().max(4000),
  etag: z.string().max(300).nullable(),
  /** Day of the last whole look: once a day everything of the window is looked at, for what a server does not date. */
  wholeAt: z.number().int().nonnegative(),
});
type Cursor = z.infer<typeof cursor>;

export interface PollPorts {
  readonly context: Pick<AgentContext, 'clock' | 'lease' | 'state'>;
  readonly client: FhirClient;
  readonly settings: FhirSettings;
  readonly taker: EntryTaker;
  readonly report: Pick<FeedReport, 'problem'>;
}

/** Asks the record system what changed (docs/protocol/programmes.md §1), page by page. The cursor moves only when all pages were committed. */
export class Poll {
  readonly #ports: PollPorts;
  readonly #shelf: Shelf<Cursor>;

  constructor(ports: PollPorts) {
    this.#ports = ports;
    this.#shelf = ports.context.state.shelf('cursor', cursor);
  }

  /** Answers how many appointments came. Throws FhirFailure, or what the commit threw; the next look begins where this one did. */
  async look(): Promise<number> {
    const { context, client, taker, report } = this.#ports;
    const nowMs = context.clock.nowMs();
    const known = (await this.#shelf.get('appointments'))?.value ?? null;
    const isWhole = known === null || known.since === null || nowMs - known.wholeAt >= DAY_MS;
    const since = isWhole ? null : known.since;
    const question = this.#question(since, nowMs);
    const isSame = known?.question === question && known.etag !== null;
    const headers: Record<string, string> = isSame ? { 'if-none-match': known.etag ?? '' } : {};
    const first = await client.ask(question, { headers });
    if (first.status === 304) return 0;
    // By the server's clock: what is dated after it would move the cursor past everything that changes until then.
    const latest = first.date ?? nowMs;
    let [count, newest] = [0, since ?? 0];
    let isFull = false;
    let isAhead = false;
    for await (const page of this.#pages(first)) {
      const included = new Included();
      included.add(page);
      for (const { resource, search } of page.entry) {
        if (resource?.resourceType !== 'Appointment' || search?.mode === 'include') continue;
        context.lease.requireHeld();
        if ((await taker.take(resource, included)) === 'full') isFull = true;
        const changed = changedAt(resource);
        if (changed > latest + OVERLAP_MS) isAhead = true;
        newest = Math.max(newest, Math.min(changed, latest));
        count += 1;
      }
    }
    if (isAhead)
      report.problem(
        'dated-ahead',
        "An appointment is dated after the record system's own clock: its date is not believed.",
      );
    // Begun again from where this one did, with the same question.
    if (isFull) return count;
    const next = newest > 0 ? newest - OVERLAP_MS : (first.date ?? nowMs) - OVERLAP_MS;
    context.lease.requireHeld();
    await this.#shelf.put('appointments', {
      // Never back: an empty answer says nothing of the time.
      since: Math.max(since ?? 0, next),
      question,
      etag: first.etag === null || first.etag.length > 300 ? null : first.etag,
      wholeAt: isWhole ? nowMs : (known?.wholeAt ?? nowMs),
    });
    return count;
  }

  #question(since: number | null, nowMs: TimestampMs): string {
    const { baseUrl, pastDays, search, include } = this.#ports.settings;
    const from = new Date(nowMs - pastDays * DAY_MS).toISOString().slice(0, 10);
    const query = new URLSearchParams(search);
    query.append('date', `ge${from}`);
    query.append('_count', String(PAGE));
    for (const name of include) query.append('_include', name);
    if (since !== null) query.append('_lastUpdated', `ge${new Date(since).toISOString()}`);
    return `${baseUrl}/Appointment?${query.toString()}`;
  }

  async *#pages(first: FhirAnswer): AsyncGenerator<BundleResource> {
    const { client } = this.#ports;
    const seen = new Set<string>();
    for (let answer = first; ; ) {
      if (answer.status !== 200) throw new FhirFailure(`http-${answer.status}`, false);
      const page = bundleResource.safeParse(answer.json);
      if (!page.success) throw new FhirFailure('no-bundle', false);
      yield page.data;
      const link = page.data.link?.find(({ relation }) => relation === 'next')?.url;
      if (link === undefined) return;
      // Some servers name their pages by an address relative to the base.
      const url = URL.canParse(link) ? link : new URL(link, `${client.base}/`).href;
      if (seen.has(url) || seen.size >= MOST_PAGES) throw new FhirFailure('endless-pages', false);
      seen.add(url);
      answer = await client.ask(url);
    }
  }
}

function changedAt(resource: Readonly<Record<string, unknown>>): number {
  const meta = resource['meta'] as { readonly lastUpdated?: unknown } | undefined;
  const at = typeof meta?.lastUpdated === 'string' ? Date.parse(meta.lastUpdated) : Number.NaN;
  return Number.isFinite(at) && at > 0 ? at : 0;
}
