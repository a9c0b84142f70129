import { type EventId, newId } from '@baton/kernel';
import {
  type Consent,
  type Reach,
  type TextingValue,
  textingCodec,
  textingKey,
  textingValueSchema,
} from '@baton/wire';
import type { Care } from '../api/care.ts';
import { ClientError } from '../failure.ts';
import type { CarePorts } from './care-ports.ts';
import { requireContact } from './may-contact.ts';
import { newReach } from './new-reach.ts';
import type { TextingBook } from './texting-book.ts';

type ActsPorts = Pick<CarePorts, 'me' | 'rng' | 'clock' | 'sealed' | 'record'>;
type ConsentInput = Parameters<Care['giveConsent']>[0];
type OrderInput = Parameters<Care['order']>[0];

/** What people write into the collection `texting`. */
export class TextingActs {
  readonly #ports: ActsPorts;
  readonly #texting: TextingBook;

  constructor(ports: ActsPorts, texting: TextingBook) {
    this.#ports = ports;
    this.#texting = texting;
  }

  async changeReach(ref: string, change: (reach: Reach) => Reach): Promise<void> {
    const { settings } = this.#texting;
    if (!settings) throw new ClientError('request.not_found', 'settings');
    await this.#change(`reach:${ref}`, (newest) => {
      const known = newest?.t === 'reach' ? newest : newReach(ref, this.#ports.record(ref), settings);
      const next = change(known);
      if (next.ref !== ref) throw new ClientError('request.invalid', 'reach.ref');
      return next;
    });
  }

  async giveConsent(input: ConsentInput): Promise<EventId> {
    const { rng, me, clock } = this.#ports;
    const { ref, purpose, phone, how, note } = input;
    if (purpose === 'plain-text' && input.warning === null)
      throw new ClientError('request.invalid', 'consent.warning', {
        sentence:
          'Text messages with content need the warning first. Read it out or show it, then record the consent.',
      });
    const id = newId('event', rng);
    const given = { at: clock.nowMs(), how, by: me, warning: input.warning, note };
    await this.#add({ t: 'consent', id, ref, purpose, phone, given, revoked: null });
    return id;
  }

  async revokeConsent(ref: string, id: EventId, how: Consent['given']['how']): Promise<void> {
    const { me, clock } = this.#ports;
    await this.#change(`consent:${ref}:${id}`, (newest) => {
      if (newest?.t !== 'consent') throw new ClientError('request.not_found', 'consent');
      return newest.revoked ? null : { ...newest, revoked: { at: clock.nowMs(), how, by: me } };
    });
  }

  async order(input: OrderInput): Promise<EventId> {
    const { rng, me, clock, record } = this.#ports;
    const { ref, to, language, purpose, text, notAfter, urgentBy } = input;
    const createdAt = clock.nowMs();
    if (notAfter <= createdAt) throw new ClientError('request.invalid', 'order.notAfter');
    const reach = ref === null ? null : this.#texting.reach(ref);
    if (ref !== null) requireContact(reach ?? { deceased: false, doNotContact: false }, record(ref));
    const id = newId('event', rng);
    await this.#add({
      t: 'order',
      id,
      ref,
      to,
      language,
      purpose,
      text,
      urgentBy,
      createdAt,
      notAfter,
      by: me,
      state: 'waiting',
      code: null,
      dueAt: null,
      segments: 0,
      updatedAt: createdAt,
    });
    return id;
  }

  async save(value: TextingValue): Promise<void> {
    await this.#change(textingKey(value), () => value);
  }

  async #add(value: TextingValue): Promise<void> {
    await this.#change(textingKey(value), (newest) => {
      if (newest) throw new ClientError('conflict.exists', value.t);
      return value;
    });
  }

  async #change(key: string, decide: (newest: TextingValue | null) => TextingValue | null): Promise<void> {
    const collection = await this.#ports.sealed.named('texting');
    await collection.put(key, (newest) => {
      const decoded = newest?.value ? textingCodec.decode(newest.value) : null;
      const next = decide(decoded?.ok ? decoded.value : null);
      return next && textingCodec.encode(requireValid(next));
    });
  }
}

/** What does not fit its form would be seen by nobody: it is refused before it is written. */
function requireValid(value: TextingValue): TextingValue {
  const parsed = textingValueSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ClientError('request.invalid', `${value.t}.${parsed.error.issues[0]?.path.join('.') ?? ''}`);
}
