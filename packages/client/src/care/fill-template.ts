import type { TimestampMs } from '@baton/kernel';
import type { DeskTemplate, Language, PatientRecord, Reach, TextingSettings } from '@baton/wire';

export interface FillFrom {
  readonly reach: Pick<Reach, 'given' | 'name' | 'timeZone'> | null;
  readonly record: PatientRecord | null;
  readonly settings: TextingSettings | null;
  readonly nowMs: TimestampMs;
}

/** A template's words for one patient. What is not known stays visible as `{name}`, so that nobody sends a gap. Pure. */
export function fillTemplate(template: DeskTemplate, language: Language, from: FillFrom): string {
  const values: Readonly<Record<string, string | undefined>> = {
    patient: from.reach?.given[0] ?? from.record?.given[0] ?? from.reach?.name,
    practice: from.settings?.practice,
    phone: from.settings?.phone,
    provider: from.record?.practitioners[0]?.name,
    date: dateIn(language, from),
  };
  return template.text[language].replaceAll(/\{([a-z]+)\}/g, (whole, name: string) => values[name] || whole);
}

function dateIn(language: Language, { reach, settings, nowMs }: FillFrom): string {
  const timeZone = reach?.timeZone ?? settings?.timeZone ?? 'UTC';
  const locale = language === 'es' ? 'es-US' : 'en-US';
  try {
    return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone }).format(nowMs);
  } catch {
    // A time zone that this device does not know.
    return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(nowMs);
  }
}
