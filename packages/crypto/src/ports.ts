import type { Rng } from '@baton/kernel';
import type { Primitives } from './primitives/primitives.ts';

/** What sealing needs; opening needs the primitives alone. */
export interface SealingPorts {
  readonly primitives: Primitives;
  readonly rng: Rng;
}
