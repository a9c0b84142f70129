import type { Owner } from '@baton/client';
import type { OwnerId } from '@baton/kernel';
import { useState } from 'react';
import { OwnerPicker } from '../../design/batons/owner-picker.tsx';
import { useSession } from '../../design/session/session-context.tsx';
import { useLive } from '../../design/session/use-live.ts';
import style from './texting.module.css';

/** Who answers, with what for above it. */
export function OwnerField({
  label,
  owner,
  onChange,
}: {
  readonly label: string;
  readonly owner: OwnerId;
  readonly onChange: (owner: OwnerId) => void;
}) {
  const { duty } = useSession();
  useLive(duty.queues);
  const [picking, setPicking] = useState(false);
  const chosen: Owner | null = picking ? null : duty.owner(owner);
  return (
    <div className={style['owner']}>
      {/* The picker says it to screen readers itself. */}
      <span className={style['label']} aria-hidden="true">
        {label}
      </span>
      <OwnerPicker
        label={label}
        chosen={chosen}
        onChange={(next) => {
          setPicking(next === null);
          if (next !== null) onChange(next.id);
        }}
      />
    </div>
  );
}
