import type { Language } from '@baton/wire';
import notice from '../../content/triage/notice.json' with { type: 'json' };

export interface EmergencyText {
  readonly title: string;
  readonly body: string;
  /** Label of the button that calls, and the number that it calls (`tel:`). */
  readonly call: string;
  readonly callNumber: string;
  /** The same for the suicide and crisis line. */
  readonly crisis: string;
  readonly crisisNumber: string;
}

/** What a patient is shown when a red flag was found, whichever it was. It names no illness and promises nothing. */
export function emergencyText(language: Language): EmergencyText {
  return notice[language];
}
