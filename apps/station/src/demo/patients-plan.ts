import { z } from 'zod';

const clock = z.string().regex(/^[0-2][0-9]:[0-5][0-9]$/);
const words = z.strictObject({ en: z.string().min(1), es: z.string().min(1) });

/** How the demo practice and its patients write to each other, as data: roles by key, people by name, patients by name as in the registry. */
export const patientsPlanSchema = z.strictObject({
  /** Number that texts come from: 555-01xx is never given to anybody. */
  number: z.string(),
  phone: z.string(),
  timeZone: z.string(),
  open: z.array(z.strictObject({ days: z.array(z.number().int().min(1).max(7)), from: clock, to: clock })),
  urgentTo: z.string(),
  /** Topic to the name of the queue that answers it. */
  routes: z.record(z.string(), z.string()),
  confidentialFromAge: z.number().int(),
  resultOpenDays: z.number().int(),
  templates: z.array(z.strictObject({ kind: z.enum(['message', 'result']), name: z.string(), text: words })),
  threads: z.array(
    z.strictObject({
      patient: z.string(),
      mobile: z.string(),
      channel: z.enum(['link', 'plain']),
      /** Who invites. */
      by: z.string(),
      /** `joined`: has a phone here; `invited`: link and code are beside the sign-in links; `none`: texts only. */
      state: z.enum(['joined', 'invited', 'none']),
      messages: z.array(
        z.strictObject({
          /** A member of staff; null: the patient. */
          by: z.string().nullable(),
          text: z.string(),
          topic: z.string().optional(),
        }),
      ),
      notes: z.array(z.strictObject({ by: z.string(), text: z.string() })),
    }),
  ),
});
export type PatientsPlan = z.infer<typeof patientsPlanSchema>;
