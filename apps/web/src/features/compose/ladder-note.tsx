import type { LadderPreview, Owner } from '@baton/client';
import type { OwnerId } from '@baton/kernel';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconLock } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useNow, useTimeFrame } from '../../design/session/frame-context.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import { dueTime } from '../../design/words/span-words.ts';
import style from './ask-panel.module.css';
import type { Asking } from './use-ask.ts';

const TICK_MS = 60_000;

/** To whom the ladder can hand this message, and when: the sender knows before sending. */
export function LadderNote({ asking }: { readonly asking: Asking }) {
  const { t } = useLingui();
  const session = useSession();
  const now = useNow(TICK_MS);
  const frame = useTimeFrame();
  // Who is on duty changes under way.
  const roles = useLive(session.duty.roles);
  const { contract, withinMs, owners } = asking;
  const asked = owners.map(({ id }) => id).join(' ');
  const { steps, nobody } = useMemo(() => {
    if (contract === 'fyi' || roles.length === 0) return { steps: [], nobody: [] };
    const previews = asked
      .split(' ')
      .filter((id) => id !== '')
      .flatMap((id) => session.duty.preview({ to: id as OwnerId, contract, withinMs, at: now }).steps);
    return { steps: beyond(previews, asked), nobody: previews.filter(({ empty }) => empty) };
  }, [session, roles, contract, withinMs, asked, now]);
  const off = nobody.find(({ target }) => owners.some(({ id }) => id === target.id));
  const offName = off?.target.name ?? '';
  return (
    <>
      {off !== undefined && (
        <p className={style['nobody']}>{t`Nobody is on duty for ${offName}: the ladder goes on at once.`}</p>
      )}
      {steps.length > 0 && (
        <p className={style['readers']}>
          <IconLock size={13} stroke={2} aria-hidden="true" />
          <span>
            <Trans>Can be read through the ladder by:</Trans>{' '}
            {steps.map((step, index) => (
              <span key={step.target.id}>
                {index > 0 && ', '}
                <b>{step.target.name}</b> {behind(step)}
                <span className={style['when']}>{t`from ${dueTime(step.at, now, frame)}`}</span>
              </span>
            ))}
          </span>
        </p>
      )}
    </>
  );
}

/** Each target once, at the first time it would be reached; the addressed ones read it anyway. */
function beyond(steps: readonly LadderPreview[], asked: string): readonly LadderPreview[] {
  const first = new Map<string, LadderPreview>();
  for (const step of steps.toSorted((a, b) => a.at - b.at)) {
    if (!asked.includes(step.target.id) && !first.has(step.target.id)) first.set(step.target.id, step);
  }
  return [...first.values()];
}

function behind(step: { readonly target: Owner; readonly reaches: LadderPreview['reaches'] }): string {
  const names = step.reaches.map(({ name }) => name).filter((name) => name !== step.target.name);
  return names.length === 0 ? '' : `(${names.join(', ')}) `;
}
