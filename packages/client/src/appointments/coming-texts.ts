import { planReminders, type ReminderReach } from '@baton/clinical';
import type { TimestampMs } from '@baton/kernel';
import { planTextTime, sendingHours } from '@baton/policy';
import type { Appointment, ReminderRecord, ReminderSettings, TextingSettings } from '@baton/wire';
import type { ComingText } from '../api/appointments.ts';
import type { Chart } from '../api/care.ts';

/**
 * What the reminders assistant would say to a patient, as things stand now: the same plan by the same rules. Not what it will say: the cap on texts, an answer
 * or a change of the visit may still move or end it.
 */
export function comingTexts(input: {
  readonly settings: ReminderSettings;
  readonly visits: readonly Appointment[];
  readonly recordOf: (appointment: string) => ReminderRecord | null;
  readonly chart: Pick<Chart, 'reach' | 'optedOut' | 'consentFor'>;
  readonly texting: TextingSettings;
  readonly nowMs: TimestampMs;
}): readonly ComingText[] {
  const { settings, visits, recordOf, chart, texting, nowMs } = input;
  const { reach } = chart;
  if (!reach) return [];
  const records = new Map(
    visits.flatMap(({ id }) => {
      const record = recordOf(id);
      return record ? [[id, record] as const] : [];
    }),
  );
  const hours = sendingHours(texting.quiet);
  const planned = planReminders({
    settings,
    visits,
    records,
    reach: reachOf(chart, reach),
    quiet: {
      goesAt: (wantedMs, mayMoveEarlier) =>
        planTextTime({ timeZone: reach.timeZone, wantedMs, nowMs, hours, mayMoveEarlier }),
    },
    nowMs,
    risk: ({ id }) => records.get(id)?.score ?? null,
  });
  return planned
    .filter(({ score }) => score?.arm !== 'usual')
    .map(({ step, appointments, atMs }) => ({
      step,
      appointments: appointments.map(({ id }) => id),
      at: atMs,
    }));
}

function reachOf(
  chart: Pick<Chart, 'optedOut' | 'consentFor'>,
  { deceased, doNotContact, channel, people, language }: NonNullable<Chart['reach']>,
): ReminderReach {
  return {
    deceased,
    doNotContact,
    optedOut: chart.optedOut?.out === true,
    channel,
    hasPage: people.some(({ ended }) => !ended),
    language,
    mayAsk: chart.consentFor('check-ins') !== null || chart.consentFor('outreach') !== null,
    cap: null,
  };
}
