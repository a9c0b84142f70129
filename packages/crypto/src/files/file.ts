import { type Bytes, concatBytes, equalBytes, Secret } from '@baton/kernel';
import type { SealingPorts } from '../ports.ts';
import { CryptoError } from '../primitives/crypto-error.ts';
import type { Primitives } from '../primitives/primitives.ts';
import { openFileParts, sealedFileLength, sealFileParts } from './file-parts.ts';

/** Longest file that is sealed in memory. */
const MAX_FILE_BYTES = 10 * 1024 * 1024;
const KEY_BYTES = 32;

/** What a message says about a file (wire `attachment`) so that its reader can open it. */
export interface FileKey {
  /** 32 random bytes, for this file alone. */
  readonly key: Secret<Bytes>;
  /** SHA-256 of the sealed bytes. */
  readonly hash: Bytes;
  /** Bytes before sealing. */
  readonly sizeBytes: number;
}

/**
 * Seals a file of up to 10 MiB (sealing.md §10): commitment (32) || chunks. Chunks are AES-256-GCM of 1 MiB each, their index and whether
 * they are the last in nonce and aad, so that none can be moved, left out or added. Padded to a Padmé length, so that the server does not
 * learn the size.
 */
export async function sealFile(
  ports: SealingPorts,
  content: Bytes,
): Promise<{ readonly sealed: Bytes; readonly file: FileKey }> {
  if (content.length > MAX_FILE_BYTES) throw new CryptoError('crypto.bad_length', 'the file is too long');
  const key = Secret.of(ports.rng.bytes(KEY_BYTES));
  const parts: Bytes[] = [];
  for await (const part of sealFileParts(ports.primitives, {
    key,
    sizeBytes: content.length,
    source: [content],
  })) {
    parts.push(part);
  }
  const sealed = concatBytes(...parts);
  return { sealed, file: { key, hash: ports.primitives.sha256(sealed), sizeBytes: content.length } };
}

/** Opens a sealed file held in memory. The hash is compared first. Throws `crypto.open_failed`, `crypto.bad_commitment`, `crypto.malformed`. */
export async function openFile(
  primitives: Primitives,
  input: FileKey & { readonly sealed: Bytes },
): Promise<Bytes> {
  const { sealed, sizeBytes } = input;
  if (sealed.length !== sealedFileLength(sizeBytes))
    throw new CryptoError('crypto.malformed', 'not this file');
  if (!equalBytes(primitives.sha256(sealed), input.hash)) {
    throw new CryptoError('crypto.open_failed', 'not the file that the message names');
  }
  const parts: Bytes[] = [];
  for await (const part of openFileParts(primitives, { ...input, source: [sealed] })) parts.push(part);
  return concatBytes(...parts);
}
