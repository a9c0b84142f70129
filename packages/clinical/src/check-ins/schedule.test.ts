import { makeId } from '@baton/kernel';
import type { Regimen } from '@baton/wire';
import { expect, it } from 'vitest';
import { EXAMPLE_PROTOCOLS } from './example-protocols.ts';
import type { Protocol } from './protocol.ts';
import { type Scheduled, slotsOn, stopOn } from './schedule.ts';

const protocolOf = (id: string): Protocol => EXAMPLE_PROTOCOLS.find((one) => one.id === id) as Protocol;
const active: Scheduled = {
  startsOn: '2026-03-02',
  state: 'active',
  resumesOn: null,
  times: {},
  regimen: null,
  stale: null,
  reason: null,
};
const regimen: Regimen = {
  drug: 'capecitabine',
  order: null,
  version: 1,
  cycleStart: '2026-03-02',
  cycleDays: 21,
  onDays: [1, 2, 3],
  cycles: 1,
  times: [{ id: 'morning', doses: [{ strengthMg: 500, tablets: 3 }] }],
  holds: [],
  reviewBy: '2026-12-31',
  confirmedBy: makeId('account', new Uint8Array(16)),
  confirmedAt: 0,
};

it('tapers by days from the first, and ends', () => {
  const protocol = protocolOf('post-discharge-30-days');
  const days = Array.from({ length: 40 }, (_, day) =>
    new Date(Date.UTC(2026, 2, 2 + day)).toISOString().slice(0, 10),
  );
  const begun = days.flatMap((date, day) =>
    slotsOn(protocol, active, date).map(({ slot }) => `${day} ${slot}`),
  );
  expect(begun).toEqual(['1 first', ...[2, 4, 6, 9, 12, 15, 19, 24, 30].map((day) => `${day} later`)]);
  expect(stopOn(protocol, active, '2026-04-01')).toBeNull();
  expect(stopOn(protocol, active, '2026-04-02')).toEqual({ why: 'after-days', say: 'done' });
});

it("takes the patient's times before the protocol's, in the order of the day", () => {
  const protocol = protocolOf('better-same-worse');
  expect(slotsOn(protocol, active, '2026-03-03').map(({ slot, minute }) => [slot, minute])).toEqual([
    ['morning', 540],
    ['evening', 1080],
  ]);
  const late = { ...active, times: { morning: 1200, evening: 600 } };
  expect(slotsOn(protocol, late, '2026-03-03').map(({ slot }) => slot)).toEqual(['evening', 'morning']);
});

it('begins nothing before the first day, while paused, invited or ended', () => {
  const protocol = protocolOf('better-same-worse');
  const count = (enrolment: Scheduled, date: string) => slotsOn(protocol, enrolment, date).length;
  expect(count(active, '2026-03-01')).toBe(0);
  for (const state of ['invited', 'ended', 'paused'] as const)
    expect(count({ ...active, state }, '2026-03-03')).toBe(0);
  const paused: Scheduled = { ...active, state: 'paused', resumesOn: '2026-03-05' };
  expect([count(paused, '2026-03-04'), count(paused, '2026-03-05')]).toEqual([0, 2]);
});

it('asks about tablets only at times that have some, about a day off once, and goes on without a dose on hold', () => {
  const protocol = protocolOf('capecitabine-monotherapy');
  const on = (date: string, change: Partial<Scheduled> = {}) =>
    slotsOn(protocol, { ...active, regimen, ...change }, date).map(({ slot, plan }) => `${slot} ${plan?.t}`);
  expect(on('2026-03-02')).toEqual(['morning doses']);
  expect(on('2026-03-05')).toEqual(['morning off']);
  expect(on('2026-03-02', { state: 'held' })).toEqual(['morning held']);
  expect(on('2026-03-02', { stale: { since: 0, why: 'x' } })).toEqual(['morning stale']);
  expect(on('2026-03-02', { regimen: null })).toEqual(['morning stale']);
  expect(on('2026-03-23')).toEqual([]);
  expect(stopOn(protocol, { ...active, regimen }, '2026-03-23')).toMatchObject({ why: 'cycles-done' });
});
