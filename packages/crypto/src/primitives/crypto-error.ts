/** The closed set of ways in which an operation of this package can fail. */
export type CryptoErrorCode =
  /** An authenticated ciphertext did not open: wrong key, wrong context or altered bytes. Never says which. */
  | 'crypto.open_failed'
  /** A signature did not verify. */
  | 'crypto.bad_signature'
  /** A key is malformed, degenerate (small order) or of another kind. */
  | 'crypto.bad_key'
  /** An input or a requested output has a length that the algorithm does not allow. */
  | 'crypto.bad_length'
  /** Neither the runtime nor the portable fallback offers the operation. */
  | 'crypto.unsupported';

/** The only error that this package throws. The message is fixed per call site and holds no key or content bytes. */
export class CryptoError extends Error {
  override readonly name = 'CryptoError';
  readonly code: CryptoErrorCode;

  constructor(code: CryptoErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Refuses bytes of any other length than `length`; `what` names the argument in the message. */
export function requireLength(bytes: Uint8Array, length: number, what: string): void {
  if (bytes.length !== length) throw new CryptoError('crypto.bad_length', `${what} must be ${length} bytes`);
}
