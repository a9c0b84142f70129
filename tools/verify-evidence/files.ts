import { Fault } from './fault.ts';
import { gcmSeal, hkdfExpand, isSame, labelled, padmeLength, sha256, uint64 } from './primitives.ts';
import type { Message } from './messages.ts';
import type { Shape } from './shape.ts';

const CHUNK_BYTES = 1024 * 1024;
const MIN_PADDED_BYTES = 256;
const LISTED_BY_NAME = 'evidence.cbor';

/** The ZIP holds what the bundle lists, byte for byte, and nothing else. */
export function checkFiles(zip: ReadonlyMap<string, Uint8Array>, listed: readonly Shape[]): void {
  const paths = new Set<string>([LISTED_BY_NAME]);
  for (const file of listed) {
    const path = file.text('path');
    const bytes = zip.get(path);
    if (bytes === undefined) throw new Fault(1, path, 'is missing from the ZIP');
    if (bytes.length !== file.whole('sizeBytes')) throw new Fault(1, path, 'has another size');
    if (!isSame(sha256(bytes), file.bytes('sha256', 32))) throw new Fault(1, path, 'has been altered');
    paths.add(path);
  }
  for (const path of zip.keys())
    if (!paths.has(path)) throw new Fault(1, path, 'is not listed in the bundle');
}

/** Seals each attachment once more as the message says and compares: the sealed form follows from key and content alone (sealing.md §10). */
export function checkAttachments(
  zip: ReadonlyMap<string, Uint8Array>,
  listed: readonly Shape[],
  messages: readonly Message[],
): void {
  const seen = new Set<string>();
  for (const entry of listed) {
    const path = entry.text('path');
    const message = messages.find(({ id }) => id === entry.text('message'));
    const named = message?.attachments.find(({ blob }) => blob === entry.text('blob'));
    if (named === undefined) throw new Fault(8, path, 'belongs to no message of the file');
    const bytes = zip.get(path);
    if (bytes === undefined) throw new Fault(8, path, 'is missing from the ZIP');
    if (bytes.length !== named.sizeBytes) throw new Fault(8, path, 'has another size than its message says');
    if (!isSame(sealedHash(bytes, named.key), named.hash))
      throw new Fault(8, path, 'is not what its message names');
    seen.add(`${entry.text('message')}/${named.blob}`);
  }
  for (const { id, attachments } of messages)
    for (const { blob, name } of attachments)
      if (!seen.has(`${id}/${blob}`))
        throw new Fault(8, `${id}/${name}`, 'is named by a message and not in the ZIP');
}

function sealedHash(content: Uint8Array, key: Uint8Array): Uint8Array {
  const okm = hkdfExpand(key, labelled('sg/file/v1'), 64);
  const padded = Buffer.alloc(Math.max(MIN_PADDED_BYTES, padmeLength(content.length)));
  padded.set(content);
  const parts: Uint8Array[] = [okm.subarray(32)];
  for (let index = 0; index * CHUNK_BYTES < padded.length; index++) {
    const piece = padded.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
    const last = Uint8Array.of((index + 1) * CHUNK_BYTES >= padded.length ? 1 : 0);
    parts.push(
      gcmSeal(
        {
          key: okm.subarray(0, 32),
          nonce: Buffer.concat([last, Buffer.alloc(3), uint64(index)]),
          aad: labelled('sg/file/v1', uint64(index), last),
        },
        piece,
      ),
    );
  }
  return sha256(...parts);
}
