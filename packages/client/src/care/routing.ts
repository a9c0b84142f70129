import type { OwnerId } from '@baton/kernel';
import { findOwner } from '@baton/policy';
import type { PatientRecord, TextingSettings } from '@baton/wire';

/**
 * Who owes the answer to a patient on a topic. A rule may name a practitioner by name or by reference, and a patient may have several: the first of
 * them for whom a rule fits decides. Pure.
 */
export function routeOf(
  settings: Pick<TextingSettings, 'routes' | 'askTo'>,
  record: Pick<PatientRecord, 'practitioners'> | null,
  topic: string | null,
): OwnerId {
  const practitioners = (record?.practitioners ?? []).flatMap(({ name, ref }) => [name, ref]);
  for (const practitioner of [...practitioners, null]) {
    const owner = findOwner(settings, { topic, location: null, practitioner });
    if (owner !== settings.askTo) return owner;
  }
  return settings.askTo;
}
