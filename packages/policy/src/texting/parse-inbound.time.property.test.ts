import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { expect, it } from 'vitest';

// One text from any telephone is judged on the one thread that all texting runs on. A pattern whose repeated parts can be read in two ways takes
// exponential time on a text made of its own words, and nothing but its end stops it: so the texts are judged in a thread that can be ended.

const LIMIT_MS = 60_000;
const RUN = `
const { parentPort, workerData } = require('node:worker_threads');
import(workerData.module).then(({ findRevocation }) => {
  for (const [index, text] of workerData.texts.entries()) {
    parentPort.postMessage(index);
    findRevocation(text);
  }
  parentPort.postMessage('done');
});`;

/** Answers the first text that was not judged in time, or null. */
function firstThatHangs(texts: readonly string[]): Promise<string | null> {
  return new Promise((resolve, reject) => {
    let last = 0;
    const module = new URL('./revocation.ts', import.meta.url).href;
    const worker = new Worker(RUN, { eval: true, workerData: { module, texts } });
    const timer = setTimeout(() => void end(texts[last] ?? ''), LIMIT_MS);
    const end = async (found: string | null): Promise<void> => {
      clearTimeout(timer);
      await worker.terminate();
      resolve(found);
    };
    worker.on('message', (said: number | 'done') => {
      if (said === 'done') void end(null);
      else last = said;
    });
    worker.on('error', reject);
  });
}

/** The words of each rule's own pattern: what its repeated parts can be made of. */
function wordsOfRules(): string[][] {
  const source = readFileSync(new URL('./revocation.ts', import.meta.url), 'utf8');
  const rules = source.split(/\brule: '|NOT_MEANT: |const BARE|const COURTESY/u).slice(1);
  return rules.map((rule) => [
    ...new Set(rule.toLowerCase().match(/[a-z]{1,12}(?: [a-z]{1,12}){0,2}/gu) ?? []),
  ]);
}

it('judges texts made of the patterns own words, said over and over', async () => {
  const rules = wordsOfRules().filter((words) => words.length > 1);
  expect(rules.length).toBeGreaterThan(20);
  const seed = Number(process.env['FC_SEED'] ?? Date.now() % 2 ** 31);
  console.log(`seed ${seed}`);
  const texts = rules.flatMap((words, index) =>
    fc.sample(
      fc
        .tuple(
          fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 }),
          fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 }),
        )
        .map(([first, again]) =>
          `${first.join(' ')} ${Array(60).fill(again.join(' ')).join(' ')} x`.slice(0, 1600),
        ),
      { numRuns: 150, seed: seed + index },
    ),
  );
  const known = [
    `i dont want${' any more'.repeat(60)} x`,
    `dont text me${' ever again'.repeat(60)} x`,
    `stop${' me from getting'.repeat(60)} x`,
    `no quiero${' sus'.repeat(60)} x`,
    `no pedi${' de texto'.repeat(60)} x`,
    `no me envien${' mas mensajes'.repeat(60)} x`,
    `den${' darme de de'.repeat(60)} x`,
    `quita${'snotificacione'.repeat(100)}`,
  ];
  expect(await firstThatHangs([...known, ...texts])).toBeNull();
}, 90_000);
