import { createContext, useContext } from 'react';
import type { Language } from '../words/language.ts';

export type Theme = 'light' | 'dark' | 'auto';
export type Density = 'normal' | 'compact';

/** How the app looks and speaks on this device; after sign-in also kept in the account's sealed settings. */
export interface Appearance {
  readonly language: Language;
  readonly theme: Theme;
  readonly density: Density;
  readonly setLanguage: (language: Language) => void;
  readonly setTheme: (theme: Theme) => void;
  readonly setDensity: (density: Density) => void;
}

export const AppearanceContext = createContext<Appearance | null>(null);

export function useAppearance(): Appearance {
  const appearance = useContext(AppearanceContext);
  if (appearance === null) throw new Error('a screen was rendered outside the app');
  return appearance;
}
