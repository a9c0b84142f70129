import { useLingui } from '@lingui/react/macro';
import { Outlet } from '@tanstack/react-router';
import { Suspense } from 'react';
import { HeldActKeeper } from '../design/batons/held-acts.tsx';
import { StepUpKeeper } from '../design/credentials/step-up.tsx';
import { ShortcutProvider } from '../design/keys/shortcuts.tsx';
import { SessionProvider, useSession } from '../design/session/session-context.tsx';
import { useLive } from '../design/session/use-live.ts';
import { ERROR_SENTENCES } from '../design/words/error-sentences.ts';
import { SignInScreen } from '../features/sign-in/sign-in-screen.tsx';
import { useAccount } from './account.tsx';
import { BatonNews } from './baton-news.tsx';
import { OverlayKeeper } from './overlays.tsx';
import { Shell } from './shell.tsx';

/** Everything behind the sign-in. Without a session the sign-in stands in the same place, so that afterwards one is where one was. */
export function StaffLayout() {
  const { state, enter } = useAccount();
  const { i18n } = useLingui();
  if (state.phase === 'starting') return null;
  if (state.phase === 'outside') {
    const reason = state.ended === null ? null : i18n._(ERROR_SENTENCES[state.ended]);
    return <SignInScreen onSignedIn={enter} reason={reason} />;
  }
  return (
    <SessionProvider value={state.session}>
      <Inside />
    </SessionProvider>
  );
}

function Inside() {
  const preferences = useLive(useSession().preferences);
  return (
    <ShortcutProvider singleKeys={preferences['single-keys'] !== 'off'}>
      <StepUpKeeper>
        <OverlayKeeper>
          <HeldActKeeper>
            <BatonNews />
            <Shell>
              <Suspense fallback={null}>
                <Outlet />
              </Suspense>
            </Shell>
          </HeldActKeeper>
        </OverlayKeeper>
      </StepUpKeeper>
    </ShortcutProvider>
  );
}
