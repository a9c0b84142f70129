import type { Baton, DutyRow } from '@baton/client';
import { Checkbox, TextInput } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { IconCheck, IconLoader2 } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { BatonClock } from '../../design/batons/baton-clock.tsx';
import { openerName } from '../../design/batons/baton-words.ts';
import { ContractMark } from '../../design/batons/contract-mark.tsx';
import { Face } from '../../design/primitives/face.tsx';
import { useNow, useTimeFrame } from '../../design/session/frame-context.tsx';
import { dueTime } from '../../design/words/span-words.ts';
import style from './hand-over.module.css';
import type { HandOver, ItemState } from './use-hand-over.ts';

/** One baton to hand over: ticked, with a note of its own. */
export function BatonItem({
  baton,
  goesWith,
  handOver,
}: {
  readonly baton: Baton;
  /** It belongs to a role that goes as well, and needs no hand-over of its own. */
  readonly goesWith: string | null;
  readonly handOver: HandOver;
}) {
  const { t } = useLingui();
  const { id } = baton;
  const opener = openerName(baton) ?? t`An outside system`;
  const what = baton.text ?? t`Not readable on this device`;
  const state = handOver.states[id];
  const on = !handOver.left.has(id);
  const offeredTo = baton.offer?.to.name ?? null;
  return (
    <li className={style['item']} data-off={!on || undefined}>
      <Checkbox
        className={style['tick']}
        checked={on}
        disabled={state === 'done' || handOver.running}
        onChange={() => handOver.toggle(id)}
        aria-label={t`Hand over: ${opener}, ${what}`}
      />
      <div className={style['item-main']}>
        <p className={style['item-head']}>
          <ContractMark contract={baton.contract} />
          <b>{opener}</b>
          <BatonClock baton={baton} />
        </p>
        <p className={style['what']}>{what}</p>
        {offeredTo !== null && state === undefined && (
          <p
            className={style['quiet']}
          >{t`Offered to ${offeredTo} already; handing it over here replaces that.`}</p>
        )}
        {goesWith !== null && state === undefined && (
          <p className={style['quiet']}>{t`Goes with the role ${goesWith}.`}</p>
        )}
        {on && goesWith === null && state === undefined && (
          <TextInput
            size="xs"
            aria-label={t`Note about ${opener}: ${what}`}
            placeholder={t`Add a note`}
            maxLength={400}
            value={handOver.notes[id] ?? ''}
            onChange={(event) => handOver.setNoteOf(id, event.currentTarget.value)}
          />
        )}
        <StateLine state={state} done={<Trans>Offered, waits to be accepted</Trans>} />
      </div>
    </li>
  );
}

/** A role that I hold: who comes next, and until when it is mine. */
export function RoleItem({
  row,
  enabled,
  handOver,
}: {
  readonly row: DutyRow;
  readonly enabled: boolean;
  readonly handOver: HandOver;
}) {
  const { t } = useLingui();
  const now = useNow(60_000);
  const frame = useTimeFrame();
  const { id, name } = row.role;
  const next = row.next[0]?.name ?? null;
  const until = row.until === null ? null : dueTime(row.until, now, frame);
  const state = handOver.states[id];
  const on = enabled && !handOver.left.has(id);
  return (
    <li className={style['item']} data-off={!on || undefined}>
      <Checkbox
        className={style['tick']}
        checked={on}
        disabled={!enabled || state === 'done' || handOver.running}
        onChange={() => handOver.toggle(id)}
        aria-label={t`Hand over the role ${name}`}
      />
      <Face member={row.role} />
      <div className={style['item-main']}>
        <p>
          <b>{name}</b>
        </p>
        <p className={style['quiet']}>
          {until !== null && next !== null
            ? t`Yours until ${until}, then ${next} by the schedule`
            : until !== null
              ? t`Yours until ${until}`
              : t`Yours until somebody changes it`}
        </p>
        <StateLine state={state} done={<Trans>Handed over</Trans>} />
      </div>
    </li>
  );
}

function StateLine({ state, done }: { readonly state: ItemState | undefined; readonly done: ReactNode }) {
  if (state === undefined || state === 'waiting') return null;
  if (state === 'busy') {
    return (
      <p className={style['state']}>
        <IconLoader2 size={15} stroke={2} aria-hidden="true" />
        <Trans>Handing over</Trans>
      </p>
    );
  }
  if (state === 'done') {
    return (
      <p className={style['state']} data-done>
        <IconCheck size={15} stroke={2.4} aria-hidden="true" />
        {done}
      </p>
    );
  }
  return (
    <p className={style['state']} data-failed role="alert">
      {state.failure}
    </p>
  );
}
