import { decodeRunState, EXAMPLE_PROTOCOLS, slotsOn } from '@baton/clinical';
import { isQuiet, LAWFUL_HOURS } from '@baton/policy';
import { programmesKey } from '@baton/wire';
import { describe, expect, it } from 'vitest';
import { type PracticeOptions, SimulatedPractice } from './fixtures/simulated-practice.ts';
import { daysAfter, instantOn } from './schedule/local-time.ts';

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

/** Of patients to whom nothing happened: what the schedule says, computed apart from the assistant, was begun in time and said whole. Answers how many dialogues that were. */
function requireNothingMissed({ world, endsAt }: SimulatedPractice, days: number): number {
  const runs = new Map(world.runs().map((run) => [programmesKey(run), run]));
  const delivered = new Map(world.delivered.map((one) => [one.id, one]));
  let due = 0;
  for (const enrolment of world.enrolments.values()) {
    const protocol = world.protocols.get(`${enrolment.protocol.id}:1`);
    if (!protocol) continue;
    const over = enrolment.state === 'ended' ? enrolment.since : endsAt;
    for (let day = 0; day < days; day += 1) {
      const date = daysAfter(enrolment.startsOn, day);
      for (const { slot, minute } of slotsOn(protocol, { ...enrolment, state: 'active' }, date)) {
        const atMs = instantOn(enrolment.timeZone, date, minute) ?? 0;
        if (atMs < enrolment.createdAt || atMs > over - 3_600_000) continue;
        const run = runs.get(`run:${enrolment.id}:${date}:${slot}`);
        expect(run, `${protocol.id} ${date} ${slot}`).toBeDefined();
        expect((run?.startedAt ?? 0) - atMs).toBeLessThan(2 * 60_000);
        expect(run?.startedAt ?? 0).toBeGreaterThanOrEqual(atMs);
        expect(run?.steps.length, `${protocol.id} ${date} ${slot}`).toBeGreaterThan(0);
        due += 1;
      }
    }
  }
  const said = [...runs.values()].flatMap(({ steps }) =>
    steps.filter(({ kind }) => kind === 'ask' || kind === 're-ask' || kind === 'advise'),
  );
  for (const { at, message, node } of said) {
    if (at > endsAt - 3_600_000) continue;
    const went = message === null ? undefined : delivered.get(message);
    expect(went, `${node} ${new Date(at).toISOString()}`).toBeDefined();
    expect((went?.at ?? 0) - at).toBeLessThan(2 * 60_000);
  }
  return due;
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

  it('begins every dialogue that is due when it is due, and says all of it', async () => {
    const days = 10;
    for (const killShare of [0, 0.02]) {
      const practice = await simulate({ days, isEventful: false, killShare });
      expect(requireNothingMissed(practice, days)).toBeGreaterThan(100);
    }
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
