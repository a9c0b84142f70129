import { decodeRunState, type Protocol } from '@baton/clinical';
import type { CheckInRun, Enrolment, PatientRecord, Regimen } from '@baton/wire';
import { type Answer, answersOf, plainQuestion } from './answers.ts';

// FHIR R4 (4.0.1). Vital signs by LOINC with UCUM units, as the vital signs profiles of FHIR and US Core have them; what has no code of a
// terminology goes as text and as a code of the protocol itself, never as a code that somebody would have to guess.

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type Resource = { readonly resourceType: string } & { readonly [key: string]: Json };

export interface FhirInput {
  readonly enrolment: Enrolment;
  /** Of the registry; null where the patient is not in it. */
  readonly record: PatientRecord | null;
  /** Newest first. */
  readonly runs: readonly CheckInRun[];
  readonly protocol: (id: string, version: number) => Protocol | null;
}

const LOINC = 'http://loinc.org';
const UCUM = 'http://unitsofmeasure.org';
const OBSERVATION_CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';

/**
 * A transaction that can be sent twice: each entry is created only where its identifier is not known yet. The patient is
 * referred to as the registry knows them.
 */
export function toFhir(input: FhirInput): Resource {
  const { runs } = input;
  const entries = [...runs]
    .reverse()
    .flatMap((run) => {
      const document = input.protocol(run.protocol.id, run.protocol.version);
      const answers = answersOf(run, document);
      if (answers.length === 0) return [];
      const scene: Scene = { ...input, run, document, answers };
      return [toResponse(scene), ...answers.flatMap((answer, n) => toResources(scene, answer, n))];
    })
    .map(toEntry);
  return { resourceType: 'Bundle', type: 'transaction', entry: entries };
}

interface Scene extends FhirInput {
  readonly run: CheckInRun;
  readonly document: Protocol | null;
  readonly answers: readonly Answer[];
}

const QR_STATUS = {
  open: 'in-progress',
  advised: 'completed',
  alerted: 'completed',
  ended: 'completed',
  silent: 'stopped',
  held: 'stopped',
} as const satisfies Record<CheckInRun['outcome'], string>;

function toResponse(scene: Scene): Resource {
  const { run, document, answers } = scene;
  return {
    resourceType: 'QuestionnaireResponse',
    identifier: identifierOf(scene, 'response'),
    questionnaire: `urn:baton:protocol:${run.protocol.id}|${run.protocol.version}`,
    status: QR_STATUS[run.outcome],
    subject: subjectOf(scene),
    authored: isoOf(answers.at(-1)?.at ?? run.startedAt),
    // A question that was asked again is one item with all its answers.
    item: [...new Set(answers.map(({ node }) => node))].map((linkId) => {
      const same = answers.filter(({ node }) => node === linkId);
      const question = same[0]?.question ?? null;
      const { enrolment } = scene;
      return {
        linkId,
        ...(question ? { text: plainQuestion(question, enrolment.language, enrolment) } : {}),
        answer: same.flatMap((answer) => toAnswers(document, answer)),
      };
    }),
  };
}

function toAnswers(document: Protocol | null, { value, question }: Answer): readonly Json[] {
  const quantity = toQuantity(value.number, value.unit);
  if (quantity === null) return [{ valueCoding: codingOf(document, question?.choices ?? [], value.code) }];
  const second = toQuantity(value.second, value.unit);
  return [{ valueQuantity: quantity }, ...(second ? [{ valueQuantity: second }] : [])];
}

function codingOf(
  document: Protocol | null,
  choices: readonly { readonly code: string; readonly label: { readonly en: string } }[],
  code: string,
): Json {
  const display = choices.find((choice) => choice.code === code)?.label.en;
  return {
    ...(document ? { system: `urn:baton:protocol:${document.id}` } : {}),
    code,
    ...(display ? { display } : {}),
  };
}

function toResources(scene: Scene, answer: Answer, n: number): readonly Resource[] {
  const { enrolment } = scene;
  const { question, value } = answer;
  if (question?.kind === 'dose' && enrolment.regimen)
    return [toStatement(scene, answer, { n, regimen: enrolment.regimen })];
  if (value.number === null && answer.grade === null) return [];
  return [toObservation(scene, answer, n)];
}

function toObservation(scene: Scene, answer: Answer, n: number): Resource {
  const { value, question, grade } = answer;
  const isVital = question?.kind === 'temperature' || question?.kind === 'blood-pressure';
  return {
    resourceType: 'Observation',
    identifier: [identifierOf(scene, `${answer.node}:${n}`)],
    status: 'final',
    category: [{ coding: [{ system: OBSERVATION_CATEGORY, code: isVital ? 'vital-signs' : 'survey' }] }],
    code: observationCode(scene, answer),
    subject: subjectOf(scene),
    effectiveDateTime: isoOf(answer.at),
    ...(question?.kind === 'blood-pressure'
      ? {
          component: [
            pressure('8480-6', 'Systolic', value.number),
            pressure('8462-4', 'Diastolic', value.second),
          ],
        }
      : valueOf(value.number, value.unit, grade)),
    ...(grade !== null ? { note: [{ text: gradeWords(scene.document, grade) }] } : {}),
  };
}

