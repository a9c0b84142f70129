import { useNavigate } from '@tanstack/react-router';
import { useShortcut } from '../design/keys/shortcuts.tsx';
import { useOverlays } from './overlays-context.ts';

/** Shortcuts that work on every screen. */
export function useGlobalKeys(): void {
  const navigate = useNavigate();
  const { showPalette, showKeys } = useOverlays();
  useShortcut('g b', () => void navigate({ to: '/' }));
  useShortcut('g i', () => void navigate({ to: '/inbox' }));
  useShortcut('g p', () => void navigate({ to: '/patients' }));
  useShortcut('g o', () => void navigate({ to: '/on-call' }));
  useShortcut('g d', () => void navigate({ to: '/directory' }));
  useShortcut('g a', () => void navigate({ to: '/appointments' }));
  useShortcut('g c', () => void navigate({ to: '/programmes' }));
  useShortcut('c', () => void navigate({ to: '/new' }));
  useShortcut('mod+k', showPalette);
  useShortcut('?', showKeys);
  useShortcut('/', () => {
    const field = document.querySelector<HTMLInputElement>('input[data-main-search]');
    if (field === null) showPalette();
    else field.focus();
  });
}
