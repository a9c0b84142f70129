import { zipSync } from 'fflate';
import { expect, it, test } from 'vitest';
import { verifyBundle } from '../../verify-evidence/bundle.ts';
import { printable, printableLines } from '../../verify-evidence/printable.ts';

test.each([
  ['an escape sequence', '\u001b[2J\u001b[1;1HEverything holds', '\\u001b[2J\\u001b[1;1HEverything holds'],
  ['a line end', 'Ann\nCheck 1 holds', 'Ann\\u000aCheck 1 holds'],
  ['a C1 control', 'a\u009bm', 'a\\u009bm'],
  ['a change of direction', 'gnp\u202Efdp', 'gnp\\u202efdp'],
  ['a line separator', 'a\u2028b', 'a\\u2028b'],
])('%s in a name is written out', (_, text, shown) => {
  expect(printable(text)).toBe(shown);
});

it('leaves ordinary words as they are', () => {
  for (const text of ['Zoë Ñandú, 東京', '38.5 °C – "much worse" 🙂', 'attachments/01-x.pdf'])
    expect(printable(text)).toBe(text);
});

it('puts a mark before each line of a text', () => {
  expect(printableLines('one\nNot proven:\r\n')).toEqual(['    | one', '    | Not proven:\\u000d', '    | ']);
});

it('refuses a ZIP with a file that no list of its names shows', () => {
  const zip = zipSync({
    'evidence.cbor': [new Uint8Array(3), { level: 0 }],
    x_proto_x: [new Uint8Array(1), { level: 0 }],
  });
  const named = Buffer.from(
    Buffer.from(zip).toString('latin1').replaceAll('x_proto_x', '__proto__'),
    'latin1',
  );
  expect(() => verifyBundle(named)).toThrow(/no list shows/);
});
