import type { OwnerId } from '@baton/kernel';
import type { TextingSettings } from '@baton/wire';

/** What is known of a message when somebody has to owe its answer; null: not known. */
export interface RoutingFacts {
  /** Id of a topic of the practice card. */
  readonly topic: string | null;
  readonly location: string | null;
  readonly practitioner: string | null;
}

/**
 * Who owes the answer: the first rule whose every given part fits, else the practice's default owner. Never nobody. A rule with no part at all fits
 * everything. Places and practitioners are compared without regard to case and outer spaces.
 */
export function findOwner(
  { routes, askTo }: Pick<TextingSettings, 'routes' | 'askTo'>,
  facts: RoutingFacts,
): OwnerId {
  const fits = (wanted: string | null, given: string | null): boolean =>
    wanted === null || (given !== null && plain(wanted) === plain(given));
  const rule = routes.find(
    ({ topic, location, practitioner }) =>
      fits(topic, facts.topic) && fits(location, facts.location) && fits(practitioner, facts.practitioner),
  );
  return rule?.to ?? askTo;
}

function plain(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}
