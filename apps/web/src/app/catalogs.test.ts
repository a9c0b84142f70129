import { fileURLToPath } from 'node:url';
import { getCatalogs } from '@lingui/cli/api';
import { getConfig } from '@lingui/conf';
import { ERROR_CODES } from '@baton/wire';
import { beforeAll, describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../..', import.meta.url));

type Messages = Readonly<
  Record<string, { readonly message?: string; readonly translation?: string; readonly obsolete?: boolean }>
>;
let sources: Messages;
let catalogs: Readonly<Record<string, Messages>>;

/** Reads the sources as `lingui extract` does, and the catalogues as they lie in the tree. */
beforeAll(async () => {
  const config = getConfig({ cwd: folder, configPath: `${folder}lingui.config.ts` });
  const [catalog] = await getCatalogs(config);
  sources = (await catalog?.collect()) ?? {};
  catalogs = (await catalog?.readAll(['en', 'es'])) as unknown as Readonly<Record<string, Messages>>;
}, 60_000);

/** Names that are filled in, and marks of rich text; the words of a plural are not among them. */
const placeholders = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/\{(\w+)[,}]|<(\d+)>/g)].map((match) => match[1] ?? match[2] ?? ''))].sort();

describe('the catalogues', () => {
  it('find the sentences of the app', () => {
    expect(Object.keys(sources).length).toBeGreaterThan(300);
  });

  it.each(['en', 'es'])('hold every sentence of the sources, translated, in %s', (locale) => {
    const catalog = catalogs[locale] ?? {};
    const missing = Object.entries(sources)
      .filter(([id]) => (catalog[id]?.translation ?? '') === '')
      .map(([, { message }]) => message);
    expect(missing, 'run `npx lingui extract` in apps/web and translate these').toEqual([]);
  });

  it.each(['en', 'es'])('hold nothing that no source says any more, in %s', (locale) => {
    const left = Object.keys(catalogs[locale] ?? {}).filter((id) => sources[id] === undefined);
    expect(left).toEqual([]);
  });

  it('keep every placeholder in Spanish', () => {
    const broken = Object.entries(catalogs['es'] ?? {}).filter(
      ([id, { translation = '' }]) =>
        placeholders(translation).join() !== placeholders(sources[id]?.message ?? '').join(),
    );
    expect(broken).toEqual([]);
  });

  it('say the catalogue of errors as the wire says it', () => {
    const messages = new Set(Object.values(sources).map(({ message }) => message));
    const unsaid = Object.values(ERROR_CODES)
      .map(([, sentence]) => sentence)
      .filter((sentence) => !messages.has(sentence));
    expect(unsaid).toEqual([]);
  });
});
