import type { ConversationId, RoleId } from '@baton/kernel';
import { NAMED_COLLECTIONS } from '@baton/wire';
import { ClientError, isClientError } from '../failure.ts';
import { inParallel } from '../sync/engine.ts';
import type { CarePorts } from './care-ports.ts';
import type { TextingBook } from './texting-book.ts';

const SIDE_BY_SIDE = 4;

type ChangerPorts = Pick<CarePorts, 'book' | 'entries' | 'outbox' | 'sealed'>;

/**
 * Roles that read patients' conversations. A change of settings is carried out by the person who made it, everywhere, in the open: no device acts
 * on what is written in the collection alone, since an assistant writes there as well.
 */
export class TeamChanger {
  readonly #ports: ChangerPorts;
  readonly #parts: { readonly texting: TextingBook; readonly unknown: ConversationId };

  constructor(
    ports: ChangerPorts,
    parts: { readonly texting: TextingBook; readonly unknown: ConversationId },
  ) {
    this.#ports = ports;
    this.#parts = parts;
  }

  /**
   * Every role of the team is let in where it is missing; one that was in the team before and is not any more is taken out. Others that somebody let
   * into one conversation by hand stay. Throws `policy.forbidden` where this person may not change members.
   */
  async change(before: readonly RoleId[], team: readonly RoleId[]): Promise<void> {
    const { book } = this.#ports;
    const gone = before.filter((role) => !team.includes(role));
    const concerned = this.#places().filter((conv) => {
      const members = book.get(conv)?.members ?? [];
      return team.some((role) => !members.includes(role)) || gone.some((role) => members.includes(role));
    });
    try {
      await inParallel(concerned, SIDE_BY_SIDE, (conv) => this.#changeOne(conv, { team, gone }));
    } catch (error) {
      if (!isClientError(error, 'policy.forbidden')) throw error;
      throw new ClientError('policy.forbidden', 'settings.team', {
        sentence:
          'The settings are saved. Who reads the conversations can be changed by clinical staff or the front desk only: let one of them save the settings once more.',
      });
    }
  }

  async #changeOne(
    conv: ConversationId,
    change: { readonly team: readonly RoleId[]; readonly gone: readonly RoleId[] },
  ): Promise<void> {
    const { entries, outbox } = this.#ports;
    await outbox.settled(conv);
    // Added first, so that nobody shuts themselves out half-way.
    await entries.append(conv, ({ members }) => {
      const missing = change.team.filter((role) => !members.has(role));
      if (missing.length === 0) return null;
      return { op: 'add', members: missing.map((m) => ({ m, hist: true })), because: null };
    });
    await entries.append(conv, ({ members }) => {
      const left = change.gone.filter((role) => members.has(role));
      return left.length === 0 ? null : { op: 'remove', members: left, because: null };
    });
  }

  #places(): ConversationId[] {
    const { book, sealed } = this.#ports;
    const { texting, unknown } = this.#parts;
    const places = [...NAMED_COLLECTIONS.map((name) => sealed.idOf(name)), unknown];
    for (const { conversation, sidebar, confidential } of texting.reaches())
      for (const conv of [conversation, sidebar, confidential]) if (conv !== null) places.push(conv);
    return places.filter((conv) => book.get(conv)?.left === false && book.get(conv)?.closed === false);
  }
}
