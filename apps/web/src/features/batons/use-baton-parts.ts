import { useMemo } from 'react';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { type BatonParts, sortBatons } from './sort-batons.ts';

export function useBatonParts(): BatonParts {
  const { batons } = useSession();
  const owe = useLive(batons.owe);
  const waiting = useLive(batons.waiting);
  const escalated = useLive(batons.escalated);
  const ended = useLive(batons.ended);
  return useMemo(() => sortBatons({ owe, waiting, escalated, ended }), [owe, waiting, escalated, ended]);
}
