import { encodeUtf8, type TimestampMs } from '@baton/kernel';
import type { Header } from './read-message.ts';

/** Codes of HL7 table 0357. */
const CONDITIONS = {
  'segment-sequence': 100,
  'missing-field': 101,
  'wrong-value': 102,
  'unknown-type': 200,
  'unknown-event': 201,
  'wrong-processing': 202,
  'wrong-version': 203,
  internal: 207,
} as const;
export type Condition = keyof typeof CONDITIONS;

export type Verdict =
  | { readonly t: 'accept' }
  /** `error`: this message cannot be used (AE, CE). `reject`: nothing of this kind can (AR, CR). */
  | { readonly t: 'error' | 'reject'; readonly condition: Condition; readonly reason: string };

const CODES = { accept: ['AA', 'CA'], error: ['AE', 'CE'], reject: ['AR', 'CR'] } as const;

/**
 * The answer to a message, or null where the sender wants none (MSH-15, MSH-16; HL7 v2.5.1 chapter 2.9). It repeats header fields of the sender and
 * nothing else of the message: no name, no number of a patient. `id`: control id of the answer.
 */
export function acknowledge(
  header: Header | null,
  verdict: Verdict,
  { id, nowMs }: { readonly id: string; readonly nowMs: TimestampMs },
): Uint8Array | null {
  const mode = header === null ? 'original' : modeOf(header, verdict);
  if (mode === 'none') return null;
  const code = CODES[verdict.t][mode === 'commit' ? 1 : 0];
  const { field, encoding } = header?.separators ?? { field: '|', encoding: '^~\\&' };
  const component = encoding[0] ?? '^';
  const plain = (text: string | undefined, longest = 180): string =>
    (text ?? '').replace(/[^\x20-\x7e]/g, '').slice(0, longest);
  const words = (text: string): string =>
    [...plain(text)].map((letter) => (`${field}${encoding}`.includes(letter) ? ' ' : letter)).join('');
  const type = ['ACK', plain(header?.event, 3), 'ACK'].join(component);
  const version = plain(header?.version, 8) || '2.5.1';
  const msh = [
    'MSH',
    encoding,
    plain(header?.receivingApplication) || 'BATON',
    plain(header?.receivingFacility),
    plain(header?.application),
    plain(header?.facility),
    timeOf(nowMs),
    '',
    type,
    id,
    plain(header?.processing, 3) || 'P',
    version,
  ];
  const reason = verdict.t === 'accept' ? [] : [words(verdict.reason)];
  const segments = [msh, ['MSA', code, plain(header?.control, 199), ...reason]];
  if (verdict.t !== 'accept') {
    const condition = [String(CONDITIONS[verdict.condition]), words(verdict.condition), 'HL70357'].join(
      component,
    );
    segments.push(['ERR', '', '', condition, 'E', '', '', '', words(verdict.reason)]);
  }
  return encodeUtf8(segments.map((fields) => `${fields.join(field)}\r`).join(''));
}

function modeOf({ acceptAck, applicationAck }: Header, verdict: Verdict): 'original' | 'commit' | 'none' {
  if (acceptAck === '' && applicationAck === '') return 'original';
  const isOk = verdict.t === 'accept';
  const wants = (condition: string): boolean =>
    condition === 'AL' || (condition === 'ER' && !isOk) || (condition === 'SU' && isOk);
  if (wants(acceptAck)) return 'commit';
  return wants(applicationAck) ? 'original' : 'none';
}

/** UTC, to the second. */
function timeOf(nowMs: TimestampMs): string {
  return `${new Date(nowMs).toISOString().slice(0, 19).replace(/[-T:]/g, '')}+0000`;
}
