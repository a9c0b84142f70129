export interface Pattern {
  readonly needle: string;
  /** How the needle is written there, for the report. */
  readonly encoding: string;
  readonly bytes: Uint8Array;
}

/** Shorter needles turn up by chance. */
const SHORTEST_NEEDLE_BYTES = 5;

/** Every way of writing a needle that is looked for. Of equal patterns the first name stays. */
export function patternsOf(needle: string): Pattern[] {
  const utf8 = Buffer.from(needle, 'utf8');
  if (utf8.length < SHORTEST_NEEDLE_BYTES)
    throw new RangeError(`A canary needs at least ${SHORTEST_NEEDLE_BYTES} bytes, or it is found by chance.`);
  const hex = utf8.toString('hex');
  const component = encodeURIComponent(needle);
  const everyByte = hex.replaceAll(/../g, '%$&');
  const written: (readonly [string, Uint8Array | string])[] = [
    ['utf8', utf8],
    ['utf8, lower case', needle.toLowerCase()],
    ['utf8, upper case', needle.toUpperCase()],
    ['utf16le', Buffer.from(needle, 'utf16le')],
    ...[0, 1, 2].flatMap((shift) => base64Patterns(utf8, shift)),
    ['hex', hex],
    ['hex, upper case', hex.toUpperCase()],
    ['percent', component],
    ['percent, lower case', component.replaceAll(/%../g, (code) => code.toLowerCase())],
    ['percent, form', component.replaceAll('%20', '+')],
    ['percent, every byte', everyByte.toUpperCase()],
    ['percent, every byte, lower case', everyByte],
    ['json', JSON.stringify(needle).slice(1, -1)],
    ['json, ascii', jsonEscaped(JSON.stringify(needle).slice(1, -1), /[^ -~]/g)],
    ['json, ascii, upper case', upperHex(jsonEscaped(JSON.stringify(needle).slice(1, -1), /[^ -~]/g))],
    ['json, every character', jsonEscaped(needle, /[^]/g)],
    ['json, every character, upper case', upperHex(jsonEscaped(needle, /[^]/g))],
  ];
  const known = new Set<string>();
  return written.flatMap(([encoding, text]) => {
    const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
    const identity = Buffer.from(bytes).toString('hex');
    if (known.has(identity)) return [];
    known.add(identity);
    return [{ needle, encoding, bytes }];
  });
}

/**
 * The characters that the needle alone decides when it begins `shift` bytes after a group of three: 6 bits each, so those at the edges that
 * share bits with a neighbour are left out.
 */
function base64Patterns(utf8: Buffer, shift: number): (readonly [string, string])[] {
  const encoded = Buffer.concat([Buffer.alloc(shift), utf8]).toString('base64');
  const first = Math.ceil((shift * 8) / 6);
  const end = Math.floor(((shift + utf8.length) * 8) / 6);
  const inner = encoded.slice(first, end);
  const url = inner.replaceAll('+', '-').replaceAll('/', '_');
  return [
    [`base64, alignment ${shift}`, inner],
    [`base64url, alignment ${shift}`, url],
  ];
}

/** UTF-16 code units as `\uXXXX`, the way JSON writers that stay within ASCII do it. */
function jsonEscaped(text: string, which: RegExp): string {
  return text.replaceAll(which, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function upperHex(text: string): string {
  return text.replaceAll(/\\u(....)/g, (_, digits: string) => `\\u${digits.toUpperCase()}`);
}
