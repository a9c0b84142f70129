import type { AccountId, ConversationId, MessageId, TimestampMs } from '@baton/kernel';
import type { Language, PracticeCard } from '@baton/wire';
import type { Conversation, ConversationSummary, OutgoingMessage } from './conversations.ts';
import type { Live } from './live.ts';
import type { Alarm, ConnectionState } from './session.ts';

/** What this phone has of a patient's account. */
export type PhoneState =
  /** Nothing: a link, a passkey or the recovery words open it. */
  | { readonly state: 'new' }
  /**
   * An account that a PIN or a passkey opens. `triesLeft` of the PIN; null where this phone has none. `place`: which of the accounts on this
   * phone it is; before it is open nothing more is told of it.
   */
  | { readonly state: 'locked'; readonly triesLeft: number | null; readonly place: PhonePlace }
  | { readonly state: 'open' };

/** Counted from 1. */
export interface PhonePlace {
  readonly number: number;
  readonly of: number;
}

export interface PatientLinkPreview {
  readonly orgName: string;
  readonly claimed: boolean;
  readonly expired: boolean;
  /** A lost phone: the account exists and gets new keys. */
  readonly replacesKeys: boolean;
  readonly triesLeft: number;
  /** This phone opens another account already. Both stay, each with its own PIN; one who writes for two needs no second account. */
  readonly othersHere: boolean;
}

/** How a patient comes in, one per tab (docs/protocol/patients.md §2). Every method that can fail throws ClientFailure. */
export interface PatientDoor {
  phone(): Promise<PhoneState>;
  /** Turns to the next account of this phone, where there are several. */
  switchAccount(): Promise<void>;
  /** `fragment` is what follows `#` in the link. */
  preview(fragment: string): Promise<PatientLinkPreview>;
  /** One of five tries. A wrong code and a right one cost the same; `fits` says which it was, `triesLeft` what remains. */
  tryCode(fragment: string, code: string): Promise<{ readonly fits: boolean; readonly triesLeft: number }>;
  /** After the right code. With `pin`: twelve recovery words are made and this phone opens with the PIN. */
  claim(
    credential:
      | { readonly kind: 'passkey'; readonly label: string }
      | { readonly kind: 'pin'; readonly pin: string },
  ): Promise<{ readonly session: PatientSession; readonly words: readonly string[] | null }>;
  /**
   * On this phone. `auth.failed` at `pin` for a wrong one; `phone()` tells the tries that are left. Ten wrong PINs in a row remove what this
   * phone holds; passkey or words still open it.
   */
  unlock(pin: string): Promise<PatientSession>;
  /** Without asking, after a reload within 15 minutes in the same tab (`open`); null otherwise. */
  resume(): Promise<PatientSession | null>;
  /** On another browser, or after the PIN was forgotten. */
  signIn(
    proof: { readonly kind: 'passkey' } | { readonly kind: 'words'; readonly words: string },
  ): Promise<PatientSession>;
  passkeySupport(): Promise<{ readonly available: boolean }>;
}

/** What a patient writes. Whom it is owed by follows from the practice card: an `ask` is not looked at. */
export interface PatientMessage extends OutgoingMessage {
  /** The writer was shown the emergency notice, or says so: asks `stat`, as red flags in `marks` do. */
  readonly urgent?: boolean;
}

/** Members and titles are the practice's business: `addMembers`, `removeMember`, `leave`, `rename` and `post` are refused. */
export interface PatientConversation extends Conversation {
  send(message: PatientMessage): Promise<MessageId>;
}

/** `title` is the practice's name, from the card. */
export type PatientThreadRow = ConversationSummary & { readonly card: PracticeCard | null };

/** A patient's (or proxy's) account, open on this phone. */
export interface PatientSession {
  /** Own account: which of the members is "you". */
  readonly me: AccountId;
  readonly connection: Live<ConnectionState>;
  readonly alarms: Live<readonly Alarm[]>;
  /** One for most; several for a parent of two, or with a confidential conversation. */
  readonly conversations: Live<readonly PatientThreadRow[]>;
  readonly ready: Live<boolean>;
  open(id: ConversationId): Promise<PatientConversation>;
  /** Whether this phone asks for a PIN. */
  readonly hasPin: Live<boolean>;
  /** 4 to 12 digits, and none of the first that anybody would try: `request.invalid` at `pin` otherwise. */
  setPin(pin: string): Promise<void>;
  /** Twelve words that open the account elsewhere; `confirm` stores them once typed back. */
  makeWords(): Promise<{ readonly words: readonly string[]; confirm(words: string): Promise<void> }>;
  addPasskey(label: string): Promise<void>;
  readonly language: Live<Language | null>;
  setLanguage(language: Language): Promise<void>;
  /** Server time, for "open now". */
  nowMs(): TimestampMs;
  /** Closes until PIN or passkey; what is here stays sealed. */
  lock(): Promise<void>;
  /** Removes everything from this phone. */
  forget(): Promise<void>;
  close(): Promise<void>;
}
