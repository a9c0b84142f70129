import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { type Overlays, OverlaysContext } from './overlays-context.ts';

const Palette = lazy(async () => ({ default: (await import('./palette.tsx')).Palette }));
const KeyHelp = lazy(async () => ({ default: (await import('./key-help.tsx')).KeyHelp }));

/** The palette and the list of shortcuts: fetched when they are first asked for. */
export function OverlayKeeper({ children }: { readonly children: ReactNode }) {
  const [shown, setShown] = useState<'palette' | 'keys' | null>(null);
  const overlays = useMemo<Overlays>(
    () => ({
      showPalette: () => setShown((now) => (now === 'palette' ? null : 'palette')),
      showKeys: () => setShown('keys'),
    }),
    [],
  );
  const close = (): void => setShown(null);
  return (
    <OverlaysContext.Provider value={overlays}>
      {children}
      <Suspense fallback={null}>
        {shown === 'palette' && <Palette onClose={close} />}
        {shown === 'keys' && <KeyHelp onClose={close} />}
      </Suspense>
    </OverlaysContext.Provider>
  );
}
