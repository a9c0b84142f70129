import type { Session } from '@baton/client';
import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { DemoLinkScreen } from '../features/sign-in/demo-link-screen.tsx';
import { useAccount } from './account.tsx';

/** Takes over a new session and goes to my batons; the link that made it is not in the history. */
export function useEnter(): (session: Session) => void {
  const { enter } = useAccount();
  const navigate = useNavigate();
  return useCallback(
    (session: Session) => {
      enter(session);
      void navigate({ to: '/', replace: true });
    },
    [enter, navigate],
  );
}

export function DemoDoor() {
  return <DemoLinkScreen onSignedIn={useEnter()} />;
}
