import { CONTRACTS, JOBS } from '@baton/wire';
import { z } from 'zod';
import { patientsPlanSchema } from './patients-plan.ts';
import { programmesPlanSchema } from './programmes-plan.ts';

const job = z.enum(JOBS);

const message = z.strictObject({
  by: z.string(),
  text: z.string(),
  reaction: z
    .strictObject({ by: z.string(), reaction: z.enum(['got-it', 'thanks', 'yes', 'no', 'looking', 'done']) })
    .optional(),
  ask: z
    .strictObject({
      contract: z.enum(CONTRACTS).exclude(['fyi']),
      /** Keys of roles, names of people. */
      to: z.array(z.string()).min(1),
      minutes: z.number().int().positive(),
      callback: z.string().optional(),
      patient: z.string().optional(),
    })
    .optional(),
  acknowledgedBy: z.string().optional(),
  /** Answers what its author owes in this conversation. */
  answers: z.boolean().optional(),
});

/** The demo practice as data: people are named as in the FHIR bundles, roles by their key. */
export const practicePlanSchema = z.strictObject({
  name: z.string(),
  /** The first one sets the organisation up. */
  staff: z
    .array(
      z.strictObject({ practitioner: z.string(), jobs: z.array(job).min(1), persona: z.string().optional() }),
    )
    .min(2),
  roles: z.array(
    z.strictObject({
      key: z.string(),
      name: z.string(),
      unit: z.string().nullable(),
      use: z.enum(['team', 'duty']),
      /** Everybody with one of these jobs holds it. */
      holders: z.array(job).optional(),
      holdersByName: z.array(z.string()).optional(),
    }),
  ),
  duty: z.strictObject({
    timeZone: z.string(),
    callback: z.string(),
    /** Besides the one who sets the organisation up. */
    supervisors: z.array(z.string()),
    units: z.array(
      z.strictObject({ name: z.string(), backup: z.string(), charge: z.string(), callback: z.string() }),
    ),
    queues: z.array(
      z.strictObject({ name: z.string(), roles: z.array(z.string()).min(1), defaultOwner: z.string() }),
    ),
    schedules: z.array(
      z.strictObject({
        role: z.string(),
        slots: z.array(
          z.strictObject({
            /** ISO 8601: 1 is Monday. */
            days: z.array(z.number().int().min(1).max(7)),
            from: z.string().regex(/^[0-2][0-9]:[0-5][0-9]$/),
            to: z.string().regex(/^[0-2][0-9]:[0-5][0-9]$/),
            name: z.string(),
          }),
        ),
      }),
    ),
  }),
  patients: patientsPlanSchema,
  programmes: programmesPlanSchema,
  registry: z.strictObject({ members: z.array(z.string()), writer: z.string() }),
  conversations: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({
        kind: z.literal('direct'),
        between: z.tuple([z.string(), z.string()]),
        messages: z.array(message),
      }),
      z.strictObject({
        kind: z.literal('group'),
        title: z.string(),
        members: z.array(z.string()),
        messages: z.array(message),
      }),
      z.strictObject({
        kind: z.literal('role'),
        role: z.string(),
        by: z.string(),
        messages: z.array(message),
      }),
    ]),
  ),
});
export type PracticePlan = z.infer<typeof practicePlanSchema>;
export type PlannedConversation = PracticePlan['conversations'][number];
