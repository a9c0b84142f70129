import type { Live } from '@baton/client';
import { MantineProvider } from '@mantine/core';
import { type ReactNode, useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { type Appearance, AppearanceContext } from '../design/session/appearance.ts';
import { useLive } from '../design/session/use-live.ts';
import { readStyleNonce } from '../design/theme/style-nonce.ts';
import { theme } from '../design/theme/theme.ts';
import { isLanguage } from '../design/words/language.ts';
import { useAccount } from './account.tsx';
import { speak } from './catalogs.ts';
import { type DeviceSettings, isDensity, isTheme, writeDeviceSetting } from './device-settings.ts';

const NO_PREFERENCES: Readonly<Record<string, string>> = {};
const NOBODY: Live<Readonly<Record<string, string>>> = {
  read: () => NO_PREFERENCES,
  subscribe: () => () => undefined,
};

/** Applies language, theme and density. What the account says goes before what this device remembers. */
export function AppearanceKeeper({
  initial,
  children,
}: {
  readonly initial: DeviceSettings;
  readonly children: ReactNode;
}) {
  const { state } = useAccount();
  const session = state.phase === 'inside' ? state.session : null;
  const account = useLive(session?.preferences ?? NOBODY);
  const [device, setDevice] = useState(initial);
  const language = isLanguage(account['language']) ? account['language'] : device.language;
  const scheme = isTheme(account['theme']) ? account['theme'] : device.theme;
  const density = isDensity(account['density']) ? account['density'] : device.density;
  const dark = useDarkPreferred();

  useEffect(() => {
    writeDeviceSetting('language', language);
    // Without a connection the page stays in the language it has.
    speak(language).catch(() => undefined);
  }, [language]);
  useEffect(() => writeDeviceSetting('theme', scheme), [scheme]);
  useEffect(() => {
    writeDeviceSetting('density', density);
    document.documentElement.dataset['density'] = density;
  }, [density]);

  const appearance = useMemo<Appearance>(() => {
    const choose = (change: Partial<DeviceSettings>): void => {
      setDevice((old) => ({ ...old, ...change }));
      for (const [key, value] of Object.entries(change)) {
        // Not stored now: this device remembers it, and the account at the next change.
        session?.setPreference(key, value).catch(() => undefined);
      }
    };
    return {
      language,
      theme: scheme,
      density,
      setLanguage: (chosen) => choose({ language: chosen }),
      setTheme: (chosen) => choose({ theme: chosen }),
      setDensity: (chosen) => choose({ density: chosen }),
    };
  }, [language, scheme, density, session]);
  const shown = scheme === 'auto' ? (dark ? 'dark' : 'light') : scheme;
  return (
    <AppearanceContext.Provider value={appearance}>
      <MantineProvider theme={theme} forceColorScheme={shown} getStyleNonce={readStyleNonce}>
        {children}
      </MantineProvider>
    </AppearanceContext.Provider>
  );
}

const darkQuery = window.matchMedia('(prefers-color-scheme: dark)');

function useDarkPreferred(): boolean {
  return useSyncExternalStore(
    (listener) => {
      darkQuery.addEventListener('change', listener);
      return () => darkQuery.removeEventListener('change', listener);
    },
    () => darkQuery.matches,
  );
}
