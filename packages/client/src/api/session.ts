import type { AccountId, DeviceId, OrgId, TimestampMs } from '@baton/kernel';
import type { DeviceBody, ErrorCode, Job, WrapBody } from '@baton/wire';
import type { Agents } from './agents.ts';
import type { Appointments } from './appointments.ts';
import type { Batons } from './batons.ts';
import type { Care } from './care.ts';
import type { Conversations } from './conversations.ts';
import type { Duty } from './duty.ts';
import type { Directory } from './directory.ts';
import type { Integrations } from './integrations.ts';
import type { Notices } from './notices.ts';
import type { Live } from './live.ts';
import type { PatientRegistry } from './patients.ts';
import type { Programmes } from './programmes.ts';
import type { Records } from './record.ts';
import type { AuditTrail, People } from './people.ts';

/** Why something could not be done: a code of the catalogue and the sentence to show. Thrown by every method that can fail. */
export interface ClientFailure extends Error {
  readonly code: ErrorCode;
  /** What a person can do about it; the catalogue's sentence, or a closer one. */
  readonly sentence: string;
  readonly at: string;
}

export type ConnectionState =
  | { readonly state: 'connecting' }
  | { readonly state: 'online' }
  /** `unsent` messages wait in the outbox. */
  | { readonly state: 'offline'; readonly sinceMs: TimestampMs; readonly unsent: number }
  | { readonly state: 'ended'; readonly code: ErrorCode };

/** Something that must not be silent: a fork, a rollback, a foreign key, a clock that is off. Never dismissed by the server. */
export interface Alarm {
  readonly id: string;
  readonly code: ErrorCode;
  readonly at: TimestampMs;
  readonly severity: 'notice' | 'danger';
  /** One plain sentence: what happened and what to do. */
  readonly sentence: string;
  /** Where it was noticed, for the details of a report: ids and field names, never content. */
  readonly about?: string;
}

export interface Me {
  readonly account: AccountId;
  readonly org: OrgId;
  readonly orgName: string;
  readonly name: string;
  readonly jobs: readonly Job[];
  readonly device: DeviceId;
  /** The server runs the demo: marked on every screen. */
  readonly demo: boolean;
}

/** A signed-in, unlocked account on this device. */
export interface Session {
  readonly me: Live<Me>;
  readonly connection: Live<ConnectionState>;
  readonly alarms: Live<readonly Alarm[]>;
  readonly directory: Directory;
  readonly conversations: Conversations;
  readonly batons: Batons;
  readonly duty: Duty;
  readonly agents: Agents;
  readonly integrations: Integrations;
  readonly records: Records;
  readonly notices: Notices;
  readonly patients: PatientRegistry;
  readonly care: Care;
  readonly appointments: Appointments;
  readonly programmes: Programmes;
  readonly people: People;
  readonly audit: AuditTrail;
  readonly security: Security;
  /** `can(action)` by the signed jobs; for hiding what would be refused anyway. */
  can(action: string): boolean;
  acknowledgeAlarm(id: string): void;
  /** Per-account settings, kept in the vault (language, theme, density, announcements). */
  readonly preferences: Live<Readonly<Record<string, string>>>;
  setPreference(key: string, value: string): Promise<void>;
  /** Ends the session here; with `wipe` the local store goes too. */
  signOut(options: { readonly wipe: boolean }): Promise<void>;
  /** Stops timers and sockets without signing out (tab closed, tests). */
  close(): Promise<void>;
}

/** Devices, ways to sign in, recovery. */
export interface Security {
  readonly devices: Live<readonly DeviceBody[]>;
  readonly credentials: Live<readonly WrapBody[]>;
  refresh(): Promise<void>;
  /** Signs the device out at once and revokes its key; flags the account's conversations for new keys. */
  revokeDevice(device: DeviceId): Promise<void>;
  /** Needs a fresh proof of presence first; resolves true when stepped up. */
  stepUp(proof: SignInProof): Promise<void>;
  addPasskey(label: string): Promise<{ readonly unlocks: boolean }>;
  /** Makes a generated passphrase with an authenticator secret; `confirm` stores it once the person has typed a code from the app. */
  preparePassphrase(login: string): Promise<PreparedPassphrase>;
  /** Makes twelve recovery words; `confirm` stores them once the person has typed them back. */
  prepareRecoveryWords(login: string): Promise<PreparedRecovery>;
  removeCredential(credential: string): Promise<void>;
}

export interface PreparedPassphrase {
  readonly passphrase: string;
  /** otpauth:// address for the authenticator app, and its secret in base32. */
  readonly otpauth: string;
  readonly secretText: string;
  confirm(code: string): Promise<void>;
}

export interface PreparedRecovery {
  readonly words: readonly string[];
  confirm(words: string): Promise<void>;
}

export type SignInProof =
  | { readonly kind: 'passkey' }
  | {
      readonly kind: 'passphrase';
      readonly login: string;
      readonly passphrase: string;
      readonly totp: string;
    }
  | { readonly kind: 'recovery'; readonly login: string; readonly words: string }
  /** The fragment of a demo sign-in link. */
  | { readonly kind: 'demo'; readonly fragment: string };

/** What a new account chooses on its first device. */
export type FirstCredential =
  | { readonly kind: 'passkey'; readonly label: string }
  | {
      readonly kind: 'passphrase';
      readonly login: string;
      readonly prepared: { readonly passphrase: string; readonly totpSecret: string; readonly code: string };
    };

export interface InvitationPreview {
  readonly orgName: string;
  readonly name: string | null;
  readonly jobs: readonly Job[];
  readonly claimed: boolean;
  readonly expired: boolean;
  /** The account exists and gets new keys: colleagues will see the change. */
  readonly replacesKeys: boolean;
}

/** Before there is a session. One per tab. */
export interface Door {
  /** Resumes this device's session from the local store without asking; null when there is none. */
  resume(): Promise<Session | null>;
  signIn(proof: SignInProof): Promise<Session>;
  serverInfo(): Promise<{ readonly demo: boolean; readonly setUp: boolean; readonly clockSkewMs: number }>;
  /** Checks the chain from the pinned root to the invitation. `fragment` is what follows `#` in the link. */
  previewInvitation(fragment: string): Promise<InvitationPreview>;
  claimInvitation(input: {
    readonly fragment: string;
    readonly credential: FirstCredential;
    readonly recovery: { readonly login: string; readonly words: readonly string[] };
  }): Promise<Session>;
  /** First admin: makes the organisation's keys here. Answers the session and the custodian's three shares, shown once. */
  setUpOrganisation(input: {
    readonly token: string;
    readonly orgName: string;
    readonly adminName: string;
    readonly jobs: readonly Job[];
    readonly credential: FirstCredential;
    readonly recovery: { readonly login: string; readonly words: readonly string[] };
  }): Promise<{ readonly session: Session; readonly custodianShares: readonly string[] }>;
  /** Material to show before a claim or set-up. Words come from the Rng port. */
  generatePassphrase(login: string): {
    readonly passphrase: string;
    readonly totpSecret: string;
    readonly otpauth: string;
  };
  generateRecoveryWords(): readonly string[];
  passkeySupport(): Promise<{ readonly available: boolean }>;
}
