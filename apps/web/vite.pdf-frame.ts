import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

const folder = fileURLToPath(new URL('./src/frames/', import.meta.url));
const VIRTUAL = 'virtual:pdf-decoders';
/** What scans are packed with: JPEG 2000 and JBIG2. */
const DECODERS = ['openjpeg.wasm', 'jbig2.wasm'];

/**
 * `frames/pdf.html`, `.css` and `.js` beside the app: one classic script with PDF.js, its worker and its decoders in it, because a page of
 * an opaque origin can load no modules, start no workers and fetch nothing.
 */
export function pdfFrame(): Plugin {
  return {
    name: 'pdf-frame',
    apply: 'build',
    async generateBundle() {
      for (const name of ['pdf.html', 'pdf.css']) {
        const source = await readFile(join(folder, name), 'utf8');
        this.emitFile({ type: 'asset', fileName: `frames/${name}`, source });
      }
      this.emitFile({ type: 'asset', fileName: 'frames/pdf.js', source: await buildScript() });
    },
  };
}

async function buildScript(): Promise<string> {
  const built = await build({
    configFile: false,
    // Of its paths for Node, which are not taken here.
    logLevel: 'error',
    root: folder,
    plugins: [decoders()],
    build: {
      write: false,
      target: 'es2024',
      lib: { entry: join(folder, 'pdf.ts'), formats: ['iife'], name: 'pdfFrame', fileName: 'pdf' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const outputs = (Array.isArray(built) ? built : [built]).flatMap((result) =>
    'output' in result ? result.output : [],
  );
  const script = outputs.find((output) => output.type === 'chunk');
  if (script === undefined) throw new Error('The frame for PDFs was not built.');
  return script.code;
}

function decoders(): Plugin {
  return {
    name: 'pdf-decoders',
    resolveId: (id) => (id === VIRTUAL ? `\0${VIRTUAL}` : null),
    async load(id) {
      if (id !== `\0${VIRTUAL}`) return null;
      const home = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'));
      const entries = await Promise.all(
        DECODERS.map(async (name) => [name, (await readFile(join(home, 'wasm', name))).toString('base64')]),
      );
      return `export const DECODERS = ${JSON.stringify(Object.fromEntries(entries))};`;
    },
  };
}
