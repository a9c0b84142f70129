import type { Visit, WhyUnreached } from '@baton/client';
import { useMemo } from 'react';
import { useNow } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import { standingOf } from '../../../design/visits/standing.ts';

const TO_COME: ReadonlySet<string> = new Set(['confirmed', 'unconfirmed', 'other-time']);

/** Of visits to come, those whose reminders do not reach the patient, by id; empty while reminders are off. */
export function useUnreached(visits: readonly Visit[]): ReadonlyMap<string, WhyUnreached> {
  const { appointments, care } = useSession();
  const settings = useLive(appointments.settings);
  // Conversations, consents and numbers change what reaches whom.
  const threads = useLive(care.threads);
  const now = useNow(60_000);
  return useMemo(() => {
    const found = new Map<string, WhyUnreached>();
    if (!settings?.on || threads === null) return found;
    for (const { appointment } of visits) {
      const isToCome = appointment.start > now && TO_COME.has(standingOf(appointment, now));
      if (!isToCome || appointment.ref === null) continue;
      const why = appointments.unreached(appointment.ref, appointment);
      if (why !== null) found.set(appointment.id, why);
    }
    return found;
  }, [appointments, settings, threads, visits, now]);
}
