import type { TimestampMs } from '@baton/kernel';
import { nameForText } from '@baton/policy';
import type { Language } from '@baton/wire';

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const WEEK_HOURS = 7 * DAY_HOURS;

/**
 * The text that carries a link: who it is from, what it is good for and how long. No name, no specialty, no word of why (patients.md §4). Only
 * letters of the GSM alphabet, so that a text stays one or two parts: hence no accents that it lacks.
 */
export function invitationText(input: {
  readonly language: Language;
  readonly practice: string;
  readonly link: string;
  readonly notAfter: TimestampMs;
  readonly nowMs: TimestampMs;
}): string {
  const { language, link } = input;
  const practice = nameForText(input.practice, language);
  const life = lifeInWords(input.notAfter - input.nowMs, language);
  if (language === 'es')
    return `${practice}: puede escribirnos en privado. Abra ${link} y use la clave que le dimos. El enlace vale ${life}.`;
  return `${practice}: you can message us in private. Open ${link} and use the code we gave you. The link works for ${life}.`;
}

/** Rounded down, so that nobody is promised more than there is. */
function lifeInWords(lifeMs: number, language: Language): string {
  const hours = Math.max(1, Math.floor(lifeMs / HOUR_MS + 0.02));
  const weeks = Math.floor(hours / WEEK_HOURS);
  const isSpanish = language === 'es';
  if (weeks > 0 && hours % WEEK_HOURS < DAY_HOURS)
    return isSpanish
      ? (['una semana', 'dos semanas'][weeks - 1] ?? `${weeks} semanas`)
      : (['one week', 'two weeks'][weeks - 1] ?? `${weeks} weeks`);
  if (isSpanish) return hours === 1 ? 'una hora' : `${hours} horas`;
  if (hours < 2 * DAY_HOURS) return hours === 1 ? 'one hour' : `${hours} hours`;
  return `${Math.floor(hours / DAY_HOURS)} days`;
}
