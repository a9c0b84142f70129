import type { ConversationId, MessageId } from '@baton/kernel';
import type { Chart, CareThread } from '../api/care.ts';
import { LiveView } from '../live/cell.ts';
import type { ItemRow, MessageRow } from '../tables/records.ts';
import type { CarePorts, PatientLinks } from './care-ports.ts';
import { type ChartData, findConsent, findOptOut, textNumberOf, viewCircle } from './chart-view.ts';
import type { TextingBook } from './texting-book.ts';

type File = Chart['files'][number];
type ChartPorts = Pick<
  CarePorts,
  'soon' | 'clock' | 'book' | 'directory' | 'keyLog' | 'streams' | 'record' | 'failed'
>;

interface ChartParts {
  readonly texting: TextingBook;
  readonly links: PatientLinks;
  readonly thread: (ref: string) => CareThread | null;
}

/** What stands beside patients' conversations, each put together when somebody looks. */
export class Charts {
  readonly #ports: ChartPorts;
  readonly #parts: ChartParts;
  readonly #views = new Map<string, LiveView<ChartData>>();
  readonly #charts = new WeakMap<ChartData, Chart>();
  readonly #files = new Map<ConversationId, ReadonlyMap<MessageId, MessageRow>>();

  constructor(ports: ChartPorts, parts: ChartParts) {
    this.#ports = ports;
    this.#parts = parts;
  }

  of(ref: string) {
    const view = this.#viewOf(ref);
    return {
      read: (): Chart => this.#dress(view.read()),
      subscribe: (listener: () => void) => view.subscribe(listener),
    };
  }

  /** Something of this patient changed; left out: of anybody. */
  invalidate(ref?: string): void {
    if (ref !== undefined) return this.#views.get(ref)?.invalidate();
    for (const view of this.#views.values()) view.invalidate();
  }

  /** Rows of a conversation were stored: files may have come, or been taken back. */
  stored(conv: ConversationId, rows: readonly ItemRow[]): void {
    const known = this.#files.get(conv);
    if (known) this.#files.set(conv, gather(known, rows));
  }

  #viewOf(ref: string): LiveView<ChartData> {
    const known = this.#views.get(ref);
    if (known) return known;
    const view = new LiveView<ChartData>(this.#ports.soon, () => this.#put(ref));
    this.#views.set(ref, view);
    return view;
  }

  /** The same data give the same chart. */
  #dress(data: ChartData): Chart {
    const known = this.#charts.get(data);
    if (known) return known;
    const { consents, textNumber } = data;
    const chart: Chart = { ...data, consentFor: (purpose) => findConsent(consents, purpose, textNumber) };
    this.#charts.set(data, chart);
    return chart;
  }

  #put(ref: string): ChartData {
    const { record, clock, book, keyLog, directory } = this.#ports;
    const { texting, links, thread } = this.#parts;
    const reach = texting.reach(ref);
    const places = [reach?.conversation ?? null, reach?.confidential ?? null];
    const rows = places.flatMap((conv) => (conv === null ? [] : (book.get(conv) ?? [])));
    const people = reach
      ? viewCircle({
          reach,
          keyLog: keyLog.state,
          rows,
          links,
          keysChangedAt: (account) => directory.person(account).keysChanged?.at ?? null,
          consentOf: (id) => texting.consent(ref, id),
          nowMs: clock.nowMs(),
        })
      : [];
    return {
      ref,
      record: record(ref),
      reach,
      textNumber: textNumberOf(reach),
      thread: thread(ref),
      people,
      consents: texting.consents(ref),
      optedOut: findOptOut(reach, (number) => texting.optOut(number)),
      orders: texting.orders(ref),
      files: rows.flatMap(({ conv }) => this.#filesOf(ref, conv)).sort((a, b) => b.at - a.at),
    };
  }

  #filesOf(ref: string, conv: ConversationId): File[] {
    const known = this.#files.get(conv);
    if (!known) {
      this.#files.set(conv, new Map());
      void this.#loadFiles(ref, conv).catch(this.#ports.failed);
      return [];
    }
    const { directory } = this.#ports;
    return [...known.values()].flatMap(({ header, content, ts }) =>
      content.t !== 'message'
        ? []
        : content.attachments.map((attachment) => ({
            conversation: conv,
            message: header.id,
            at: ts,
            author: directory.person(header.author).name,
            attachment,
          })),
    );
  }

  /** What this device has of the conversation; older pages come in as somebody scrolls. */
  async #loadFiles(ref: string, conv: ConversationId): Promise<void> {
    const { book, streams } = this.#ports;
    const row = book.get(conv);
    if (!row) return;
    const rows = await streams.read(conv, { from: row.lo, to: row.hi + 1 });
    this.#files.set(conv, gather(this.#files.get(conv) ?? new Map(), rows));
    this.invalidate(ref);
  }
}

function gather(
  known: ReadonlyMap<MessageId, MessageRow>,
  rows: readonly ItemRow[],
): ReadonlyMap<MessageId, MessageRow> {
  const files = new Map(known);
  for (const row of rows) {
    if (row.s !== 'message') continue;
    const { content, header } = row;
    if (content.t === 'message' && content.attachments.length > 0) files.set(header.id, row);
    if (content.t === 'withdrawal' && files.get(content.target)?.header.author === header.author)
      files.delete(content.target);
  }
  return files;
}
