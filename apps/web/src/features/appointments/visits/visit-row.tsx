import type { Visit, WhyUnreached } from '@baton/client';
import { Trans, useLingui } from '@lingui/react/macro';
import {
  IconAlertTriangle,
  IconChevronDown,
  IconCopy,
  IconMessageForward,
  IconMessageOff,
} from '@tabler/icons-react';
import { useId } from 'react';
import { useTimeFrame } from '../../../design/session/frame-context.tsx';
import { useNow } from '../../../design/session/frame-context.tsx';
import { useSession } from '../../../design/session/session-context.tsx';
import { clockTime } from '../../../design/words/time-words.ts';
import type { OfferUndo } from '../undo-line.tsx';
import { UNREACHED_WORDS } from '../unreached-words.ts';
import { StandingMark } from '../../../design/visits/standing-mark.tsx';
import { useTexts } from './use-texts.ts';
import { VisitDetail } from './visit-detail.tsx';
import { needsHand } from '../../../design/visits/standing.ts';
import { whenWords } from './when-words.ts';
import { joinWords } from '../../../design/words/join-words.ts';
import style from './visits.module.css';

export interface VisitRowProps {
  readonly visit: Visit;
  /** Why reminders do not reach the patient; null: they do, or none is due. */
  readonly unreached: WhyUnreached | null;
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly offer: OfferUndo;
}

/** One visit: when, who, what for, what the patient answered, what was and will be said. Opens in place. */
export function VisitRow({ visit, unreached, open, onToggle, offer }: VisitRowProps) {
  const { t } = useLingui();
  const detailId = useId();
  const { locale } = useTimeFrame();
  const { appointment, patient } = visit;
  const frame = { locale, timeZone: appointment.timeZone };
  const start = clockTime(appointment.start, frame);
  const name = patient ?? t`Patient not known here`;
  return (
    <li className={style['item']} data-open={open || undefined}>
      <button
        type="button"
        className={style['row']}
        aria-expanded={open}
        aria-controls={open ? detailId : undefined}
        onClick={onToggle}
      >
        <time className={style['time']} dateTime={new Date(appointment.start).toISOString()}>
          {start}
        </time>
        <span className={style['who']}>
          <b data-unknown={patient === null || undefined}>{name}</b>
          <span className={style['what']}>
            {joinWords([appointment.service.text, appointment.practitioner?.text, appointment.location])}
          </span>
        </span>
        <span className={style['mark']}>
          <StandingMark visit={appointment} />
        </span>
        <TextsSummary visit={visit} unreached={unreached} />
        <IconChevronDown size={18} stroke={1.7} aria-hidden="true" className={style['chevron'] ?? ''} />
      </button>
      {open && (
        <div id={detailId} className={style['detail']}>
          <VisitDetail visit={visit} unreached={unreached} offer={offer} />
        </div>
      )}
    </li>
  );
}

/** In one line: the last text that went, or the next that goes. A visit that a person has to enter elsewhere says so instead. */
function TextsSummary({
  visit,
  unreached,
}: {
  readonly visit: Visit;
  readonly unreached: WhyUnreached | null;
}) {
  const { t, i18n } = useLingui();
  const { locale } = useTimeFrame();
  const now = useNow();
  const { sent, coming } = useTexts(visit);
  const frame = { locale, timeZone: visit.appointment.timeZone };
  const { appointments } = useSession();
  if (appointments.twinOf(visit.appointment.id) !== null)
    return (
      <span className={style['summary']} data-hand>
        <IconCopy size={16} stroke={1.8} aria-hidden="true" />
        <Trans>Twice on the list?</Trans>
      </span>
    );
  if (needsHand(visit))
    return (
      <span className={style['summary']} data-hand>
        <IconAlertTriangle size={16} stroke={1.8} aria-hidden="true" />
        <Trans>Enter by hand</Trans>
      </span>
    );
  if (unreached !== null)
    return (
      <span className={style['summary']} data-hand>
        <IconMessageOff size={16} stroke={1.8} aria-hidden="true" />
        {i18n._(UNREACHED_WORDS[unreached].short)}
      </span>
    );
  const last = sent.at(-1);
  const [next] = coming;
  const lastText = last === undefined ? null : t`sent ${whenWords(last.at, now, frame)}`;
  const nextText = next === undefined ? null : t`next ${whenWords(next.at, now, frame)}`;
  const words = [lastText, nextText].filter((part) => part !== null);
  if (words.length === 0) return <span className={style['summary']} />;
  return (
    <span className={style['summary']}>
      <IconMessageForward size={16} stroke={1.7} aria-hidden="true" />
      {words.join(' · ')}
    </span>
  );
}
