import { whyUnreached } from '@baton/clinical';
import type { TimestampMs } from '@baton/kernel';
import type { Appointment, TextingSettings } from '@baton/wire';
import type { WhyUnreached } from '../api/appointments.ts';
import type { Chart } from '../api/care.ts';
import { privacyOf, reachOf } from './coming-texts.ts';

/**
 * Why what the reminders assistant says of a visit (null: of none that there is yet) does not reach the patient, or reaches them only as "a message waits";
 * null: it does reach them.
 */
export function unreachedBy(
  visit: Pick<Appointment, 'shareable'> | null,
  input: {
    readonly chart: Pick<Chart, 'reach' | 'optedOut' | 'consentFor'>;
    readonly texting: Pick<TextingSettings, 'confidentialFromAge'>;
    readonly nowMs: TimestampMs;
  },
): WhyUnreached | null {
  const { chart, texting, nowMs } = input;
  const { reach } = chart;
  if (reach === null) return 'no-conversation';
  const isPrivate = privacyOf(reach, texting, nowMs)(visit ?? {});
  const why = whyUnreached(reachOf(chart, reach, isPrivate), chart.consentFor('reminders') !== null);
  // Whom nothing may be said to needs no conversation.
  if (why === 'deceased' || why === 'do-not-contact' || why === 'opted-out') return why;
  const place = isPrivate ? reach.confidential : reach.conversation;
  if (place === null) return isPrivate ? 'private' : 'no-conversation';
  return why !== null && isPrivate ? 'private' : why;
}
