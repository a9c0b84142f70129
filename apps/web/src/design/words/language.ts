/** The languages of the app, by their own names. */
export const LANGUAGES = [
  { code: 'en', name: 'English' },
  { code: 'es', name: 'Español' },
] as const;
export type Language = (typeof LANGUAGES)[number]['code'];

export function isLanguage(text: string | null | undefined): text is Language {
  return LANGUAGES.some((language) => language.code === text);
}

/** The first of the browser's languages that the app speaks. */
export function chooseLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const base = tag.split('-')[0];
    if (isLanguage(base)) return base;
  }
  return 'en';
}
