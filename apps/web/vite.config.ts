import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { getConfig } from '@lingui/conf';
import { lingui } from '@lingui/vite-plugin';
import babel, { defineRolldownBabelPreset } from '@rolldown/plugin-babel';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, transformWithOxc } from 'vite';
import { pdfFrame } from './vite.pdf-frame.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const configPath = `${folder}lingui.config.ts`;

/**
 * Babel sees only files with a macro in them. The native transform is faster, but its binary asks for a newer Node than the one that may
 * run the first install; npm then leaves it out without a word.
 */
const macros = defineRolldownBabelPreset({
  preset: { plugins: [['@lingui/babel-plugin-lingui-macro', { linguiConfig: getConfig({ configPath }) }]] },
  rolldown: { filter: { id: /apps\/web\/.*\.tsx?$/, code: /@lingui\/(?:core|react)\/macro/ } },
});

/** The service worker is a classic script of its own at the root: its address is its scope, and no part of the app is in it. */
function serviceWorker(): Plugin {
  const source = `${folder}src/service-worker/service-worker.ts`;
  return {
    name: 'service-worker',
    apply: 'build',
    async generateBundle() {
      const { code } = await transformWithOxc(await readFile(source, 'utf8'), source, { sourcemap: false });
      this.emitFile({
        type: 'asset',
        fileName: 'service-worker.js',
        source: code.replace(/^export /m, ''),
      });
    },
  };
}

export default defineConfig({
  root: folder,
  plugins: [
    lingui({ configPath, failOnMissing: true, failOnCompileError: true }),
    babel({ presets: [macros], sourceMap: false }),
    react(),
    serviceWorker(),
    pdfFrame(),
  ],
  build: {
    target: 'es2024',
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: false,
    reportCompressedSize: false,
    // Inline data: addresses would need a looser content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // A few files side by side in place of many small ones; the browser keeps them over releases that change only screens.
            {
              name: 'framework',
              test: /node_modules[\\/](?:react|react-dom|scheduler|@tanstack|@lingui)[\\/]/,
            },
            { name: 'kit', test: /node_modules[\\/](?:@mantine|@floating-ui|@tabler|virtua|clsx)[\\/]/ },
            {
              name: 'client',
              test: /packages[\\/](?!clinical)|node_modules[\\/](?:@noble|dexie|zod|cborg|minisearch|@simplewebauthn)[\\/]/,
            },
            { name: 'design', test: /src[\\/]design[\\/](?!credentials)/ },
          ],
        },
      },
    },
  },
});
