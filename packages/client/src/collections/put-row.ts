import type { Bytes } from '@baton/kernel';
import type { ValueAuthor } from '@baton/policy';
import {
  bytesBetween,
  hashField,
  idField,
  JOBS,
  makeCodec,
  MAX_SEALED_BYTES,
  timestampField,
  uintField,
} from '@baton/wire';
import { z } from 'zod';

const value = bytesBetween(0, MAX_SEALED_BYTES);

/** As it was when the put was committed; null: taken in before authors were kept. */
const author = z
  .strictObject({
    account: idField('account'),
    dk: hashField,
    kind: z.enum(['user', 'agent', 'patient']),
    jobs: z.array(z.enum(JOBS)),
    program: z.string().nullable(),
  })
  .nullable();

/** A value that counts, with who put it there, and when by the server's clock. */
const standing = z.strictObject({
  value,
  at: timestampField,
  author,
  /** Whatever the value says of who did something was seen to be so (`judgeValue`). */
  firm: z.boolean(),
});
export type StandingValue = z.infer<typeof standing>;

const putRow = z.strictObject({
  v: z.literal(1),
  key: hashField,
  seq: uintField,
  ts: timestampField,
  version: uintField,
  hash: hashField,
  del: z.boolean(),
  /** What counts under this key; null with `del`, or while its key is missing. */
  value: value.nullable(),
  /** The sealed put, while it cannot be opened. */
  raw: bytesBetween(1, MAX_SEALED_BYTES).nullable(),
  /** Who put the value that counts. */
  author: author.default(null),
  firm: z.boolean().default(true),
  /** This put says what it may not say, and changes nothing: `value` is what stood before it, since this time. null: it counts. */
  since: timestampField.nullable().default(null),
  /** What stood before a put that cannot be opened yet. */
  was: standing.nullable().default(null),
});
/** The newest put of one key as this device has verified it. */
export type PutRow = z.infer<typeof putRow>;
export const putCodec = makeCodec<PutRow>(putRow, { limitBytes: 1_200_000 });

/** What counts under the key after this put; null: nothing, or nothing that can be read yet. */
export function standingOf(row: PutRow): StandingValue | null {
  const { value: bytes, del, since, ts, author: by, firm } = row;
  if (del || bytes === null || bytes.length === 0) return null;
  return { value: bytes, at: since ?? ts, author: by, firm };
}

/** As `standingOf`; where the put cannot be opened yet, what stood before it. */
export function lastStanding(row: PutRow): StandingValue | null {
  return row.raw === null ? standingOf(row) : row.was;
}

/** A put as it was opened: nothing of it has been weighed. */
export function openedRow(
  base: Pick<PutRow, 'key' | 'seq' | 'ts' | 'version' | 'hash' | 'del'>,
  found: { readonly value: Bytes | null; readonly raw: Bytes | null; readonly author: ValueAuthor },
): PutRow {
  const { value: bytes, raw, author: by } = found;
  return { v: 1, ...base, value: bytes, raw, author: rowAuthor(by), firm: false, since: null, was: null };
}

/** The put stays in its chain, and changes nothing. */
export function withoutEffect(row: PutRow, before: StandingValue | null): PutRow {
  const base = { ...row, raw: null, was: null };
  if (before === null) return { ...base, del: true, value: null, author: null, firm: true, since: null };
  const { value: bytes, at, author: by, firm } = before;
  return { ...base, del: false, value: bytes, author: by, firm, since: at };
}

function rowAuthor({ account, dk, kind, jobs, program }: ValueAuthor): PutRow['author'] {
  return { account, dk, kind, jobs: [...jobs], program };
}
