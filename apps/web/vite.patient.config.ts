import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const folder = fileURLToPath(new URL('.', import.meta.url));

/**
 * The patient's page, a build of its own beside the staff app's: what it loads is paid for on slow mobile data, and no part of the other
 * app may come along.
 */
export default defineConfig({
  root: folder,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    // Phones of five years ago: what their browsers lack of CSS (light-dark) is written in older words.
    cssTarget: ['chrome100', 'safari15.4', 'firefox100'],
    outDir: 'dist',
    // Into the folder that the staff app was built to.
    emptyOutDir: false,
    copyPublicDir: false,
    assetsDir: 'assets/patient',
    sourcemap: false,
    reportCompressedSize: false,
    // Inline data: addresses would need a looser content security policy.
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What is needed up to the thread in one file: on a slow line each further one costs a round trip. What only joining needs, the
          // rules for emergencies and what browsers may lack come when they are wanted.
          groups: [{ name: 'page', test: /src\/patient\/main\.ts$|patient-door\/entering-phone\.ts$/ }],
        },
      },
      input: `${folder}patient.html`,
      // What a package brings and this page does not use stays behind: no module of theirs does anything when it is loaded.
      treeshake: { moduleSideEffects: [{ test: /\/(?:packages|node_modules)\//, sideEffects: false }] },
    },
  },
});
