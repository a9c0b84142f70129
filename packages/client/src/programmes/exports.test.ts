import { encodeRunState, FRESH_CONTEXT, startRun } from '@baton/clinical';
import { describe, expect, it } from 'vitest';
import { toCsv } from './export-csv.ts';
import { toFhir } from './export-fhir.ts';
import { answer, ask, CAPECITABINE, ENROLMENT, run } from './fixtures/enrolled.ts';

const idOf = (kind: string): string => CAPECITABINE.questions.find((one) => one.kind === kind)?.id ?? '';
const [DOSE, TEMPERATURE, COUNT] = [idOf('dose'), idOf('temperature'), idOf('count')];
const AT = Date.UTC(2026, 10, 20, 13, 5);

/** As the assistant keeps it: with the tablets that the day was asked about. */
const STATE = encodeRunState(
  startRun(CAPECITABINE, {
    slot: 'morning',
    date: '2026-11-20',
    atMs: AT,
    language: 'en',
    settings: { 'fever-from': 38, 'fever-below': 36, 'red-minutes': 15, 'amber-minutes': 240 },
    plan: { t: 'doses', cycle: 1, cycleDay: 11, times: ENROLMENT.regimen?.times ?? [] },
    fill: {},
    context: FRESH_CONTEXT,
  }).state,
);
const RUN = run(
  '2026-11-20',
  [
    ask(DOSE),
    answer(DOSE, 'not-yet', { at: AT - 60_000 }),
    answer(DOSE, 'taken', { at: AT }),
    ask(TEMPERATURE),
    answer(TEMPERATURE, 'temperature', { number: 38.4, unit: 'Cel', grade: 1, at: AT }),
    ask(COUNT),
    answer(COUNT, 'count', { number: 4, grade: 2, at: AT }),
  ],
  { band: 'red', outcome: 'alerted', state: STATE },
);

type Resource = Readonly<Record<string, unknown>> & { readonly resourceType: string };
interface Entry {
  readonly resource: Resource;
  readonly request: { readonly method: string; readonly url: string; readonly ifNoneExist: string };
}

function entriesOf(runs = [RUN], enrolment = ENROLMENT): readonly Entry[] {
  const bundle = toFhir({ enrolment, record: null, runs, protocol: () => CAPECITABINE });
  expect(bundle).toMatchObject({ resourceType: 'Bundle', type: 'transaction' });
  return bundle['entry'] as unknown as readonly Entry[];
}

