import { z } from 'zod';

// The parts of FHIR R4 (4.0.1) that a schedule is read from. Objects are loose: what is not named here is left alone, what is named must fit.

const text = z.string().max(4000);
const coding = z.looseObject({ system: text.optional(), code: text.optional(), display: text.optional() });
const codeableConcept = z.looseObject({ coding: z.array(coding).optional(), text: text.optional() });
const identifier = z.looseObject({
  system: text.optional(),
  value: text.optional(),
  type: codeableConcept.optional(),
});
const reference = z.looseObject({
  reference: text.optional(),
  display: text.optional(),
  identifier: identifier.optional(),
});
const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);
/** FHIR `instant` and `dateTime` with a time and an offset. */
const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/)
  .refine((at) => Number.isFinite(Date.parse(at)));
const meta = z.looseObject({ lastUpdated: instant.optional(), versionId: text.optional() });

export const appointmentResource = z.looseObject({
  resourceType: z.literal('Appointment'),
  id,
  meta: meta.optional(),
  /** http://hl7.org/fhir/R4/valueset-appointmentstatus.html */
  status: z.enum([
    'proposed',
    'pending',
    'booked',
    'arrived',
    'fulfilled',
    'cancelled',
    'noshow',
    'entered-in-error',
    'checked-in',
    'waitlist',
  ]),
  serviceType: z.array(codeableConcept).optional(),
  specialty: z.array(codeableConcept).optional(),
  appointmentType: codeableConcept.optional(),
  reasonCode: z.array(codeableConcept).optional(),
  description: text.optional(),
  start: instant.optional(),
  end: instant.optional(),
  minutesDuration: z.number().int().positive().max(100_000).optional(),
  participant: z
    .array(z.looseObject({ actor: reference.optional(), status: text.optional() }))
    .max(200)
    .default([]),
});
export type AppointmentResource = z.infer<typeof appointmentResource>;

export const patientResource = z.looseObject({
  resourceType: z.literal('Patient'),
  id: id.optional(),
  identifier: z.array(identifier).optional(),
  birthDate: z.string().max(10).optional(),
  deceasedBoolean: z.boolean().optional(),
  deceasedDateTime: text.optional(),
});
export type PatientResource = z.infer<typeof patientResource>;

const humanName = z.looseObject({
  text: text.optional(),
  family: text.optional(),
  given: z.array(text).optional(),
  prefix: z.array(text).optional(),
});
export const practitionerResource = z.looseObject({
  resourceType: z.literal('Practitioner'),
  name: z.array(humanName).optional(),
});
export const locationResource = z.looseObject({
  resourceType: z.literal('Location'),
  name: text.optional(),
});

/** Entries are judged one by one: one that does not fit must not keep the others out. */
export const bundleResource = z.looseObject({
  resourceType: z.literal('Bundle'),
  link: z.array(z.looseObject({ relation: text, url: z.string().max(8000) })).optional(),
  entry: z
    .array(
      z.looseObject({
        fullUrl: z.string().max(2000).optional(),
        resource: z.looseObject({ resourceType: z.string().max(60) }).optional(),
        search: z.looseObject({ mode: text.optional() }).optional(),
      }),
    )
    .max(200_000)
    .default([]),
});
export type BundleResource = z.infer<typeof bundleResource>;