function valueOf(number: number | null, unit: string | null, grade: number | null): { [key: string]: Json } {
  const quantity = toQuantity(number, unit);
  if (quantity !== null) return { valueQuantity: quantity };
  return grade === null ? {} : { valueInteger: grade };
}

function observationCode({ document, enrolment }: Scene, { node, question }: Answer): Json {
  if (question?.kind === 'temperature')
    return { coding: [{ system: LOINC, code: '8310-5', display: 'Body temperature' }] };
  if (question?.kind === 'blood-pressure')
    return { coding: [{ system: LOINC, code: '85354-9', display: 'Blood pressure panel' }] };
  return {
    ...(document ? { coding: [{ system: `urn:baton:protocol:${document.id}`, code: node }] } : {}),
    text: question ? plainQuestion(question, 'en', enrolment) : node,
  };
}

function pressure(code: string, name: string, number: number | null): Json {
  const quantity = toQuantity(number, 'mm[Hg]');
  return {
    code: { coding: [{ system: LOINC, code, display: `${name} blood pressure` }] },
    ...(quantity === null
      ? {
          dataAbsentReason: {
            coding: [{ system: 'http://terminology.hl7.org/CodeSystem/data-absent-reason', code: 'unknown' }],
          },
        }
      : { valueQuantity: quantity }),
  };
}

function gradeWords(document: Protocol | null, grade: number): string {
  const version = document?.grading?.ctcae;
  return version === undefined ? `Grade ${grade}` : `Grade ${grade} by CTCAE v${version}`;
}

const TAKEN = new Set(['taken', 'vomited', 'extra', 'partial']);
const NOT_TAKEN = new Set(['missed', 'cannot', 'not-yet']);

/** What the patient says of a dose: never a prescription, and nothing that a clinician saw. */
function toStatement(
  scene: Scene,
  { value, at, node, question }: Answer,
  { n, regimen }: { readonly n: number; readonly regimen: Regimen },
): Resource {
  const status = TAKEN.has(value.code) ? 'completed' : NOT_TAKEN.has(value.code) ? 'not-taken' : 'unknown';
  const label = question?.choices.find(({ code }) => code === value.code)?.label.en;
  // As it was worded to the patient that day: the plan may be another by now.
  const plan = decodeRunState(scene.run.state)?.fill['plan'];
  return {
    resourceType: 'MedicationStatement',
    identifier: [identifierOf(scene, `${node}:${n}`)],
    status,
    ...(status === 'completed' ? {} : { statusReason: [{ text: label ?? value.code }] }),
    medicationCodeableConcept: { text: regimen.drug },
    subject: subjectOf(scene),
    effectiveDateTime: scene.run.date,
    dateAsserted: isoOf(at),
    informationSource: subjectOf(scene),
    note: [{ text: `Patient’s answer: ${label ?? value.code}` }],
    ...(plan === undefined ? {} : { dosage: [{ text: plan }] }),
  };
}

/** UCUM codes of the units that answers come in; others go as text alone. */
const UNITS: Readonly<Record<string, { readonly code: string; readonly unit: string }>> = {
  Cel: { code: 'Cel', unit: '°C' },
  C: { code: 'Cel', unit: '°C' },
  '[degF]': { code: '[degF]', unit: '°F' },
  F: { code: '[degF]', unit: '°F' },
  'mm[Hg]': { code: 'mm[Hg]', unit: 'mmHg' },
  mmHg: { code: 'mm[Hg]', unit: 'mmHg' },
  kg: { code: 'kg', unit: 'kg' },
  lb: { code: '[lb_av]', unit: 'lb' },
  '%': { code: '%', unit: '%' },
};

function toQuantity(value: number | null, unit: string | null): { readonly [key: string]: Json } | null {
  if (value === null) return null;
  const known = unit === null ? { code: '1', unit: '1' } : UNITS[unit];
  return known ? { value, unit: known.unit, system: UCUM, code: known.code } : { value, unit: unit ?? '' };
}

function identifierOf({ run }: Scene, part: string): { readonly [key: string]: Json } {
  return { system: 'urn:baton:check-in', value: `${run.enrolment}:${run.date}:${run.slot}:${part}` };
}

/** As the record system that the registry was imported from knows the patient. */
function subjectOf({ enrolment, record }: Scene): Json {
  const [identifier] = record?.identifiers ?? [];
  return {
    type: 'Patient',
    ...(/^Patient\/[A-Za-z0-9.-]{1,64}$/.test(enrolment.ref) ? { reference: enrolment.ref } : {}),
    identifier: identifier
      ? { system: identifier.system, value: identifier.value }
      : { system: 'urn:baton:patient', value: enrolment.ref },
  };
}

interface Identifier {
  readonly system: string;
  readonly value: string;
}

function toEntry(resource: Resource): Json {
  const { resourceType, identifier } = resource;
  const [{ system, value }] = (Array.isArray(identifier) ? identifier : [identifier]) as [Identifier];
  return {
    resource,
    request: {
      method: 'POST',
      url: resourceType,
      ifNoneExist: `identifier=${encodeURIComponent(system)}|${encodeURIComponent(value)}`,
    },
  };
}

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString();
}
