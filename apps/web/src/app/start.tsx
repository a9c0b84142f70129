import type { Door } from '@baton/client';
import type { DevicePush } from '@baton/client-web';
import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { DevicePushProvider } from '../design/session/device-push-context.ts';
import { DoorProvider } from '../design/session/door-context.tsx';
import { type Now, NowProvider, wallClock } from '../design/session/frame-context.tsx';
import { LiveRegions } from '../design/session/live-region.tsx';
import { installTrustedTypes } from '../design/theme/trusted-types.ts';
import '../design/theme/mantine.css';
import '../design/theme/theme.css';
import { AccountKeeper } from './account.tsx';
import { AppearanceKeeper } from './appearance-keeper.tsx';
import { speak } from './catalogs.ts';
import { type DeviceSettings, readDeviceSettings } from './device-settings.ts';
import { reloadWhenOutdated } from './fresh-code.ts';
import { router } from './router.tsx';

export interface StartOptions {
  readonly openDoor: () => Promise<Door>;
  readonly push: DevicePush;
  /** A clock that stands still, for the gallery. */
  readonly now?: Now;
}

/** Starts the app in the page. */
export async function startApp({ openDoor, push, now }: StartOptions): Promise<void> {
  installTrustedTypes();
  const element = document.getElementById('app');
  if (element === null) throw new Error('the page has no place for the app');
  reloadWhenOutdated();
  const settings = readDeviceSettings();
  try {
    const [door] = await Promise.all([openDoor(), speak(settings.language)]);
    render(element, { door, push, settings, now: now ?? wallClock });
  } catch (error) {
    // There is no language yet in which to say it nicely.
    element.textContent =
      'Baton could not start. Load the page again. · Baton no pudo iniciarse. Vuelva a cargar la página.';
    throw error;
  }
}

interface Started {
  readonly door: Door;
  readonly push: DevicePush;
  readonly settings: DeviceSettings;
  readonly now: Now;
}

function render(element: HTMLElement, { door, push, settings, now }: Started): void {
  createRoot(element).render(
    <I18nProvider i18n={i18n}>
      <NowProvider value={now}>
        <DoorProvider value={door}>
          <DevicePushProvider value={push}>
            <AccountKeeper>
              <AppearanceKeeper initial={settings}>
                <LiveRegions>
                  <RouterProvider router={router} />
                </LiveRegions>
              </AppearanceKeeper>
            </AccountKeeper>
          </DevicePushProvider>
        </DoorProvider>
      </NowProvider>
    </I18nProvider>,
  );
}
