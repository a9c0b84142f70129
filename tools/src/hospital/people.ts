import type { AccountId } from '@baton/kernel';
import type { BatonState } from '@baton/policy';
import { type BatonOp, CLOSE_REASONS } from '@baton/wire';
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
  const isAtWork = staff.shiftOf.get(account) === shiftAt(at);
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
  if (state.offer !== null && staff.facts.actsFor(by, state.offer.to, state.at))
    return { op: random.chance(SHARES.declines) ? 'decline' : 'accept' };
  if (random.chance(SHARES.handsOver))
    return { op: 'offer', to: colleagueOf(by, { staff, random }), note: null };
  if (state.status === 'acknowledged') {
    // Somebody else has it; one who was told as well leaves it with them.
    return state.owner === by ? finish(state, random) : null;
  }
  if (random.chance(SHARES.acknowledgesFirst[state.contract]))
    return { op: 'acknowledge', readBack: state.contract === 'stat' };
  return finish(state, random);
}

/** When somebody who has acknowledged comes back to it; null: never by themselves. */
export function finishAfter(random: SeededRandom): number | null {
  return random.chance(SHARES.neverFinishes) ? null : random.lognormal(12 * MINUTE_MS, 1);
}

export function finish(state: BatonState, random: SeededRandom): BatonOp {
  if (random.chance(SHARES.closes)) return { op: 'close', reason: random.pick(CLOSE_REASONS) };
  return {
    op: 'answer',
    conv: state.conv ?? idOf('conversation', 'none'),
    message: idOf('message', `answer ${state.baton} ${state.n}`),
  };
}

function colleagueOf(by: AccountId, { staff, random }: Mind): AccountId {
  const unit = staff.unitOf.get(by) ?? random.pick(staff.units);
  return random.pick(
    Object.values(unit.people)
      .flat()
      .filter((id) => id !== by),
  );
}
