import { i18n, type Messages } from '@lingui/core';
import type { Language } from '../design/words/language.ts';

const LOADERS: Readonly<Record<Language, () => Promise<{ readonly messages: Messages }>>> = {
  en: () => import('../locales/en.po'),
  es: () => import('../locales/es.po'),
};

/** Loads a language and makes the page speak it. */
export async function speak(language: Language): Promise<void> {
  const { messages } = await LOADERS[language]();
  i18n.loadAndActivate({ locale: language, messages });
  document.documentElement.lang = language;
}
