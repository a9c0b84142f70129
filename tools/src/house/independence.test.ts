import { expect, test } from 'vitest';
import { independence } from './independence.ts';
import { repoOf } from './repo.ts';

const run = (text: string) =>
  independence.run(
    repoOf({
      'tools/verify-evidence/cbor.ts': text,
      'tools/src/bench/run.ts': `import { a } from '@baton/wire';`,
    }),
  );

test('the verifier may use Node, its own files and a reader of ZIP files', () => {
  expect(
    run(
      `import { createHash } from 'node:crypto';\nimport { a } from './a.ts';\nimport { unzipSync } from 'fflate';`,
    ),
  ).toEqual([]);
});

test.each(['@baton/wire', '../src/evidence/a.ts', '../../packages/wire/src/cbor.ts', 'cborg'])(
  'it may not import %s',
  (specifier) => {
    expect(run(`import { a } from '${specifier}';`)).toMatchObject([{ rule: 'independence', line: 1 }]);
  },
);
