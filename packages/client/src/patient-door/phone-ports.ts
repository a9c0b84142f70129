import type { AccountId, Bytes } from '@baton/kernel';
import type { Platform, Profiles } from '../ports/platform.ts';

/** What one account's PIN lock keeps on this device. */
export interface PinRecord {
  /** 16 random bytes. */
  readonly salt: Bytes;
  /** User master key (sealing.md §7). */
  readonly sealed: Bytes;
  /** Wrong PINs that are left; counted down before each try. */
  readonly triesLeft: number;
}

/** Where PIN locks rest, and the device key that they hang on. */
export interface PinShelf {
  read(account: AccountId): Promise<PinRecord | null>;
  /** Durable when it resolves. null takes the device key away too: nothing opens what was sealed under it. */
  write(account: AccountId, record: PinRecord | null): Promise<void>;
  /** HMAC-SHA-256 under this account's key of this device, made when first asked for. In a browser no code can take the key out. */
  mac(account: AccountId, data: Bytes): Promise<Bytes>;
}

/** A secret for as long as the tab lives: gone when it is closed, there again when it is reloaded. */
export interface TabMemory {
  read(): Bytes | null;
  write(secret: Bytes | null): void;
}

/** A family's phone holds several accounts: a parent's, an older child's. One of them is current. */
export interface PhoneProfiles extends Profiles {
  /** Every account that was current here and was not wiped since, in an order that stays. */
  known(): Promise<readonly AccountId[]>;
}

/** What a phone gives the client beyond what every device does. */
export interface PhonePlatform extends Platform {
  readonly profiles: PhoneProfiles;
  readonly pins: PinShelf;
  readonly tab: TabMemory;
}
