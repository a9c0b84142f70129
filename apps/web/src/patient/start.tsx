import type { PatientDoor } from '@baton/client';
import { render } from 'preact';
import './look/base.css';
import { Page } from './page.tsx';
import { deviceLanguage } from './system/device-language.ts';
import { takeFragment } from './system/fragment.ts';
import { markShortWindow } from './system/short-window.ts';
import { installTrustedTypes } from './system/trusted-types.ts';
import { textsIn } from './texts/texts.ts';

/** Starts the patient's page. */
export async function startPatientPage(openDoor: () => Promise<PatientDoor>): Promise<void> {
  installTrustedTypes();
  const element = document.getElementById('app');
  if (element === null) throw new Error('the page has no place for itself');
  markShortWindow();
  const fragment = takeFragment();
  try {
    const door = await openDoor();
    render(<Page door={door} fragment={fragment} />, element);
  } catch (error) {
    element.textContent = textsIn(deviceLanguage()).t('page.noStart');
    throw error;
  }
}
