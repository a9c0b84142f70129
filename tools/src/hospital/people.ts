import type { AccountId } from '@baton/kernel';
import type { AskContract, BatonState } from '@baton/policy';
import { type BatonOp, CLOSE_REASONS, type CloseReason } from '@baton/wire';
import { FIGURES, REPLY_SIGMA } from './figures.ts';
import type { SeededRandom } from './seeded-random.ts';
import { idOf, type Staff } from './staff.ts';

// How the synthetic persons behave. These shares are assumptions, set so that everything that can go wrong does so often.

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SHARES = {
  /** Told, and nothing comes of it. */
  forgets: 0.15,
  /** Looks although not at work. */
  looksAtHome: 0.05,
  acknowledgesFirst: { stat: 0.9, talk: 0.8, reply: 0.15 },
  handsOver: 0.04,
  declines: 0.15,
  /** Having acknowledged, never comes back to it. */
  neverFinishes: 0.05,
  closes: 0.06,
} as const;

/** In how long the person looks at it; null: not at all. */
export function delayOf(account: AccountId, at: number, { staff, random }: Mind): number | null {
  return delayBeforeLooking(staff.shiftOf.get(account) === shiftAt(at), random);
}

export function delayBeforeLooking(isAtWork: boolean, random: SeededRandom): number | null {
  if (!isAtWork && !random.chance(SHARES.looksAtHome)) return null;
  if (random.chance(SHARES.forgets)) return null;
  return random.lognormal(FIGURES.medianReplyMs, REPLY_SIGMA);
}

export interface Mind {
  readonly staff: Staff;
  readonly random: SeededRandom;
}

/** Day is 7 to 19 by the hospital's clock: near enough for habits. */
function shiftAt(at: number): 'day' | 'night' {
  const hour = (at / HOUR_MS - 6 + 24) % 24;
  return hour >= 7 && hour < 19 ? 'day' : 'night';
}

/** What the person does on looking; null: nothing. */
export function actOn(state: BatonState, by: AccountId, { staff, random }: Mind): BatonOp | null {
  if (state.ended !== null) return null;
  const seen = {
    isOfferedToMe: state.offer !== null && staff.facts.actsFor(by, state.offer.to, state.at),
    isAcknowledged: state.status === 'acknowledged',
    isMine: state.owner === by,
    contract: state.contract,
  };
  switch (decide(seen, random)) {
    case null:
      return null;
    case 'offer':
      return { op: 'offer', to: colleagueOf(by, { staff, random }), note: null };
    case 'acknowledge':
      return { op: 'acknowledge', readBack: state.contract === 'stat' };
    case 'accept':
      return { op: 'accept' };
    case 'decline':
      return { op: 'decline' };
    case 'finish':
      return finish(state, random);
  }
}

export type Decision = 'accept' | 'decline' | 'offer' | 'acknowledge' | 'finish';

/** What somebody does who looks at a baton that is open. */
export function decide(
  seen: {
    readonly isOfferedToMe: boolean;
    readonly isAcknowledged: boolean;
    readonly isMine: boolean;
    readonly contract: AskContract;
  },
  random: SeededRandom,
): Decision | null {
  if (seen.isOfferedToMe) return random.chance(SHARES.declines) ? 'decline' : 'accept';
  if (random.chance(SHARES.handsOver)) return 'offer';
  // Somebody else has it; one who was told as well leaves it with them.
  if (seen.isAcknowledged) return seen.isMine ? 'finish' : null;
  return random.chance(SHARES.acknowledgesFirst[seen.contract]) ? 'acknowledge' : 'finish';
}

/** When somebody who has acknowledged comes back to it; null: never by themselves. */
export function finishAfter(random: SeededRandom): number | null {
  return random.chance(SHARES.neverFinishes) ? null : random.lognormal(12 * MINUTE_MS, 1);
}

export function finish(state: BatonState, random: SeededRandom): BatonOp {
  const reason = closingReason(random);
  if (reason !== null) return { op: 'close', reason };
  return {
    op: 'answer',
    conv: state.conv ?? idOf('conversation', 'none'),
    message: idOf('message', `answer ${state.baton} ${state.n}`),
  };
}

/** What people say; an automation's own is no person's. */
const REASONS = CLOSE_REASONS.filter((reason) => reason !== 'automation');

/** null: it is answered. */
export function closingReason(random: SeededRandom): CloseReason | null {
  return random.chance(SHARES.closes) ? random.pick(REASONS) : null;
}

function colleagueOf(by: AccountId, { staff, random }: Mind): AccountId {
  const unit = staff.unitOf.get(by) ?? random.pick(staff.units);
  return random.pick(
    Object.values(unit.people)
      .flat()
      .filter((id) => id !== by),
  );
}
