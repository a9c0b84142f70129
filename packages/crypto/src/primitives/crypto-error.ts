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
  /** Bytes that should be a sealed object are not in its form. */
  | 'crypto.malformed'
  /** The key does not match the object's key commitment: another key than the one it was sealed with (sealing.md §5). */
  | 'crypto.bad_commitment'
  /** A well-formed object of another conversation, generation, account or recipient than the one asked for. */
  | 'crypto.wrong_context'
  /** The keys held do not reach back that far: no history-link key, or none for this generation. */
  | 'crypto.no_history'
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
