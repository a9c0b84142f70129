import type { TextingSettings } from '@baton/wire';

/** What every part of the settings is given. */
export interface PartProps {
  readonly draft: TextingSettings;
  readonly change: (part: Partial<TextingSettings>) => void;
}
