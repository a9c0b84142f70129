import type { Language, Regimen } from '@baton/wire';
import { weekdayOf } from './calendar-days.ts';
import { valueOf } from './branches.ts';
import type { Escalation, Protocol, ProtocolChoice, Words } from './protocol.ts';

/** Places that a protocol's texts may have. `plan`, `drug`: of the regimen; `within`: by when the patient is called. */
export const TEXT_PLACES = ['name', 'practice', 'phone', 'plan', 'drug', 'within'] as const;

const PLACE = /\{([a-z]+)\}/g;

export function fillText(words: Words, language: Language, fill: Readonly<Record<string, string>>): string {
  const text = words[language];
  if (!text.includes('{')) return text;
  return text.replace(PLACE, (place, name: string) => fill[name] ?? place);
}

/** Names of the places in a text. */
export function placesIn(text: string): readonly string[] {
  return [...text.matchAll(PLACE)].map((match) => match[1] ?? '');
}

/** A text as one phone sees it: its choices under it. */
export function withChoices(text: string, choices: readonly ProtocolChoice[], language: Language): string {
  return [text, ...choices.map(({ key, label }) => `${key} ${label[language]}`)].join('\n');
}

type Doses = Regimen['times'][number]['doses'];

/** The tablets of one time of the day, in the protocol's words: `2 tablets of 500 mg and 1 tablet of 150 mg`. null: it has no words for them. */
export function planWords(protocol: Protocol, doses: Doses, language: Language): string | null {
  const { doseWords } = protocol;
  if (doseWords === null) return null;
  const parts = doses
    .filter(({ tablets }) => tablets > 0)
    .toSorted((left, right) => right.strengthMg - left.strengthMg)
    .map(({ tablets, strengthMg }) =>
      fillText(tablets === 1 ? doseWords.one : doseWords.many, language, {
        n: String(tablets),
        mg: String(strengthMg),
      }),
    );
  return parts.length === 0 ? null : parts.join(doseWords.and[language]);
}

/** Time in which the patient is called: milliseconds, and words. Business days are Monday to Friday; of holidays nothing is known. */
export function callBackOf(
  { callBack }: Escalation,
  {
    date,
    language,
    settings,
  }: { date: string; language: Language; settings: Readonly<Record<string, number>> },
): { readonly withinMs: number; readonly words: string } {
  if (callBack.t === 'business-days') {
    const { days } = callBack;
    return { withinMs: businessDays(date, days) * 86_400_000, words: dayWords(days, language) };
  }
  const minutes = valueOf(callBack.minutes, settings);
  return { withinMs: Math.round(minutes * 60_000), words: minuteWords(minutes, language) };
}

/** Calendar days that so many business days take, beginning on this date. */
function businessDays(date: string, days: number): number {
  let weekday = weekdayOf(date) ?? 1;
  let count = 0;
  for (let left = days; left > 0; ) {
    count += 1;
    weekday = (weekday % 7) + 1;
    if (weekday <= 5) left -= 1;
  }
  return count;
}

function dayWords(days: number, language: Language): string {
  if (language === 'es') return days === 1 ? '1 día hábil' : `${days} días hábiles`;
  return days === 1 ? '1 business day' : `${days} business days`;
}

function minuteWords(minutes: number, language: Language): string {
  if (minutes % 60 !== 0) return language === 'es' ? `${minutes} minutos` : `${minutes} minutes`;
  const hours = minutes / 60;
  if (language === 'es') return hours === 1 ? '1 hora' : `${hours} horas`;
  return hours === 1 ? '1 hour' : `${hours} hours`;
}
