import { expect, test } from 'vitest';
import { references } from './references.ts';
import { repoOf } from './repo.ts';

const ground = {
  'package.json': '{"scripts": {"bench": "node bench.ts"}}',
  'apps/baton/src/config.ts': 'const SETTINGS = {\n  BATON_PORT: portSetting,\n};',
  'docs/protocol/sealing.md': '# Sealing\n\n## §3 Boxes\n\nSee `BATON_PORT`.\n',
  'packages/crypto/src/boxes/box.ts': '// docs/protocol/sealing.md §3',
};
const found = (contents: Record<string, string>) =>
  references.run(repoOf({ ...ground, ...contents })).map(({ file, line, what }) => `${file}:${line} ${what}`);

test('what is there may be named', () => {
  const page = [
    '`packages/crypto/src/boxes`, `packages/crypto/src/*/box.ts`, `packages/<name>/src`, `docs/protocol/`',
    '`sealing.md` §3, sealing.md §3, [boxes](protocol/sealing.md), `npm run bench`, BATON_PORT, RFC 8949 §4.2',
  ];
  expect(found({ 'docs/page.md': page.join('\n') })).toEqual([]);
});

test('paths, pages, links, scripts, settings and sections that are not there are refused', () => {
  const page = [
    '`packages/crypto/src/chests`',
    '`packages/crypto/src/*/chest.ts`',
    '`opening.md`',
    '[boxes](sealing.md)',
    '`npm run benches`',
    '`BATON_PORTS=1`',
    '`sealing.md` §4',
  ];
  expect(found({ 'docs/page.md': page.join('\n') })).toEqual([
    'docs/page.md:1 packages/crypto/src/chests does not exist.',
    'docs/page.md:2 packages/crypto/src/*/chest.ts does not exist.',
    'docs/page.md:3 opening.md does not exist.',
    'docs/page.md:4 sealing.md does not exist.',
    'docs/page.md:5 npm run benches is no script.',
    'docs/page.md:6 BATON_PORTS is no setting.',
    'docs/page.md:7 sealing.md has no §4.',
  ]);
});

test('code cites sections that are there', () => {
  expect(found({ 'packages/crypto/src/files/file.ts': '/** docs/protocol/sealing.md §10. */' })).toEqual([
    'packages/crypto/src/files/file.ts:1 sealing.md has no §10.',
  ]);
});

test('a setting that no page names is refused', () => {
  const config = 'const SETTINGS = {\n  BATON_PORT: portSetting,\n  BATON_LOG_LEVEL: levels,\n};';
  expect(found({ 'apps/baton/src/config.ts': config })).toEqual([
    'apps/baton/src/config.ts:0 BATON_LOG_LEVEL is in no document.',
  ]);
});
