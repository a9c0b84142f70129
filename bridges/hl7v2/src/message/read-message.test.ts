import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FOLLOW_UP, publishedSamples } from '../fixtures/published-samples.ts';
import { readMessage } from './read-message.ts';
import { unescape } from './segment.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const inSet = (set: string, name: string): string =>
  `MSH|^~\\&|A|B|C|D|20260101||SIU^S12|1|P|2.5.1||||||${set}\rPID|||1||${name}`;

function nameIn(bytes: Uint8Array, usual: 'utf-8' | 'ascii' | '8859/1' = 'utf-8'): string {
  const read = readMessage(bytes, usual);
  return read.ok ? (read.value.segment('PID')?.text(5) ?? 'none') : read.error.t;
}

describe('character sets (MSH-18)', () => {
  it.each([
    ['', utf8(inSet('', 'Peña')), 'Peña'],
    ['UNICODE UTF-8', utf8(inSet('UNICODE UTF-8', 'Peña')), 'Peña'],
    ['UTF-8', utf8(inSet('UTF-8', 'Peña')), 'Peña'],
    ['8859/1', latin1(inSet('8859/1', 'Peña')), 'Peña'],
    ['8859/1, repeated', latin1(inSet('8859/1~UNICODE UTF-8', 'Peña')), 'Peña'],
    ['ASCII', utf8(inSet('ASCII', 'Pena')), 'Pena'],
    ['8859/1 says what 0x80 is', latin1(inSet('8859/1', '\u0080')), '\u0080'],
    ['ASCII that is none', utf8(inSet('ASCII', 'Peña')), 'wrong-characters'],
    ['UTF-8 that is none', latin1(inSet('UNICODE UTF-8', 'Peña')), 'wrong-characters'],
    ['nothing said, and none', latin1(inSet('', 'Peña')), 'wrong-characters'],
    ['UTF-16', utf8(inSet('UNICODE UTF-16', 'Pena')), 'unknown-character-set'],
    ['Kanji', utf8(inSet('ISO IR87', 'Pena')), 'unknown-character-set'],
    ['with a mark before it', utf8(`\ufeff${inSet('', 'Peña')}`), 'Peña'],
  ])('%s', (_what, bytes, expected) => {
    expect(nameIn(bytes)).toBe(expected);
  });

  it('takes the usual one of the interface where a message does not say', () => {
    expect(nameIn(latin1(inSet('', 'Peña')), '8859/1')).toBe('Peña');
    expect(nameIn(utf8(inSet('', 'Peña')), 'ascii')).toBe('wrong-characters');
  });
});

describe('messages', () => {
  it('are read with other separators and other line ends', () => {
    const odd = FOLLOW_UP.replaceAll('|', '#').replaceAll('^', '@').replaceAll('\r', '\r\n');
    const read = readMessage(utf8(odd), 'utf-8');
    expect(read.ok && read.value.header).toMatchObject({ type: 'SIU', event: 'S12', control: 'MSG00042' });
    expect(read.ok && read.value.segment('SCH')?.text(2)).toBe('FILL7781');
    expect(read.ok && read.value.segment('PID')?.text(5, 2)).toBe('Ada');
  });

  it('that others published are read', () => {
    const samples = [
      ...publishedSamples('rimitiSiu'),
      ...publishedSamples('rimitiAdt'),
      ...publishedSamples('nodeHl7'),
    ];
    expect(samples.length).toBeGreaterThan(9);
    for (const sample of samples) {
      const read = readMessage(utf8(sample), 'utf-8');
      expect(read.ok && read.value.header.type).toMatch(/^[A-Z]{3}$/);
    }
  });

  it('never make it throw, whatever comes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 400 }),
          fc
            .tuple(fc.constantFrom('MSH|^~\\&|', 'MSH|', 'MSH', 'MSH||||'), fc.string({ maxLength: 300 }))
            .map(([head, tail]) => utf8(head + tail)),
          fc
            .array(fc.constantFrom('|', '^', '~', '\\', '&', '\r', 'SCH', 'PID', 'A', '"'), {
              maxLength: 200,
            })
            .map((parts) => utf8(`MSH|^~\\&|${parts.join('')}`)),
        ),
        (bytes) => {
          const read = readMessage(bytes, 'utf-8');
          if (!read.ok) return;
          for (const name of ['MSH', 'SCH', 'PID', 'AIS'])
            for (const segment of read.value.segments(name))
              for (let field = 1; field < 30; field += 1)
                expect(typeof segment.text(field, 2)).toBe('string');
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('are none without a header', () => {
    for (const text of ['', 'PID|1', 'GET / HTTP/1.1', 'MSHA^~\\&', 'FHS|^~\\&|A', 'MSH\r'])
      expect(readMessage(utf8(text), 'utf-8')).toMatchObject({ ok: false, error: { t: 'no-hl7' } });
  });
});

it('takes escapes for what they mean', () => {
  expect(unescape('a\\T\\b \\S\\ \\F\\ \\R\\ \\E\\', '\\')).toBe('a&b ^ | ~ \\');
  expect(unescape('one\\.br\\two', '\\')).toBe('one\ntwo');
  expect(unescape('\\H\\bold\\N\\ \\X41\\\\Zother\\', '\\')).toBe('bold A');
  expect(unescape('a\\b', '\\')).toBe('a\\b');
  expect(unescape('C:\\T\\', '')).toBe('C:\\T\\');
});
