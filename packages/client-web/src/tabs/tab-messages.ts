import type { Bytes } from '@baton/kernel';
import { z } from 'zod';

// What the tabs of one account say to each other about the one socket. `hub` names one holding of the socket, `tab` one connection of a
// guest; both are random and used once, so that messages of an earlier holder cannot be taken for those of the present one.

const name = z.string().min(1).max(64);
const frame = z.instanceof(Uint8Array) as z.ZodType<Bytes>;

const tabMessageSchema = z.discriminatedUnion('t', [
  /** Guest: I want to share the socket. */
  z.strictObject({ t: z.literal('seek'), tab: name }),
  /** Holder: I have taken the socket over. */
  z.strictObject({ t: z.literal('held'), hub: name }),
  /** Holder: you are known; wait for `open`. */
  z.strictObject({ t: z.literal('admitted'), hub: name, tab: name }),
  z.strictObject({ t: z.literal('open'), hub: name, tab: name }),
  z.strictObject({ t: z.literal('up'), hub: name, tab: name, frame }),
  z.strictObject({ t: z.literal('down'), hub: name, tab: name, frame }),
  /** Either side: no more. */
  z.strictObject({ t: z.literal('end'), hub: name, tab: name }),
]);
export type TabMessage = z.infer<typeof tabMessageSchema>;

/** Null for what another version of this page, or something else, has posted. */
export function readTabMessage(data: unknown): TabMessage | null {
  const parsed = tabMessageSchema.safeParse(data);
  return parsed.success ? parsed.data : null;
}
