import type { OwnerId } from '@baton/kernel';
import type { TextingSettings } from '@baton/wire';
import { findOwner } from './find-owner.ts';

/**
 * Who owes the answer to a patient, on the page and by text alike (docs/protocol/patients.md §5). A rule may name a practitioner by name or by reference, and a
 * patient may have several: the first of them for whom a rule fits decides. The place of a visit is not known when somebody writes.
 */
export function routeMessage(
  settings: Pick<TextingSettings, 'routes' | 'askTo'>,
  { topic, practitioners }: { readonly topic: string | null; readonly practitioners: readonly string[] },
): OwnerId {
  for (const practitioner of [...practitioners, null]) {
    const owner = findOwner(settings, { topic, location: null, practitioner });
    if (owner !== settings.askTo) return owner;
  }
  return settings.askTo;
}
