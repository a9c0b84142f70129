import type { Appointment } from '@baton/wire';
import { useLingui } from '@lingui/react';
import {
  IconCalendarOff,
  IconCalendarQuestion,
  IconCircleCheck,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconClockEdit,
  IconDoorEnter,
  IconUserX,
} from '@tabler/icons-react';
import { useNow } from '../session/frame-context.tsx';
import style from './standing-mark.module.css';
import { type Standing, standingOf } from './standing.ts';
import { STANDING_WORDS } from './visit-words.ts';

const ICONS = {
  confirmed: IconCircleCheckFilled,
  unconfirmed: IconCircleDashed,
  'other-time': IconClockEdit,
  here: IconDoorEnter,
  done: IconCircleCheck,
  cancelled: IconCalendarOff,
  'cancelled-by-patient': IconCalendarOff,
  missed: IconUserX,
  proposed: IconCalendarQuestion,
  unclosed: IconCalendarQuestion,
} as const satisfies Readonly<Record<Standing, unknown>>;

/** Where a visit stands: shape and word, the colour only besides. */
export function StandingMark({ visit }: { readonly visit: Pick<Appointment, 'status' | 'answer' | 'end'> }) {
  const { i18n } = useLingui();
  const standing = standingOf(visit, useNow());
  const Icon = ICONS[standing];
  return (
    <span className={style['standing']} data-standing={standing}>
      <Icon size={17} stroke={1.8} aria-hidden="true" />
      {i18n._(STANDING_WORDS[standing])}
    </span>
  );
}
