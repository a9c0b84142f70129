import { useCallback } from 'react';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';

/** How the practice calls a patient. */
export function useNameOf(): (ref: string) => string {
  const { patients } = useSession();
  const { updatedAt } = useLive(patients.state);
  return useCallback(
    (ref) => {
      const record = updatedAt === null ? null : patients.read(ref);
      return record === null ? ref : [...record.given, record.family].join(' ');
    },
    [patients, updatedAt],
  );
}
