import type { Baton, Batons } from '@baton/client';
import type { BatonId, ConversationId, MessageId, OwnerId } from '@baton/kernel';
import { makeBatons } from './baton-data.ts';
import { MINUTE, rightsOf } from './baton-model.ts';
import { duty } from './duty.ts';
import { GalleryFailure, pause } from './failure.ts';
import { LiveCell } from './live-cell.ts';
import { ME } from './people.ts';
import { now, scenario } from './scenario.ts';

let all: readonly Baton[] = [];
const listeners = new Set<(baton: Baton) => void>();
const cells = {
  owe: new LiveCell<readonly Baton[]>([]),
  waiting: new LiveCell<readonly Baton[]>([]),
  escalated: new LiveCell<readonly Baton[]>([]),
  ended: new LiveCell<readonly Baton[]>([]),
  owed: new LiveCell(0),
  changes: new LiveCell(0),
};

function publish(next: readonly Baton[]): void {
  all = next;
  const live = all.filter(({ status }) => status === 'open' || status === 'acknowledged');
  const clock = (a: Baton, b: Baton): number =>
    Number(b.contract === 'stat') - Number(a.contract === 'stat') || a.deadline - b.deadline;
  const owe = live.filter(({ mine }) => mine === 'owe').sort(clock);
  cells.owe.set(owe);
  cells.owed.set(owe.length);
  cells.waiting.set(live.filter(({ mine }) => mine === 'waiting').sort(clock));
  cells.escalated.set(live.filter(({ mine }) => mine === 'reached').sort(clock));
  cells.ended.set(
    all
      .filter(({ ended, mine }) => ended !== null && mine !== 'none')
      .sort((a, b) => (b.ended?.at ?? 0) - (a.ended?.at ?? 0)),
  );
  cells.changes.change((count) => count + 1);
}

export function addBatons(fresh: readonly Baton[]): void {
  publish([...all, ...fresh]);
  for (const baton of fresh) if (baton.mine === 'owe') for (const listener of listeners) listener(baton);
}

/** What a thread's own message asks is found by its message. */
export function batonsOf(message: MessageId): readonly Baton[] {
  return all.filter((baton) => baton.message === message);
}

export function whereToAnswer(conversation: ConversationId): void {
  fallback = conversation;
}
let fallback: ConversationId | null = null;

function find(id: BatonId): Baton {
  const baton = all.find((other) => other.id === id);
  if (baton === undefined) throw new GalleryFailure('request.not_found');
  return baton;
}

async function act(id: BatonId, edit: (baton: Baton) => Partial<Baton>): Promise<void> {
  await pause(180);
  if (scenario.state === 'offline') throw new GalleryFailure('limit.busy');
  const baton = find(id);
  const next = { ...baton, ...edit(baton) };
  const offered = next.offer?.toMe === true;
  const changed = {
    ...next,
    can: rightsOf({
      mine: next.mine,
      status: next.status,
      offered,
      outside: next.opener.kind === 'integration',
    }),
  };
  publish(all.map((other) => (other.id === id ? changed : other)));
}

const told = (baton: Baton, what: Baton['lines'][number]['what'], to: Baton['owner'] | null = null) => [
  ...baton.lines,
  { at: now(), what, by: ME, to, reached: [], empty: false, reason: null },
];
const mineNow = (): Partial<Baton> => ({
  status: 'acknowledged',
  owner: ME,
  holders: [ME],
  mine: 'owe',
  offer: null,
  acknowledgedBy: { person: ME, at: now() },
  coming: [{ at: now() + 60 * MINUTE, target: ME, wouldReach: [ME] }],
});

export function answerBaton(id: BatonId): Promise<void> {
  return act(id, (baton) => ({
    status: 'answered',
    ended: { by: ME, at: now(), reason: null },
    lines: told(baton, 'answered'),
  }));
}

export const batons: Batons = {
  ...cells,
  onReached(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  ofMessage: batonsOf,
  get: (id) => all.find((other) => other.id === id) ?? null,
  acknowledge: (id) => act(id, (baton) => ({ ...mineNow(), lines: told(baton, 'acknowledged') })),
  take: (id) => act(id, (baton) => ({ ...mineNow(), lines: told(baton, 'taken') })),
  handOver: (id, to: OwnerId, note) =>
    act(id, (baton) => {
      const owner = duty.owner(to);
      if (owner === null) throw new GalleryFailure('baton.owner');
      return {
        offer: { to: owner, by: ME, until: now() + 15 * MINUTE, note, toMe: false },
        lines: told(baton, 'offered', owner),
      };
    }),
  accept: (id) => act(id, (baton) => ({ ...mineNow(), lines: told(baton, 'accepted') })),
  decline: (id) => act(id, (baton) => ({ offer: null, mine: 'none', lines: told(baton, 'declined') })),
  close: (id, reason) =>
    act(id, (baton) => ({
      status: 'closed',
      ended: { by: ME, at: now(), reason },
      lines: [
        ...told(baton, 'closed').slice(0, -1),
        { ...told(baton, 'closed').at(-1), reason },
      ] as Baton['lines'],
    })),
  async openAnswerThread(id) {
    const { conversation, message } = find(id);
    const where = conversation ?? fallback;
    if (where === null) throw new GalleryFailure('request.not_found');
    return Promise.resolve({ conversation: where, replyTo: conversation === null ? null : message });
  },
};

publish(makeBatons());
