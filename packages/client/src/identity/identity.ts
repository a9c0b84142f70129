import type { SigningKey } from '@baton/crypto';
import type { AccountId, Bytes, DeviceId, OrgId } from '@baton/kernel';

/** Who signs on this device. */
export interface Identity {
  readonly account: AccountId;
  readonly org: OrgId;
  readonly device: DeviceId;
  readonly deviceKey: SigningKey;
  /** Signed device certificate, and its hash: what entries and envelopes name as `dk`. */
  readonly certificate: Bytes;
  readonly dk: Bytes;
}
