import type { ComponentChildren } from 'preact';
import type { TimestampMs } from '@baton/kernel';
import type { PracticeCard } from '@baton/wire';
import { useEffect, useState } from 'preact/hooks';
import { CallLink, IconButton } from '../look/button.tsx';
import { BackIcon, CalendarIcon, GearIcon, PhoneIcon } from '../look/icons.tsx';
import { every } from '../system/clock.ts';
import { openingText } from '../texts/time-texts.ts';
import { useTexts } from '../texts/use-texts.ts';
import { openingAt } from './opening-hours.ts';
import style from './practice-header.module.css';

const LOOK_MS = 30_000;

interface HeaderProps {
  readonly id: string;
  readonly card: PracticeCard | null;
  /** Whose thread it is, where there are several. */
  readonly about: string | null;
  readonly nowMs: () => TimestampMs;
  readonly onChats: (() => void) | null;
  readonly onSettings: () => void;
  /** null: there is nothing to show. */
  readonly onVisits: (() => void) | null;
  readonly children?: ComponentChildren;
}

/** Who is at the other end, when they answer, and how to call them. */
export function PracticeHeader(props: HeaderProps) {
  const { id, card, about, nowMs, onChats, onSettings, onVisits, children } = props;
  const texts = useTexts();
  const { t, language } = texts;
  const [now, setNow] = useState(nowMs);
  useEffect(() => every(LOOK_MS, () => setNow(nowMs())), [nowMs]);
  const opening = card === null ? null : openingText(openingAt(card.hours, now), texts);
  const name = card?.name ?? t('thread.team');
  return (
    <header className={style['header']}>
      <div className={style['top']}>
        {onChats !== null && <IconButton label={t('switch.open')} icon={<BackIcon />} onClick={onChats} />}
        <div className={style['name']}>
          <h1 id={id}>
            <span className="sr-only">{t('thread.with', { practice: name })}</span>
            <span aria-hidden="true">{name}</span>
          </h1>
        </div>
        <div className={style['acts']} data-full={onVisits !== null || undefined}>
          {card !== null && card.phone !== '' && (
            <CallLink number={card.phone} icon={<PhoneIcon size={20} />}>
              <span aria-hidden="true">{t('call.short')}</span>
              <span className="sr-only">{t('call.practice', { name })}</span>
            </CallLink>
          )}
          {onVisits !== null && (
            <IconButton label={t('visits.title')} icon={<CalendarIcon />} onClick={onVisits} />
          )}
          <IconButton label={t('settings.title')} icon={<GearIcon />} onClick={onSettings} />
        </div>
      </div>
      {about !== null && <p className={style['about']}>{about}</p>}
      {card !== null && (
        <p className={style['times']}>
          <span>{card.replyTime[language]}</span>
          {opening !== null && <span>{opening}</span>}
        </p>
      )}
      {children}
    </header>
  );
}
