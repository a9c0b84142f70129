import { z } from 'zod';
import { CONTRACTS } from './envelope.ts';
import { makeCodec } from './codec.ts';
import {
  batonField,
  bytesBetween,
  hashField,
  idField,
  memberField,
  ownerField,
  timestampField,
  uintField,
} from './fields.ts';

// The events of a baton (docs/protocol/batons.md §3): a hash chain, each signed by the device key of the person who did it, or by the server
// where time or a change of the organisation did. Carried as `Signed` under the label `sg/baton/v1`.

export const CLOSE_REASONS = [
  'done',
  'handled-elsewhere',
  'not-needed',
  'duplicate',
  'wrong-person',
  'withdrawn',
  /** An agent dealt with an answer to its own question (docs/protocol/programmes.md §3). */
  'automation',
] as const;
export type CloseReason = (typeof CLOSE_REASONS)[number];

/** Why the server moved a baton to another owner. */
const REASSIGN_CAUSES = ['deactivated', 'off-duty', 'empty-role', 'queue-gone', 'ladder-end'] as const;
export type ReassignCause = (typeof REASSIGN_CAUSES)[number];

/** Whom an event reaches, as resolved when it was made. */
const reached = z.array(idField('account')).max(200);

const batonOpSchema = z.discriminatedUnion('op', [
  // By the server.
  /** Always event 0. What stands in a message's header is repeated; clients that have the message compare. */
  z.strictObject({
    op: z.literal('open'),
    /** Where the message is; null for a baton without one. */
    conv: idField('conversation').nullable(),
    /** Who asks: a person, or an outside system. */
    opener: z.union([idField('account'), idField('integration')]),
    contract: z.enum(CONTRACTS).exclude(['fyi']),
    to: ownerField,
    /** Commit time plus `withinMs`. */
    deadline: timestampField,
    /** Unit of the addressed role, by name; decides ladder and callback. */
    unit: z.string().max(120).nullable(),
    /** An outside system's own name for it: an opaque id, never text about a person. */
    reference: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/)
      .nullable(),
    reached,
  }),
  /** The ladder's next step: who is reached now. `step` counts the fired steps from 1; `empty`: nobody was found for the target. */
  z.strictObject({
    op: z.literal('step'),
    step: uintField,
    target: memberField,
    /** Offset of the step, in milliseconds after opening: where a changed ladder goes on. */
    offsetMs: uintField,
    reached,
    empty: z.boolean(),
  }),
  /** An offered hand-over was not accepted in time: back to who had it. */
  z.strictObject({ op: z.literal('return'), reached }),
  z.strictObject({ op: z.literal('reassign'), cause: z.enum(REASSIGN_CAUSES), to: ownerField, reached }),
  // By persons.
  z.strictObject({ op: z.literal('acknowledge'), readBack: z.boolean() }),
  /** The message that answers; it may stand in another conversation, where the answering person could not write in the first. */
  z.strictObject({ op: z.literal('answer'), conv: idField('conversation'), message: idField('message') }),
  z.strictObject({
    op: z.literal('offer'),
    to: ownerField,
    /** A SealedNote for the receiver. */
    note: bytesBetween(1, 6144).nullable(),
  }),
  z.strictObject({ op: z.literal('accept') }),
  z.strictObject({ op: z.literal('decline') }),
  /** By somebody whom a step reached, or a holder of the owning role or queue: from now on it is theirs in person. */
  z.strictObject({ op: z.literal('take') }),
  z.strictObject({ op: z.literal('close'), reason: z.enum(CLOSE_REASONS) }),
  /** By the opener, with the edit that changed what was asked. */
  z.strictObject({ op: z.literal('reopen'), message: idField('message') }),
  /** An EscalationBox for somebody who had none (the ladder changed, a hand-over), made by somebody who can read the message. */
  z.strictObject({ op: z.literal('box'), to: memberField, g: uintField, box: bytesBetween(1, 2048) }),
]);
export type BatonOp = z.infer<typeof batonOpSchema>;
export type BatonOpOf<T extends BatonOp['op']> = Extract<BatonOp, { op: T }>;
export const SERVER_OPS = ['open', 'step', 'return', 'reassign'] as const satisfies readonly BatonOp['op'][];

const batonEventSchema = z.strictObject({
  v: z.literal(1),
  t: z.literal('baton'),
  org: idField('org'),
  baton: batonField,
  /** Position in the baton's chain, from 0. */
  n: uintField,
  /** Hash of event n-1; null for n = 0. */
  prev: hashField.nullable(),
  /** null: the server, by the key of the org statement. */
  by: idField('account').nullable(),
  /** Role that the author acts for. */
  as: idField('role').nullable(),
  /** Hash of the author's device certificate; null for the server. */
  dk: hashField.nullable(),
  /** Author's clock; with the server's events the commit time. */
  ts: timestampField,
  op: batonOpSchema,
});
export type BatonEvent = z.infer<typeof batonEventSchema>;
export const batonEventCodec = makeCodec<BatonEvent>(batonEventSchema, { limitBytes: 16_384 });
