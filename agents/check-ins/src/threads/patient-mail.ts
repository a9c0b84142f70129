import { AgentError, type AgentContext, type Shelf } from '@baton/agent';
import type { ConversationId, MessageId } from '@baton/kernel';
import { z } from 'zod';
import type { Mail, Records } from '../core/ports.ts';
import type { EffectOf } from '../core/track.ts';
import type { Inbound } from '../core/view.ts';
import type { ReachBook } from '../records/reach-book.ts';
import { messagesAfter, newestSeq, type Place, Places, type TimelineMessage, waitingAt } from './place.ts';
import { isRefusal, SidebarAsks } from './sidebar-asks.ts';

/** So long the server is waited for; what has not gone by then is looked at again a little later, and nobody else waits for it. */
const COMMIT_MS = 10_000;
/** The position is moved on past what is nobody's answer when it is so far behind. */
const BEHIND = 50;

const uptoRow = z.strictObject({ seq: z.number().int().nonnegative() });

type MailContext = Pick<AgentContext, 'session' | 'state' | 'lease' | 'activity' | 'wait'>;

interface MailPorts {
  readonly reach: ReachBook;
  readonly records: Pick<Records, 'enrolment' | 'enrolmentsOf'>;
  /** A message is here whose key is late: to be looked at again soon. */
  readonly again: (ref: string) => void;
}

/** The conversations of patients, and their sidebars, on the real stack. */
export class PatientMail implements Mail {
  readonly #context: MailContext;
  readonly #ports: MailPorts;
  readonly #places: Places;
  readonly #asks: SidebarAsks;
  readonly #upto: Shelf<z.infer<typeof uptoRow>>;

  constructor(context: MailContext, ports: MailPorts) {
    this.#context = context;
    this.#ports = ports;
    this.#places = new Places(context.session);
    this.#asks = new SidebarAsks(context);
    this.#upto = context.state.shelf('upto', uptoRow);
  }

  async unread(ref: string): Promise<readonly Inbound[]> {
    const place = await this.#open(ref);
    if (place === null) return [];
    const { thread } = place;
    const upto = (await this.#upto.get(thread.id))?.value.seq ?? null;
    const waiting = waitingAt(thread);
    if (waiting !== null) this.#ports.again(ref);
    const limit = (waiting ?? Number.MAX_SAFE_INTEGER) - 1;
    // What was written before anybody was enrolled answers nothing.
    if (upto === null) {
      await this.#moveTo(thread.id, Math.min(newestSeq(thread), limit));
      return [];
    }
    const written = await messagesAfter(thread, upto);
    const own = written.flatMap((message) =>
      (message.seq ?? 0) <= limit ? (this.#inbound(ref, message) ?? []) : [],
    );
    const newest = Math.min(Math.max(upto, ...written.map(({ seq }) => seq ?? 0)), limit);
    if (own.length === 0 && newest - upto > BEHIND) await this.#moveTo(thread.id, newest);
    return own;
  }

  async doneUpTo(ref: string, { seq }: Inbound): Promise<void> {
    const conv = this.#ports.reach.of(ref)?.conversation;
    if (conv) await this.#moveTo(conv, seq);
  }

  async say(ref: string, { id, text, prompt }: EffectOf<'say'>): Promise<'sent' | 'refused' | 'later'> {
    const { thread } = await this.#require(ref);
    // An unverified device, for example: staff see it in the conversation.
    if (thread.summary.read().blocked !== null) return 'later';
    const marks = { automatic: true, ...(prompt && { prompt }) };
    try {
      await thread.send({ id, text, files: [], mentions: [], replyTo: null, marks });
      await this.#inTime(thread.committed(id));
      return 'sent';
    } catch (error) {
      if (error instanceof AgentError && error.code === 'lease') throw error;
      return isRefusal(error) ? 'refused' : 'later';
    }
  }

  async ask(ref: string, { id, contract, text, first, withinMs }: EffectOf<'ask'>): Promise<MessageId> {
    return this.#asks.ask(await this.#require(ref), { id, contract, text, first, withinMs });
  }

  async settle(ref: string, message: MessageId): Promise<void> {
    const { thread } = await this.#require(ref);
    // False: a person was faster, or it is for a person to see. Then it stays with whoever owes it.
    await thread.settleAnswer(message);
  }

  async closeAsks(ref: string, { messages, first }: Parameters<Mail['closeAsks']>[1]): Promise<void> {
    const place = await this.#require(ref);
    for (const message of messages) await this.#asks.close(place, { message, first });
  }

  #inbound(ref: string, message: TimelineMessage): Inbound | null {
    const { id, seq, at, author, via, automatic, mine, withdrawn, text, flags } = message;
    const isFromPatient = via !== null || (author.kind === 'patient' && this.#mayAnswer(ref, message));
    if (seq === null || !isFromPatient || automatic || mine || withdrawn !== null) return null;
    const isStat = message.contract === 'stat' || message.batons.some(({ contract }) => contract === 'stat');
    const photos = message.attachments.filter(({ mime }) => mime.startsWith('image/')).length;
    return {
      id,
      seq,
      at,
      author: author.id,
      isText: via !== null,
      text,
      answers: message.answers,
      flags,
      isStat,
      photos,
    };
  }

  /** The patient in person, or whom an enrolment names to answer for them. */
  #mayAnswer(ref: string, { author, at }: TimelineMessage): boolean {
    const { reach, records } = this.#ports;
    const people = reach.of(ref)?.people ?? [];
    const isSelf = people.some(({ account, relation, until }) => {
      return account === author.id && relation === 'self' && (until === null || until > at);
    });
    return isSelf || records.enrolmentsOf(ref).some((id) => records.enrolment(id)?.proxy === author.id);
  }

  /** Never back: another station may have been further. */
  async #moveTo(conv: ConversationId, seq: number): Promise<void> {
    this.#context.lease.requireHeld();
    await this.#upto.update(conv, (newest) => (newest && newest.value.seq >= seq ? undefined : { seq }));
  }

  async #open(ref: string): Promise<Place | null> {
    const reach = this.#ports.reach.of(ref);
    return reach && this.#places.open(reach);
  }

  async #require(ref: string): Promise<Place> {
    const place = await this.#open(ref);
    if (place === null) throw new Error('not in the conversation');
    return place;
  }

  #inTime(committed: Promise<void>): Promise<void> {
    let cancel = (): void => {};
    const late = new Promise<never>((_, reject) => {
      cancel = this.#context.wait.after(COMMIT_MS, () => reject(new Error('not committed yet')));
    });
    return Promise.race([committed, late]).finally(() => cancel());
  }
}
