import type { Session } from '@baton/client';
import { createContext, useContext } from 'react';

const SessionContext = createContext<Session | null>(null);

export const SessionProvider = SessionContext.Provider;

/** The signed-in account. Screens below the shell only. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('a screen for signed-in people was rendered without a session');
  return session;
}
