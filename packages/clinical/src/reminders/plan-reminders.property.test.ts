import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Appointment, ReminderRecord } from '@baton/wire';
import { DEFAULT_REMINDER_STEPS } from './default-steps.ts';
import { DAY, HOUR, isLoud, loudHours, NEW_YORK, REACH, visit } from './fixtures/visits.ts';
import { minutesBefore, planReminders } from './plan-reminders.ts';
import type { PlannedStep, ReminderReach } from './planned-step.ts';

// Virtual practice for one patient over the days on which New York's clocks go back (1 November 2026) and forth (14 March 2027).
const AUTUMN = Date.parse('2026-10-20T13:00:00Z');
const SPRING = Date.parse('2027-03-03T14:00:00Z');
const ALL_ON = DEFAULT_REMINDER_STEPS.map((step) => ({ ...step, active: true }));

type Act =
  | { readonly t: 'book'; readonly inMs: number; readonly id: number }
  | { readonly t: 'move'; readonly inMs: number; readonly id: number }
  | { readonly t: 'confirm' | 'cancel' | 'decline' | 'noshow' | 'fulfil'; readonly id: number };
interface Event {
  readonly afterMs: number;
  readonly act: Act;
}
interface Sent {
  readonly visit: Appointment;
  readonly step: string;
  readonly atMs: number;
  readonly message: number;
}

const id = fc.integer({ min: 0, max: 3 });
const inMs = fc.integer({ min: 0, max: 14 * 96 }).map((quarters) => quarters * 15 * 60_000);
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ t: fc.constant('book' as const), inMs, id }) },
  { weight: 1, arbitrary: fc.record({ t: fc.constant('move' as const), inMs, id }) },
  {
    weight: 1,
    arbitrary: fc.record({ t: fc.constantFrom('confirm', 'cancel', 'decline', 'noshow', 'fulfil'), id }),
  },
);
const events = fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 3 * DAY }), act }), {
  minLength: 1,
  maxLength: 14,
});
/** Nothing runs within these: planned steps wait. */
const outages = fc.array(
  fc.record({ from: fc.integer({ min: 0, max: 20 * DAY }), ms: fc.integer({ min: 0, max: 2 * DAY }) }),
  { maxLength: 2 },
);

function play(input: {
  readonly begin: number;
  readonly events: readonly Event[];
  readonly outages?: readonly { readonly from: number; readonly ms: number }[];
  readonly reach?: ReminderReach;
  readonly steps?: typeof ALL_ON;
}): {
  readonly sent: readonly Sent[];
  readonly visits: ReadonlyMap<string, Appointment>;
  readonly ended: ReadonlyMap<string, number>;
} {
  const visits = new Map<string, Appointment>();
  const records = new Map<string, ReminderRecord>();
  const sent: Sent[] = [];
  const ended = new Map<string, number>();
  let nowMs = input.begin;
  let message = 0;
  const isDown = (): { readonly until: number } | null => {
    const found = input.outages?.find(
      ({ from, ms }) => nowMs >= input.begin + from && nowMs < input.begin + from + ms,
    );
    return found ? { until: input.begin + found.from + found.ms } : null;
  };
  const plan = () =>
    planReminders({
      settings: { on: true, steps: input.steps ?? ALL_ON, mergeSameDay: true },
      visits: [...visits.values()],
      records,
      reach: input.reach ?? REACH,
      quiet: loudHours(NEW_YORK, nowMs),
      nowMs,
      risk: () => ({ model: 'm', value: 0.9, arm: null }),
    });
  const runUntil = (untilMs: number): void => {
    for (let guard = 0; guard < 1000; guard += 1) {
      const down = isDown();
      if (down) {
        if (down.until > untilMs) break;
        nowMs = Math.max(nowMs, down.until);
      }
      const [next] = plan();
      if (!next || next.atMs > untilMs) break;
      expect(next.atMs).toBeGreaterThanOrEqual(nowMs);
      if (next.atMs > nowMs) {
        nowMs = next.atMs;
        continue;
      }
      message += 1;
      for (const one of next.appointments) {
        sent.push({ visit: one, step: next.step.id, atMs: nowMs, message });
        const known = records.get(one.id) ?? { t: 'sent', appointment: one.id, steps: [], score: null };
        const said = {
          step: next.step.id,
          start: one.start,
          at: nowMs,
          state: 'sent',
          note: null,
          message: null,
        } as const;
        records.set(one.id, { ...known, steps: [...known.steps, said] });
      }
    }
    nowMs = Math.max(nowMs, untilMs);
  };
  for (const event of input.events) {
    runUntil(nowMs + event.afterMs);
    apply(visits, event.act, { nowMs, ended });
  }
  runUntil(nowMs + 30 * DAY);
  return { sent, visits, ended };
}

