import type { Protocol } from '@baton/clinical';
import type { CheckInRun, Enrolment } from '@baton/wire';
import { type Answer, answersOf, plainQuestion } from './answers.ts';

export interface CsvInput {
  readonly enrolments: readonly { readonly enrolment: Enrolment; readonly runs: readonly CheckInRun[] }[];
  readonly protocol: (id: string, version: number) => Protocol | null;
}

const COLUMNS = [
  'patient',
  'enrolment',
  'protocol',
  'version',
  'date',
  'slot',
  'question',
  'question_text',
  'answered_at',
  'code',
  'number',
  'second_number',
  'unit',
  'grade',
  'band',
  'outcome',
] as const;

/** RFC 4180, UTF-8, one line for each answered question, oldest first. Times are UTC (ISO 8601); `date` is the patient's calendar. */
export function toCsv({ enrolments, protocol }: CsvInput): string {
  const lines = enrolments
    .flatMap(({ enrolment, runs }) => runs.map((run) => ({ enrolment, run })))
    .sort((a, b) => a.run.startedAt - b.run.startedAt || (a.enrolment.id < b.enrolment.id ? -1 : 1))
    .flatMap(({ enrolment, run }) => {
      const document = protocol(run.protocol.id, run.protocol.version);
      return answersOf(run, document).map((answer) => lineOf(enrolment, run, answer));
    });
  return [COLUMNS.join(','), ...lines, ''].join('\r\n');
}

function lineOf(enrolment: Enrolment, run: CheckInRun, answer: Answer): string {
  const { value } = answer;
  return [
    enrolment.ref,
    enrolment.id,
    run.protocol.id,
    run.protocol.version,
    run.date,
    run.slot,
    answer.node,
    answer.question ? plainQuestion(answer.question, 'en', enrolment) : '',
    new Date(answer.at).toISOString(),
    value.code,
    value.number,
    value.second,
    value.unit,
    answer.grade,
    run.band,
    run.outcome,
  ]
    .map(cellOf)
    .join(',');
}

/** Quoted where it has to be. A cell that a spreadsheet would take for a formula is told that it is text. */
function cellOf(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
