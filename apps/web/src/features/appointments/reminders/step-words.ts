import type { ReminderStep } from '@baton/wire';
import { plural } from '@lingui/core/macro';
import { useLingui } from '@lingui/react/macro';

const HOUR = 60;
const DAY = 24 * HOUR;

export type StepWords = (step: Pick<ReminderStep, 'kind' | 'anchor' | 'minutes'>) => string;

/** How a step is called: when it goes and what it is. */
export function useStepWords(): StepWords {
  const { t } = useLingui();
  return ({ kind, anchor, minutes }) => {
    const span = spanOf(minutes);
    if (kind === 'no-show') return minutes === 0 ? t`After a no-show` : t`${span} after a no-show`;
    if (kind === 'thanks') return minutes === 0 ? t`Thanks after the visit` : t`Thanks, ${span} after`;
    if (kind === 'survey') return minutes === 0 ? t`Question after the visit` : t`Question, ${span} after`;
    if (anchor === 'booking') return minutes === 0 ? t`On booking` : t`${span} after booking`;
    return t`${span} before`;
  };
}

function spanOf(minutes: number): string {
  if (minutes >= 7 * DAY && minutes % (7 * DAY) === 0)
    return plural(minutes / (7 * DAY), { one: '# week', other: '# weeks' });
  if (minutes >= DAY && minutes % DAY === 0) return plural(minutes / DAY, { one: '# day', other: '# days' });
  if (minutes >= HOUR && minutes % HOUR === 0)
    return plural(minutes / HOUR, { one: '# hour', other: '# hours' });
  return plural(minutes, { one: '# minute', other: '# minutes' });
}
