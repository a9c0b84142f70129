import { Trans } from '@lingui/react/macro';
import { useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useLayout } from '../design/primitives/layout.ts';
import { useTitleCount } from '../design/primitives/page-title.ts';
import { useSession } from '../design/session/session-context.tsx';
import { useLive } from '../design/session/use-live.ts';
import { Banners } from './banners.tsx';
import { useFocusOnArrival } from './focus-on-arrival.ts';
import { useGlobalKeys } from './global-keys.ts';
import { BottomBar, Rail } from './navigation.tsx';
import { useOverlays } from './overlays-context.ts';
import style from './shell.module.css';

/** The frame around every screen for signed-in people: banners, rail or bottom bar, the screen. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const layout = useLayout();
  const { showPalette } = useOverlays();
  // On a phone a conversation is a page of its own: the composer takes the place of the bar.
  const inThread = useRouterState({ select: (state) => state.location.pathname.startsWith('/inbox/') });
  useTitleCount(useLive(useSession().batons.owed));
  useGlobalKeys();
  useFocusOnArrival(layout);
  return (
    <div className={style['shell']} data-layout={layout}>
      <a href="#main" className={style['skip']}>
        <Trans>Skip to content</Trans>
      </a>
      <Banners />
      <div className={style['columns']}>
        {layout !== 'phone' && <Rail onSearch={showPalette} />}
        <main id="main" tabIndex={-1} className={style['main']}>
          {children}
        </main>
      </div>
      {layout === 'phone' && !inThread && <BottomBar onSearch={showPalette} />}
    </div>
  );
}
