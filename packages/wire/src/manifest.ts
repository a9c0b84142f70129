import { z } from 'zod';
import { makeCodec } from './codec.ts';
import { CONVERSATION_KINDS } from './entry.ts';
import { MESSAGE_KINDS } from './envelope.ts';
import { hashField, idField, labelField, uintField } from './fields.ts';

/**
 * What an agent may write in a conversation: message kinds, a collection's puts, changes of members, or the end of a baton that an answer to its
 * question opened (`settle`; docs/protocol/programmes.md §3).
 */
export const AGENT_WRITES = [...MESSAGE_KINDS, 'put', 'members', 'settle'] as const;
export type AgentWrite = (typeof AGENT_WRITES)[number];

/**
 * What an agent may do (docs/protocol/agents.md §1). It has no signature of its own: its hash (label `sg/manifest/v1`) is in the invitation or
 * grant that the enrolment key signed, and everybody who seals to the agent looks it up by that hash.
 */
const manifestSchema = z.strictObject({
  v: z.literal(1),
  t: z.literal('manifest'),
  org: idField('org'),
  /** Which program this is: a name of `agents/` or `bridges/`. */
  program: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/),
  /** Counts from 1 for each agent. */
  version: uintField,
  purposes: z.array(labelField).min(1).max(8),
  access: z
    .array(
      z.strictObject({
        kind: z.enum(CONVERSATION_KINDS),
        /** May be given what was written before it joined. */
        history: z.boolean(),
        writes: z.array(z.enum(AGENT_WRITES)).max(AGENT_WRITES.length),
      }),
    )
    .min(1)
    .max(CONVERSATION_KINDS.length),
  /** May enter and remove holders of roles as the signed schedule says. */
  duty: z.boolean(),
  /** Hosts that it may reach besides the Baton server: `name` or `name:port`. */
  hosts: z.array(z.string().regex(/^[a-z0-9.-]{1,253}(?::[0-9]{1,5})?$/)).max(20),
  /** SHA-256 over the program's files, as the station computes it. */
  code: hashField,
  /** Person who answers for it. */
  responsible: idField('account'),
});
export type Manifest = z.infer<typeof manifestSchema>;
export const manifestCodec = makeCodec<Manifest>(manifestSchema, { limitBytes: 8192 });
