import type { Language } from '@baton/wire';
import { en } from './en.ts';
import { es } from './es.ts';

type English = typeof en;
/** A sentence of the page; `en.ts` has them all, `es.ts` is typed by it. */
export type TextKey = keyof English;
type CountedKey<Key> = Key extends `${infer Stem}.other` ? Stem : never;
/** A sentence in two forms, for one and for more. */
export type CountKey = CountedKey<TextKey>;

type Names<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;
type Filling<Key extends TextKey> = [Names<English[Key]>] extends [never]
  ? []
  : [values: Readonly<Record<Names<English[Key]>, string | number>>];

export interface Texts {
  readonly language: Language;
  /** BCP 47 tag for dates and numbers. */
  readonly locale: string;
  t<Key extends TextKey>(key: Key, ...filling: Filling<Key>): string;
  /** For one, for more. */
  count(key: CountKey, count: number): string;
  /** "Ana, Luis and Maria". */
  list(items: readonly string[]): string;
}

const TABLES: Readonly<Record<Language, Readonly<Record<TextKey, string>>>> = { en, es };
const LOCALES: Readonly<Record<Language, string>> = { en: 'en-US', es: 'es-US' };

export function textsIn(language: Language): Texts {
  const table = TABLES[language];
  const locale = LOCALES[language];
  return {
    language,
    locale,
    t: (key, ...[values]) => fill(table[key], values ?? {}),
    count: (key, count) => fill(table[`${key}.${count === 1 ? 'one' : 'other'}`], { count }),
    list: (items) => new Intl.ListFormat(locale, { type: 'conjunction' }).format(items),
  };
}

function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
