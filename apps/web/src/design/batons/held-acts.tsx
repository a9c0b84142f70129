import type { BatonId } from '@baton/kernel';
import { Button } from '@mantine/core';
import { Trans } from '@lingui/react/macro';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { after } from '../session/after.ts';
import { useAnnouncer } from '../session/live-region.tsx';
import { useAction } from '../session/use-action.ts';
import style from './held-acts.module.css';

const HOLD_MS = 5000;

/** Something that is done in five seconds unless it is taken back. */
export interface HeldAct {
  readonly baton: BatonId;
  /** "Handed over to Dr. Jin Park." */
  readonly sentence: string;
  readonly run: () => Promise<unknown>;
}

interface HeldActs {
  readonly held: ReadonlySet<BatonId>;
  readonly hold: (act: HeldAct) => void;
}

const HeldActsContext = createContext<HeldActs>({ held: new Set(), hold: () => undefined });

export function useHeldActs(): HeldActs {
  return useContext(HeldActsContext);
}

/**
 * Closing and handing over wait five seconds for an undo, wherever one goes in the app meanwhile. Leaving the page does them at once: the
 * person meant them.
 */
export function HeldActKeeper({ children }: { readonly children: ReactNode }) {
  const [acts, setActs] = useState<readonly HeldAct[]>([]);
  const waiting = useRef(new Map<BatonId, HeldAct>());
  const announcer = useAnnouncer();
  const hold = useCallback(
    (act: HeldAct) => {
      waiting.current.set(act.baton, act);
      setActs((old) => [...old.filter(({ baton }) => baton !== act.baton), act]);
      announcer.say(act.sentence);
    },
    [announcer],
  );
  const drop = useCallback((act: HeldAct) => {
    waiting.current.delete(act.baton);
    setActs((old) => old.filter((other) => other !== act));
  }, []);
  const start = useCallback((act: HeldAct) => {
    waiting.current.delete(act.baton);
    return act.run();
  }, []);
  useEffect(() => {
    const { current } = waiting;
    const flush = (): void => {
      for (const act of current.values()) act.run().catch(() => undefined);
      current.clear();
    };
    window.addEventListener('pagehide', flush);
    return () => {
      window.removeEventListener('pagehide', flush);
      flush();
    };
  }, []);
  const value = useMemo<HeldActs>(
    () => ({ held: new Set(acts.map(({ baton }) => baton)), hold }),
    [acts, hold],
  );
  return (
    <HeldActsContext.Provider value={value}>
      {children}
      {acts.length > 0 && (
        <div className={style['stack']}>
          {acts.map((act) => (
            <HeldActLine key={act.baton} act={act} onStart={start} onGone={drop} />
          ))}
        </div>
      )}
    </HeldActsContext.Provider>
  );
}

function HeldActLine({
  act,
  onStart,
  onGone,
}: {
  readonly act: HeldAct;
  readonly onStart: (act: HeldAct) => Promise<unknown>;
  readonly onGone: (act: HeldAct) => void;
}) {
  const [resting, setResting] = useState(false);
  const [started, setStarted] = useState(false);
  const { run, failure } = useAction();
  useEffect(() => {
    if (resting || started) return undefined;
    return after(HOLD_MS, () => setStarted(true));
  }, [resting, started]);
  useEffect(() => {
    if (!started) return;
    void run(() => onStart(act)).then((done) => done && onGone(act));
  }, [started, run, act, onStart, onGone]);
  return (
    <div
      className={style['bar']}
      data-failed={failure !== null || undefined}
      onPointerEnter={() => setResting(true)}
      onPointerLeave={() => setResting(false)}
      onFocus={() => setResting(true)}
      onBlur={() => setResting(false)}
    >
      <span className={style['sentence']} role={failure === null ? undefined : 'alert'}>
        {failure ?? act.sentence}
      </span>
      {failure !== null ? (
        <Button size="compact-sm" variant="default" onClick={() => onGone(act)}>
          <Trans>Close</Trans>
        </Button>
      ) : (
        <Button size="compact-sm" variant="default" disabled={started} onClick={() => onGone(act)}>
          <Trans>Undo</Trans>
        </Button>
      )}
    </div>
  );
}
