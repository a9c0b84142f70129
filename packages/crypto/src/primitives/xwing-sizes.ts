/** draft-connolly-cfrg-xwing-kem §5, bytes. */
export const XWING_SEED_BYTES = 32;
/** ML-KEM-768 encapsulation key (1184), then X25519 public value (32). */
export const XWING_PUBLIC_KEY_BYTES = 1216;
/** ML-KEM-768 ciphertext (1088), then ephemeral X25519 public value (32). */
export const XWING_CIPHERTEXT_BYTES = 1120;
