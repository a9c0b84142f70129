import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vite';
import base from '../vite.config.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

/**
 * The gallery: every screen over a practice that lives in memory. It is served by
 * `vite --config apps/web/dev/vite.config.ts` and built for the screen tests; it never enters the product's bundle.
 */
export default mergeConfig(
  base,
  defineConfig({
    root: folder,
    publicDir: fileURLToPath(new URL('../public', import.meta.url)),
    build: { outDir: fileURLToPath(new URL('../../../.cache/gallery', import.meta.url)) },
  }),
);
