import type { ConversationId } from '@baton/kernel';
import type { CareThread } from '../api/care.ts';
import { isListed, previewOf } from '../conversations/conversation-view.ts';
import { LiveView } from '../live/cell.ts';
import { reuse } from '../live/reuse.ts';
import type { CarePorts } from './care-ports.ts';
import type { DeskBook } from './desk-book.ts';
import { incomingSeqOf, isSettledBy } from './incoming-seq.ts';
import { countOpen } from './open-batons.ts';
import type { Place, TextingBook } from './texting-book.ts';
import { byUrgency, viewThread } from './thread-view.ts';

type ListPorts = Pick<
  CarePorts,
  'me' | 'soon' | 'clock' | 'book' | 'directory' | 'batons' | 'owner' | 'record'
>;

/** The shared inbox: every patient conversation that this person reads, joined with what is owed in it and where it stands. */
export class ThreadList {
  readonly threads: LiveView<readonly CareThread[]>;
  readonly #ports: ListPorts;
  readonly #texting: TextingBook;
  readonly #desk: DeskBook;
  readonly #known = new Map<ConversationId, CareThread>();
  /** Newest lines, known or not: one that comes out the same again is the same. */
  readonly #shown = new Map<ConversationId, CareThread>();

  constructor(ports: ListPorts, books: { readonly texting: TextingBook; readonly desk: DeskBook }) {
    this.#ports = ports;
    this.#texting = books.texting;
    this.#desk = books.desk;
    this.threads = new LiveView(ports.soon, () => this.#list());
  }

  /** Something of one conversation, or of its sidebar, changed. */
  changed(conv: ConversationId): void {
    const place = this.#texting.place(conv);
    const reach = place && this.#texting.reach(place.ref);
    if (!reach) return;
    for (const concerned of [reach.conversation, reach.confidential])
      if (concerned !== null) this.#known.delete(concerned);
    this.threads.invalidate();
  }

  /** Names, duty, batons or time changed. */
  changedAll(): void {
    this.#known.clear();
    this.threads.invalidate();
  }

  of(conv: ConversationId | null): CareThread | null {
    const place = conv === null ? null : this.#texting.place(conv);
    return conv !== null && place ? this.#view(conv, place) : null;
  }

  #list(): readonly CareThread[] {
    const threads: CareThread[] = [];
    for (const reach of this.#texting.reaches())
      for (const [conv, part] of [
        [reach.conversation, 'patient'],
        [reach.confidential, 'confidential'],
      ] as const) {
        const thread = conv === null ? null : this.#view(conv, { ref: reach.ref, part });
        if (thread) threads.push(thread);
      }
    return threads.sort(byUrgency);
  }

  /** null where it is not here, or where this person does not read it. */
  #view(conv: ConversationId, place: Place): CareThread | null {
    const known = this.#known.get(conv);
    if (known) return known;
    const { me, clock, book, directory, batons, owner, record } = this.#ports;
    const row = book.get(conv);
    const reach = this.#texting.reach(place.ref);
    if (!row || !reach || row.kind !== 'patient' || !isListed({ row, me, names: directory })) return null;
    // What is owed in the sidebar shows at the conversation that everybody sees; a confidential one has its own only.
    const beside = place.part === 'patient' && reach.sidebar !== null ? batons.openIn(reach.sidebar) : [];
    const viewed = viewThread({
      row,
      summary: { lastAt: row.lastAt, unread: row.unread, preview: previewOf(row, me, directory) },
      reach,
      confidential: place.part === 'confidential',
      record: record(reach.ref),
      desk: this.#desk.thread(conv),
      settings: this.#texting.settings,
      incomingSeq: incomingSeqOf(row, (answer) => isSettledBy(batons.ofMessage(answer))),
      open: countOpen([...batons.openIn(conv), ...beside], {
        conversation: conv,
        isOutside: (account) => directory.person(account).kind !== 'person',
      }),
      me,
      nowMs: clock.nowMs(),
      member: directory.member,
      person: directory.person,
      owner,
    });
    const thread = reuse(this.#shown.get(conv), viewed);
    this.#known.set(conv, thread);
    this.#shown.set(conv, thread);
    return thread;
  }
}
