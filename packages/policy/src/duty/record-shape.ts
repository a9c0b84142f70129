import type { Cover, Ladder, RecordBody, Schedule } from '@baton/wire';
import { MIN_TIMER_MS } from '../baton/plan-steps.ts';
import { DAY_MS } from '@baton/kernel';

/** Something about a record, ladder or schedule that a person should know. With a `problem` it cannot work. */
export interface Finding {
  readonly severity: 'problem' | 'notice';
  /** For translation. */
  readonly code: string;
  /** English. */
  readonly sentence: string;
}

const MAX_COVER_MS = 14 * DAY_MS;

export function problem(code: string, sentence: string): Finding {
  return { severity: 'problem', code, sentence };
}

export function notice(code: string, sentence: string): Finding {
  return { severity: 'notice', code, sentence };
}

/** What is wrong with a record whatever the organisation looks like. */
export function findShapeProblem(body: RecordBody): Finding | null {
  switch (body.kind) {
    case 'ladder':
      return ladderProblem(body);
    case 'cover':
      return coverProblem(body);
    case 'schedule':
      return scheduleProblem(body);
    case 'availability':
      return body.cover === body.account
        ? problem('cover-is-self', 'Nobody can stand in for themselves.')
        : null;
    case 'policy':
      return new Set(body.replyWithinMs).size === body.replyWithinMs.length && isAskable(body.replyWithinMs)
        ? null
        : problem('times-offered', 'Each time offered for a reply must differ and be at least one minute.');
    case 'unit':
    case 'queue':
      return null;
  }
}

function isAskable(times: readonly number[]): boolean {
  return times.every((ms) => ms >= 60_000);
}

function ladderProblem({ steps, repeatMs, followUpMs, offerMs }: Ladder): Finding | null {
  for (const from of ['open', 'deadline'] as const) {
    const offsets = steps.filter((step) => step.from === from).map(({ afterMs }) => afterMs);
    if (offsets.some((ms, index) => index > 0 && ms <= (offsets[index - 1] ?? -1)))
      return problem('steps-order', 'Each step must come later than the one before it.');
  }
  return [repeatMs, followUpMs, offerMs].every((ms) => ms >= MIN_TIMER_MS)
    ? null
    : problem('timer-short', 'Repeat, follow-up and hand-over times must be at least 30 seconds.');
}

function coverProblem({ from, until, account, instead }: Cover): Finding | null {
  if (until <= from) return problem('cover-times', 'Cover must end after it begins.');
  if (until - from > MAX_COVER_MS)
    return problem('cover-long', 'Cover lasts 14 days at most; use the schedule for longer.');
  return account === instead ? problem('cover-is-self', 'Nobody can stand in for themselves.') : null;
}

function scheduleProblem({ weekly }: Schedule): Finding | null {
  const slots = weekly.map(({ day, from, to, account }) => `${day} ${from} ${to} ${account}`);
  return new Set(slots).size === slots.length
    ? null
    : problem('slot-twice', 'The same person stands in the same hours twice.');
}
