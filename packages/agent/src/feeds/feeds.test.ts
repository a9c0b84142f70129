import {
  type Appointment,
  type AppointmentsValue,
  patientMapKey,
  patientMapShard,
  type WriteBack,
} from '@baton/wire';
import { beforeEach, describe, expect, it } from 'vitest';
import { SharedCollection, SteppedTime } from '../fixtures/shared-collection.ts';
import { type NamedValues, openNamed } from '../session/named-values.ts';
import { AgentState } from '../state/agent-state.ts';
import type { FeedPorts, FeedVisit } from './feed-ports.ts';
import { FeedReport } from './feed-report.ts';
import { FeedVisits } from './feed-visits.ts';
import { HeldMessages } from './held-messages.ts';
import { PatientFinder } from './patient-finder.ts';
import { type EhrOutcome, WriteBacks } from './write-backs.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-24T10:00:00Z');

let time: SteppedTime;
let values: NamedValues<AppointmentsValue>;
let ports: FeedPorts;

beforeEach(() => {
  time = new SteppedTime(START);
  values = openNamed('appointments', new SharedCollection(time).open(), () => {});
  const activity = { note: async () => {} } as unknown as FeedPorts['context']['activity'];
  const lease = { isHeld: true, requireHeld: () => {}, subscribe: () => () => {} };
  const state = new AgentState(new SharedCollection(time).open());
  ports = {
    context: { clock: time, wait: time, lease, activity, state },
    values,
    feed: 'hl7v2',
    merge: (current, incoming, nowMs) =>
      current !== null && current.source.version >= incoming.source.version
        ? null
        : { ...whole(incoming, nowMs), ref: incoming.ref ?? current?.ref ?? null },
  };
});

const whole = (visit: FeedVisit, nowMs: number): Appointment => ({
  ...visit,
  answer: { state: 'none', at: null, by: null },
  slot: null,
  replaces: null,
  preparation: null,
  createdAt: nowMs,
  updatedAt: nowMs,
});
const visit = (more: Partial<FeedVisit> = {}): FeedVisit => ({
  t: 'appointment',
  id: 'hl7v2/HOSP/1',
  ref: null,
  status: 'booked',
  start: START + HOUR,
  end: START + 2 * HOUR,
  timeZone: 'America/New_York',
  service: { code: null, text: 'Visit' },
  practitioner: null,
  location: null,
  reason: null,
  source: { kind: 'hl7v2', system: null, version: 1, message: null },
  ...more,
});
const all = async <T extends AppointmentsValue['t']>(t: T) =>
  (await values.list()).flatMap(({ value }) =>
    value.t === t ? [value as Extract<AppointmentsValue, { t: T }>] : [],
  );

async function know(ref: string, system: string, value: string, born: string | null): Promise<void> {
  const shard = patientMapShard(system, value);
  await values.update(patientMapKey(shard), (newest) => {
    const before = newest?.value.t === 'patient-map' ? newest.value.systems : [];
    return { t: 'patient-map', shard, systems: [...before, { system, patients: [{ value, ref, born }] }] };
  });
}

describe('a visit of a feed', () => {
  it('gets its patient by the same message, once they are known', async () => {
    const visits = new FeedVisits(ports);
    expect(await visits.take(visit())).toBe(true);
    expect(await visits.take(visit())).toBe(false);
    expect(await visits.take(visit({ ref: 'Patient/1' }))).toBe(true);
    expect(await visits.take(visit({ ref: 'Patient/2' }))).toBe(false);
    expect(await visits.find('hl7v2/HOSP/1')).toMatchObject({ ref: 'Patient/1' });
  });
});

