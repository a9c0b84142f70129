import { expect, it } from 'vitest';
import { snoozeChoices } from './snooze-choices.ts';

const clock = (at: number, timeZone: string): string =>
  new Intl.DateTimeFormat('en-CA', {
    dateStyle: 'short',
    timeStyle: 'short',
    hourCycle: 'h23',
    timeZone,
  }).format(at);

it.each(['America/New_York', 'America/Los_Angeles', 'Europe/Berlin', 'Pacific/Auckland'])(
  'comes back in the morning of the next day in %s, over a change of clocks too',
  (timeZone) => {
    for (const start of [
      '2026-03-07T15:20:00Z',
      '2026-10-24T23:59:00Z',
      '2026-10-31T03:00:00Z',
      '2026-11-22T23:30:00Z',
    ]) {
      const now = Date.parse(start);
      const frame = { locale: 'en', timeZone };
      const [hours, tomorrow, week] = snoozeChoices(now, frame);
      expect(hours?.until).toBe(now + 3 * 3_600_000);
      expect(clock(tomorrow?.until ?? 0, timeZone)).toMatch(/08:00$/);
      expect(clock(week?.until ?? 0, timeZone)).toMatch(/08:00$/);
      expect((tomorrow?.until ?? 0) - now).toBeGreaterThan(7 * 3_600_000);
      expect((tomorrow?.until ?? 0) - now).toBeLessThan(34 * 3_600_000);
    }
  },
);
