import type { Slot } from '@baton/wire';
import { Radio } from '@mantine/core';
import { Trans, useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { useLive } from '../../../design/session/use-live.ts';
import { foldText } from '../../../design/words/fold-text.ts';
import { clockTime, dayTitle } from '../../../design/words/time-words.ts';
import { joinWords } from '../../../design/words/join-words.ts';
import style from '../appointments.module.css';

const SHOWN = 6;
const ANOTHER = 'another';

/** Free times of a service that can be booked now, and "another time". */
export function SlotChoice({
  service,
  chosen,
  patientRef,
  onChange,
}: {
  readonly service: string;
  readonly chosen: string | null;
  /** Times that are held for this patient can be had too. */
  readonly patientRef: string | null;
  readonly onChange: (slot: string | null) => void;
}) {
  const { t } = useLingui();
  const { appointments } = useSession();
  const slots = useLive(appointments.slots);
  const now = useNow();
  const [all, setAll] = useState(false);
  const words = foldText(service).trim();
  if (words === '') return null;
  const open = slots.filter(
    (slot) =>
      slot.start > now && foldText(slot.service.text).trim() === words && isFree(slot, patientRef, now),
  );
  if (open.length === 0)
    return (
      <p className={style['quiet']}>
        <Trans>No free time for this is on the list. Say when below.</Trans>
      </p>
    );
  const shown = all ? open : open.slice(0, SHOWN);
  return (
    <Radio.Group
      label={t`When`}
      value={chosen ?? ANOTHER}
      onChange={(value) => onChange(value === ANOTHER ? null : value)}
    >
      <div className={style['slot-choices']}>
        {shown.map((slot) => (
          <SlotRadio key={slot.id} slot={slot} />
        ))}
        {open.length > shown.length && (
          <button type="button" className={style['more']} onClick={() => setAll(true)}>
            {t`${open.length - shown.length} more free times`}
          </button>
        )}
        <Radio value={ANOTHER} label={t`Another time`} />
      </div>
    </Radio.Group>
  );
}

function SlotRadio({ slot }: { readonly slot: Slot }) {
  const { locale } = useTimeFrame();
  const now = useNow();
  const frame = { locale, timeZone: slot.timeZone };
  const with_ = joinWords([slot.practitioner?.text, slot.location]);
  return (
    <Radio
      value={slot.id}
      label={`${dayTitle(slot.start, now, frame)}, ${clockTime(slot.start, frame)}`}
      description={with_ === '' ? undefined : with_}
    />
  );
}

export function isFree({ state, holder }: Slot, patientRef: string | null, now: number): boolean {
  if (state === 'free') return true;
  if (state !== 'held' || holder === null) return false;
  return (holder.until !== null && holder.until <= now) || (patientRef !== null && holder.ref === patientRef);
}
