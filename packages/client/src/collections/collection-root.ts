import { type Bytes, encodeHex, equalBytes } from '@baton/kernel';
import { type Digest, EMPTY_COLLECTION, type OpenedPut, setInCollection, sparseRoot } from '@baton/ledger';
import type { CollectionRoot } from '@baton/wire';

export interface NewestPut {
  readonly key: Bytes;
  readonly seq: number;
  readonly hash: Bytes;
}

/** Root of a collection whose newest puts are these. */
function rootOf(digest: Digest, puts: readonly { readonly key: Bytes; readonly hash: Bytes }[]): Bytes {
  let map = EMPTY_COLLECTION;
  for (const put of puts) map = setInCollection(digest, map, put);
  return sparseRoot(digest, map);
}

/**
 * Whether a snapshot is what a member signed. Keys that were put after the root are set back to what their first later put replaced (its
 * `prev`), so that the map of that moment can be made again.
 */
export function fitsRoot(
  digest: Digest,
  root: CollectionRoot,
  newest: readonly NewestPut[],
  since: readonly OpenedPut[],
): boolean {
  const replaced = new Map<string, Bytes | null>();
  for (const { header } of since) {
    const key = encodeHex(header.key);
    if (!replaced.has(key)) replaced.set(key, header.prev);
  }
  const then: { key: Bytes; hash: Bytes }[] = [];
  for (const put of newest) {
    const before = replaced.get(encodeHex(put.key));
    if (before === undefined) then.push(put);
    else if (before !== null) then.push({ key: put.key, hash: before });
  }
  return equalBytes(rootOf(digest, then), root.root);
}
