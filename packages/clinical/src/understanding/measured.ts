import type { Span } from '../triage/context.ts';
import { type ReadNumber, readNumbers } from './numbers.ts';
import { compiledReplies, type ReplyReading } from './reply-reading.ts';
import { type Mark, replyRules } from './reply-rules.ts';
import type { Expectation } from './understanding.ts';

/** What the numbers of a reply say, with the tokens that they took; or why they do not. Null: there is no number. */
export type Measured =
  | {
      readonly ok: true;
      readonly code: string;
      readonly number: number;
      readonly second: number | null;
      readonly unit: string | null;
      readonly rule: string;
      readonly used: readonly Span[];
    }
  | { readonly ok: false; readonly why: 'two-meanings' | 'out-of-range' };

const TWO_MEANINGS: Measured = { ok: false, why: 'two-meanings' };
const OUT_OF_RANGE: Measured = { ok: false, why: 'out-of-range' };

interface Limits {
  readonly min: number;
  readonly max: number;
}

const isIn = (value: number, { min, max }: Limits): boolean => value >= min && value <= max;

export function readTemperature(reply: ReplyReading, expectation: Expectation): Measured | null {
  const { numbers, times } = readNumbers(reply, { measured: true, conIsDecimal: true });
  const [number, ...more] = numbers;
  if (number === undefined) return null;
  if (more.some(({ value }) => value !== number.value) || isUncertain(reply, numbers)) return TWO_MEANINGS;
  const { F, C } = replyRules.limits.temperature;
  const said = unitsOf(reply, ['F', 'C']);
  const units = (['F', 'C'] as const).filter((unit) => isIn(number.value, unit === 'F' ? F : C));
  const [unit] = units;
  if (said.length > 1 || unit === undefined || units.length > 1) return OUT_OF_RANGE;
  if (said.length === 1 && said[0] !== unit) return OUT_OF_RANGE;
  if (number.low !== null && !isIn(number.low, unit === 'F' ? F : C)) return OUT_OF_RANGE;
  if (expectation.range !== null && expectation.unit !== null) {
    const wanted = expectation.unit.replace(/[^a-z]/gi, '').toUpperCase();
    const value =
      wanted.startsWith('F') === (unit === 'F')
        ? number.value
        : unit === 'F'
          ? ((number.value - 32) * 5) / 9
          : (number.value * 9) / 5 + 32;
    if (!isIn(value, expectation.range)) return OUT_OF_RANGE;
  }
  return measuredOf(reply, 'temperature', { number, more, unit, times, rule: 'temperature' });
}

export function readPressure(reply: ReplyReading, expectation: Expectation): Measured | null {
  const { numbers, times } = readNumbers(reply, { measured: true, conIsDecimal: false });
  if (numbers.length === 0) return null;
  // 151-94 is no span: the second is the smaller.
  const pulse = pulseOf(reply, numbers);
  const values = numbers.filter((number) => number !== pulse);
  const [upper, lower, third] = values;
  if (upper === undefined || lower === undefined || values.some(({ low }) => low !== null))
    return TWO_MEANINGS;
  if (
    third !== undefined ||
    values.some(({ value }) => !Number.isFinite(value)) ||
    !areJoined(reply, upper, lower)
  )
    return TWO_MEANINGS;
  const { systolic, diastolic } = replyRules.limits;
  const isWhole = Number.isInteger(upper.value) && Number.isInteger(lower.value);
  const isBelieved =
    isWhole && isIn(upper.value, systolic) && isIn(lower.value, diastolic) && upper.value > lower.value;
  if (!isBelieved || (expectation.range !== null && !isIn(upper.value, expectation.range)))
    return OUT_OF_RANGE;
  const used = [...usedMarks(reply, ['pulse', 'systolic', 'diastolic', 'over']), ...unitSpans(reply)];
  return {
    ok: true,
    code: 'blood-pressure',
    number: upper.value,
    second: lower.value,
    unit: 'mmHg',
    rule: 'pressure',
    used: [...used, ...numbers, ...times],
  };
}

