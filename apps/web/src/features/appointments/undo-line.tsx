import { Button } from '@mantine/core';
import { Trans } from '@lingui/react/macro';
import { IconCircleCheck } from '@tabler/icons-react';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import { after } from '../../design/session/after.ts';
import { useAnnouncer } from '../../design/session/live-region.tsx';
import { useAction } from '../../design/session/use-action.ts';
import style from './appointments.module.css';

const UNDO_MS = 8000;

interface Done {
  readonly text: string;
  readonly undo: () => Promise<unknown>;
}

export type OfferUndo = (text: string, undo: () => Promise<unknown>) => void;

/** After a change that is easily a slip: what was done, and a way back. Its time stops while the pointer or the focus rests there (WCAG 2.2.1). */
export function useUndo(): { readonly offer: OfferUndo; readonly line: ReactNode } {
  const { say } = useAnnouncer();
  const [done, setDone] = useState<(Done & { readonly at: number }) | null>(null);
  const count = useRef(0);
  const offer = useCallback<OfferUndo>(
    (text, undo) => {
      count.current += 1;
      setDone({ text, undo, at: count.current });
      say(text);
    },
    [say],
  );
  const gone = useCallback(() => setDone(null), []);
  return { offer, line: done && <UndoLine key={done.at} done={done} onGone={gone} /> };
}

function UndoLine({ done, onGone }: { readonly done: Done; readonly onGone: () => void }) {
  const action = useAction();
  const [resting, setResting] = useState(false);
  useEffect(() => (resting ? undefined : after(UNDO_MS, onGone)), [resting, onGone]);
  return (
    <div
      className={style['undo']}
      onPointerEnter={() => setResting(true)}
      onPointerLeave={() => setResting(false)}
      onFocus={() => setResting(true)}
      onBlur={() => setResting(false)}
    >
      <IconCircleCheck size={18} stroke={1.8} aria-hidden="true" />
      <span>{action.failure ?? done.text}</span>
      <Button
        size="compact-sm"
        variant="subtle"
        loading={action.busy}
        onClick={() => void action.run(done.undo).then((ok) => ok && onGone())}
      >
        <Trans>Undo</Trans>
      </Button>
    </div>
  );
}
