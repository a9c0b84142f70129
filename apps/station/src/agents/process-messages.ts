import { z } from 'zod';

// What the station and an agent's process say to each other. Neither side trusts the other's words without looking.

/** First message to the process: everything that it gets to know of its surroundings. */
export const startMessage = z.strictObject({
  t: z.literal('start'),
  serverUrl: z.url({ protocol: /^https?$/ }),
  /** Its own folder. */
  folder: z.string().min(1),
  program: z.string().min(1),
  programFolder: z.string().min(1),
  /** This run of this station. */
  holder: z.string().min(8),
  leaseMs: z.number().int().positive(),
});
export type StartMessage = z.infer<typeof startMessage>;
export const toProcess = z.discriminatedUnion('t', [startMessage, z.strictObject({ t: z.literal('stop') })]);

export const PROCESS_STATES = ['signing-in', 'waiting', 'standing-by', 'acting'] as const;

export const fromProcess = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('state'), state: z.enum(PROCESS_STATES) }),
  /** A line for the log: words and ids, never content. */
  z.strictObject({ t: z.literal('line'), text: z.string().max(400) }),
]);
export type FromProcess = z.infer<typeof fromProcess>;

/** How an agent's process ends; anything else is a crash. */
export const EXIT = {
  stopped: 0,
  crashed: 70,
  /** Start again soon: the server was not there, the session ran out, the manifest changed. */
  again: 75,
  /** The organisation has ended it, or its keys do not open: it is not started again by itself. */
  ended: 77,
  /** Taken out of its state collection: looked at again after a long pause. */
  revoked: 78,
  /** The program's files are not those that the organisation signed. */
  wrongCode: 79,
} as const;
