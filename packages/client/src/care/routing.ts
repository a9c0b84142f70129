import type { OwnerId } from '@baton/kernel';
import { routeMessage } from '@baton/policy';
import type { PatientRecord, TextingSettings } from '@baton/wire';

/** Who owes the answer to a patient on a topic, by what the registry says of them. Pure. */
export function routeOf(
  settings: Pick<TextingSettings, 'routes' | 'askTo'>,
  record: Pick<PatientRecord, 'practitioners'> | null,
  topic: string | null,
): OwnerId {
  return routeMessage(settings, { topic, practitioners: practitionersOf(record) });
}

const MOST = 40;

/** What a rule may call them: name and reference of each. */
export function practitionersOf(record: Pick<PatientRecord, 'practitioners'> | null): string[] {
  const words = (record?.practitioners ?? []).flatMap(({ name, ref }) => [name, ref]);
  return [...new Set(words.filter((word) => word.trim() !== ''))].slice(0, MOST);
}
