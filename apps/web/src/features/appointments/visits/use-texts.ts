import type { ComingText, Visit } from '@baton/client';
import type { ReminderRecord } from '@baton/wire';
import { useMemo } from 'react';
import { useNow } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';

type Said = ReminderRecord['steps'][number];

/** What was said about a visit, by time, and what would be said next. What spoke of another time of the visit counts as said. */
export function useTexts(visit: Visit): {
  readonly sent: readonly Said[];
  readonly skipped: readonly Said[];
  readonly coming: readonly ComingText[];
} {
  const { appointments } = useSession();
  const settings = useLive(appointments.settings);
  // The plan follows from the clock too.
  const now = useNow(60_000);
  const { appointment, record } = visit;
  return useMemo(() => {
    const steps = (record?.steps ?? []).toSorted((a, b) => a.at - b.at);
    const planned =
      appointment.ref === null || !settings?.on || now === 0 ? [] : appointments.coming(appointment.ref);
    return {
      sent: steps.filter(({ state }) => state === 'sent'),
      skipped: steps.filter(({ state }) => state === 'skipped'),
      coming: planned.filter(({ appointments: ids }) => ids.includes(appointment.id)),
    };
  }, [appointments, appointment, record, settings, now]);
}
