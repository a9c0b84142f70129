import { z } from 'zod';

// The parts of FHIR R4 (4.0.1) that an import reads. Objects are loose: what is not named here is left alone, what is named must fit.

const text = z.string().max(1000);
const coding = z.looseObject({ system: text.optional(), code: text.optional(), display: text.optional() });
const codeableConcept = z.looseObject({ coding: z.array(coding).optional(), text: text.optional() });
const reference = z.looseObject({ reference: text.optional(), display: text.optional() });
const humanName = z.looseObject({
  use: z.enum(['usual', 'official', 'temp', 'nickname', 'anonymous', 'old', 'maiden']).optional(),
  text: text.optional(),
  family: text.optional(),
  given: z.array(text).optional(),
  prefix: z.array(text).optional(),
});
const identifier = z.looseObject({
  system: text.optional(),
  value: text.optional(),
  type: codeableConcept.optional(),
});
const contactPoint = z.looseObject({ system: text.optional(), value: text.optional(), use: text.optional() });
const address = z.looseObject({
  line: z.array(text).optional(),
  city: text.optional(),
  state: text.optional(),
  postalCode: text.optional(),
  country: text.optional(),
});
/** FHIR `date` and `dateTime` begin alike; a partial date is allowed. */
const date = z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/);
const dateTime = z
  .string()
  .regex(/^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?)?)?$/);
const id = z.string().regex(/^[A-Za-z0-9.-]{1,64}$/);

const patientResource = z.looseObject({
  resourceType: z.literal('Patient'),
  id: id.optional(),
  identifier: z.array(identifier).optional(),
  name: z.array(humanName).optional(),
  telecom: z.array(contactPoint).optional(),
  gender: z.enum(['male', 'female', 'other', 'unknown']).optional(),
  birthDate: date.optional(),
  deceasedBoolean: z.boolean().optional(),
  deceasedDateTime: dateTime.optional(),
  address: z.array(address).optional(),
  communication: z
    .array(z.looseObject({ language: codeableConcept, preferred: z.boolean().optional() }))
    .optional(),
  generalPractitioner: z.array(reference).optional(),
});

const practitionerResource = z.looseObject({
  resourceType: z.literal('Practitioner'),
  id: id.optional(),
  active: z.boolean().optional(),
  name: z.array(humanName).optional(),
  identifier: z.array(identifier).optional(),
});

const encounterResource = z.looseObject({
  resourceType: z.literal('Encounter'),
  id: id.optional(),
  status: text,
  type: z.array(codeableConcept).optional(),
  subject: reference.optional(),
  participant: z.array(z.looseObject({ individual: reference.optional() })).optional(),
  period: z.looseObject({ start: dateTime.optional(), end: dateTime.optional() }).optional(),
});

const conditionResource = z.looseObject({
  resourceType: z.literal('Condition'),
  clinicalStatus: codeableConcept.optional(),
  code: codeableConcept.optional(),
  subject: reference,
  onsetDateTime: dateTime.optional(),
});

const medicationRequestResource = z.looseObject({
  resourceType: z.literal('MedicationRequest'),
  status: text,
  medicationCodeableConcept: codeableConcept.optional(),
  subject: reference,
  authoredOn: dateTime.optional(),
});

const allergyResource = z.looseObject({
  resourceType: z.literal('AllergyIntolerance'),
  clinicalStatus: codeableConcept.optional(),
  code: codeableConcept.optional(),
  patient: reference,
});

export const readResources = {
  Patient: patientResource,
  Practitioner: practitionerResource,
  Encounter: encounterResource,
  Condition: conditionResource,
  MedicationRequest: medicationRequestResource,
  AllergyIntolerance: allergyResource,
} as const;
export type ReadType = keyof typeof readResources;

export const bundleSchema = z.looseObject({
  resourceType: z.literal('Bundle'),
  type: z.enum(['transaction', 'batch', 'collection', 'searchset', 'document', 'message', 'history']),
  entry: z
    .array(
      z.looseObject({
        fullUrl: z.string().max(500).optional(),
        resource: z.looseObject({ resourceType: z.string().max(60) }).optional(),
      }),
    )
    .max(200_000)
    .default([]),
});

export type PatientResource = z.infer<typeof patientResource>;
export type PractitionerResource = z.infer<typeof practitionerResource>;
export type EncounterResource = z.infer<typeof encounterResource>;
export type ConditionResource = z.infer<typeof conditionResource>;
export type MedicationRequestResource = z.infer<typeof medicationRequestResource>;
export type AllergyResource = z.infer<typeof allergyResource>;
export type CodeableConcept = z.infer<typeof codeableConcept>;
export type HumanName = z.infer<typeof humanName>;
