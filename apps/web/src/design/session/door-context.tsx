import type { Door } from '@baton/client';
import { createContext, useContext, useEffect, useState } from 'react';

const DoorContext = createContext<Door | null>(null);

export const DoorProvider = DoorContext.Provider;

/** The way in: sign-in, set-up, invitations. One per tab. */
export function useDoor(): Door {
  const door = useContext(DoorContext);
  if (door === null) throw new Error('a screen before sign-in was rendered without a door');
  return door;
}

/** Whether the server says that it runs the demo; false until it has answered. */
export function useIsDemo(): boolean {
  const door = useContext(DoorContext);
  const [isDemo, setIsDemo] = useState(false);
  useEffect(() => {
    let gone = false;
    door?.serverInfo().then(
      (info) => !gone && setIsDemo(info.demo),
      // Unreachable: the screen itself says so.
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [door]);
  return isDemo;
}
