/**
 * Characters that move a terminal's cursor, start an escape sequence, end a line or turn the writing direction: C0, DEL and C1 controls,
 * line and paragraph separators, and Unicode's bidirectional and invisible format characters (UAX #9; UTR #36 §2.1).
 */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** Words out of a file, on one line, that cannot pretend to be words of the verifier. */
export function printable(text: string): string {
  return text.replaceAll(UNSAFE, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A message's text: each of its lines behind a mark that no line of the verifier has. */
export function printableLines(text: string): string[] {
  return text.split('\n').map((line) => `    | ${printable(line)}`);
}
