import type { Visit } from '@baton/client';
import type { Appointment } from '@baton/wire';
import { expect, test } from 'vitest';
import { unstartedRefs } from './unstarted.ts';

const NOW = 1000;
const visit = (ref: string | null, change: Partial<Appointment> = {}): Visit =>
  ({ appointment: { ref, status: 'booked', start: NOW + 1, ...change } }) as Visit;

test('names each patient once who has a visit to come and no conversation', () => {
  const visits = [visit('Patient/a'), visit('Patient/b'), visit('Patient/a')];
  expect(unstartedRefs(visits, new Set(['Patient/b']), NOW)).toEqual(['Patient/a']);
});

test('leaves out what is over, cancelled, or of nobody known', () => {
  const visits = [
    visit('Patient/a', { start: NOW }),
    visit('Patient/b', { status: 'cancelled' }),
    visit('Patient/c', { status: 'noshow' }),
    visit(null),
  ];
  expect(unstartedRefs(visits, new Set(), NOW)).toEqual([]);
});
