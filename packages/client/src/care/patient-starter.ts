import { type ConversationId, newId } from '@baton/kernel';
import { deskCodec, type Reach, textingCodec, type TextingSettings } from '@baton/wire';
import { ClientError } from '../failure.ts';
import type { CareAgents } from './care-agents.ts';
import type { CareGround } from './care-ground.ts';
import type { CarePorts } from './care-ports.ts';
import type { CardIssuer } from './card-issuer.ts';
import { requireConfidential, requireContact } from './may-contact.ts';
import { newReach } from './new-reach.ts';
import type { TextingBook } from './texting-book.ts';
import { freshThread } from './thread-acts.ts';

type StarterPorts = Pick<
  CarePorts,
  'rng' | 'clock' | 'book' | 'sealed' | 'record' | 'conversations' | 'outbox' | 'post'
>;

/**
 * Opens a patient's conversation. Its ids are written down first, by compare-and-set: two colleagues who start at the same time make one, and
 * whoever starts after a crash goes on where it broke off. Every step is left out where it is done.
 */
export class PatientStarter {
  readonly #ports: StarterPorts;
  readonly #parts: {
    readonly texting: TextingBook;
    readonly ground: CareGround;
    readonly agents: CareAgents;
    readonly cards: CardIssuer;
  };

  constructor(
    ports: StarterPorts,
    parts: {
      readonly texting: TextingBook;
      readonly ground: CareGround;
      readonly agents: CareAgents;
      readonly cards: CardIssuer;
    },
  ) {
    this.#ports = ports;
    this.#parts = parts;
  }

  async start(ref: string, confidential: boolean): Promise<ConversationId> {
    const { texting } = this.#parts;
    const { settings } = texting;
    if (!settings) throw new ClientError('request.not_found', 'settings');
    const record = this.#ports.record(ref);
    const before = texting.reach(ref) ?? newReach(ref, record, settings);
    const made = confidential ? before.confidential : before.conversation;
    if (made === null || !this.#ports.book.get(made)) requireContact(before, record);
    if (confidential) requireConfidential(before, settings, this.#ports.clock.nowMs());
    const reach = await this.#reserve(before, settings, confidential);
    const conv = confidential ? reach.confidential : reach.conversation;
    if (conv === null || reach.sidebar === null) throw new ClientError('server.internal', 'reach');
    await this.#make({ reach, conv, sidebar: reach.sidebar }, settings);
    return conv;
  }

  async #reserve(wished: Reach, settings: TextingSettings, confidential: boolean): Promise<Reach> {
    const { rng, sealed, record } = this.#ports;
    const place = (reach: Reach): Reach => ({
      ...reach,
      conversation: confidential ? reach.conversation : (reach.conversation ?? newId('conversation', rng)),
      sidebar: reach.sidebar ?? newId('conversation', rng),
      confidential: confidential ? (reach.confidential ?? newId('conversation', rng)) : reach.confidential,
    });
    const collection = await sealed.named('texting');
    let reach = wished;
    await collection.put(`reach:${wished.ref}`, (newest) => {
      const decoded = newest?.value ? textingCodec.decode(newest.value) : null;
      const known = decoded?.ok && decoded.value.t === 'reach' ? decoded.value : null;
      reach = place(known ?? newReach(wished.ref, record(wished.ref), settings));
      const isPlaced =
        known !== null &&
        known.sidebar !== null &&
        (confidential ? known.confidential : known.conversation) !== null;
      return isPlaced ? null : textingCodec.encode(reach);
    });
    return reach;
  }

  async #make(
    { reach, conv, sidebar }: { reach: Reach; conv: ConversationId; sidebar: ConversationId },
    settings: TextingSettings,
  ): Promise<void> {
    const { ground, agents, cards } = this.#parts;
    const { book, outbox, post } = this.#ports;
    const { team } = settings;
    // The parent of the sidebar is the conversation that proxies read too, where there is one.
    const parent = reach.conversation ?? conv;
    await ground.make(conv, { kind: 'patient', team });
    await ground.make(sidebar, { kind: 'sidebar', team, parent });
    await cards.issueFirst(conv, reach);
    const isTitled =
      book.get(sidebar)?.title !== null || outbox.of(sidebar).some(({ content }) => content.t === 'subject');
    if (!isTitled) await post(sidebar, { t: 'subject', title: reach.name.slice(0, 120), about: '' });
    await agents.admitTo(conv, sidebar);
    await this.#openThread(conv, reach.ref);
  }

  async #openThread(conversation: ConversationId, ref: string): Promise<void> {
    const desk = await this.#ports.sealed.named('desk');
    await desk.put(`thread:${conversation}`, (newest) =>
      newest ? null : deskCodec.encode(freshThread(conversation, ref)),
    );
  }
}