describe('a patient', () => {
  const mrn = (value: string, system = 'mrn') => ({ system, value });

  it('is found by an identifier of the right system, unless the birth date is another', async () => {
    const finder = new PatientFinder(ports);
    await know('Patient/1', 'mrn', '7', '1958-03-14');
    expect(await finder.find([mrn('7')], null)).toEqual({ ref: 'Patient/1', isBornSame: false });
    expect(await finder.find([mrn('7')], '1958-03')).toEqual({ ref: 'Patient/1', isBornSame: false });
    expect(await finder.find([mrn('7')], '1958-03-14')).toEqual({ ref: 'Patient/1', isBornSame: true });
    expect(await finder.find([mrn('7')], '1958-03-15')).toEqual({ ref: null, why: 'another-birth-date' });
    expect(await finder.find([mrn('7', 'other')], null)).toEqual({ ref: null, why: 'unknown' });
    await know('Patient/2', 'other', '8', null);
    expect(await finder.find([mrn('7'), mrn('8', 'other')], null)).toEqual({
      ref: null,
      why: 'two-patients',
    });
  });

  it('is found by what the feed said belongs together, the registry before it', async () => {
    const finder = new PatientFinder(ports);
    await know('Patient/1', 'mrn', '7', null);
    expect(await finder.learn([mrn('7'), mrn('OLD')], 'Patient/1')).toBe(true);
    expect(await finder.learn([mrn('7'), mrn('OLD')], 'Patient/1')).toBe(false);
    expect(await finder.find([mrn('OLD')], '1958-03-14')).toEqual({ ref: 'Patient/1', isBornSame: false });
    await know('Patient/2', 'mrn', 'OLD', null);
    expect(await finder.find([mrn('OLD')], null)).toEqual({ ref: 'Patient/2', isBornSame: false });
  });
});

describe('a held message', () => {
  it('is taken up when patients become known, by whom a person names, and lapses after a day', async () => {
    let known = false;
    const taken: (string | null)[] = [];
    const held = new HeldMessages(ports, async ({ ref }) => {
      taken.push(ref);
      return ref !== null || known ? 'used' : 'waits';
    });
    await held.start(values.list());
    for (const name of ['a', 'b', 'c'])
      expect(await held.hold(name, 'unknown-patient', `raw ${name}`)).toBe('new');
    expect(await held.hold('a', 'unknown-patient', 'raw a')).toBe('known');
    const [first] = await all('held');
    if (first) await values.update(`held:${first.id}`, () => ({ ...first, ref: 'Patient/9' }));
    await time.pass(2000);
    expect(await all('held')).toHaveLength(2);
    expect(taken).toContain('Patient/9');

    await know('Patient/1', 'mrn', '7', null);
    await time.pass(2000);
    expect(await all('held')).toHaveLength(2);
    await held.drop('c');
    await time.pass(23 * HOUR);
    expect((await all('held')).length).toBeLessThanOrEqual(2);
    known = true;
    await know('Patient/2', 'mrn', '8', null);
    await time.pass(2000);
    expect(await all('held')).toHaveLength(0);

    known = false;
    await held.hold('d', 'unknown-patient', 'raw d');
    await held.hold('e', 'missing-field', 'raw e');
    await time.pass(25 * HOUR);
    expect((await all('held')).map(({ raw }) => raw)).toEqual(['raw e']);
    await time.pass(14 * 24 * HOUR);
    expect(await all('held')).toEqual([]);
    await held.stop();
  });

  it('that cannot be used takes no room of one whose patient may become known, and is refused in the end', async () => {
    const held = new HeldMessages(ports, async () => 'waits');
    await held.start(values.list());
    let kept = 0;
    while ((await held.hold(`junk ${kept}`, 'unreadable', 'junk')) !== 'full') kept += 1;
    expect(kept).toBe(500);
    expect(await held.hold('junk 3', 'unreadable', 'junk')).toBe('known');
    expect(await held.hold('visit', 'unknown-patient', 'raw')).toBe('new');
    await held.drop('junk 3');
    expect(await held.hold('junk 500', 'unreadable', 'junk')).toBe('new');
    await held.stop();
  });

  it('that somebody dropped is let go of', async () => {
    const held = new HeldMessages(ports, async () => 'waits');
    await held.start(values.list());
    await held.hold('a', 'unknown-patient', 'raw');
    const [only] = await all('held');
    await values.remove(`held:${only?.id ?? ''}`);
    await time.pass(10 * 60_000);
    expect(await held.hold('a', 'unknown-patient', 'raw')).toBe('new');
    await held.stop();
  });
});

