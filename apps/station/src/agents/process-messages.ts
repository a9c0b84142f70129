import { z } from 'zod';

// What the station and an agent's process say to each other. Neither side trusts the other's words without looking.

/** First message to the process: everything that it gets to know of its surroundings. */
const startMessage = z.strictObject({
  t: z.literal('start'),
  serverUrl: z.url({ protocol: /^https?$/ }),
  /** Where people open Baton; texts name its page for patients. */
  publicUrl: z.url({ protocol: /^https?$/ }),
  /** Its own folder. */
  folder: z.string().min(1),
  program: z.string().min(1),
  programFolder: z.string().min(1),
  /** This run of this station. */
  holder: z.string().min(8),
  leaseMs: z.number().int().positive(),
  /** JSON of the program's settings file; null where there is none. */
  settings: z.string().max(65_536).nullable(),
});
export type StartMessage = z.infer<typeof startMessage>;

const headers = z.record(z.string().max(100), z.string().max(16_384));

/** A request that reached the station's listener. Bytes travel as base64. */
const requestMessage = z.strictObject({
  t: z.literal('request'),
  id: z.number().int().positive(),
  method: z.enum(['GET', 'POST']),
  path: z.string().max(4096),
  query: z.string().max(8192),
  headers,
  body: z.base64(),
  isLocal: z.boolean(),
});
export type RequestMessage = z.infer<typeof requestMessage>;

export const toProcess = z.discriminatedUnion('t', [
  startMessage,
  requestMessage,
  z.strictObject({ t: z.literal('stop') }),
]);

export const PROCESS_STATES = ['signing-in', 'waiting', 'standing-by', 'acting'] as const;

export const fromProcess = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('state'), state: z.enum(PROCESS_STATES) }),
  /** Nothing but a sign of life. */
  z.strictObject({ t: z.literal('alive') }),
  /** A line for the log: words and ids, never content. */
  z.strictObject({ t: z.literal('line'), text: z.string().max(400) }),
  z.strictObject({
    t: z.literal('response'),
    id: z.number().int().positive(),
    status: z.number().int().min(200).max(599),
    headers,
    body: z.base64().max(4 * 1024 * 1024),
  }),
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
  /** The program's settings file does not fit: an account or a secret is missing. */
  wrongSettings: 80,
} as const;
