import type { NamedValues } from '@baton/agent';
import type {
  AccountId,
  Clock,
  ConversationId,
  MessageId,
  OwnerId,
  Timers,
  TimestampMs,
} from '@baton/kernel';
import type { AppointmentsValue, Prompt, TextingValue } from '@baton/wire';

/** What the core of the program needs of the world. The program wires a station's session to it, a simulation whatever it likes. */
export interface ReminderPorts {
  readonly clock: Clock;
  /** Not durable: everything that is waited for follows from what is written down. */
  readonly wait: Timers;
  readonly lease: { readonly isHeld: boolean; requireHeld(): void };
  readonly appointments: NamedValues<AppointmentsValue>;
  /** Read only. */
  readonly texting: NamedValues<TextingValue>;
  readonly door: PatientDoor;
  /** The same for the same parts on every try and every station, and known to nobody beforehand. */
  readonly messageId: (...parts: readonly string[]) => Promise<MessageId>;
  readonly choices: ChoiceShelf;
  /** For the log of what the assistant did: ids and codes, never content. */
  readonly note: (what: string, ids: readonly string[], outcome?: 'failed') => void;
}

export interface Said {
  readonly id: MessageId;
  readonly text: string;
  readonly prompt: Prompt;
}

export interface StaffAsk {
  /** What it is about: the same for every try. */
  readonly key: readonly string[];
  readonly text: string;
  readonly to: OwnerId;
  readonly withinMs: number;
  /** As staff know the patient. */
  readonly patient: string;
}

/** Patients' conversations. */
export interface PatientDoor {
  /** The assistant is in it now. */
  isOpen(conv: ConversationId): boolean;
  /** Resolves when the server has it; one message however often it is asked for. Throws where it cannot be said now. */
  send(conv: ConversationId, said: Said): Promise<void>;
  /** Whether it was said: true when the server has it, also where that had to be waited for; false where it never was handed in here. */
  isSaid(conv: ConversationId, id: MessageId): Promise<boolean>;
  /**
   * Takes back what was said here, where nobody has had it yet: no text of it has gone, and none of these accounts has opened it. `false`: it cannot be
   * taken back, or never was here. Asking twice is answered the same. Throws where it cannot be known now.
   */
  withdraw(conv: ConversationId, id: MessageId, readers: readonly AccountId[]): Promise<boolean>;
  /** Ends what the patient's answer asked of staff; false where a person was faster, or must see to it. */
  settle(conv: ConversationId, answer: MessageId): Promise<boolean>;
  /** Asks staff in the notes beside the conversation; false where that cannot be. */
  ask(conv: ConversationId, ask: StaffAsk): Promise<boolean>;
}

/** Times that a patient was given to choose from. Written before they are said. */
export interface ChoiceRow {
  /** Visit that is given up for the one that is chosen; null: none. */
  readonly appointment: string | null;
  readonly recall: string | null;
  readonly slots: readonly string[];
  readonly until: TimestampMs;
  /** The slot that was chosen. */
  readonly taken: string | null;
}
export interface ChoiceShelf {
  get(prompt: MessageId): Promise<ChoiceRow | null>;
  put(prompt: MessageId, row: ChoiceRow): Promise<void>;
}

/** A patient's message that answers a question of this assistant. */
export interface Answer {
  readonly conv: ConversationId;
  readonly id: MessageId;
  readonly at: TimestampMs;
  readonly text: string;
  readonly choice: string | null;
  /** Its rules found red flags, or it brings something with it: a person reads it. */
  readonly isForPerson: boolean;
  readonly question: { readonly id: MessageId; readonly prompt: Prompt };
}
