import { z } from 'zod';

const clock = z.string().regex(/^[0-2][0-9]:[0-5][0-9]$/);

/** The demo's visits and check-ins as data: people and patients by name, days counted from the day of the seeding. */
export const programmesPlanSchema = z.strictObject({
  place: z.string(),
  visits: z.array(
    z.strictObject({
      patient: z.string(),
      inDays: z.number().int(),
      at: clock,
      minutes: z.number().int().positive(),
      service: z.string(),
      with: z.string(),
      answer: z.enum(['confirmed', 'reschedule', 'declined']).optional(),
      status: z.enum(['fulfilled', 'noshow', 'cancelled']).optional(),
    }),
  ),
  /** Free times. */
  slots: z.array(
    z.strictObject({
      inDays: z.number().int().positive(),
      at: clock,
      minutes: z.number().int().positive(),
      service: z.string(),
      with: z.string(),
    }),
  ),
  waitlist: z.array(z.strictObject({ patient: z.string(), service: z.string() })),
  preparations: z.array(
    z.strictObject({
      name: z.string(),
      service: z.string(),
      text: z.strictObject({ en: z.string(), es: z.string() }),
    }),
  ),
  /** Example protocols that two of the staff have signed; the others stay drafts. */
  signed: z.array(z.string()),
  author: z.string(),
  clinician: z.string(),
  enrolments: z.array(
    z.strictObject({
      patient: z.string(),
      protocol: z.string(),
      by: z.string(),
      startsInDays: z.number().int(),
      /** Values that the protocol asks the site for. */
      settings: z.record(z.string(), z.number()),
    }),
  ),
});
export type ProgrammesPlan = z.infer<typeof programmesPlanSchema>;
