import type { AuditRow } from '@baton/client';
import { useCallback, useRef, useState } from 'react';
import { useSession } from '../../design/session/session-context.tsx';
import { useAction } from '../../design/session/use-action.ts';

const PAGE = 100;

export interface AuditTrailState {
  readonly rows: readonly AuditRow[];
  readonly size: number;
  /** All pages so far; null before the first. */
  readonly verified: boolean | null;
  readonly busy: boolean;
  readonly failure: string | null;
  /** Fetches the next older page. */
  readonly load: () => void;
}

export function useAuditTrail(): AuditTrailState {
  const { audit } = useSession();
  const { run, busy, failure } = useAction();
  const [rows, setRows] = useState<readonly AuditRow[]>([]);
  const [size, setSize] = useState(0);
  const [verified, setVerified] = useState<boolean | null>(null);
  const oldest = useRef<number | null>(null);
  const load = useCallback(() => {
    void run(async () => {
      const page = await audit.page({ before: oldest.current, limit: PAGE });
      oldest.current = page.rows.at(-1)?.n ?? oldest.current;
      setRows((known) => [...known, ...page.rows]);
      setSize(page.size);
      setVerified((sofar) => (sofar ?? true) && page.verified);
    });
  }, [audit, run]);
  return { rows, size, verified, busy, failure, load };
}
