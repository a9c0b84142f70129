import { Trans, useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { useAppearance } from '../session/appearance.ts';
import { useIsDemo } from '../session/door-context.tsx';
import { LANGUAGES } from '../words/language.ts';
import style from './door-frame.module.css';

/** The frame of every screen before sign-in: one card, one task. */
export function DoorFrame({
  title,
  wide = false,
  children,
}: {
  readonly title: string;
  readonly wide?: boolean;
  readonly children: ReactNode;
}) {
  const isDemo = useIsDemo();
  return (
    <main className={style['door']} id="main" tabIndex={-1}>
      <div className={style['card']} data-wide={wide || undefined}>
        <div className={style['brand']}>
          <BatonMark />
          <span>Baton</span>
        </div>
        <h1>{title}</h1>
        {isDemo && (
          <p className={style['demo']}>
            <Trans>Demo practice. Do not enter real patients.</Trans>
          </p>
        )}
        {children}
        <LanguageSwitch />
      </div>
    </main>
  );
}

/** Each language under its own name, for whoever cannot read the one that is shown. */
function LanguageSwitch() {
  const { t } = useLingui();
  const { language, setLanguage } = useAppearance();
  return (
    <div className={style['languages']} role="group" aria-label={t`Language`}>
      {LANGUAGES.map(({ code, name }) => (
        <button
          key={code}
          type="button"
          lang={code}
          aria-pressed={code === language}
          onClick={() => setLanguage(code)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

export function BatonMark({ size = 28 }: { readonly size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0b5856" />
      <path d="M9 23 21.5 10.5" stroke="#fff" strokeWidth="4.5" strokeLinecap="round" />
      <circle cx="23" cy="9" r="2.6" fill="#a3dad4" />
    </svg>
  );
}
