import { err, ok, type Result } from '@baton/kernel';
import { Hl7Message, type Hl7Segment } from '@medplum/core';
import type { CharacterSet } from '../settings.ts';
import { decodeText, type TextFault, toLatin1 } from './character-set.ts';
import { Segment } from './segment.ts';

/** Header of a message, as far as an answer needs it: raw fields, in the sender's own separators. */
export interface Header {
  readonly separators: { readonly field: string; readonly encoding: string };
  readonly application: string;
  readonly facility: string;
  readonly receivingApplication: string;
  readonly receivingFacility: string;
  /** MSH-7 as it came. */
  readonly at: string;
  /** MSH-9: `SIU`, `S12`. */
  readonly type: string;
  readonly event: string;
  /** MSH-10. */
  readonly control: string;
  readonly processing: string;
  readonly version: string;
  /** MSH-15 and MSH-16. */
  readonly acceptAck: string;
  readonly applicationAck: string;
  readonly characterSet: string;
}

export interface ReadMessage {
  readonly header: Header;
  readonly text: string;
  segment(name: string): Segment | null;
  segments(name: string): readonly Segment[];
}

export type MessageFault =
  /** No header: nothing of this protocol. */
  { readonly t: 'no-hl7' } | { readonly t: TextFault; readonly header: Header };

const BOM = '\u00ef\u00bb\u00bf';
const HEADER_LIMIT = 4000;
const DEFAULT_ENCODING = '^~\\&';

/** `usual`: character set of a message that does not say. Whatever comes, this throws nothing. */
export function readMessage(bytes: Uint8Array, usual: CharacterSet): Result<ReadMessage, MessageFault> {
  const header = readHeader(bytes);
  if (header === null) return err({ t: 'no-hl7' });
  const decoded = decodeText(bytes, header.characterSet, usual);
  if (!decoded.ok) return err({ t: decoded.error, header });
  return ok(parse(header, decoded.value));
}

/** One that was decoded before, whatever it says of its characters. null: it is none. */
export function readAgain(text: string): ReadMessage | null {
  const header = headerIn(text.slice(0, HEADER_LIMIT));
  return header && parse(header, text);
}

function parse(header: Header, decoded: string): ReadMessage {
  // Whatever a sender ends its segments with; empty lines are none.
  const text = decoded.replace(/^[\ufeff\s]+/, '').replace(/[\r\n]+/g, '\r');
  const message = Hl7Message.parse(text);
  const escape = header.separators.encoding[2] ?? '';
  const wrap = (segment: Hl7Segment): Segment => new Segment(segment, escape);
  return {
    header,
    text,
    segment: (name) => {
      const found = message.getSegment(name);
      return found ? wrap(found) : null;
    },
    segments: (name) => message.getAllSegments(name).map(wrap),
  };
}

/** By its bytes alone: which characters the rest is made of, only the header says. null where there is none. */
export function readHeader(bytes: Uint8Array): Header | null {
  return headerIn(toLatin1(bytes.subarray(0, HEADER_LIMIT)));
}

function headerIn(start: string): Header | null {
  const line = (start.startsWith(BOM) ? start.slice(BOM.length) : start).trimStart().split(/[\r\n]/)[0] ?? '';
  const field = line[3] ?? '';
  if (!line.startsWith('MSH') || !/^[!-/:-@[-`{-~]$/.test(field)) return null;
  const parts = line.split(field);
  const encoding = parts[1] || DEFAULT_ENCODING;
  if (encoding.length > 5 || !/^[!-/:-@[-`{-~]+$/.test(encoding)) return null;
  const at = (position: number): string => (parts[position - 1] ?? '').trim();
  const [component, repetition] = [encoding[0] ?? '^', encoding[1] ?? '~'];
  const [type = '', event = '', structure = ''] = at(9).split(component);
  return {
    separators: { field, encoding },
    application: at(3),
    facility: at(4),
    receivingApplication: at(5),
    receivingFacility: at(6),
    at: at(7).split(component)[0] ?? '',
    type: type.toUpperCase(),
    event: (event || structure.split('_')[1] || '').toUpperCase(),
    control: at(10),
    processing: (at(11).split(component)[0] ?? '').toUpperCase(),
    version: at(12).split(component)[0] ?? '',
    acceptAck: at(15).toUpperCase(),
    applicationAck: at(16).toUpperCase(),
    characterSet: at(18).split(repetition)[0] ?? '',
  };
}
