import type { Door } from '@baton/client';
import { createContext, useContext } from 'react';

const DoorContext = createContext<Door | null>(null);

export const DoorProvider = DoorContext.Provider;

/** The way in: sign-in, set-up, invitations. One per tab. */
export function useDoor(): Door {
  const door = useContext(DoorContext);
  if (door === null) throw new Error('a screen before sign-in was rendered without a door');
  return door;
}
