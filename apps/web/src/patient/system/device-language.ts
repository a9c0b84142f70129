import { LANGUAGES, type Language } from '@baton/wire';

const KEY = 'baton.patient.language';

const isLanguage = (text: string | null): text is Language => LANGUAGES.some((known) => known === text);

/** As chosen on this phone before; else the first of the browser's languages that the page has. */
export function deviceLanguage(): Language {
  const kept = readKept();
  if (isLanguage(kept)) return kept;
  return navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLanguage) ?? 'en';
}

export function keepDeviceLanguage(language: Language): void {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

function readKept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
