import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url));
/** Who writes codes into marks of messages and into orders. */
const WRITERS = ['packages/policy/src/texting', 'bridges/sms/src/outbound'];
const CARRIERS = 'bridges/sms/src/carriers/carrier.ts';

function sourcesOf(folder: string): readonly string[] {
  return readdirSync(`${ROOT}${folder}`)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => readFileSync(`${ROOT}${folder}/${file}`, 'utf8'));
}

it('there are words for every code that a text or an e-mail can end with', () => {
  const code = WRITERS.flatMap(sourcesOf).join('\n');
  const written = code.matchAll(/(?:code: |refuse\()'([a-z.-]+)'|'((?:mail|text)\.[a-z-]+|no-[a-z]+)'/g);
  const carriers = readFileSync(`${ROOT}${CARRIERS}`, 'utf8').matchAll(/'(carrier\.[a-z-]+)'/g);
  const codes = [...new Set([...written, ...carriers].map(([, said, named]) => said ?? named ?? ''))].sort();
  expect(codes).toEqual(
    expect.arrayContaining(['carrier.unreachable', 'confidential', 'no-mail', 'quiet-hours']),
  );
  const words = readFileSync(new URL('text-code-words.ts', import.meta.url), 'utf8');
  const hasWords = (one: string): boolean =>
    new RegExp(`^ {2}'?${one.replace('.', '\\.')}'?: msg`, 'm').test(words);
  expect(codes.filter((one) => !hasWords(one))).toEqual([]);
});
