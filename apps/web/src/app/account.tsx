import type { Session } from '@baton/client';
import type { ErrorCode } from '@baton/wire';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { useDoor } from '../design/session/door-context.tsx';

export type AccountState =
  /** The local store is being asked for a session. */
  | { readonly phase: 'starting' }
  | { readonly phase: 'outside'; readonly ended: ErrorCode | null }
  | { readonly phase: 'inside'; readonly session: Session };

export interface Account {
  readonly state: AccountState;
  readonly enter: (session: Session) => void;
  readonly leave: (options: { readonly wipe: boolean }) => Promise<void>;
}

const AccountContext = createContext<Account | null>(null);

export function useAccount(): Account {
  const account = useContext(AccountContext);
  if (account === null) throw new Error('rendered outside the account keeper');
  return account;
}

/** Links that bring their own way in: whoever follows one does not want the old session. */
const DOORS = ['/demo', '/join', '/setup'];

/** Holds the session of this tab: resumed, entered, ended, left. */
export function AccountKeeper({ children }: { readonly children: ReactNode }) {
  const door = useDoor();
  const [state, setState] = useState<AccountState>(() =>
    DOORS.includes(location.pathname) ? { phase: 'outside', ended: null } : { phase: 'starting' },
  );

  useEffect(() => {
    if (DOORS.includes(location.pathname)) return undefined;
    let gone = false;
    const settle = (session: Session | null): void => {
      if (gone) return;
      setState(session === null ? { phase: 'outside', ended: null } : { phase: 'inside', session });
    };
    door.resume().then(settle, () => settle(null));
    return () => {
      gone = true;
    };
  }, [door]);

  const session = state.phase === 'inside' ? state.session : null;
  useEffect(() => {
    if (session === null) return undefined;
    const look = (): void => {
      const connection = session.connection.read();
      if (connection.state === 'ended') setState({ phase: 'outside', ended: connection.code });
    };
    look();
    return session.connection.subscribe(look);
  }, [session]);

  const account = useMemo<Account>(
    () => ({
      state,
      enter: (entered) => setState({ phase: 'inside', session: entered }),
      async leave(options) {
        try {
          if (state.phase === 'inside') await state.session.signOut(options);
        } finally {
          setState({ phase: 'outside', ended: null });
        }
      },
    }),
    [state],
  );
  return <AccountContext.Provider value={account}>{children}</AccountContext.Provider>;
}