function apply(
  visits: Map<string, Appointment>,
  act: Act,
  { nowMs, ended }: { readonly nowMs: number; readonly ended: Map<string, number> },
): void {
  const key = `v${act.id}`;
  const known = visits.get(key);
  if (act.t === 'book') {
    if (known) return;
    visits.set(key, visit({ id: key, start: nowMs + act.inMs, createdAt: nowMs }));
    return;
  }
  if (!known || ended.has(key)) return;
  switch (act.t) {
    case 'move':
      visits.set(key, {
        ...known,
        start: nowMs + act.inMs,
        end: nowMs + act.inMs + HOUR / 2,
        answer: { state: 'none', at: null, by: null },
      });
      return;
    case 'confirm':
      visits.set(key, { ...known, answer: { state: 'confirmed', at: nowMs, by: 'patient' } });
      return;
    case 'decline':
      visits.set(key, {
        ...known,
        status: 'cancelled',
        answer: { state: 'declined', at: nowMs, by: 'patient' },
      });
      ended.set(key, nowMs);
      return;
    case 'cancel':
      visits.set(key, { ...known, status: 'cancelled' });
      ended.set(key, nowMs);
      return;
    case 'noshow':
    case 'fulfil':
      if (known.end > nowMs) return;
      visits.set(key, { ...known, status: act.t === 'noshow' ? 'noshow' : 'fulfilled' });
  }
}

const steps = new Map(ALL_ON.map((step) => [step.id, step]));
const scenario = fc.record({ begin: fc.constantFrom(AUTUMN, SPRING), events, outages });