describe('the FHIR bundle', () => {
  const entries = entriesOf();
  const of = (type: string): readonly Resource[] =>
    entries.map(({ resource }) => resource).filter(({ resourceType }) => resourceType === type);

  it('has each answer once, and creates nothing that is there', () => {
    expect(entries.map(({ request }) => request.url)).toEqual([
      'QuestionnaireResponse',
      'MedicationStatement',
      'MedicationStatement',
      'Observation',
      'Observation',
    ]);
    const keys = entries.map(({ request }) => request.ifNoneExist);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys[0]).toBe('identifier=urn%3Abaton%3Acheck-in|e_one%3A2026-11-20%3Amorning%3Aresponse');
    expect(entries.every(({ request }) => request.method === 'POST')).toBe(true);
  });

  it('says in one item all answers of a question that was asked again', () => {
    const [response] = of('QuestionnaireResponse');
    expect(response).toMatchObject({
      status: 'completed',
      questionnaire: `urn:baton:protocol:${CAPECITABINE.id}|1`,
    });
    const items = response?.['item'] as readonly {
      linkId: string;
      text: string;
      answer: readonly unknown[];
    }[];
    expect(items.map(({ linkId, answer: answers }) => [linkId, answers.length])).toEqual([
      [DOSE, 2],
      [TEMPERATURE, 1],
      [COUNT, 1],
    ]);
    // No empty place of a text goes out.
    expect(JSON.stringify(entries)).not.toMatch(/\{(drug|plan|name)\}/);
    expect(items[0]?.text).toContain('Capecitabine');
  });

  it('has measured values by LOINC with UCUM units, and grades with their version', () => {
    const [temperature, count] = of('Observation');
    expect(temperature).toMatchObject({
      status: 'final',
      code: { coding: [{ system: 'http://loinc.org', code: '8310-5' }] },
      valueQuantity: { value: 38.4, system: 'http://unitsofmeasure.org', code: 'Cel' },
    });
    expect(JSON.stringify(temperature?.['note'])).toContain(`CTCAE v${CAPECITABINE.grading?.ctcae}`);
    expect(count).toMatchObject({
      valueQuantity: { value: 4, code: '1' },
      category: [{ coding: [{ code: 'survey' }] }],
    });
  });

  it('says of a dose what the patient said, with the plan as it was worded', () => {
    expect(of('MedicationStatement').map(({ status, dosage }) => [status, dosage])).toEqual([
      ['not-taken', [{ text: '3 tablets of 500 mg' }]],
      ['completed', [{ text: '3 tablets of 500 mg' }]],
    ]);
    expect(of('MedicationStatement')[0]?.['subject']).toEqual({
      type: 'Patient',
      reference: 'Patient/rosa',
      identifier: { system: 'urn:baton:patient', value: 'Patient/rosa' },
    });
  });

  it('has a blood pressure as a panel with both values, and says where one is missing', () => {
    const pressure = { ...CAPECITABINE.questions[0], id: 'bp', kind: 'blood-pressure' } as never;
    const document = { ...CAPECITABINE, questions: [pressure] };
    const both = run('2026-11-20', [
      ask('bp'),
      answer('bp', 'blood-pressure', { number: 151, second: 94, unit: 'mm[Hg]' }),
    ]);
    const one = run('2026-11-19', [
      ask('bp'),
      answer('bp', 'blood-pressure', { number: 151, unit: 'mm[Hg]' }),
    ]);
    const bundle = toFhir({
      enrolment: ENROLMENT,
      record: null,
      runs: [both, one],
      protocol: () => document,
    });
    const panels = (bundle['entry'] as unknown as readonly Entry[])
      .map(({ resource }) => resource)
      .filter(({ resourceType }) => resourceType === 'Observation');
    expect(panels[0]).toMatchObject({
      code: { coding: [{ code: '85354-9' }] },
      component: [
        { valueQuantity: { value: 151, code: 'mm[Hg]' } },
        { dataAbsentReason: { coding: [{ code: 'unknown' }] } },
      ],
    });
    expect(panels[1]).toMatchObject({ component: [{}, { valueQuantity: { value: 94 } }] });
    expect(panels[1]).not.toHaveProperty('valueQuantity');
  });

  it('is empty where nothing was answered', () => {
    expect(entriesOf([run('2026-11-20', [ask(DOSE)])])).toEqual([]);
  });
});

describe('the CSV', () => {
  it('has one line for each answer, oldest first, with quotes where they are needed', () => {
    const earlier = run('2026-11-18', [ask(DOSE), answer(DOSE, 'missed', { at: AT - 86_400_000 })]);
    const enrolments = [{ enrolment: { ...ENROLMENT, ref: 'Patient/"a", b' }, runs: [RUN, earlier] }];
    const lines = toCsv({ enrolments, protocol: () => CAPECITABINE }).split('\r\n');
    expect(lines[0]?.split(',').slice(0, 6)).toEqual([
      'patient',
      'enrolment',
      'protocol',
      'version',
      'date',
      'slot',
    ]);
    expect(lines).toHaveLength(7);
    expect(lines.at(-1)).toBe('');
    expect(lines[1]).toMatch(/^"Patient\/""a"", b",e_one,capecitabine-monotherapy,1,2026-11-18,morning,/);
    expect(lines[4]).toContain(',temperature,38.4,,Cel,1,red,alerted');
  });

  it('never begins a cell as a formula', () => {
    const enrolments = [{ enrolment: { ...ENROLMENT, ref: '=HYPERLINK(A1)' }, runs: [RUN] }];
    expect(toCsv({ enrolments, protocol: () => null })).toContain("\r\n'=HYPERLINK(A1),");
  });
});
