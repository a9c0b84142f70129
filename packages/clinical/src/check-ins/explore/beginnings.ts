import { valueOf } from '../branches.ts';
import type { DosePlan } from '../dose-plan.ts';
import type { Bound, Protocol, ProtocolSetting, Question } from '../protocol.ts';
import { partsOf } from '../protocol-parts.ts';
import { FRESH_CONTEXT, missingSettings, type RunContext, type StartInput } from '../start-run.ts';

export interface Beginning {
  readonly words: string;
  readonly input: StartInput;
}

/** Widest values of the places in texts: what must still fit. */
export const WIDEST_FILL: Readonly<Record<string, string>> = {
  name: 'Maria Guadalupe',
  practice: 'Riverside Oncology Center',
  phone: '(555) 555-0100',
  drug: 'capecitabine',
};

const DATE = '2026-01-05';
const DOSES: DosePlan = {
  t: 'doses',
  cycle: 1,
  cycleDay: 1,
  times: (['morning', 'noon', 'evening', 'night'] as const).map((id) => ({
    id,
    doses: [
      { strengthMg: 500, tablets: 3 },
      { strengthMg: 150, tablets: 2 },
    ],
  })),
};
const PLANS: readonly DosePlan[] = [
  DOSES,
  { t: 'off', cycle: 1, cycleDay: 15 },
  { t: 'held', reason: '' },
  { t: 'stale', why: 'order-changed' },
];

/** Every way in which a dialogue can begin: each slot, each state of the plan, each past that makes a difference, each choice of settings. */
export function beginningsOf(protocol: Protocol): readonly Beginning[] {
  return settingsOf(protocol).flatMap((settings) =>
    contextsOf(protocol).flatMap((context) => {
      const common = { date: DATE, atMs: 0, language: 'en', settings, fill: WIDEST_FILL, context } as const;
      const slots = protocol.slots.flatMap(({ id, name, starts }) =>
        ('usual' in starts ? [null] : PLANS).map((plan) => ({
          words: plan === null ? name.en : `${name.en} (${plan.t})`,
          input: { ...common, slot: id, plan },
        })),
      );
      if (protocol.anyTime === null) return slots;
      return [
        ...slots,
        { words: 'The patient writes first', input: { ...common, slot: 'free-1', plan: null } },
      ];
    }),
  );
}

/** Pasts: silent runs up to the top of the ladder, an amber earlier on the day, answers that branches count, alerts that are open. */
function contextsOf(protocol: Protocol): readonly RunContext[] {
  const top = Math.max(...protocol.silence.ladder.map(({ after }) => after));
  const recent = [...partsOf(protocol).counted].flatMap(([key, most]) => {
    const [question = '', code = '', within] = key.split(':');
    // No earlier run matters to it.
    if (within !== undefined) return [];
    return Array.from({ length: most }, () => ({ question, code }));
  });
  const ambers = Array.from({ length: protocol.ambers.red - 1 }, (_, at) => `earlier-${at}`);
  return [
    ...Array.from({ length: top + 1 }, (_, silent) => ({ ...FRESH_CONTEXT, silent })),
    { ...FRESH_CONTEXT, ambers },
    ...(recent.length > 0
      ? [
          { ...FRESH_CONTEXT, recent },
          { ...FRESH_CONTEXT, recent, ambers },
        ]
      : []),
    { ...FRESH_CONTEXT, openKinds: ['silence', 'stale-plan'] },
  ];
}

/**
 * Settings as the site can give them: every choice, the ends and the middle of a range. Of those that put the thresholds of every question into the same order one
 * stands for all: no answer is told apart by more than which thresholds lie below it.
 */
function settingsOf(protocol: Protocol): readonly Readonly<Record<string, number>>[] {
  let all: Record<string, number>[] = [{}];
  for (const setting of protocol.settings)
    all = all.flatMap((given) => valuesOf(setting).map((value) => ({ ...given, [setting.key]: value })));
  const valid = all.filter((given) => missingSettings(protocol, given).length === 0);
  const sides = protocol.questions.flatMap(thresholdsOf);
  const seen = new Set<string>();
  return valid.filter((given) => {
    const key = JSON.stringify(sides.map((side) => orderOf(side, given)));
    return !seen.has(key) && seen.add(key);
  });
}

/** What numbers of an answer are compared with, by which of the numbers it is. Of settings that decide nothing (clocks) there are none. */
function thresholdsOf({ range, branches }: Question): readonly (readonly Bound[])[] {
  const ends = range === null ? [] : [range.min, range.max];
  const number: Bound[] = [...ends];
  const upper: Bound[] = [...ends];
  const lower: Bound[] = [...ends];
  const add = (to: Bound[], ...bounds: readonly (Bound | null | undefined)[]) =>
    to.push(...bounds.filter((bound) => bound !== null && bound !== undefined));
  for (const { when } of branches) {
    if (when.t === 'number') add(number, when.band.from, when.band.below);
    if (when.t !== 'pressure') continue;
    const { under, over } = when;
    add(upper, when.upper?.from, when.upper?.below, under?.upper, over?.upper);
    add(lower, when.lower?.from, when.lower?.below, under?.lower, over?.lower);
  }
  return [number, upper, lower].filter((side) => side.some((bound) => typeof bound !== 'number'));
}

/** The place of each threshold among all of its side; equal ones share theirs. */
function orderOf(side: readonly Bound[], given: Readonly<Record<string, number>>): readonly number[] {
  const values = side.map((bound) => valueOf(bound, given));
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  return values.map((value) => sorted.indexOf(value));
}

function valuesOf({ choices, range }: ProtocolSetting): readonly number[] {
  if (choices.length > 0) return choices.map(({ value }) => value);
  if (range === null) return [];
  const { min, max } = range;
  return [...new Set([min, Math.round((min + max) / 2), max])];
}
