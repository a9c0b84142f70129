import { describe, expect, it } from 'vitest';
import { FOLLOW_UP } from '../fixtures/published-samples.ts';
import { acknowledge, type Verdict } from './acknowledgement.ts';
import { type Header, readHeader } from './read-message.ts';

const PORTS = { id: 'A1', nowMs: Date.UTC(2026, 10, 24, 15, 30) };
const header = readHeader(new TextEncoder().encode(FOLLOW_UP)) as Header;
const FAULT: Verdict = { t: 'error', condition: 'missing-field', reason: 'SCH-2 is missing' };
const words = (given: Header | null, verdict: Verdict): string | null => {
  const bytes = acknowledge(given, verdict, PORTS);
  return bytes && new TextDecoder().decode(bytes);
};
const codeOf = (given: Header, verdict: Verdict): string | undefined =>
  /MSA\|(..)/.exec(words(given, verdict) ?? '')?.[1];

describe('an answer', () => {
  it('says which message it answers, and nothing of its patient', () => {
    expect(words(header, { t: 'accept' })).toBe(
      'MSH|^~\\&|MSGAPP|HOSP|EPIC|HOSP|20261124153000+0000||ACK^S12^ACK|A1|P|2.5.1\rMSA|AA|MSG00042\r',
    );
    expect(words(header, FAULT)).toBe(
      'MSH|^~\\&|MSGAPP|HOSP|EPIC|HOSP|20261124153000+0000||ACK^S12^ACK|A1|P|2.5.1\r' +
        'MSA|AE|MSG00042|SCH-2 is missing\rERR|||101^missing-field^HL70357|E||||SCH-2 is missing\r',
    );
    for (const text of [words(header, { t: 'accept' }), words(header, FAULT)])
      for (const canary of ['Okafor', 'Ada', '|00042', '1958', 'Oncology', 'FILL7781'])
        expect(text).not.toContain(canary);
  });

  it('rejects what is no HL7 in words of its own', () => {
    expect(
      words(null, { t: 'reject', condition: 'internal', reason: 'this is no HL7 v2 message' }),
    ).toContain('MSA|AR||this is no HL7 v2 message\r');
  });

  it('is as the sender asks for it (MSH-15, MSH-16)', () => {
    const asks = (acceptAck: string, applicationAck: string): Header => ({
      ...header,
      acceptAck,
      applicationAck,
    });
    expect(codeOf(asks('AL', 'NE'), { t: 'accept' })).toBe('CA');
    expect(codeOf(asks('AL', 'NE'), FAULT)).toBe('CE');
    expect(codeOf(asks('NE', 'AL'), { t: 'accept' })).toBe('AA');
    expect(codeOf(asks('ER', ''), FAULT)).toBe('CE');
    expect(words(asks('ER', 'NE'), { t: 'accept' })).toBeNull();
    expect(words(asks('NE', 'NE'), FAULT)).toBeNull();
    expect(codeOf(asks('SU', 'NE'), { t: 'accept' })).toBe('CA');
  });

  it('carries no line of its own making', () => {
    const sly = { ...header, control: 'a\rMSA|AA|other', application: 'ä\n' };
    expect(words(sly, FAULT)?.split('\r')).toHaveLength(4);
    expect(words(header, { ...FAULT, reason: 'a|b\rc^d' })).toContain('a bc d');
  });
});
