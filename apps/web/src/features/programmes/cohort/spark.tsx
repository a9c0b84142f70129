import { dateOf, dayNumber } from '@baton/clinical';
import type { EnrolledPatient } from '@baton/client';
import type { CheckInRun } from '@baton/wire';
import { useLingui } from '@lingui/react/macro';
import { useNow, useTimeFrame } from '../../../design/session/frame-context.tsx';
import { dayKey } from '../../../design/words/time-words.ts';
import { BAND_NAMES, OUTCOME_NAMES } from '../words.ts';
import style from '../programmes.module.css';

const DAYS = 14;

type Mark = 'green' | 'amber' | 'red' | 'silent' | 'none';

/** The last two weeks, a mark a day: the worst answer, silence, or nothing. Height and letter say what the colour says. */
export function Spark({ line }: { readonly line: EnrolledPatient }) {
  const { i18n } = useLingui();
  const now = useNow(60_000);
  const frame = useTimeFrame();
  const last = dayNumber(dayKey(now, frame)) ?? 0;
  const days = Array.from({ length: DAYS }, (_, index) => dateOf(last - DAYS + 1 + index));
  const marks = days.map((date) => worstOf(line.runs.filter((run) => run.date === date)));
  const words = { ...BAND_NAMES, silent: OUTCOME_NAMES.silent };
  const said = marks
    .flatMap((mark, index) => (mark === 'none' ? [] : [`${days[index]}: ${i18n._(words[mark])}`]))
    .join(', ');
  return (
    <span className={style['spark']} role="img" aria-label={said === '' ? '–' : said} title={said}>
      {marks.map((mark, index) => (
        <span key={days[index]} data-mark={mark} />
      ))}
    </span>
  );
}

const RANK: readonly Mark[] = ['none', 'green', 'silent', 'amber', 'red'];

function worstOf(runs: readonly Pick<CheckInRun, 'band' | 'outcome'>[]): Mark {
  return runs.reduce<Mark>((worst, { band, outcome }) => {
    const mark: Mark = band ?? (outcome === 'silent' ? 'silent' : outcome === 'advised' ? 'green' : 'none');
    return RANK.indexOf(mark) > RANK.indexOf(worst) ? mark : worst;
  }, 'none');
}
