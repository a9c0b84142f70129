import type { Baton, Conversation, LiveSession } from '@baton/client';
import type { BatonId, OwnerId, RoleId } from '@baton/kernel';
import type { Device } from '../practice.ts';
import { until } from '../until.ts';
import { knownBaton } from './forge-batons.ts';
import { reads, type Stage, setStage } from './stage.ts';

/** Longer than the members' clients wait before they do something for others. */
export const KEEPERS_MS = 6500;
const HOUR = 3_600_000;

export interface Asked {
  readonly thread: Conversation;
  readonly baton: BatonId;
}

/** The stage with a role that Nina alone holds, and Maria who asks. */
export interface BatonStage extends Stage {
  readonly cardiology: RoleId;
  /** Maria asks, in a group with James; both have the baton. */
  ask(words: string, to?: readonly OwnerId[]): Promise<Asked>;
}

export async function setBatonStage(): Promise<BatonStage> {
  const stage = await setStage();
  const { admin, maria, nina, james } = stage;
  const cardiology = await admin.session.people.defineRole({
    name: 'Cardiology on call',
    unit: null,
    use: 'duty',
    holders: [nina.account],
  });
  await admin.session.people.removeHolder(cardiology, admin.account);
  await until(
    maria.session.directory.roles,
    (roles) => roles.find(({ id }) => id === cardiology)?.holders.length === 1,
  );
  const ask = async (words: string, to: readonly OwnerId[] = [james.account]): Promise<Asked> => {
    const thread = await stage.thread(`about ${words}`, [james]);
    await until(thread.asking, ({ available }) => available);
    await thread.send({
      text: words,
      files: [],
      mentions: [],
      replyTo: null,
      as: null,
      ask: { contract: 'reply', to, withinMs: HOUR, callback: '+1 555 0100', patient: 'Hill, Rosa' },
    });
    const { id } = await findsBaton(maria, 'waiting', ({ text }) => text === words);
    await reads(james.session, thread.id, words);
    await until(james.session.batons.changes, () => james.session.batons.get(id) !== null);
    return { thread, baton: id };
  };
  return { ...stage, cardiology, ask };
}

export async function findsBaton(
  { session }: Pick<Device, 'session'>,
  list: 'owe' | 'waiting' | 'escalated',
  holds: (baton: Baton) => boolean,
): Promise<Baton> {
  const all = await until(session.batons[list], (batons) => batons.some(holds), {
    show: (batons) => ({ batons, alarms: session.alarms.read() }),
  });
  return all.find(holds) as Baton;
}

export const fetchBatons = (session: LiveSession): Promise<void> => session.parts.feed.catchUp();
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
export const eventsOf = (session: LiveSession, baton: BatonId) =>
  knownBaton(session, baton).events.map(({ event }) => event.op.op);
