import { useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import type { Layout } from '../design/primitives/layout.ts';

/**
 * A new screen takes the focus, so that the keyboard and a screen reader go on from there. Within one screen of several columns the focus
 * stays where it is: going through threads must not throw anybody out of the list.
 */
export function useFocusOnArrival(layout: Layout): void {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const screen = layout === 'wide' ? (path.split('/')[1] ?? '') : path;
  const before = useRef(screen);
  useEffect(() => {
    if (before.current === screen) return;
    before.current = screen;
    const main = document.getElementById('main');
    // A field that took the focus itself keeps it.
    if (main !== null && !main.contains(document.activeElement)) main.focus();
  }, [screen]);
}
