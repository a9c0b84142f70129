import type { ConversationId, MessageId, TimestampMs } from '@baton/kernel';

/** Words of the PDF in the reader's language; the rest of it is names, times and texts. */
export interface RecordWords {
  readonly title: string;
  readonly subtitle: string;
  readonly participants: string;
  readonly messages: string;
  readonly attachments: string;
  readonly made: string;
  readonly reason: string;
  readonly leftOut: string;
  /** Said where a character cannot be printed. */
  readonly unprintable: string;
  /** How to check, and the hash below it. */
  readonly howToCheck: string;
  formatTime(atMs: TimestampMs): string;
  /** Heading of one message: who, for which role, by which way. */
  describe(message: {
    readonly author: string;
    readonly as: string | null;
    readonly byText: boolean;
    readonly edited: boolean;
    readonly withdrawn: boolean;
  }): string;
}

export interface RecordWish {
  readonly conversation: ConversationId;
  /** The chosen ones; null: the whole thread. */
  readonly messages: readonly MessageId[] | null;
  readonly reason: string;
  /** Names as the practice knows them, of those whom the key log does not name. */
  readonly nameOf: (account: string) => string | null;
  readonly words: RecordWords;
  readonly progress?: (
    step: 'messages' | 'proofs' | 'attachments' | 'file',
    done: number,
    all: number,
  ) => void;
}

export interface MadeRecord {
  /** `baton-record-<date>-<first characters of the hash>.zip` */
  readonly fileName: string;
  readonly zip: Uint8Array;
  /** SHA-256 of `evidence.cbor`, hexadecimal: to be noted where the file is filed. */
  readonly hash: string;
  readonly messages: number;
}

/** "Make part of the record" (docs/protocol/evidence.md). */
export interface Records {
  make(wish: RecordWish): Promise<MadeRecord>;
}