describe('a plan of reminders, whatever happens', () => {
  it('says no step twice for one start, and nothing in quiet hours', () => {
    fc.assert(
      fc.property(scenario, (input) => {
        const { sent } = play(input);
        const keys = sent.map(({ visit: { id: one, start }, step }) => `${one} ${start} ${step}`);
        expect(new Set(keys).size).toBe(keys.length);
        for (const { atMs } of sent) expect(isLoud(NEW_YORK, atMs)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('says nothing before a visit that is over, cancelled or given up, and nothing unconfirmed to who confirmed all of a day', () => {
    fc.assert(
      fc.property(scenario, (input) => {
        const { sent, ended } = play(input);
        for (const { visit: about, step, atMs } of sent) {
          const { anchor } = steps.get(step) ?? { anchor: 'after' };
          if (anchor === 'after') {
            expect(['noshow', 'fulfilled']).toContain(about.status);
            continue;
          }
          expect(atMs).toBeLessThan(about.start);
          expect(about.status).toBe('booked');
          const end = ended.get(about.id);
          if (end !== undefined) expect(atMs).toBeLessThanOrEqual(end);
        }
        const byMessage = Map.groupBy(sent, ({ message }) => message);
        for (const together of byMessage.values()) {
          const to = steps.get(together[0]?.step ?? '')?.to;
          const isConfirmed = together.every(({ visit: { answer } }) => answer.state === 'confirmed');
          // All that day's visits were looked at, those that were spoken of before as well.
          if (to === 'confirmed') expect(isConfirmed).toBe(true);
          if (
            together.length === 1 &&
            to === 'unconfirmed' &&
            input.events.filter(({ act: { t } }) => t === 'book').length === 1
          )
            expect(isConfirmed).toBe(false);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('speaks of the visits of one day at once', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 14 }),
        fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 2, maxLength: 4 }),
        (inDays, quarters) => {
          const morning = Date.parse('2026-11-02T13:00:00Z') + inDays * DAY;
          const book = quarters.map((quarter, index) => {
            return {
              afterMs: 0,
              act: { t: 'book', inMs: morning + quarter * 15 * 60_000 - AUTUMN, id: index },
            } as const;
          });
          const { sent } = play({
            begin: AUTUMN,
            events: book,
            steps: DEFAULT_REMINDER_STEPS.filter(({ active }) => active),
          });
          const messages = Map.groupBy(sent, ({ message }) => message);
          expect(messages.size).toBe(3);
          for (const together of messages.values()) expect(together).toHaveLength(quarters.length);
        },
      ),
    );
  });

  it('reminds of every visit that is booked in time, at the time of day of the visit, and anew when it is moved', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(AUTUMN, SPRING),
        fc.integer({ min: 5 * 24, max: 12 * 24 }),
        fc.integer({ min: 5 * 24, max: 12 * 24 }),
        (begin, first, second) => {
          const active = DEFAULT_REMINDER_STEPS.filter((step) => step.active && step.to === 'unconfirmed');
          const events: Event[] = [
            { afterMs: 0, act: { t: 'book', inMs: first * HOUR, id: 0 } },
            { afterMs: 4.5 * DAY, act: { t: 'move', inMs: second * HOUR, id: 0 } },
          ];
          const { sent } = play({ begin, events, steps: active });
          const moved = sent.filter(({ visit: { start } }) => start === begin + 4.5 * DAY + second * HOUR);
          expect(moved.map(({ step }) => step)).toEqual(['three-days', 'one-day']);
          for (const { visit: about, step, atMs } of moved) {
            const wanted = minutesBefore(about, steps.get(step)?.minutes ?? 0);
            expect(atMs).toBeLessThanOrEqual(wanted);
            if (isLoud(NEW_YORK, wanted)) expect(atMs).toBe(wanted);
            expect(wanted - atMs).toBeLessThan(13 * HOUR);
          }
        },
      ),
    );
  });

  it('misses nobody for an outage: whoever could still be reminded in time was', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5 * 24, max: 12 * 24 }),
        fc.integer({ min: 0, max: 12 * DAY }),
        fc.integer({ min: 0, max: 2 * DAY }),
        (hours, from, ms) => {
          const start = AUTUMN + hours * HOUR;
          const active = DEFAULT_REMINDER_STEPS.filter((step) => step.active && step.to === 'unconfirmed');
          const { sent } = play({
            begin: AUTUMN,
            events: [{ afterMs: 0, act: { t: 'book', inMs: hours * HOUR, id: 0 } }],
            outages: [{ from, ms }],
            steps: active,
          });
          const up = AUTUMN + from + ms;
          // Up again by the afternoon of the day before: there was still time.
          if (AUTUMN + from > start - 10 * HOUR || up < start - 18 * HOUR)
            expect(sent.length).toBeGreaterThanOrEqual(1);
          expect(sent.length).toBeLessThanOrEqual(2);
        },
      ),
    );
  });

  it('moves reminders earlier to keep the cap, never later, and never into quiet hours', () => {
    const starts = fc.array(fc.integer({ min: 4 * 96, max: 14 * 96 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(starts, fc.boolean(), (quarters, wasTexted) => {
        const visits = quarters.map((quarter, index) =>
          visit({ id: `v${index}`, start: AUTUMN + quarter * 15 * 60_000, createdAt: AUTUMN }),
        );
        const input = {
          settings: { on: true, steps: DEFAULT_REMINDER_STEPS, mergeSameDay: true },
          visits,
          records: new Map(),
          quiet: loudHours(NEW_YORK, AUTUMN),
          nowMs: AUTUMN,
          risk: null,
        };
        const cap = { perDay: 1, perWeek: 3, contacts: wasTexted ? [AUTUMN - HOUR] : [] };
        const keyOf = ({ step, appointments: [first] }: PlannedStep): string => `${step.id} ${first.id}`;
        const free = new Map(planReminders({ ...input, reach: REACH }).map((one) => [keyOf(one), one.atMs]));
        const capped = planReminders({ ...input, reach: { ...REACH, cap } });
        expect(capped.map(keyOf).sort()).toEqual([...free.keys()].sort());
        const moved = capped.filter((one) => one.atMs !== free.get(keyOf(one)));
        for (const one of capped) {
          expect(one.atMs).toBeLessThanOrEqual(free.get(keyOf(one)) ?? 0);
          expect(isLoud(NEW_YORK, one.atMs)).toBe(true);
        }
        // What was moved has a day of its own.
        for (const one of moved)
          for (const other of capped)
            if (other !== one && free.get(keyOf(other)) !== other.atMs)
              expect(Math.abs(one.atMs - other.atMs)).toBeGreaterThanOrEqual(DAY);
      }),
    );
    const twice = [4, 6].map((day) => visit({ id: `v${day}`, start: AUTUMN + day * DAY, createdAt: AUTUMN }));
    const plan = planReminders({
      settings: { on: true, steps: DEFAULT_REMINDER_STEPS, mergeSameDay: true },
      visits: twice,
      records: new Map(),
      reach: { ...REACH, cap: { perDay: 1, perWeek: 7, contacts: [] } },
      quiet: loudHours(NEW_YORK, AUTUMN),
      nowMs: AUTUMN,
      risk: null,
    });
    // Three days before one and one day before the other are the same hour.
    expect(plan.map(({ atMs }) => (atMs - AUTUMN) / DAY)).toEqual([1, 2, 3, 5]);
  });

  it('moves no reminder before an earlier one of the same visit, which it would make old', () => {
    const steps = DEFAULT_REMINDER_STEPS.map((step) => ({
      ...step,
      active: step.to === 'all' || step.to === 'unconfirmed',
    }));
    const input = {
      settings: { on: true, steps, mergeSameDay: true },
      visits: [visit({ id: 'v', start: AUTUMN + 5 * DAY, createdAt: AUTUMN - 30 * DAY })],
      records: new Map(),
      quiet: loudHours(NEW_YORK, AUTUMN),
      nowMs: AUTUMN,
      risk: null,
    };
    const before = (plan: readonly PlannedStep[]) =>
      plan.filter(({ step }) => step.anchor === 'before').map(({ step }) => step.id);
    const free = before(planReminders({ ...input, reach: REACH }));
    expect(free).toContain('two-hours');
    const cap = { perDay: 1, perWeek: 3, contacts: [] };
    expect(before(planReminders({ ...input, reach: { ...REACH, cap } }))).toEqual(free);
  });

  it('says nothing at all to who is dead, not to be contacted, opted out, or cannot be reached', () => {
    fc.assert(
      fc.property(
        scenario,
        fc.constantFrom<Partial<ReminderReach>>(
          { deceased: true },
          { doNotContact: true },
          { optedOut: true },
          { channel: 'none', hasPage: false },
        ),
        (input, change) => {
          expect(play({ ...input, reach: { ...REACH, ...change } }).sent).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });
});
