import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useTexts } from '../texts/use-texts.ts';
import { EmergencyFoot } from './emergency-foot.tsx';
import { BackIcon } from './icons.tsx';
import { IconButton } from './button.tsx';
import style from './door-screen.module.css';

interface DoorScreenProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** A way back to the screen before. */
  readonly onBack?: () => void;
  readonly onLanguage?: () => void;
  /** What stands at the right of the emergency line. */
  readonly foot?: ComponentChildren;
}

/** Every screen but the thread: one column, a title that gets the focus, the emergency line below. */
export function DoorScreen({ title, children, onBack, onLanguage, foot }: DoorScreenProps) {
  const { t, language } = useTexts();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title;
  }, [title]);
  // A new screen is read from its title.
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <div className={style['page']}>
      <header className={style['top']}>
        {onBack !== undefined && <IconButton label={t('do.back')} icon={<BackIcon />} onClick={onBack} />}
        {onLanguage !== undefined && (
          <button
            type="button"
            className={style['language']}
            lang={language === 'en' ? 'es' : 'en'}
            onClick={onLanguage}
          >
            {t('do.language')}
          </button>
        )}
      </header>
      <main className={style['main']}>
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {children}
      </main>
      <EmergencyFoot>{foot}</EmergencyFoot>
    </div>
  );
}
