import type { CareThread, Chart, ChartPerson } from '@baton/client';
import { RELATIONS, type Relation } from '@baton/wire';

type Here = Pick<CareThread, 'conversation' | 'confidential'>;

/** On the patient's side of the open conversation: an adolescent's own has the patient alone. */
export function listPeopleHere(
  people: readonly ChartPerson[],
  { confidential }: Pick<Here, 'confidential'>,
): readonly ChartPerson[] {
  return confidential ? people.filter(({ relation }) => relation === 'self') : people;
}

/** Who can be invited into the open conversation. */
export function relationsHere({ confidential }: Pick<Here, 'confidential'>): readonly Relation[] {
  return confidential ? ['self'] : RELATIONS;
}

/** Has joined, but the other one of the patient's conversations: comes in here without a link. */
export function isElsewhere(person: ChartPerson, { conversation }: Pick<Here, 'conversation'>): boolean {
  return person.state === 'joined' && !person.conversations.includes(conversation);
}

/** Whether there is somebody who can still be invited here by a link: the patient is one person. */
export function isAnybodyLeft(people: readonly ChartPerson[], here: Pick<Here, 'confidential'>): boolean {
  const hasSelf = people.some(({ relation, state }) => relation === 'self' && state !== 'ended');
  return !here.confidential || !hasSelf;
}

/** Where an invitation's link would go; in an adolescent's own conversation nobody knows whose hands the numbers on file are in. */
export function addressesHere(
  { reach, textNumber }: Pick<Chart, 'reach' | 'textNumber'>,
  { confidential }: Pick<Here, 'confidential'>,
): { readonly text: string; readonly email: string; readonly hand: '' } {
  if (confidential) return { text: '', email: '', hand: '' };
  return { text: textNumber ?? '', email: reach?.emails[0] ?? '', hand: '' };
}
