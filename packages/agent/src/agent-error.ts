/** Why an agent may not, or cannot, do something now. */
export type AgentErrorCode =
  /** Its manifest does not list it. */
  | 'manifest'
  /** Another station acts, or nobody knows: the lease is not held. */
  | 'lease'
  /** No state collection (yet), or it does not open. */
  | 'state'
  /** The host is not in the manifest. */
  | 'egress'
  /** The organisation has ended it. */
  | 'ended'
  /** What the station's settings file of the program says does not fit; `at` names the setting. */
  | 'settings'
  /** The server will never commit it; `at` is the code of the catalogue. */
  | 'refused';

export class AgentError extends Error {
  override readonly name = 'AgentError';
  readonly code: AgentErrorCode;
  readonly at: string;

  constructor(code: AgentErrorCode, at: string) {
    super(`${code} at ${at}`);
    this.code = code;
    this.at = at;
  }
}
