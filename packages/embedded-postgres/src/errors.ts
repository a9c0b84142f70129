/** Why the embedded PostgreSQL could not be used; the message is a sentence a person can act on. */
export type EmbeddedPostgresErrorCode =
  | 'platform_unsupported'
  | 'binaries_missing'
  | 'binaries_broken'
  | 'folder_in_use'
  | 'folder_not_ours'
  | 'version_mismatch'
  | 'init_failed'
  | 'start_failed'
  | 'orphan_stuck';

export class EmbeddedPostgresError extends Error {
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EmbeddedPostgresError';
    this.code = code;
  }
}
