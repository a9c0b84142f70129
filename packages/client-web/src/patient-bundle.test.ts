import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';

// What a patient's phone loads before the thread stands there. The page around it has 200 KB together with this.

const ENTRY = 'virtual:phone';
const SOURCE = `import { createWebPatientDoor } from '@baton/client-web'; globalThis.door = createWebPatientDoor;`;
/** Compressed, in KB of 1,000 bytes. */
const BUDGET_KB = 120;

let chunks: ReadonlyMap<string, Rolldown.OutputChunk>;

beforeAll(async () => {
  const folder = fileURLToPath(new URL('..', import.meta.url));
  const result = await build({
    configFile: false,
    root: folder,
    logLevel: 'error',
    plugins: [
      {
        name: 'phone',
        enforce: 'pre',
        async resolveId(id, importer) {
          if (id === ENTRY) return id;
          return importer === ENTRY ? this.resolve(id, `${folder}src/index.ts`, { skipSelf: true }) : null;
        },
        load: (id) => (id === ENTRY ? SOURCE : null),
      },
    ],
    build: { target: 'es2024', write: false, rolldownOptions: { input: { phone: ENTRY } } },
  });
  const { output } = (Array.isArray(result) ? result[0] : result) as Rolldown.RolldownOutput;
  chunks = new Map(output.flatMap((part) => (part.type === 'chunk' ? [[part.fileName, part]] : [])));
}, 120_000);

/** What is loaded before anything runs. */
function loadedAtOnce(): readonly Rolldown.OutputChunk[] {
  const found = new Set<string>();
  const take = (name: string): void => {
    const chunk = chunks.get(name);
    if (!chunk || found.has(name)) return;
    found.add(name);
    for (const imported of chunk.imports) take(imported);
  };
  for (const chunk of chunks.values()) if (chunk.isEntry) take(chunk.fileName);
  return [...found].flatMap((name) => chunks.get(name) ?? []);
}

function modulesOf(parts: Iterable<Rolldown.OutputChunk>): readonly string[] {
  return [...parts].flatMap(({ modules }) => Object.keys(modules)).sort();
}

describe('what a patient’s phone loads', () => {
  it('is small', () => {
    const sizes = loadedAtOnce().map(({ code }) => gzipSync(code, { level: 9 }).length);
    const sum = sizes.reduce((all, size) => all + size, 0);
    console.log(`patient's client: ${(sum / 1000).toFixed(1)} KB compressed`);
    expect(sum).toBeGreaterThan(30_000);
    expect(sum).toBeLessThan(BUDGET_KB * 1000);
  });

  it('has nothing in it that only staff, administrators and assistants need', () => {
    const foreign =
      /client\/src\/(duty|batons|care|links|patients|people|roles|search|integrations|notices|audit|collections|agents\/agent-desk|session\/(?!parts-ports))|minisearch|dexie|pdf-lib/;
    const all = modulesOf(chunks.values());
    expect(all.filter((id) => foreign.test(id))).toEqual([]);
    expect(all.some((id) => id.includes('client/src/patient-door/patient-session.ts'))).toBe(true);
  });

  it('leaves to later what only joining, boxes and old browsers need', () => {
    const late =
      /noble\/(curves|ciphers|post-quantum)|hashes\/(argon2|sha3|blake)|bip39|simplewebauthn|hash-wasm|claiming|checked-link|ways-in/;
    expect(modulesOf(loadedAtOnce()).filter((id) => late.test(id))).toEqual([]);
    expect(modulesOf(chunks.values()).some((id) => late.test(id))).toBe(true);
  });
});
