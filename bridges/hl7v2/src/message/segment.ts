import type { Hl7Segment } from '@medplum/core';

const SUBCOMPONENT = '&';

/** Fields of one segment, as text without escapes. What is not there, and what is HL7's null (`""`), is the empty text. */
export class Segment {
  readonly #segment: Hl7Segment;
  readonly #escape: string;

  constructor(segment: Hl7Segment, escape: string) {
    this.#segment = segment;
    this.#escape = escape;
  }

  /** `field` and `component` count from 1, `repetition` from 0. The first subcomponent where there are several. */
  text(field: number, component = 1, repetition = 0): string {
    return this.subcomponents(field, component, repetition)[0] ?? '';
  }

  subcomponents(field: number, component: number, repetition = 0): readonly string[] {
    const raw = this.#segment.getField(field)?.components[repetition]?.[component - 1] ?? '';
    return raw.split(SUBCOMPONENT).map((part) => {
      const text = unescape(part, this.#escape).trim();
      return text === '""' ? '' : text;
    });
  }

  repetitions(field: number): number {
    return this.#segment.getField(field)?.components.length ?? 0;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  F: '|',
  S: '^',
  T: '&',
  R: '~',
  '.br': '\n',
  '.sp': '\n',
};

/** HL7 v2.5.1 chapter 2.7. Highlighting and what a sender made up is left out. */
export function unescape(text: string, escape: string): string {
  if (escape === '' || !text.includes(escape)) return text;
  const parts = text.split(escape);
  // An escape that is not closed is no escape.
  const isOpen = parts.length % 2 === 0;
  const last = isOpen ? parts.pop() : undefined;
  const plain = parts.map((part, index) => (index % 2 === 0 ? part : meaningOf(part, escape))).join('');
  return last === undefined ? plain : `${plain}${escape}${last}`;
}

function meaningOf(code: string, escape: string): string {
  if (code === 'E') return escape;
  const hex = /^X((?:[0-9A-Fa-f]{2})+)$/.exec(code)?.[1];
  if (hex !== undefined)
    return hex.replace(/../g, (pair) => {
      const unit = Number.parseInt(pair, 16);
      return unit < 0x20 || unit > 0x7e ? ' ' : String.fromCharCode(unit);
    });
  return ESCAPES[code] ?? '';
}
