import type { Span } from '../triage/context.ts';
import { compiledReplies, type MarkHit, type ReplyReading } from './reply-reading.ts';
import type { Mark } from './reply-rules.ts';

/** A number of a reply, in figures or in words. */
export interface ReadNumber extends Span {
  readonly value: number;
  /** Lower end where the patient gave a span; `value` is then the upper one. */
  readonly low: number | null;
}

export interface NumberStyle {
  /** "One fifty one" is 151, "ninety eight six" 98.6: measured values, not counts. */
  readonly measured: boolean;
  /** "Treinta y ocho con cinco" is 38.5; of a pressure it is two numbers. */
  readonly conIsDecimal: boolean;
}

/** Every number in the order of the text, spans joined, times of day left out (`times` says where they are). */
export interface ReadNumbers {
  readonly numbers: readonly ReadNumber[];
  readonly times: readonly Span[];
}

export function readNumbers(reply: ReplyReading, style: NumberStyle): ReadNumbers {
  const reader = new NumberReader(reply, style);
  const singles: ReadNumber[] = [];
  const times: Span[] = [];
  const { length } = reply.reading.tokens;
  for (let at = 0; at < length; ) {
    const time = reader.timeAt(at);
    const number = time === null ? reader.numberAt(at) : null;
    if (time !== null) times.push(time);
    else if (number !== null) singles.push(number);
    at = time?.until ?? number?.until ?? at + 1;
  }
  return { numbers: joinSpans(singles, reply, reader), times };
}

function joinSpans(singles: readonly ReadNumber[], reply: ReplyReading, reader: NumberReader): ReadNumber[] {
  const joined: ReadNumber[] = [];
  for (const number of singles) {
    const last = joined.at(-1);
    const isSpan =
      last !== undefined &&
      last.low === null &&
      number.value > last.value &&
      reader.joins(last.until, number.from);
    if (isSpan) joined.splice(-1, 1, { ...number, from: last.from, low: last.value });
    else joined.push(number);
  }
  return joined.map((number) =>
    isPlus(reply, number) ? { ...number, low: number.value, value: Number.POSITIVE_INFINITY } : number,
  );
}

/** "5+": nobody knows how many. */
function isPlus({ text, reading }: ReplyReading, { until }: Span): boolean {
  const end = reading.tokens[until - 1]?.end;
  return end !== undefined && text[end] === '+';
}

/** Latest hour of a day that is written without a.m. or p.m. */
const HOURS = 24;
const SPANISH_HUNDRED = new Set(['cien', 'ciento', 'doscientos', 'doscientas']);
const AND = new Set(['and', 'y']);
const CON = 'con';

class NumberReader {
  readonly #reply: ReplyReading;
  readonly #style: NumberStyle;
  readonly #numerals = compiledReplies().numerals;
  readonly #marks: ReadonlyMap<Mark, readonly MarkHit[]>;

  constructor(reply: ReplyReading, style: NumberStyle) {
    this.#reply = reply;
    this.#style = style;
    this.#marks = Map.groupBy(reply.marks, ({ mark }) => mark);
  }

  /** "8:30", "at 8", "7 am", "2 hours ago". */
  timeAt(at: number): Span | null {
    const token = this.#reply.reading.tokens[at];
    if (token === undefined) return null;
    const before = this.#markAt('timeBefore', at);
    const start = before?.until ?? at;
    const hour = this.numberAt(start);
    if (hour === null) return null;
    const minutes =
      this.#gap(hour.until) === ':' ? (this.#reply.reading.tokens[hour.until]?.value ?? null) : null;
    const isClock = minutes !== null && minutes < 60 && hour.value <= HOURS;
    const until = isClock ? hour.until + 1 : hour.until;
    const after = this.#markAt('timeAfter', until);
    const isMinutes = after !== null && this.#word(after.from).startsWith('min');
    const isHour = (after !== null || before !== null) && hour.value <= HOURS;
    const isTime = isClock || isMinutes || isHour;
    return isTime ? { from: at, until: after?.until ?? until } : null;
  }

  numberAt(at: number): ReadNumber | null {
    const token = this.#reply.reading.tokens[at];
    if (token === undefined || this.#isPhrase(at)) return null;
    const whole =
      token.value === null ? this.#spokenAt(at) : { value: token.value, until: at + 1, isSpoken: false };
    if (whole === null) return null;
    const { value, until } = this.#withFraction(whole);
    return { from: at, until, value, low: null };
  }

  /** "A couple", "a little": numbers in them are none. */
  #isPhrase(at: number): boolean {
    const { harmless, amounts } = this.#reply;
    return [...harmless, ...amounts].some(({ from, until }) => from <= at && at < until);
  }

