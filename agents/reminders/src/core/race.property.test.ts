import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookSlot } from '@baton/clinical';
import {
  DAY,
  HOUR,
  MINUTE,
  reach,
  SETTINGS,
  slot,
  TEXTING,
  VirtualPractice,
  visit,
  waiting,
} from '../fixtures/virtual-practice.ts';
import { ReminderDesk } from './reminder-desk.ts';

// Two stations that both believe to hold the lease, colleagues who book by hand, and patients who answer at the same time: whatever comes first, a slot
// is one patient's.

const NOW = Date.parse('2026-11-17T15:30:00Z');
const NAMES = ['ana', 'ben', 'cleo', 'dan', 'eva', 'flo'];
const refOf = (name: string): string => `Patient/${name}`;

const act = fc.oneof(
  fc.record({
    t: fc.constant('answer' as const),
    who: fc.constantFrom(...NAMES),
    text: fc.constantFrom('1', '2', 'R', 'X', 'C', '3'),
    station: fc.integer({ min: 0, max: 1 }),
  }),
  fc.record({
    t: fc.constant('staff' as const),
    who: fc.constantFrom(...NAMES),
    slot: fc.integer({ min: 0, max: 2 }),
  }),
  fc.record({ t: fc.constant('open' as const), slot: fc.integer({ min: 3, max: 5 }) }),
  fc.record({ t: fc.constant('pass' as const), ms: fc.integer({ min: MINUTE, max: 3 * HOUR }) }),
);

describe('one slot', () => {
  it('is never two patients’, and nobody is told of a time that is not theirs', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 14 }), fc.integer(), async (acts, seed) => {
        const practice = new VirtualPractice(NOW);
        const turn = lottery(seed);
        practice.putTexting(TEXTING, ...NAMES.map((name) => reach(name)));
        practice.put({ ...SETTINGS, holdMinutes: 30 });
        for (let index = 0; index < 3; index += 1) practice.put(slot(`s${index}`, NOW + (4 + index) * DAY));
        for (const [index, name] of NAMES.entries()) {
          practice.put(visit(`v-${name}`, refOf(name), NOW + (3 * DAY - HOUR) + index * HOUR));
          if (index < 4)
            practice.put(waiting(`w-${name}`, refOf(name), { addedAt: index, appointment: null }));
        }
        const pause = async (): Promise<void> => {
          for (let left = turn(4); left > 0; left -= 1) await Promise.resolve();
        };
        const stations = [new ReminderDesk(practice.ports(pause)), new ReminderDesk(practice.ports(pause))];
        for (const station of stations) await station.start();
        await practice.time.pass(0);
        let together: Promise<unknown>[] = [];
        for (const one of acts) {
          if (one.t === 'pass') {
            await Promise.all(together);
            together = [];
            await practice.time.pass(one.ms);
          } else if (one.t === 'answer')
            together.push(answer(practice, stations[one.station] as ReminderDesk, one));
          else if (one.t === 'staff') together.push(bookByHand(practice, pause, one));
          else
            practice.put(
              slot(`s${one.slot}-${together.length}-${practice.time.nowMs()}`, NOW + (one.slot + 4) * DAY),
            );
          check(practice);
        }
        await Promise.all(together);
        await practice.time.pass(DAY);
        check(practice);
        for (const station of stations) await station.stop();
        // Nobody is left with a hold or an offer that is over.
        for (const { state } of practice.all('slot')) expect(state).not.toBe('held');
        for (const { offers } of practice.all('wait'))
          for (const { outcome } of offers) expect(outcome).not.toBe('open');
        const booked = practice
          .all('appointment')
          .filter(({ status, slot: at }) => status === 'booked' && at !== null);
        for (const { id, slot: at, ref } of booked)
          expect(practice.get('slot', at ?? '')).toMatchObject({ state: 'booked', holder: { id, ref } });
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});

/** At every moment. */
function check(practice: VirtualPractice): void {
  const booked = practice
    .all('appointment')
    .filter(({ status, slot: at }) => status === 'booked' && at !== null);
  expect(new Set(booked.map(({ slot: at }) => at)).size).toBe(booked.length);
  const ids = practice.sent.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
}

async function answer(
  practice: VirtualPractice,
  station: ReminderDesk,
  { who, text }: { readonly who: string; readonly text: string },
): Promise<void> {
  const asked = practice
    .sentTo(refOf(who))
    .findLast(({ prompt }) => prompt.choices.some(({ key }) => key === text));
  if (asked) await station.take(practice.answer(asked, text));
}

/** As the client of staff does: the slot first, by compare-and-set, then the visit. */
async function bookByHand(
  practice: VirtualPractice,
  pause: () => Promise<void>,
  { who, slot: index }: { readonly who: string; readonly slot: number },
): Promise<void> {
  const id = `hand-${who}-${index}-${practice.time.nowMs()}`;
  const values = practice.ports(pause).appointments;
  let mine = false;
  await values.update(`slot:s${index}`, (kept) => {
    const known = kept?.value.t === 'slot' ? kept.value : null;
    const next =
      known && bookSlot(known, { held: id, appointment: id, ref: refOf(who) }, practice.time.nowMs());
    mine = next !== null && next !== undefined;
    return next ?? null;
  });
  if (mine)
    practice.put(visit(id, refOf(who), practice.get('slot', `s${index}`).start, { slot: `s${index}` }));
}

/** Small pseudo-random numbers below `n`, the same for the same seed. */
function lottery(seed: number): (n: number) => number {
  let state = seed | 0 || 1;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.abs(state) % n;
  };
}
