import { describe, expect, it } from 'vitest';
import { FIGURES } from './figures.ts';
import { runHospital } from './replay.ts';
import { printReport, reportOn } from './report.ts';
import { SeededRandom } from './seeded-random.ts';
import { Staff } from './staff.ts';
import { makeTraffic } from './traffic.ts';

describe('the synthetic hospital', () => {
  it('has the published shape', () => {
    const startMs = Date.UTC(2026, 9, 31, 5);
    const staff = new Staff(9, startMs);
    const { messages, conversations, betweenTwo } = makeTraffic(staff, new SeededRandom(3), {
      startMs,
      days: 1,
      scale: 0.3,
    });
    const share = (count: number): number => count / messages.length;
    expect(messages.length).toBeGreaterThan(FIGURES.messagesADay.least * 0.3 - 1);
    expect(messages.length).toBeLessThan(FIGURES.messagesADay.most * 0.3 + 2);
    expect(betweenTwo / conversations).toBeCloseTo(FIGURES.betweenTwo, 1);
    expect(share(messages.filter(({ contract }) => contract === 'fyi').length)).toBeCloseTo(0.65, 1);
    expect(
      share(messages.filter(({ contract }) => contract === 'stat' || contract === 'talk').length),
    ).toBeCloseTo(1 - FIGURES.nonUrgent, 2);
    const hour = (at: number): number => (at - startMs) / 3_600_000;
    expect(share(messages.filter(({ at }) => hour(at) >= 8 && hour(at) < 18).length)).toBeCloseTo(
      FIGURES.from8To18,
      1,
    );
  });

  it('drops no baton over the night in which clocks change', { timeout: 120_000 }, () => {
    const seed = 7;
    const report = reportOn(runHospital({ seed, days: 2, scale: 0.06 }));
    console.info(`seed ${seed}\n${printReport(report)}`);
    expect(report.dropped).toBe(0);
    expect(report.unlike).toBe(0);
    const all = report.rows.reduce((sum, { batons }) => sum + batons, 0);
    expect(all).toBeGreaterThan(1000);
    // With people who forget, but go on being asked, everything ends.
    expect(report.rows.reduce((sum, { answered, closed }) => sum + answered + closed, 0)).toBe(all);
    expect(report.rows.every(({ steps }) => steps > 0)).toBe(true);
    expect(report.counts.wentOffDuty).toBeGreaterThan(50);
  });

  it('is the same for the same seed', () => {
    const run = (seed: number): string => printReport(reportOn(runHospital({ seed, days: 1, scale: 0.02 })));
    expect(run(11)).toBe(run(11));
    expect(run(11)).not.toBe(run(12));
  });
});
