import { batonField, bytesBetween, makeCodec, timestampField, uintField } from '@baton/wire';
import { z } from 'zod';

const batonRowSchema = z.strictObject({
  v: z.literal(1),
  baton: batonField,
  /** Position of the newest event in the organisation's feed. */
  pos: uintField,
  via: z.enum(['member', 'opener', 'reached', 'owner']),
  /** The whole chain: Signed events with their commit times. */
  events: z.array(z.strictObject({ signed: bytesBetween(1, 17_000), at: timestampField })).min(1),
  /** The person was told of everything that reached them up to this event; -1 for nothing yet. */
  told: z.number().int().min(-1),
  /** Somebody was reached, or acted, whom nothing here puts there: nobody is given keys because of this chain. */
  doubted: z.boolean(),
});
/** One verified baton as it is kept on this device. */
export type BatonRow = z.infer<typeof batonRowSchema>;
export const batonRowCodec = makeCodec<BatonRow>(batonRowSchema, { limitBytes: 64_000_000 });

const cursorSchema = z.strictObject({ v: z.literal(1), pos: uintField });
/** How far this device has the feed. */
export type FeedCursor = z.infer<typeof cursorSchema>;
export const feedCursorCodec = makeCodec<FeedCursor>(cursorSchema, { limitBytes: 60 });
