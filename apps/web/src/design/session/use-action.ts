import { useLingui } from '@lingui/react';
import { useCallback, useRef, useState } from 'react';
import { type ProvePresence, useProvePresence } from './step-up-context.ts';
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
  const prove = useProvePresence();
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
        await withProof(work, prove);
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
    [i18n, prove],
  );
  return { busy, failure: problem?.sentence ?? null, code: problem?.code ?? null, clear, run };
}

/** Does the work; where the server wants a fresh proof of presence, asks for it and does it again. */
async function withProof(work: () => Promise<unknown>, prove: ProvePresence): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!isFailure(error) || error.code !== 'auth.step_up') throw error;
    await prove();
    await work();
  }
}
