import type { PracticeCard } from '@baton/wire';
import { useTexts } from '../texts/use-texts.ts';
import style from './closed-note.module.css';

/** What the practice says to who writes while it is closed: its own words, marked as automatic. Shown here only, sent by nobody. */
export function ClosedNote({ card }: { readonly card: PracticeCard | null }) {
  const { t, language } = useTexts();
  const words = card?.afterHours[language] ?? '';
  if (words === '') return null;
  return (
    <div className={style['note']}>
      <p className={style['mark']}>{t('message.automatic')}</p>
      <p data-text>{words}</p>
    </div>
  );
}
