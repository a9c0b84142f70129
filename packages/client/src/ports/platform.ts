import type { SigningKey } from '@baton/crypto';
import type { Primitives } from '@baton/crypto';
import type { AccountId, Bytes, Clock, Rng, Timers } from '@baton/kernel';
import type { Store } from './store.ts';
import type { Transport } from './transport.ts';

/** The device signing key of one profile. The private half never leaves the platform where it can hold it so. */
export interface KeyStore {
  /** Makes a fresh device key and keeps it in place of the one before. */
  createDeviceKey(): Promise<SigningKey>;
  loadDeviceKey(): Promise<SigningKey | null>;
}

export interface Profile {
  readonly store: Store;
  readonly keys: KeyStore;
  close(): Promise<void>;
}

/** Local storage, one profile for each account that uses this device. */
export interface Profiles {
  /** The account that `Door.resume` opens; null after signing out. */
  current(): Promise<AccountId | null>;
  setCurrent(account: AccountId | null): Promise<void>;
  open(account: AccountId): Promise<Profile>;
  /** Removes everything that the device keeps for this account. The profile must be closed. */
  wipe(account: AccountId): Promise<void>;
}

/** Mutual exclusion among all tabs or tasks that share a profile. */
export interface Locks {
  run<T>(name: string, task: () => Promise<T>): Promise<T>;
}

/** Tells the other tabs of this profile that something changed; never carries content. */
export interface Peers {
  post(note: PeerNote): void;
  subscribe(listener: (note: PeerNote) => void): () => void;
  close(): void;
}

export type PeerNote =
  | { readonly t: 'outbox' }
  | { readonly t: 'draft'; readonly conv: string }
  | { readonly t: 'vault' }
  | { readonly t: 'alarms' }
  /** The person has seen everything up to `seq`. */
  | { readonly t: 'opened'; readonly conv: string; readonly seq: number }
  /** Another tab signed out, or signed in as somebody else: this session is over. */
  | { readonly t: 'ended' };

/** WebAuthn as JSON, with the PRF extension where the authenticator has it. Browser only. */
export interface PasskeyPort {
  isAvailable(): Promise<boolean>;
  /** `options`: PublicKeyCredentialCreationOptionsJSON. `prf` is null where the authenticator gives none at creation. */
  create(options: Readonly<Record<string, unknown>>, prfSalt: Bytes): Promise<PasskeyAnswer>;
  /** `options`: PublicKeyCredentialRequestOptionsJSON. */
  get(options: Readonly<Record<string, unknown>>, prfSalt: Bytes): Promise<PasskeyAnswer>;
}

export interface PasskeyAnswer {
  readonly response: Record<string, unknown>;
  /** 32 bytes. */
  readonly prf: Bytes | null;
}

/** Everything that the client asks of the machine it runs on. */
export interface Platform {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly timers: Timers;
  /** Runs a task in a later turn of the event loop, as soon as possible. */
  readonly soon: (task: () => void) => void;
  readonly primitives: Primitives;
  readonly transport: Transport;
  readonly profiles: Profiles;
  locks(account: AccountId): Locks;
  peers(account: AccountId): Peers;
  readonly passkeys: PasskeyPort | null;
  /** Sessions by bearer token (no cookie jar). */
  readonly bearer: boolean;
  readonly device: {
    readonly class: 'personal' | 'workstation' | 'agent';
    readonly label: string;
    readonly certificateDays: number;
  };
  /** Origin for links that people hand over, without a trailing slash. */
  readonly publicUrl: string;
}
