import type { BatonId } from '@baton/kernel';
import type { Baton } from '../api/batons.ts';

/** Of a message's asks, those that this person may end. */
export function batonsToClose(batons: readonly Baton[]): readonly BatonId[] {
  return batons.filter(({ can, ended }) => ended === null && can.close).map(({ id }) => id);
}
