import { decodeRunState, EXAMPLE_PROTOCOLS } from '@baton/clinical';
import { isQuiet, LAWFUL_HOURS } from '@baton/policy';
import { programmesKey } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { type PracticeOptions, SimulatedPractice } from './fixtures/simulated-practice.ts';

const SEED = 'check-ins-1';
/** Daylight saving begins in the United States on 8 March 2026 and in Europe on 29 March. */
const SPRING = Date.UTC(2026, 2, 4, 5);
const BASE: PracticeOptions = {
  seed: SEED,
  patients: 12,
  days: 14,
  startsAt: SPRING,
  killShare: 0,
  isEventful: true,
};

async function simulate(more: Partial<PracticeOptions>): Promise<SimulatedPractice> {
  const practice = new SimulatedPractice({ ...BASE, ...more });
  await practice.run();
  return practice;
}

/** Promises that hold whatever happens. */
function requirePromises({ world }: SimulatedPractice): void {
  const ids = world.delivered.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const zones = new Map([...world.enrolments.values()].map(({ ref, timeZone }) => [ref, timeZone]));
  for (const { at, ref, said, standing, state, plan } of world.delivered) {
    // A dose is named, or asked about, only by the plan that holds when it is said.
    if (said.prompt?.step === 'dose' || / mg\b/.test(said.text)) expect(plan?.t).toBe('doses');
    for (const [, tablets] of said.text.matchAll(/(\d+) tablet/g))
      expect(plan?.t === 'doses' && plan.times[0]?.doses[0]?.tablets).toBe(Number(tablets));
    expect(standing).toBe('may');
    expect(state).not.toBe('paused');
    const isExchange = said.replyTo !== null && at - said.sinceMs <= 5 * 60_000;
    const quiet = isQuiet(zones.get(ref) ?? 'UTC', at, LAWFUL_HOURS);
    if (!isExchange && !said.urgent)
      expect([quiet, new Date(at).toISOString()]).toEqual([false, expect.anything()]);
    if (said.notAfter !== null) expect(at).toBeLessThanOrEqual(said.notAfter);
  }
  for (const run of world.runs()) {
    const messages = run.steps.flatMap(({ message, kind }) =>
      message && kind !== 'answer' && kind !== 'unclear' ? [message] : [],
    );
    expect(new Set(messages).size).toBe(messages.length);
    if (run.state !== '') expect(decodeRunState(run.state)).not.toBeNull();
    // A dialogue that is over is written as over.
    expect(run.endedAt === null).toBe(run.outcome === 'open');
  }
  // Nothing was said that is not written, and nothing of it twice.
  const written = new Set(world.runs().flatMap(({ steps }) => steps.map(({ message }) => message)));
  const outside = world.delivered
    .filter(({ id }) => !written.has(id))
    .map(({ ref, said }) => `${ref} ${said.prompt?.step}`);
  const once = outside.filter((what) => !what.endsWith(' invite'));
  expect(new Set(once).size).toBe(once.length);
  // Every alert is asked once, and only once.
  const asks = world.asked.map(({ asked }) => asked.alert).filter((alert) => alert !== null);
  expect(new Set(asks).size).toBe(asks.length);
  const known = new Set(world.asked.map(({ id }) => id));
  for (const alert of world.alerts()) {
    expect(asks.includes(alert.id) || alert.message !== null).toBe(true);
    if (alert.message !== null && asks.includes(alert.id)) expect(known.has(alert.message)).toBe(true);
  }
  // One alert for one concern of one dialogue.
  const concerns = world
    .alerts()
    .map(({ enrolment, at, line, kind }) => `${enrolment} ${at} ${line} ${kind}`);
  expect(new Set(concerns).size).toBe(concerns.length);
}

