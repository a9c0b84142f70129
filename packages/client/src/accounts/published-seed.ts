import { type Bytes, decodeBase64Url } from '@baton/kernel';
import type { Vault } from '@baton/wire';

/** One of the client's own preferences, shown to nobody. */
export const SEED_BEFORE = '.box-key-before';

/**
 * The newest box-key seed that the key log knows of. While a new key is on its way from the vault into the log, the vault holds both: the
 * log's is what everybody still seals to, and the only one that its chain leads back from.
 */
export function publishedSeed(
  vault: Vault,
  newestGen: number,
): { readonly gen: number; readonly seed: Bytes } {
  const { puk } = vault;
  const before = decodeBase64Url(vault.preferences[SEED_BEFORE] ?? '');
  if (puk.gen === newestGen + 1 && before?.length === 32) return { gen: newestGen, seed: before };
  return puk;
}
