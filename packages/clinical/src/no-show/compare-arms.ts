import type { Appointment, Language, ReminderRecord } from '@baton/wire';
import { type Share, shareOf } from '../evaluation/score.ts';
import { endOf } from './visit-features.ts';

/** Visits of one arm whose end is known. */
export interface ArmCount {
  readonly visits: number;
  readonly noShows: number;
}

export interface ArmComparison {
  readonly extra: Share;
  readonly usual: Share;
  /** No-shows without the extra reminder less those with it, as shares: above 0 where it helps. null where an arm is empty. */
  readonly fewer: { readonly value: number; readonly low: number; readonly high: number } | null;
  readonly verdict: 'fewer' | 'more' | 'not-shown' | 'no-visits';
}

/**
 * Compares the arms by the difference of their shares with the 95 % hybrid score interval (R. G. Newcombe, Stat. Med. 17 (1998), 873-890, method 10): honest for
 * few visits and for shares near 0.
 */
export function compareArms(extra: ArmCount, usual: ArmCount): ArmComparison {
  const withExtra = shareOf(extra.noShows, extra.visits);
  const without = shareOf(usual.noShows, usual.visits);
  if (extra.visits === 0 || usual.visits === 0)
    return { extra: withExtra, usual: without, fewer: null, verdict: 'no-visits' };
  const value = without.value - withExtra.value;
  const low = value - Math.hypot(without.value - without.low, withExtra.high - withExtra.value);
  const high = value + Math.hypot(without.high - without.value, withExtra.value - withExtra.low);
  const verdict = low > 0 ? 'fewer' : high < 0 ? 'more' : 'not-shown';
  return { extra: withExtra, usual: without, fewer: { value, low, high }, verdict };
}

/** The arms as they were drawn, whatever was sent in the end; a cancelled visit, or one yet to come, counts in neither. */
export function countArms(
  visits: readonly Appointment[],
  records: ReadonlyMap<string, ReminderRecord>,
): { readonly extra: ArmCount; readonly usual: ArmCount } {
  const count = (arm: 'extra' | 'usual'): ArmCount => {
    const ended = visits.filter(
      (visit) => endOf(visit) !== null && records.get(visit.id)?.score?.arm === arm,
    );
    return {
      visits: ended.length,
      noShows: ended.filter((visit) => endOf(visit) === 'missed').length,
    };
  };
  return { extra: count('extra'), usual: count('usual') };
}

/** The report in plain words. */
export function sayComparison(comparison: ArmComparison, language: Language): string {
  const { extra, usual, fewer, verdict } = comparison;
  const words = WORDS[language];
  if (fewer === null) return words.none;
  const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
  const points = (value: number): string => (100 * value).toFixed(1);
  const counts = words.counts({
    extra: `${extra.hits}/${extra.of} (${percent(extra.value)})`,
    usual: `${usual.hits}/${usual.of} (${percent(usual.value)})`,
  });
  return `${counts} ${words.difference(points(fewer.value), points(fewer.low), points(fewer.high))} ${words[verdict === 'no-visits' ? 'not-shown' : verdict]}`;
}

interface Words {
  readonly none: string;
  readonly fewer: string;
  readonly more: string;
  readonly 'not-shown': string;
  readonly counts: (shares: { readonly extra: string; readonly usual: string }) => string;
  readonly difference: (value: string, low: string, high: string) => string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    none: 'No visit of the comparison has ended in both groups yet.',
    fewer: 'The extra reminder lowered no-shows.',
    more: 'With the extra reminder there were more no-shows: look into it before going on.',
    'not-shown': 'Whether the extra reminder changes no-shows cannot be told yet.',
    counts: ({ extra, usual }) =>
      `Missed with the extra reminder: ${extra}; without it: ${usual}; both groups drawn by lot.`,
    difference: (value, low, high) =>
      `Difference: ${value} points fewer missed visits with it (95 % interval ${low} to ${high}; below 0 means more).`,
  },
  es: {
    none: 'Todavía no ha terminado ninguna visita de la comparación en ambos grupos.',
    fewer: 'El recordatorio adicional redujo las ausencias.',
    more: 'Con el recordatorio adicional hubo más ausencias: revíselo antes de seguir.',
    'not-shown': 'Todavía no se puede saber si el recordatorio adicional cambia las ausencias.',
    counts: ({ extra, usual }) =>
      `Ausencias con el recordatorio adicional: ${extra}; sin él: ${usual}; ambos grupos elegidos al azar.`,
    difference: (value, low, high) =>
      `Diferencia: ${value} puntos menos de ausencias con él (intervalo del 95 %: ${low} a ${high}; por debajo de 0 significa más).`,
  },
};
