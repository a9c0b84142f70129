import type { Baton, BatonLine, Owner, Person } from '@baton/client';
import type { BatonId, ConversationId, MessageId } from '@baton/kernel';
import { Dice } from './dice.ts';
import { duty } from './duty.ts';
import { ME } from './people.ts';
import { now } from './scenario.ts';

export const MINUTE = 60_000;
/** Of its own, so that what other screens show does not depend on how many batons there are. */
const dice = new Dice(3_118_904);

/** A baton of the gallery in a few words. */
export interface Wish {
  readonly contract: Baton['contract'];
  readonly from: Person | { readonly reference: string };
  readonly to: Owner;
  readonly agoMin: number;
  readonly withinMin: number;
  readonly text: string | null;
  readonly patient?: string;
  readonly quote?: Baton['quote'];
  readonly callback?: string;
  /** Steps that fired: minutes after sending, and whom they reached. */
  readonly steps?: readonly (readonly [number, Owner, readonly Person[]])[];
  readonly acknowledged?: readonly [number, Person];
  readonly owner?: Owner;
  readonly ended?: readonly [number, Person, 'answered' | 'done' | 'handled-elsewhere'];
  readonly offer?: { readonly to: Owner; readonly by: Person; readonly note: string | null };
  readonly mine?: Baton['mine'];
  readonly readVia?: Baton['readVia'];
  readonly message?: MessageId;
  readonly index?: number;
  readonly conversation?: ConversationId;
}

function holdersOf(owner: Owner): readonly Person[] {
  if (owner.kind === 'queue') {
    return owner.defaultOwner === null ? [] : holdersOf(owner.defaultOwner);
  }
  return owner.kind === 'role' ? owner.holders : [owner];
}

function line(what: BatonLine['what'], at: number, more: Partial<BatonLine> = {}): BatonLine {
  return { at, what, by: null, to: null, reached: [], empty: false, reason: null, ...more };
}

export function makeBaton(wish: Wish): Baton {
  const openedAt = now() - wish.agoMin * MINUTE;
  const deadline = openedAt + wish.withinMin * MINUTE;
  const message = wish.message ?? dice.id('message');
  const sender = 'reference' in wish.from ? null : wish.from;
  const owner = wish.owner ?? wish.to;
  const lines = linesOf(wish, openedAt, sender);
  const status =
    wish.ended === undefined
      ? wish.acknowledged === undefined
        ? 'open'
        : 'acknowledged'
      : wish.ended[2] === 'answered'
        ? 'answered'
        : 'closed';
  const open = wish.ended === undefined;
  const mine = wish.mine ?? mineOf(owner, sender);
  const id =
    sender === null ? (dice.id('event') as unknown as BatonId) : (`${message}.${wish.index ?? 0}` as BatonId);
  return {
    id,
    contract: wish.contract,
    status,
    owner,
    holders: holdersOf(owner),
    opener:
      sender ??
      ({
        kind: 'integration',
        id: dice.id('integration'),
        reference: 'reference' in wish.from ? wish.from.reference : null,
      } as const),
    openedAt,
    deadline,
    overdue: open && deadline < now(),
    escalated: (wish.steps ?? []).length > 0,
    acknowledgedBy:
      wish.acknowledged === undefined
        ? null
        : { person: wish.acknowledged[1], at: openedAt + wish.acknowledged[0] * MINUTE },
    ended:
      wish.ended === undefined
        ? null
        : {
            by: wish.ended[1],
            at: openedAt + wish.ended[0] * MINUTE,
            reason: wish.ended[2] === 'answered' ? null : wish.ended[2],
          },
    offer:
      wish.offer === undefined
        ? null
        : {
            ...wish.offer,
            until: now() + 11 * MINUTE,
            toMe: holdersOf(wish.offer.to).some(({ id: one }) => one === ME.id),
          },
    lines,
    coming: open ? comingOf(wish, openedAt) : [],
    callback: wish.callback ?? (wish.contract === 'reply' ? null : '617-555-0140'),
    addressed: wish.to,
    unit: wish.to.kind === 'role' ? wish.to.unit : null,
    conversation: wish.conversation ?? null,
    message: sender === null ? null : message,
    text: wish.text,
    patient: wish.patient ?? null,
    quote: wish.quote ?? null,
    readVia:
      wish.readVia ??
      (wish.text === null ? 'none' : wish.conversation === undefined ? 'escalation' : 'member'),
    mine,
    can: rightsOf({
      mine,
      status,
      offered: wish.offer?.by.id !== ME.id && wish.offer !== undefined,
      outside: sender === null,
    }),
    pending: false,
  };
}

function linesOf(wish: Wish, openedAt: number, sender: Person | null): readonly BatonLine[] {
  const at = (minutes: number): number => openedAt + minutes * MINUTE;
  const lines = [
    line('sent', openedAt, { by: sender, to: wish.to, reached: holdersOf(wish.to) }),
    ...(wish.steps ?? []).map(([minutes, to, reached]) =>
      line('step', at(minutes), { to, reached, empty: reached.length === 0 }),
    ),
    ...(wish.acknowledged === undefined
      ? []
      : [line('acknowledged', at(wish.acknowledged[0]), { by: wish.acknowledged[1] })]),
    ...(wish.offer === undefined
      ? []
      : [line('offered', now() - 4 * MINUTE, { by: wish.offer.by, to: wish.offer.to })]),
    ...(wish.ended === undefined
      ? []
      : [
          line(wish.ended[2] === 'answered' ? 'answered' : 'closed', at(wish.ended[0]), {
            by: wish.ended[1],
            reason: wish.ended[2] === 'answered' ? null : wish.ended[2],
          }),
        ]),
  ];
  return lines.sort((a, b) => a.at - b.at);
}

function comingOf(wish: Wish, openedAt: number): Baton['coming'] {
  if (wish.acknowledged !== undefined) {
    const target = wish.owner ?? wish.to;
    return [{ at: now() + 42 * MINUTE, target, wouldReach: holdersOf(target) }];
  }
  const { steps } = duty.preview({
    to: wish.to.id,
    contract: wish.contract,
    withinMs: wish.withinMin * MINUTE,
    at: openedAt,
  });
  return steps
    .filter(({ at }) => at > now())
    .map(({ at, target, reaches }) => ({ at, target, wouldReach: reaches }));
}

function mineOf(owner: Owner, sender: Person | null): Baton['mine'] {
  if (holdersOf(owner).some(({ id }) => id === ME.id)) return 'owe';
  return sender?.id === ME.id ? 'waiting' : 'none';
}

export function rightsOf({
  mine,
  status,
  offered,
  outside,
}: Pick<Baton, 'mine' | 'status'> & {
  readonly offered: boolean;
  readonly outside: boolean;
}): Baton['can'] {
  const live = status === 'open' || status === 'acknowledged';
  const owe = live && mine === 'owe';
  const reached = live && mine === 'reached';
  return {
    acknowledge: status === 'open' && (owe || reached),
    answer: (owe || reached) && !outside,
    take: reached,
    handOver: owe,
    accept: live && offered,
    close: owe || (live && mine === 'waiting'),
  };
}
