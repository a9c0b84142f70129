import { z } from 'zod';
import { makeCodec } from './codec.ts';
import { bytesBetween, signatureField } from './fields.ts';

/**
 * A signed object on the wire: the exact body bytes and one signature over its domain label and hash (ledger/labels). The body is kept
 * as bytes so that what was signed is what is hashed, whatever a decoder does in between. `x` is the second signature that a claim
 * carries (by the invitation's key); absent elsewhere.
 */
const signedSchema = z.strictObject({
  b: bytesBetween(1, 262_144),
  s: signatureField,
  x: signatureField.optional(),
});
export type Signed = z.infer<typeof signedSchema>;
export const signedCodec = makeCodec<Signed>(signedSchema, { limitBytes: 262_400 });