/** A pulse beside the pressure: named as one, or a third number. */
function pulseOf(reply: ReplyReading, numbers: readonly ReadNumber[]): ReadNumber | undefined {
  const pulses = reply.marks.filter(({ mark }) => mark === 'pulse');
  const named =
    numbers.find(({ from }) => pulses.some(({ until }) => until <= from && from - until <= 1)) ??
    numbers.find(({ until }) => pulses.some(({ from }) => from >= until && from - until <= 1));
  if (named !== undefined) return named;
  const [upper, lower, third, ...more] = numbers;
  const isThird =
    upper !== undefined &&
    lower !== undefined &&
    third !== undefined &&
    more.length === 0 &&
    areJoined(reply, upper, lower) &&
    third.from === lower.until &&
    isIn(third.value, replyRules.limits.pulse);
  return isThird ? third : undefined;
}

/** Side by side, with a word for "over" between them, or each with its name. */
function areJoined(reply: ReplyReading, upper: ReadNumber, lower: ReadNumber): boolean {
  const { tokens } = reply.reading;
  const gap = reply.text.slice(tokens[upper.until - 1]?.end, tokens[lower.from]?.start);
  if (upper.until === lower.from) return /^[\s/\\\-–—|,:]*$/.test(gap);
  // "144 on top and 91 on the bottom", "top 144 bottom 91".
  const placeOf = (mark: Mark): number => reply.marks.find((hit) => hit.mark === mark)?.from ?? -1;
  const named = placeOf('systolic') >= 0 && placeOf('diastolic') > placeOf('systolic');
  const isOver = reply.marks.some(
    ({ mark, from, until }) => mark === 'over' && from === upper.until && until === lower.from,
  );
  return named || isOver;
}

/** `zeros`: words that say none ("not once"), in which no number is to be looked for. */
export function readCount(
  reply: ReplyReading,
  expectation: Expectation,
  zeros: readonly Span[],
): Measured | null {
  const isWeight = expectation.unit !== null && /^(lb|lbs|kg)$/i.test(expectation.unit);
  const { numbers, times } = readNumbers(reply, { measured: isWeight, conIsDecimal: isWeight });
  const counted = joinOptions(
    [...numbers, ...amountsOf(reply, numbers)]
      .filter(({ from, until }) => !zeros.some((zero) => zero.from < until && from < zero.until))
      .sort((left, right) => left.from - right.from),
    reply,
  );
  const [number, ...more] = counted;
  if (number === undefined) return null;
  if (more.some(({ value }) => value !== number.value) || isUncertain(reply, counted)) return TWO_MEANINGS;
  if (isElevenOrOnce(reply, number)) return TWO_MEANINGS;
  if (isWeight) return readWeight(reply, expectation, { number, times });
  const isWhole = Number.isInteger(number.value);
  if (!isWhole || (expectation.range !== null && !isIn(number.value, expectation.range))) return OUT_OF_RANGE;
  const isSpan = number.low !== null || hasMark(reply, 'upper');
  return measuredOf(reply, 'count', {
    number,
    more,
    unit: expectation.unit,
    times,
    rule: isSpan ? 'count-upper-bound' : 'count',
  });
}

/** In the question's unit; without a unit said only where the other one cannot be meant. */
function readWeight(
  reply: ReplyReading,
  { unit, range }: Expectation,
  { number, times }: { readonly number: ReadNumber; readonly times: readonly Span[] },
): Measured {
  const wanted = unit?.toLowerCase().startsWith('kg') === true ? 'kg' : 'lb';
  const said = unitsOf(reply, ['lb', 'kg']);
  if (said.length > 1) return TWO_MEANINGS;
  const other = toWeight(number.value, wanted === 'kg' ? 'lb' : 'kg', wanted);
  const fits = range === null || isIn(number.value, range);
  const otherFits = range === null || isIn(other, range);
  // Both may be: the one in the question's unit counts, unless the other lies nearer to the middle of what is believed.
  const isLikelyOther =
    range !== null && distanceFromMiddle(other, range) < distanceFromMiddle(number.value, range);
  if (said.length === 0 && (!fits || isLikelyOther)) return otherFits && fits ? TWO_MEANINGS : OUT_OF_RANGE;
  const isOther = said.length === 1 && said[0] !== wanted;
  if (isOther ? !otherFits : !fits) return OUT_OF_RANGE;
  const value = isOther ? other : number.value;
  return measuredOf(reply, 'count', { number: { ...number, value }, more: [], unit, times, rule: 'weight' });
}

function distanceFromMiddle(value: number, { min, max }: Limits): number {
  return Math.abs(Math.log(value / Math.sqrt(min * max)));
}

