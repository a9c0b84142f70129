import { fileURLToPath } from 'node:url';
import { getConfig } from '@lingui/conf';
import { lingui } from '@lingui/vite-plugin';
import babel, { defineRolldownBabelPreset } from '@rolldown/plugin-babel';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

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

export default defineConfig({
  root: folder,
  plugins: [
    lingui({ configPath, failOnMissing: true, failOnCompileError: true }),
    babel({ presets: [macros], sourceMap: false }),
    react(),
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
              test: /packages[\\/]|node_modules[\\/](?:@noble|dexie|zod|cborg|minisearch|@simplewebauthn)[\\/]/,
            },
            { name: 'design', test: /src[\\/]design[\\/](?!credentials)/ },
          ],
        },
      },
    },
  },
});
