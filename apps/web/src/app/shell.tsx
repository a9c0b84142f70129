import { Trans } from '@lingui/react/macro';
import type { ReactNode } from 'react';
import { useLayout } from '../design/primitives/layout.ts';
import { Banners } from './banners.tsx';
import { BottomBar, Rail } from './navigation.tsx';
import style from './shell.module.css';

/** The frame around every screen for signed-in people: banners, rail or bottom bar, the screen. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const layout = useLayout();
  return (
    <div className={style['shell']} data-layout={layout}>
      <a href="#main" className={style['skip']}>
        <Trans>Skip to content</Trans>
      </a>
      <Banners />
      <div className={style['columns']}>
        {layout !== 'phone' && <Rail />}
        <main id="main" tabIndex={-1} className={style['main']}>
          {children}
        </main>
      </div>
      {layout === 'phone' && <BottomBar />}
    </div>
  );
}
