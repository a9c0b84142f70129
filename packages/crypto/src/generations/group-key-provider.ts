import { type ConversationId, type Rng, Secret } from '@baton/kernel';
import type { GenerationSecrets } from '../boxes/box.ts';

/** A generation as it is born: with its history-link key. */
export type NewGenerationSecrets = GenerationSecrets & { readonly hl: NonNullable<GenerationSecrets['hl']> };

/**
 * Where the keys of a new generation come from. The default draws them at random; a conversation class on MLS would export them from its
 * epoch instead (sealing.md §4), and nothing else of the protocol would change.
 */
export interface GroupKeyProvider {
  /** Fresh secrets for generation `gen`; never the same twice, also when the entry that carried them lost the race for its place. */
  next(place: { readonly conv: ConversationId; readonly gen: number }): Promise<NewGenerationSecrets>;
}

export function randomGroupKeys(rng: Rng): GroupKeyProvider {
  return {
    next: async () => ({ gk: Secret.of(rng.bytes(32)), hl: Secret.of(rng.bytes(32)) }),
  };
}
