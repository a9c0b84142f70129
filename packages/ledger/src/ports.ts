import type { Bytes } from '@baton/kernel';

/** SHA-256 of the whole input: 32 bytes in memory of their own. */
export type Digest = (bytes: Bytes) => Bytes;

/** Ed25519 (RFC 8032). Never rejects: bytes of a wrong length or form are `false`. */
export type Verify = (publicKey: Bytes, message: Bytes, signature: Bytes) => Promise<boolean>;
