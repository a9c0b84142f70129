import type { MessageId } from '@baton/kernel';
import { makeCodec, timestampField, uintField } from '@baton/wire';
import { z } from 'zod';
import { prefixRange, type StoreRange, type StoreWrite } from '../ports/store.ts';

// Where the sealed bytes of waiting files lie in the store: rows of `files`, one for each piece.

/** Sealed bytes of every stored piece but the last. */
export const PIECE_BYTES = 1024 * 1024;

function pieceCount(sealedBytes: number): number {
  return Math.ceil(sealedBytes / PIECE_BYTES);
}

export function pieceKey(id: MessageId, file: number, piece: number): string {
  return `${id}/${file}/${piece}`;
}

/** `sealedBytes`: length of each file of the message. */
export function removePieces(id: MessageId, sealedBytes: readonly number[]): StoreWrite[] {
  return sealedBytes.flatMap((length, file) =>
    Array.from({ length: pieceCount(length) }, (_, piece) => ({
      table: 'files' as const,
      key: pieceKey(id, file, piece),
      value: null,
    })),
  );
}

/** Written before the first piece and removed with the message's own row: what is left of a message that never came into the outbox. */
const intakeSchema = z.strictObject({
  v: z.literal(1),
  at: timestampField,
  sealedBytes: z.array(uintField).max(20),
});
export type Intake = z.infer<typeof intakeSchema>;
export const intakeCodec = makeCodec<Intake>(intakeSchema, { limitBytes: 1000 });

const INTAKE = 'intake/';
export const ALL_INTAKES: StoreRange = prefixRange(INTAKE);

export function intakeKey(id: MessageId): string {
  return `${INTAKE}${id}`;
}

export function messageOfIntake(key: string): MessageId {
  return key.slice(INTAKE.length) as MessageId;
}
