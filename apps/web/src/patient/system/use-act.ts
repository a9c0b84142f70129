import { useRef, useState } from 'preact/hooks';
import type { ErrorCode } from '@baton/wire';
import { codeOf, type FailKey, failureText } from '../texts/failure-text.ts';
import { useTexts } from '../texts/use-texts.ts';

export interface Act {
  readonly busy: boolean;
  /** What to tell the person about the last failure; null after a success. */
  readonly failure: string | null;
  clear(): void;
  /** Does the work unless it is being done; answers whether it succeeded. */
  run(work: () => Promise<unknown>): Promise<boolean>;
}

/** One thing that a person does: busy while it runs, a sentence when it fails; `closer` has better ones for some codes. */
export function useAct(closer: Readonly<Partial<Record<ErrorCode, FailKey>>> = {}): Act {
  const { t } = useTexts();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const running = useRef(false);
  const textOf = (caught: unknown): FailKey => {
    const code = codeOf(caught);
    return (code === null ? undefined : closer[code]) ?? failureText(caught);
  };
  return {
    busy,
    failure: error === null ? null : t(textOf(error)),
    clear: () => setError(null),
    async run(work) {
      if (running.current) return false;
      running.current = true;
      setBusy(true);
      setError(null);
      try {
        await work();
        return true;
      } catch (caught) {
        setError(caught ?? new Error('no reason'));
        return false;
      } finally {
        running.current = false;
        setBusy(false);
      }
    },
  };
}
