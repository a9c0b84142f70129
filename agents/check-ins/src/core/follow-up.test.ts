import type { CheckInAlert, Enrolment } from '@baton/wire';
import { beforeEach, expect, it } from 'vitest';
import { HOUR, NINE, OnePatient, protocolOf } from '../fixtures/one-patient.ts';

const DAY = 24 * HOUR;

let one: OnePatient;
let id: Enrolment['id'];
let alert: CheckInAlert;

/** A red alert that nobody acts on. */
beforeEach(async () => {
  one = new OnePatient();
  // Goes on for as long as it takes.
  ({ id } = one.enrol({ ...protocolOf('better-same-worse'), stops: [] }));
  await one.passTo(NINE);
  await one.write('3', one.last('feel'));
  await one.write('1', one.last('breathe'));
  alert = one.alerts()[0] as CheckInAlert;
});

const nudges = () =>
  one.world.asked.filter(({ asked }) => asked.alert === null && asked.text.includes(alert.reason));

it('an alert that stays open for months asks once a day, and no more', async () => {
  await one.passTo(alert.callBackBy + 3 * HOUR);
  expect(nudges()).toHaveLength(4);
  await one.passTo(alert.callBackBy + 3 * HOUR + 80 * DAY);
  expect(nudges()).toHaveLength(84);
  // Notes that are no longer remembered ask nobody any more.
  expect(
    nudges()
      .slice(0, 24)
      .every((note) => one.world.closed.includes(note.id)),
  ).toBe(true);
  const act = {
    way: 'call',
    by: alertBy(),
    chosenAt: NINE,
    doneAt: NINE,
    appointment: null,
    note: '',
  } as const;
  one.world.changeAlert(alert.id, (newest) => ({ ...newest, act }));
  await one.passTo(one.world.nowMs + 3 * DAY);
  expect(nudges()).toHaveLength(84);
  for (const note of nudges()) expect(one.world.closed).toContain(note.id);
});

const alertBy = () => [...one.world.enrolments.values()][0]?.by ?? ('' as never);

it('what an outage left out is not made up for', async () => {
  await one.at(alert.callBackBy + 6 * DAY);
  expect(nudges()).toHaveLength(1);
  await one.passTo(one.world.nowMs + HOUR);
  expect(nudges()).toHaveLength(2);
});

it('after the end of the enrolment it is asked for at its own pace only', async () => {
  await one.passTo(alert.callBackBy + HOUR);
  one.change(id, { state: 'ended' });
  await one.passTo(alert.callBackBy + 90 * DAY);
  expect(nudges()).toHaveLength(4);
  expect(one.next).toBeNull();
});
