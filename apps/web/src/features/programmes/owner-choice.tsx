import type { OwnerId } from '@baton/kernel';
import { Button } from '@mantine/core';
import { Trans } from '@lingui/react/macro';
import { useMemo, useState } from 'react';
import { OwnerPicker } from '../../design/batons/owner-picker.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import style from './programmes.module.css';

/** Somebody who may be named, or nobody: the search opens only for who wants to name one. */
export function OwnerChoice({
  label,
  owner,
  none,
  onChange,
}: {
  readonly label: string;
  readonly owner: OwnerId | null;
  /** What nobody means here. */
  readonly none: string;
  readonly onChange: (owner: OwnerId | null) => void;
}) {
  const { duty } = useSession();
  const queues = useLive(duty.queues);
  const [picking, setPicking] = useState(false);
  // Queues first: somebody stands behind them at any hour.
  const staffed = useMemo(
    () => queues.flatMap(({ queue, active }) => (active ? (duty.owner(queue) ?? []) : [])),
    [queues, duty],
  );
  const chosen = owner === null ? null : duty.owner(owner);
  return (
    <div className={style['owner']}>
      <span className={style['owner-label']}>{label}</span>
      {chosen === null && !picking ? (
        <p className={style['owner-none']}>
          <span className={style['quiet']}>{none}</span>
          <Button size="compact-sm" variant="default" onClick={() => setPicking(true)}>
            <Trans>Choose…</Trans>
          </Button>
        </p>
      ) : (
        <OwnerPicker
          label={label}
          chosen={chosen}
          suggested={staffed}
          focusFirst={picking}
          onChange={(next) => {
            setPicking(false);
            onChange(next?.id ?? null);
          }}
        />
      )}
    </div>
  );
}
