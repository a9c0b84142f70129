import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vite';
import base from '../../vite.patient.config.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** The gallery of the patient's page: every screen over a door that lives in memory. It never enters the product's bundle. */
export default mergeConfig(
  base,
  defineConfig({
    root: folder,
    publicDir: fileURLToPath(new URL('../../public', import.meta.url)),
    build: {
      outDir: fileURLToPath(new URL('../../../../.cache/patient-gallery', import.meta.url)),
      emptyOutDir: true,
      copyPublicDir: true,
      rolldownOptions: { input: `${folder}index.html` },
    },
  }),
);
