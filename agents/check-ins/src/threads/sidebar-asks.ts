import { AgentError, type AgentContext, type AgentMessage } from '@baton/agent';
import { isId, makeId, type MessageId, type OwnerId } from '@baton/kernel';
import { followingId, type Place } from './place.ts';

/** A queue or role that is asked must have some time. */
const SHORTEST_MS = 60_000;
/** Where no practice card says how much. */
const USUAL_MS = { stat: 15 * 60_000, reply: 24 * 3_600_000 } as const;

export interface SidebarAsk {
  /** Known beforehand: the same for every try. */
  readonly id: MessageId;
  readonly contract: 'stat' | 'reply';
  readonly text: string;
  /** Asked before anybody else; null: nobody in particular. */
  readonly first: OwnerId | null;
  /** null: as the practice card says. */
  readonly withinMs: number | null;
}

type AsksContext = Pick<AgentContext, 'lease' | 'activity'>;

/** Asks staff in a patient's sidebar, once however often it is tried. */
export class SidebarAsks {
  readonly #context: AsksContext;

  constructor(context: AsksContext) {
    this.#context = context;
  }

  /**
   * Resolves when the server has it, with the message that asks. Whoever is refused as an owner (gone, or never there) is followed by the next; where
   * nobody can be asked the note is written all the same, for everybody who reads the sidebar.
   */
  async ask(place: Place, asked: SidebarAsk): Promise<MessageId> {
    const { lease, activity } = this.#context;
    const card = place.thread.card.read();
    const wantedMs =
      asked.withinMs ??
      (asked.contract === 'stat' ? card?.urgentWithinMs : card?.withinMs) ??
      USUAL_MS[asked.contract];
    const withinMs = Math.max(wantedMs, SHORTEST_MS);
    const patient = place.sidebar.summary.read().title;
    for (const owner of ownersOf(place, asked.first, asked.contract)) {
      const id = await followingId(asked.id, owner, (bytes) => makeId('message', bytes));
      const ask = { contract: asked.contract, to: [owner], withinMs, callback: null, patient };
      lease.requireHeld();
      const isAsked = await isTaken(place, id, () => place.sidebar.ask(messageOf(asked.text, id), ask));
      if (!isAsked) continue;
      await activity.note(`check-in.${asked.contract}`, [place.thread.id, id]);
      return id;
    }
    lease.requireHeld();
    await place.sidebar.send(messageOf(asked.text, asked.id));
    await place.sidebar.committed(asked.id);
    await activity.note('check-in.unowned', [place.thread.id, asked.id], 'failed');
    return asked.id;
  }

  /** Ends what a message asked, by its own id or by the one that it was to have (`SidebarAsk.id`). */
  async close(
    place: Place,
    { message, first }: { readonly message: MessageId; readonly first: OwnerId | null },
  ): Promise<void> {
    const owners = ownersOf(place, first, 'stat');
    const ids = owners.map((owner) => followingId(message, owner, (bytes) => makeId('message', bytes)));
    for (const id of [message, ...(await Promise.all(ids))]) {
      try {
        await place.sidebar.settle(id, 'done');
      } catch (error) {
        // Ended by somebody else meanwhile.
        if (!isRefusal(error)) throw error;
      }
    }
  }
}

function ownersOf(place: Place, first: OwnerId | null, contract: SidebarAsk['contract']): readonly OwnerId[] {
  const card = place.thread.card.read();
  const named = contract === 'stat' ? [card?.urgentTo, card?.askTo] : [card?.askTo, card?.urgentTo];
  const roles = place.sidebar.summary.read().members.flatMap(({ kind, id }) => (kind === 'role' ? [id] : []));
  const all = [first, ...named, ...roles].filter(
    (owner): owner is OwnerId => owner !== null && owner !== undefined && isOwner(owner),
  );
  return [...new Set(all)];
}

function isOwner(id: string): id is OwnerId {
  return isId('role', id) || isId('queue', id) || isId('account', id);
}

function messageOf(text: string, id: MessageId): AgentMessage {
  return { id, text, files: [], mentions: [], replyTo: null };
}

/** Answers whether it was taken; false where this owner never will be asked. */
async function isTaken(place: Place, id: MessageId, ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    await place.sidebar.committed(id);
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

/** Never to be taken, however often it is tried. */
export function isRefusal(error: unknown): boolean {
  if (error instanceof AgentError) return error.code === 'refused';
  const code = (error as { readonly code?: unknown }).code;
  return typeof code === 'string' && /^(?:baton|policy|request|duty)\./.test(code);
}
