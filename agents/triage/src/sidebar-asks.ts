import { AgentError, type AgentContext, type AgentMessage } from '@baton/agent';
import { isId, type MessageId, type OwnerId } from '@baton/kernel';
import type { RedFlag } from '@baton/wire';
import type { PatientThread, PatientThreads } from './patient-threads.ts';
import type { TriageMemory } from './triage-memory.ts';

/** A queue or role that is asked must have some time. */
const SHORTEST_MS = 60_000;
/** Where no practice card says how much. */
const USUAL_MS = { stat: 15 * 60_000, reply: 24 * 3_600_000 } as const;

export interface SidebarAsk {
  readonly contract: 'stat' | 'reply';
  /** What it is about: the same for every try. */
  readonly key: readonly string[];
  readonly text: string;
  readonly flags: readonly RedFlag[];
  /** Asked before anybody else; null: nobody in particular. */
  readonly first: OwnerId | null;
}

type AsksContext = Pick<AgentContext, 'lease' | 'activity'>;

/** Asks staff in a patient's sidebar, once however often it is tried. */
export class SidebarAsks {
  readonly #context: AsksContext;
  readonly #ports: { readonly memory: TriageMemory; readonly threads: PatientThreads };

  constructor(
    context: AsksContext,
    ports: { readonly memory: TriageMemory; readonly threads: PatientThreads },
  ) {
    this.#context = context;
    this.#ports = ports;
  }

  /**
   * Resolves when the server has it. Whoever is refused as an owner (gone, or never there) is followed by the next; where nobody can be asked
   * the note is written all the same, for everybody who reads the sidebar.
   */
  async ask(place: PatientThread, asked: SidebarAsk): Promise<void> {
    const { memory } = this.#ports;
    const { lease, activity } = this.#context;
    const card = place.thread.card.read();
    const wantedMs = asked.contract === 'stat' ? card?.urgentWithinMs : card?.withinMs;
    const withinMs = Math.max(wantedMs ?? USUAL_MS[asked.contract], SHORTEST_MS);
    const patient = place.sidebar.summary.read().title;
    for (const [turn, owner] of this.#owners(place, asked).entries()) {
      const id = await memory.messageId(...asked.key, asked.contract, String(turn));
      const ask = { contract: asked.contract, to: [owner], withinMs, callback: null, patient };
      lease.requireHeld();
      const isAsked = await done(place, id, () => place.sidebar.ask(messageOf(asked, id), ask));
      if (isAsked) return activity.note(`triage.${asked.contract}`, [place.conv, id]);
    }
    const id = await memory.messageId(...asked.key, 'nobody');
    lease.requireHeld();
    await place.sidebar.send(messageOf(asked, id));
    await place.sidebar.committed(id);
    await activity.note('triage.unowned', [place.conv, id], 'failed');
  }

  #owners(place: PatientThread, { first, contract }: SidebarAsk): readonly OwnerId[] {
    const card = place.thread.card.read();
    const named = contract === 'stat' ? [card?.urgentTo, card?.askTo] : [card?.askTo, card?.urgentTo];
    const roles = this.#ports.threads.rolesOf(place.sidebar);
    const all = [first, ...named, ...roles].filter(
      (owner): owner is OwnerId => owner !== null && owner !== undefined && isOwner(owner),
    );
    return [...new Set(all)];
  }
}

function isOwner(id: string): id is OwnerId {
  return isId('role', id) || isId('queue', id) || isId('account', id);
}

function messageOf({ text, flags }: SidebarAsk, id: MessageId): AgentMessage {
  const marks = flags.length > 0 ? { marks: { flags: [...flags] } } : {};
  return { id, text, files: [], mentions: [], replyTo: null, ...marks };
}

/** Answers whether it was taken; false where this owner never will be asked. */
async function done(place: PatientThread, id: MessageId, ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    await place.sidebar.committed(id);
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  if (error instanceof AgentError) return error.code === 'refused';
  const code = (error as { readonly code?: unknown }).code;
  return typeof code === 'string' && /^(?:baton|policy|request|duty)\./.test(code);
}
