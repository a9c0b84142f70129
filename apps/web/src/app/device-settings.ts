import type { Density, Theme } from '../design/session/appearance.ts';
import { chooseLanguage, isLanguage, type Language } from '../design/words/language.ts';

// What this browser remembers without a sign-in. Nothing secret: only how the app looks and speaks.

export interface DeviceSettings {
  readonly language: Language;
  readonly theme: Theme;
  readonly density: Density;
}

const KEYS = { language: 'baton.language', theme: 'baton.theme', density: 'baton.density' } as const;

export function isTheme(text: string | null | undefined): text is Theme {
  return text === 'light' || text === 'dark' || text === 'auto';
}

export function isDensity(text: string | null | undefined): text is Density {
  return text === 'normal' || text === 'compact';
}

export function readDeviceSettings(): DeviceSettings {
  const language = read(KEYS.language);
  const theme = read(KEYS.theme);
  const density = read(KEYS.density);
  return {
    language: isLanguage(language) ? language : chooseLanguage(navigator.languages),
    theme: isTheme(theme) ? theme : 'auto',
    density: isDensity(density) ? density : 'normal',
  };
}

export function writeDeviceSetting(key: keyof typeof KEYS, value: string): void {
  try {
    localStorage.setItem(KEYS[key], value);
  } catch {
    // A browser that keeps nothing (private window): the choice holds until the tab closes.
  }
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
