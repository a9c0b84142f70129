import type { ComponentChildren } from 'preact';
import { useTexts } from '../texts/use-texts.ts';
import { PhoneIcon } from './icons.tsx';
import style from './emergency-foot.module.css';

/** The footer that never leaves. */
export function EmergencyFoot({ children }: { readonly children?: ComponentChildren }) {
  const { t } = useTexts();
  return (
    <footer className={style['foot']}>
      <a href="tel:911">
        <PhoneIcon size={22} />
        <span>
          <span>{t('call.foot')}</span> <b>{t('call.911')}</b>
        </span>
      </a>
      {children}
    </footer>
  );
}