describe('a change for the record system', () => {
  const change = (more: Partial<WriteBack> = {}): WriteBack => ({
    t: 'write-back',
    appointment: 'hl7v2/HOSP/1',
    status: 'booked',
    answer: 'confirmed',
    start: START + HOUR,
    end: START + 2 * HOUR,
    at: START,
    state: 'waiting',
    code: null,
    tries: 0,
    ...more,
  });
  const put = (value: WriteBack) => values.update(`write-back:${value.appointment}`, () => value);
  const state = async () => (await all('write-back'))[0];

  it('is offered until it is taken, with longer pauses, also after a start', async () => {
    const answers: EhrOutcome[] = [
      { t: 'later', code: 'http-503' },
      { t: 'later', code: 'http-503' },
      { t: 'taken' },
    ];
    const offered: number[] = [];
    await new FeedVisits(ports).take(visit({ ref: 'Patient/1' }));
    await put(change());
    const work = new WriteBacks(ports, {
      offer: async () => {
        offered.push(time.nowMs() - START);
        return answers.shift() ?? { t: 'taken' };
      },
    });
    await work.start(values.list());
    await time.pass(1000);
    expect(await state()).toMatchObject({ state: 'waiting', code: 'http-503', tries: 1 });
    await time.pass(HOUR);
    expect(await state()).toMatchObject({ state: 'taken', code: null, tries: 3 });
    expect(offered).toEqual([0, 5000, 15_000]);
    await work.stop();
  });

  it('that changed while it was offered is offered anew', async () => {
    await new FeedVisits(ports).take(visit({ ref: 'Patient/1' }));
    const seen: string[] = [];
    const work = new WriteBacks(ports, {
      offer: async ({ answer }) => {
        seen.push(answer);
        if (seen.length === 1) await put(change({ at: START + 1, answer: 'declined' }));
        return { t: 'taken' };
      },
    });
    await work.start(values.list());
    await put(change());
    await time.pass(1000);
    expect(seen).toEqual(['confirmed', 'declined']);
    expect(await state()).toMatchObject({ answer: 'declined', state: 'taken' });
    await work.stop();
  });

  it('is marked for a person where nothing takes it, and left to others where it is not of this feed', async () => {
    await new FeedVisits(ports).take(visit({ ref: 'Patient/1' }));
    const other = visit({
      id: 'fhir/x/1',
      source: { kind: 'fhir', system: null, version: 1, message: null },
    });
    await new FeedVisits(ports).take(other);
    const work = new WriteBacks(ports, null);
    await work.start(values.list());
    await put(change());
    await put(change({ appointment: 'fhir/x/1' }));
    await time.pass(1000);
    expect((await all('write-back')).map(({ appointment, state: is }) => [appointment, is])).toEqual([
      ['hl7v2/HOSP/1', 'no-adapter'],
      ['fhir/x/1', 'waiting'],
    ]);
    await work.stop();
  });
});

it('a report is one write for a burst, and one line for what goes on', async () => {
  const report = new FeedReport(ports);
  for (let times = 0; times < 50; times += 1) {
    report.taken();
    report.problem('http-503', 'away');
  }
  report.refused('missing-field', 'SCH-2 is missing');
  await time.pass(11_000);
  report.problem('missing-field', 'SCH-2 is missing');
  await time.pass(11_000);
  expect(await all('feed')).toMatchObject([
    { taken: 50, refused: 1, problems: [{ code: 'missing-field' }, { code: 'http-503' }] },
  ]);
  const kept = await values.get('feed:hl7v2');
  expect(kept?.version).toBe(2);
});