/** What was said, by dialogue, and who was asked: whatever broke off, it is the same. */
function storyOf({ world, endsAt }: SimulatedPractice): readonly string[] {
  const isToldWhole = (at: number) => at < endsAt - 36 * 3_600_000;
  const alerts = world.alerts().flatMap(({ at, enrolment, date, kind, line, band, patientSays }) => {
    return isToldWhole(at) ? [[enrolment, date, kind, line, band, patientSays].join(' | ')] : [];
  });
  const runs = world
    .runs()
    .filter(({ startedAt }) => isToldWhole(startedAt))
    .map((run) => {
      const steps = run.steps.map(({ node, kind, value }) => `${kind} ${node} ${value?.code ?? ''}`);
      return [programmesKey(run), run.outcome, run.band, ...steps].join(' | ');
    });
  return [...runs, ...alerts].toSorted();
}

describe('a simulated practice', () => {
  it('keeps its promises through a change of daylight saving', async () => {
    const practice = await simulate({});
    requirePromises(practice);
    const { world } = practice;
    expect(world.delivered.length).toBeGreaterThan(300);
    expect(world.alerts().length).toBeGreaterThan(5);
    expect(new Set(world.runs().map(({ outcome }) => outcome)).size).toBeGreaterThan(3);
  }, 120_000);

  it('says the same to the same people when it is killed again and again', async () => {
    const few = { days: 6, patients: 8 };
    const calm = await simulate(few);
    for (const killShare of [0.01, 0.1]) {
      const rough = await simulate({ ...few, killShare });
      requirePromises(rough);
      expect(rough.kills).toBeGreaterThan(20);
      expect(storyOf(rough)).toEqual(storyOf(calm));
    }
  }, 240_000);

  it('says nothing after STOP, whatever was about to be said', async () => {
    const practice = await simulate({ suddenStops: 0.02, killShare: 0.005 });
    requirePromises(practice);
    expect(
      practice.world.asked.filter(({ asked }) => asked.text.includes('has ended texts')).length,
    ).toBeGreaterThan(5);
  }, 120_000);

  it('names no dose that does not hold any more, whatever was about to be said', async () => {
    const protocols = EXAMPLE_PROTOCOLS.filter(({ regimen }) => regimen === 'required');
    const practice = await simulate({ protocols, suddenPlans: 0.03, killShare: 0.02, patients: 8 });
    requirePromises(practice);
    const plans = practice.world.delivered.map(({ plan }) => plan?.t);
    for (const kind of ['doses', 'held', 'stale']) expect(plans).toContain(kind);
  }, 120_000);

  it('makes up for nothing after an outage, and misses nothing that can still be said', async () => {
    const hour = 3_600_000;
    const practice = await simulate({
      outages: [
        { from: 2 * 24 * hour + 8 * hour, forMs: 3 * hour },
        { from: 5 * 24 * hour, forMs: 50 * hour },
      ],
    });
    requirePromises(practice);
    const { world } = practice;
    // Every day of everybody who was active all the time has its dialogues, begun or written down as missed.
    const steady = [...world.enrolments.values()].filter(
      ({ since, protocol }) => since === SPRING && protocol.id === 'capecitabine-monotherapy',
    );
    expect(steady.length).toBeGreaterThan(0);
    for (const { id } of steady) {
      const dates = new Set(world.runs().flatMap((run) => (run.enrolment === id ? [run.date] : [])));
      expect(dates.size).toBeGreaterThanOrEqual(13);
    }
    expect(world.runs().some(({ outcome, steps }) => outcome === 'held' && steps.length === 0)).toBe(true);
  }, 120_000);

  it('says nothing for a protocol that may not run, and tells staff once', async () => {
    const practice = new SimulatedPractice({ ...BASE, patients: 2, days: 3, isEventful: false });
    for (const key of practice.world.protocols.keys()) practice.world.protocols.set(key, null);
    await practice.run();
    expect(practice.world.delivered).toEqual([]);
    expect(practice.world.asked).toHaveLength(2);
    expect(practice.world.asked[0]?.asked.text).toContain('not signed by two people');
  });
});
