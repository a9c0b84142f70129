import type { Conversation } from '@baton/client';
import type { MessageId, TimestampMs } from '@baton/kernel';
import type { PracticeCard } from '@baton/wire';
import { useCallback, useEffect, useMemo, useRef } from 'preact/hooks';
import { saveFile } from '../../media/save-file.ts';
import { Button } from '../look/button.tsx';
import { CalendarIcon, CheckIcon } from '../look/icons.tsx';
import { Sheet } from '../look/sheet.tsx';
import { briefly, promptBook } from '../prompts/prompt-book.ts';
import { after } from '../system/clock.ts';
import { useAct } from '../system/use-act.ts';
import { useLive } from '../system/use-live.ts';
import { clockText, dayText, visitDayText, visitTimesText, zoneText } from '../texts/time-texts.ts';
import { useTexts } from '../texts/use-texts.ts';
import { calendarFile, calendarUid } from './calendar-file.ts';
import { type AnswerDay, answerDays, type ShownAnswer, type ShownVisit, visitsIn } from './visit-list.ts';
import style from './visits.module.css';

/** So many pages of older messages are looked through by themselves. */
const PAGES = 3;
const RELEASE_MS = 30_000;

interface VisitsProps {
  readonly conversation: Conversation;
  readonly card: PracticeCard | null;
  readonly nowMs: () => TimestampMs;
  readonly onClose: () => void;
}

/** The patient's visits, and what was answered to check-ins day by day: all of it from the thread's own messages. */
export function VisitsSheet({ conversation, card, nowMs, onClose }: VisitsProps) {
  const { t } = useTexts();
  const timeline = useLive(conversation.timeline);
  const older = useAct();
  const pages = useRef(0);
  const now = nowMs();
  const book = useMemo(() => promptBook(timeline.items), [timeline.items]);
  const visits = useMemo(() => visitsIn(book, now), [book, now]);
  const days = useMemo(() => answerDays(book, now), [book, now]);
  const { run, busy } = older;
  const { hasOlder, loading } = timeline;
  const load = useCallback(() => void run(() => conversation.loadOlder()), [run, conversation]);
  useEffect(() => {
    if (!hasOlder || loading || busy || pages.current >= PAGES) return;
    pages.current += 1;
    load();
  }, [hasOlder, loading, busy, load]);
  const toQuestion = (id: MessageId): void => {
    onClose();
    // The thread takes the focus back first.
    after(0, () => document.querySelector(`[data-message="${id}"]`)?.scrollIntoView({ block: 'start' }));
  };
  const one = (visit: ShownVisit) => (
    <Visit key={visit.key} shown={visit} conversation={conversation.id} card={card} nowMs={nowMs} />
  );
  return (
    <Sheet title={t('visits.title')} onClose={onClose}>
      <section className={style['part']}>
        <h3>{t('visits.yours')}</h3>
        {visits.coming.length === 0 && <p className={style['quiet']}>{t('visits.none')}</p>}
        <ul className={style['visits']}>{visits.coming.map(one)}</ul>
        {visits.coming.length > 0 && <p className={style['quiet']}>{t('visits.calendarNote')}</p>}
        {visits.past.length > 0 && (
          <details className={style['past']}>
            <summary>{t('visits.past')}</summary>
            <ul className={style['visits']}>{visits.past.map(one)}</ul>
          </details>
        )}
      </section>
      <section className={style['part']}>
        <h3>{t('visits.answers')}</h3>
        {days.length === 0 && <p className={style['quiet']}>{t('visits.noAnswers')}</p>}
        {days.map((day) => (
          <Day key={day.day} day={day} nowMs={now} onAnswer={toQuestion} />
        ))}
      </section>
      {hasOlder && (
        <Button busy={busy} onClick={load}>
          {t('visits.older')}
        </Button>
      )}
    </Sheet>
  );
}

interface OneVisit {
  readonly shown: ShownVisit;
  readonly conversation: string;
  readonly card: PracticeCard | null;
  readonly nowMs: () => TimestampMs;
}

function Visit({ shown, conversation, card, nowMs }: OneVisit) {
  const texts = useTexts();
  const { t } = texts;
  const { visit, answer } = shown;
  const zone = zoneText(visit.start, visit.timeZone, texts);
  const isComing = visit.end > nowMs();
  const save = async (): Promise<void> => {
    const uid = await calendarUid(conversation, shown.key);
    const made = { uid, nowMs: nowMs(), practice: card?.name ?? '', phone: card?.phone ?? '' };
    const file = new Blob([calendarFile(shown, made)]);
    saveFile(file, t('visits.file'), (task) => after(RELEASE_MS, task));
  };
  return (
    <li className={style['visit']} data-state={visit.state}>
      <h4>{visitDayText(visit.start, visit.timeZone, texts)}</h4>
      <p className={style['times']}>
        {visitTimesText(visit, texts)}
        {zone !== null && ` ${zone}`}
      </p>
      <p>{visit.title}</p>
      {visit.place !== null && <p className={style['quiet']}>{visit.place}</p>}
      <p className={style['state']}>
        {visit.state === 'confirmed' && <CheckIcon size={18} />}
        {t(`visits.state.${visit.state}`)}
      </p>
      {answer !== null && <p className={style['quiet']}>{t('prompt.answered', { answer })}</p>}
      {isComing && visit.state !== 'cancelled' && (
        <Button icon={<CalendarIcon size={20} />} onClick={() => void save()}>
          {t('visits.add')}
        </Button>
      )}
    </li>
  );
}

interface DayProps {
  readonly day: AnswerDay;
  readonly nowMs: TimestampMs;
  readonly onAnswer: (id: MessageId) => void;
}

function Day({ day, nowMs, onAnswer }: DayProps) {
  const texts = useTexts();
  return (
    <div className={style['day']}>
      <h4>{dayText(day.at, nowMs, texts)}</h4>
      <dl>
        {day.answers.map((answer) => (
          <div key={answer.id}>
            <dt>{briefly(answer.question)}</dt>
            <dd data-state={answer.state}>
              <Answer shown={answer} onAnswer={onAnswer} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Answer({ shown, onAnswer }: Pick<DayProps, 'onAnswer'> & { readonly shown: ShownAnswer }) {
  const texts = useTexts();
  const { t } = texts;
  if (shown.state === 'waiting')
    return (
      <Button
        look="plain"
        label={`${t('visits.waiting')}: ${briefly(shown.question)}`}
        onClick={() => onAnswer(shown.id)}
      >
        {t('visits.waiting')}
      </Button>
    );
  if (shown.state === 'none') return <>{t('visits.noAnswer')}</>;
  return (
    <>
      <b>{shown.words ?? t('prompt.photoSent')}</b> <span>{clockText(shown.at, texts)}</span>
    </>
  );
}
