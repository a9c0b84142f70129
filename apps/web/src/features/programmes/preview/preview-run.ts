import {
  type DialogueLine,
  type DosePlan,
  dateOf,
  dayNumber,
  FRESH_CONTEXT,
  missingSettings,
  openExpectation,
  type Protocol,
  type RunOut,
  type RunState,
  type RunStep,
  type SayPrompt,
  startRun,
  stepRun,
  understandReply,
} from '@baton/clinical';
import type { Language } from '@baton/wire';

/** How the day of a preview begins. */
export type PreviewStart = 'usual' | 'doses' | 'off' | 'held' | 'stale';

export interface PreviewSetup {
  readonly slot: string;
  readonly start: PreviewStart;
  readonly language: Language;
}

/** A dialogue that is being tried: the engine's own state, and what was said. */
export interface Preview {
  readonly state: RunState;
  readonly lines: readonly DialogueLine[];
  readonly nowMs: number;
  readonly prompt: SayPrompt | null;
  /** What wakes the run, if nobody answers; null: nothing. */
  readonly due: { readonly atMs: number; readonly what: string } | null;
  readonly over: boolean;
}

/** Any day: the engine asks for a date, and nothing hangs on which. */
const DATE = dateOf(dayNumber('2026-01-05') ?? 0);
const START_MS = Date.UTC(2026, 0, 5, 9);

/** The first value of each threshold that fits: a preview shows the way, not the site's values. */
export function sampleSettings(protocol: Protocol): Readonly<Record<string, number>> {
  const values: Record<string, number> = {};
  // What has to be above another comes after it.
  const ordered = [...protocol.settings].sort((a, b) => Number(a.above !== null) - Number(b.above !== null));
  for (const { key, choices, range, above } of ordered) {
    const tried =
      choices.length > 0 ? choices.map(({ value }) => value) : range ? [range.min, range.max] : [0];
    const least = above === null ? Number.NEGATIVE_INFINITY : (values[above] ?? Number.NEGATIVE_INFINITY);
    values[key] = tried.find((value) => value > least) ?? tried.at(-1) ?? 0;
  }
  return missingSettings(protocol, values).length === 0 ? values : { ...values };
}

/** How a slot can begin. */
export function startsOf(protocol: Protocol, slot: string): readonly PreviewStart[] {
  const found = protocol.slots.find(({ id }) => id === slot);
  if (!found) return [];
  return 'usual' in found.starts ? ['usual'] : ['doses', 'off', 'held', 'stale'];
}

export function startPreview(protocol: Protocol, { slot, start, language }: PreviewSetup): Preview {
  const doses = protocol.slots.find(({ id }) => id === slot)?.doses ?? 'morning';
  const step = startRun(protocol, {
    slot,
    date: DATE,
    atMs: START_MS,
    language,
    settings: sampleSettings(protocol),
    plan: protocol.regimen === 'required' ? PLANS[start](doses) : null,
    fill: FILL[language],
    context: FRESH_CONTEXT,
  });
  return advance(
    { state: step.state, lines: [], nowMs: START_MS, prompt: null, due: null, over: false },
    step,
    [],
  );
}

/** Free text, understood by the rules that read patients' replies. */
export function answerPreview(protocol: Protocol, preview: Preview, text: string): Preview {
  const expectation = openExpectation(protocol, preview.state);
  const said: DialogueLine = { who: 'patient', words: text };
  if (expectation === null) return { ...preview, lines: [...preview.lines, said] };
  const understood = understandReply(text, expectation, preview.state.language);
  return advance(
    preview,
    stepRun(protocol, preview.state, { t: 'answer', atMs: preview.nowMs, understood }),
    [said],
  );
}

export function choosePreview(protocol: Protocol, preview: Preview, key: string): Preview {
  const choice = preview.prompt?.choices.find((one) => one.key === key);
  return advance(preview, stepRun(protocol, preview.state, { t: 'choice', atMs: preview.nowMs, key }), [
    { who: 'patient', words: choice ? `${choice.key} ${choice.label}` : key },
  ]);
}

export function photoPreview(protocol: Protocol, preview: Preview, words: string): Preview {
  return advance(preview, stepRun(protocol, preview.state, { t: 'photo', atMs: preview.nowMs }), [
    { who: 'patient', words },
  ]);
}

/** Nobody answers until the run wakes by itself. */
export function waitPreview(protocol: Protocol, preview: Preview, words: string): Preview {
  const { due } = preview;
  if (due === null) return preview;
  const step = stepRun(protocol, preview.state, { t: 'due', atMs: due.atMs, what: due.what });
  return advance({ ...preview, nowMs: due.atMs, due: null }, step, [{ who: 'time', words }]);
}

function advance(before: Preview, { state, out }: RunStep, said: readonly DialogueLine[]): Preview {
  const later = out.findLast((one) => one.t === 'later');
  const say = out.findLast((one) => one.t === 'say' && one.prompt !== null);
  const over = state.outcome !== 'open';
  return {
    state,
    nowMs: before.nowMs,
    lines: [...before.lines, ...said, ...out.flatMap(lineOf)],
    prompt: over ? null : say?.t === 'say' ? say.prompt : before.prompt,
    due: over ? null : later ? { atMs: later.atMs, what: later.what } : before.due,
    over,
  };
}

function lineOf(out: RunOut): readonly DialogueLine[] {
  if (out.t === 'say') return [{ who: 'programme', words: out.text }];
  if (out.t === 'alert')
    return [{ who: 'team', words: `${out.band.toUpperCase()} · ${out.reason} (${out.line}) → ${out.to}` }];
  return [];
}

type Time = 'morning' | 'noon' | 'evening' | 'night';

/** Made up, and said to be so: sizes are those that the leaflet names (150 mg and 500 mg). */
const PLANS: Readonly<Record<PreviewStart, (time: Time) => DosePlan>> = {
  usual: () => ({ t: 'stale', why: 'unusable' }),
  doses: (time) => ({
    t: 'doses',
    cycle: 1,
    cycleDay: 1,
    times: [
      {
        id: time,
        doses: [
          { strengthMg: 500, tablets: 3 },
          { strengthMg: 150, tablets: 1 },
        ],
      },
    ],
  }),
  off: () => ({ t: 'off', cycle: 1, cycleDay: 15 }),
  held: () => ({ t: 'held', reason: '' }),
  stale: () => ({ t: 'stale', why: 'order-changed' }),
};

const FILL: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: { name: 'Rosa', practice: 'your practice', phone: '555-0100', drug: 'medicine' },
  es: { name: 'Rosa', practice: 'su clínica', phone: '555-0100', drug: 'medicina' },
};
