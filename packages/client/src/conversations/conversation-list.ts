import {
  type AccountId,
  type ConversationId,
  type MemberId,
  newId,
  type Rng,
  type RoleId,
} from '@baton/kernel';
import type { EntryOp } from '@baton/wire';
import type { Conversation, Conversations, ConversationSummary } from '../api/conversations.ts';
import { ClientError } from '../failure.ts';
import { LiveCell, LiveView } from '../live/cell.ts';
import { isInListOf, isListed, summarise } from './conversation-view.ts';
import { Thread } from './thread.ts';
import type { ThreadPorts } from './thread-ports.ts';

type Create = Extract<EntryOp, { op: 'create' }>;

/** The inbox: every listed conversation, and the threads that are open. */
export class ConversationList implements Conversations {
  readonly list: LiveView<readonly ConversationSummary[]>;
  readonly ready: LiveCell<boolean>;
  readonly #ports: ThreadPorts & { readonly rng: Rng };
  readonly #threads = new Map<ConversationId, Promise<Thread>>();
  readonly #open = new Map<ConversationId, Thread>();
  readonly #summaries = new Map<ConversationId, ConversationSummary>();

  constructor(ports: ThreadPorts & { readonly rng: Rng }) {
    this.#ports = ports;
    this.list = new LiveView(ports.soon, () => this.#listed());
    this.ready = new LiveCell(ports.soon, false);
  }

  open(id: ConversationId): Promise<Thread> {
    const known = this.#threads.get(id);
    if (known) return known;
    const opening = this.#openThread(id);
    this.#threads.set(id, opening);
    opening.catch(() => this.#threads.delete(id));
    return opening;
  }

  /** The thread, where somebody has opened it. */
  peek(id: ConversationId): Thread | null {
    return this.#open.get(id) ?? null;
  }

  /** Something that this conversation shows changed. */
  changed(id: ConversationId): void {
    this.#summaries.delete(id);
    this.list.invalidate();
    this.#open.get(id)?.invalidate();
  }

  /** Names changed: everything may look different. */
  changedAll(): void {
    this.#summaries.clear();
    this.list.invalidate();
    for (const thread of this.#open.values()) thread.invalidate();
  }

  async startDirect(person: AccountId): Promise<Conversation> {
    const { me, book } = this.#ports;
    if (person === me) throw new ClientError('policy.kind', 'members');
    for (const row of book.all())
      if (row.kind === 'direct' && row.members.includes(person) && row.members.includes(me) && !row.closed)
        return this.open(row.conv);
    return this.#create({ kind: 'direct', members: [me, person] });
  }

  async startGroup(input: {
    readonly title: string;
    readonly members: readonly MemberId[];
  }): Promise<Conversation> {
    const members = [...new Set<MemberId>([this.#ports.me, ...input.members])];
    const thread = await this.#create({ kind: 'group', members });
    if (input.title.trim() !== '') await thread.rename(input.title);
    return thread;
  }

  async startWithRole(role: RoleId): Promise<Conversation> {
    const { me, book, names } = this.#ports;
    for (const row of book.all()) {
      const isWithRole = row.members.length === 2 && row.members.includes(me) && row.members.includes(role);
      if (row.kind === 'group' && isWithRole && row.title === null && !row.closed) return this.open(row.conv);
    }
    if (!names.role(role)) throw new ClientError('request.not_found', 'role');
    return this.#create({ kind: 'group', members: [me, role] });
  }

  async #create(input: {
    readonly kind: Create['kind'];
    readonly members: readonly MemberId[];
  }): Promise<Thread> {
    const conv = newId('conversation', this.#ports.rng);
    await this.#ports.writer.create(conv, {
      op: 'create',
      kind: input.kind,
      members: input.members.map((m) => ({ m, hist: true })),
      role: null,
      parent: null,
    });
    return this.open(conv);
  }

  async #openThread(id: ConversationId): Promise<Thread> {
    const thread = new Thread(id, this.#ports);
    await thread.load();
    this.#open.set(id, thread);
    // Marks are asked for in the background: the thread shows at once.
    void this.#ports.marks.refresh(id).catch(() => {});
    this.#ports.freshenRoles(id);
    return thread;
  }

  #listed(): readonly ConversationSummary[] {
    const { book, me, names } = this.#ports;
    const listed: ConversationSummary[] = [];
    const self = names.person(me);
    for (const row of book.all())
      if (isInListOf(self, row) && isListed({ row, me, names })) listed.push(this.#summaryOf(row.conv));
    return listed.sort((a, b) => b.lastAt - a.lastAt || (a.id < b.id ? -1 : 1));
  }

  #summaryOf(conv: ConversationId): ConversationSummary {
    const known = this.#summaries.get(conv);
    if (known) return known;
    const { book, me, names, drafts, titleFor } = this.#ports;
    const row = book.get(conv);
    if (!row) throw new ClientError('policy.not_a_member', 'conversation');
    const summary = summarise({ row, me, names, draft: drafts.read(conv), title: titleFor?.(conv) ?? null });
    this.#summaries.set(conv, summary);
    return summary;
  }
}