/** International pound, exact: 0.453 592 37 kg. Hundredths. */
function toWeight(value: number, from: 'lb' | 'kg', to: 'lb' | 'kg'): number {
  if (from === to) return value;
  const pound = 0.453_592_37;
  return Math.round((from === 'kg' ? value / pound : value * pound) * 100) / 100;
}

function amountsOf(reply: ReplyReading, numbers: readonly ReadNumber[]): readonly ReadNumber[] {
  const { tokens } = reply.reading;
  const amounts: ReadNumber[] = reply.amounts.map((amount) => ({ ...amount, low: null }));
  tokens.forEach(({ text }, from) => {
    if (text === 'once') amounts.push({ from, until: from + 1, value: 1, low: null });
  });
  const all = [...amounts].sort(
    (left, right) => right.until - right.from - (left.until - left.from) || left.from - right.from,
  );
  const kept: ReadNumber[] = [];
  for (const amount of all) {
    const isFree = [...kept, ...numbers].every(
      ({ from, until }) => from >= amount.until || until <= amount.from,
    );
    // "Twice, two times" says one thing.
    const isSaid = [...kept, ...numbers].some(({ value }) => value === amount.value);
    if (isFree && !isSaid) kept.push(amount);
  }
  return kept;
}

/** "Once or twice", "2, maybe 3": the larger one counts. */
function joinOptions(counted: readonly ReadNumber[], reply: ReplyReading): readonly ReadNumber[] {
  const [first, second, ...more] = counted;
  if (first === undefined || second === undefined || more.length > 0) return counted;
  const between = reply.marks.filter(
    ({ mark, from, until }) =>
      (mark === 'between' || mark === 'approximate') && from >= first.until && until <= second.from,
  );
  const isOption =
    between.reduce((sum, { from, until }) => sum + until - from, 0) >= second.from - first.until;
  const isOne = isOption && between.length > 0 && second.value > first.value && first.low === null;
  return isOne ? [{ ...second, from: first.from, low: first.value }] : counted;
}

/** "Once" is one time in English and eleven in Spanish. */
function isElevenOrOnce(reply: ReplyReading, number: ReadNumber): boolean {
  const { tokens } = reply.reading;
  if (tokens[number.from]?.text !== 'once') return false;
  const { notOnce } = compiledReplies();
  return tokens.some(({ text }) => notOnce.has(text));
}

/** Words that make a number less than sure: lower bounds, something like it, or said of another day. */
function isUncertain(reply: ReplyReading, numbers: readonly ReadNumber[]): boolean {
  if (numbers.some(({ value }) => !Number.isFinite(value))) return true;
  const near = (mark: Mark): boolean =>
    reply.marks.some(
      (hit) =>
        hit.mark === mark &&
        numbers.some(({ from, until }) => hit.until === from || hit.from === until || hit.until + 1 === from),
    );
  const isLower = near('lower') && !near('upper');
  return isLower || near('vagueNumber');
}

function hasMark(reply: ReplyReading, mark: Mark): boolean {
  return reply.marks.some((hit) => hit.mark === mark);
}

function usedMarks(reply: ReplyReading, marks: readonly Mark[]): readonly Span[] {
  return reply.marks.filter(({ mark }) => marks.includes(mark));
}

function unitSpans(reply: ReplyReading): readonly Span[] {
  const { units } = compiledReplies();
  return reply.reading.tokens.flatMap(({ text }, from) =>
    units.has(text) ? [{ from, until: from + 1 }] : [],
  );
}

function unitsOf(reply: ReplyReading, among: readonly string[]): readonly string[] {
  const { units } = compiledReplies();
  const said = reply.reading.tokens.map(({ text }) => units.get(text) ?? '');
  return among.filter((unit) => said.includes(unit));
}

function measuredOf(
  reply: ReplyReading,
  code: string,
  found: {
    readonly number: ReadNumber;
    readonly unit: string | null;
    readonly times: readonly Span[];
    readonly rule: string;
    /** The same number said again. */
    readonly more: readonly ReadNumber[];
  },
): Measured {
  const { number, unit, times, rule } = found;
  const used = usedMarks(reply, ['approximate', 'upper', 'between', 'decimals', 'half']);
  return {
    ok: true,
    code,
    number: number.value,
    second: null,
    unit,
    rule,
    used: [number, ...found.more, ...times, ...used, ...unitSpans(reply)],
  };
}