  /** Words or signs between two numbers that make them one span. */
  joins(from: number, until: number): boolean {
    if (from === until) return /^\s*[-–—]\s*$/.test(this.#gap(until));
    const mark = this.#markAt('between', from);
    return mark?.until === until;
  }

  #markAt(mark: Mark, at: number): MarkHit | null {
    const hits = this.#marks.get(mark)?.filter(({ from }) => from === at) ?? [];
    return hits.reduce<MarkHit | null>(
      (best, hit) => (best === null || hit.until > best.until ? hit : best),
      null,
    );
  }

  /** What stands between this token and the one before it. */
  #gap(at: number): string {
    const { text, reading } = this.#reply;
    const from = reading.tokens[at - 1]?.end;
    const until = reading.tokens[at]?.start;
    return from === undefined || until === undefined ? '' : text.slice(from, until);
  }

  #word(at: number): string {
    return this.#reply.reading.tokens[at]?.text ?? '';
  }

  #numeral(at: number): number | null {
    return this.#reply.reading.tokens[at]?.value === null
      ? (this.#numerals.get(this.#word(at)) ?? null)
      : null;
  }

  #spokenAt(from: number): { value: number; until: number; isSpoken: boolean } | null {
    const hundreds = this.#hundredsAt(from);
    let at = hundreds?.until ?? from;
    if (hundreds !== null && AND.has(this.#word(at)) && this.#numeral(at + 1) !== null) at += 1;
    const rest = this.#belowHundredAt(at, hundreds !== null);
    if (hundreds === null && rest === null) return null;
    return {
      value: (hundreds?.value ?? 0) + (rest?.value ?? 0),
      until: rest?.until ?? hundreds?.until ?? at,
      isSpoken: true,
    };
  }

  #hundredsAt(at: number): { value: number; until: number } | null {
    const word = this.#word(at);
    const value = this.#numeral(at);
    if ((word === 'a' || word === 'an') && this.#word(at + 1) === 'hundred')
      return { value: 100, until: at + 2 };
    if (value === null) return null;
    if (SPANISH_HUNDRED.has(word) || word === 'hundred') return { value, until: at + 1 };
    if (value < 1 || value > 9) return null;
    if (this.#word(at + 1) === 'hundred') return { value: value * 100, until: at + 2 };
    const next = this.#numeral(at + 1);
    const isShort = next !== null && next >= 10 && next < 100;
    const isOh = ['oh', 'o', 'zero'].includes(this.#word(at + 1)) && (this.#numeral(at + 2) ?? 10) < 10;
    return this.#style.measured && (isShort || isOh) ? { value: value * 100, until: at + 1 } : null;
  }

  #belowHundredAt(from: number, afterHundred: boolean): { value: number; until: number } | null {
    let at = from;
    if (afterHundred && ['oh', 'o', 'zero'].includes(this.#word(at)) && (this.#numeral(at + 1) ?? 10) < 10)
      at += 1;
    const value = this.#numeral(at);
    if (value === null || value >= 100) return null;
    if (value < 20 || value % 10 !== 0) return { value, until: at + 1 };
    const unitAt = this.#word(at + 1) === 'y' ? at + 2 : at + 1;
    const unit = this.#numeral(unitAt);
    const hasUnit = unit !== null && unit > 0 && unit < 10 && !this.#isApart(unitAt);
    return hasUnit ? { value: value + unit, until: unitAt + 1 } : { value, until: at + 1 };
  }

  #isApart(at: number): boolean {
    return /[.,;!?]/.test(this.#gap(at));
  }

  #withFraction(whole: { value: number; until: number; isSpoken: boolean }): {
    value: number;
    until: number;
  } {
    const { value, until } = whole;
    const half = this.#markAt('half', until);
    if (half !== null) return { value: value + 0.5, until: half.until };
    const isCon = this.#style.conIsDecimal && this.#word(until) === CON;
    const point = isCon ? until + 1 : (this.#markAt('decimals', until)?.until ?? null);
    if (point !== null) {
      const digits = this.#digitsAt(point);
      if (digits !== null && Number.isInteger(value))
        return { value: Number(`${value}.${digits.digits}`), until: digits.until };
    }
    // "Ninety eight six": nobody says so of anything but tenths.
    const tenth = this.#numeral(until);
    const isTenth = tenth !== null && tenth < 10 && value > 20 && !this.#isApart(until);
    if (this.#style.measured && this.#style.conIsDecimal && whole.isSpoken && isTenth)
      return { value: value + tenth / 10, until: until + 1 };
    return { value, until };
  }

  #digitsAt(from: number): { digits: string; until: number } | null {
    const token = this.#reply.reading.tokens[from];
    if (token !== undefined && token.value !== null)
      return /^\d+$/.test(token.text) ? { digits: token.text, until: from + 1 } : null;
    let digits = '';
    let at = from;
    for (
      let value = this.#numeral(at);
      value !== null && value < 10 && digits.length < 3;
      value = this.#numeral(at)
    ) {
      digits += value;
      at += 1;
    }
    return digits === '' ? null : { digits, until: at };
  }
}
