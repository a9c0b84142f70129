import { useLingui } from '@lingui/react';
import { useCallback, useRef, useState } from 'react';
import { failureSentence, isFailure } from '../words/error-sentences.ts';

export interface Action {
  readonly busy: boolean;
  /** The sentence of the last failure; null after a success. */
  readonly failure: string | null;
  /** Its code; null for what the catalogue does not know. */
  readonly code: string | null;
  readonly clear: () => void;
  /** Runs the work unless it runs already; true when it succeeded. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
}

/** One thing a person does: busy while it runs, a sentence when it fails. */
export function useAction(): Action {
  const { i18n } = useLingui();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<{ readonly sentence: string; readonly code: string | null } | null>(
    null,
  );
  const running = useRef(false);

  const clear = useCallback(() => setProblem(null), []);
  const run = useCallback(
    async (work: () => Promise<unknown>) => {
      if (running.current) return false;
      running.current = true;
      setBusy(true);
      setProblem(null);
      try {
        await work();
        return true;
      } catch (error) {
        setProblem({
          sentence: failureSentence(error, i18n),
          code: isFailure(error) ? error.code : null,
        });
        return false;
      } finally {
        running.current = false;
        setBusy(false);
      }
    },
    [i18n],
  );
  return { busy, failure: problem?.sentence ?? null, code: problem?.code ?? null, clear, run };
}
