import { createContext, useContext } from 'react';

export interface Overlays {
  readonly showPalette: () => void;
  readonly showKeys: () => void;
}

export const OverlaysContext = createContext<Overlays>({
  showPalette: () => undefined,
  showKeys: () => undefined,
});

export function useOverlays(): Overlays {
  return useContext(OverlaysContext);
}
