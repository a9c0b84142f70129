import { expect, test } from 'vitest';
import { repoOf } from './repo.ts';
import { webLayers } from './web-layers.ts';

const SRC = 'apps/web/src';

test('app -> features -> design is right', () => {
  const repo = repoOf({
    [`${SRC}/app/routes.tsx`]: `import { Inbox } from '../features/inbox/inbox.tsx';`,
    [`${SRC}/features/inbox/inbox.tsx`]: `import './row.tsx'; import { Tag } from '../../design/tag.tsx';`,
    [`${SRC}/design/tag.tsx`]: `import React from 'react';`,
  });
  expect(webLayers.run(repo)).toEqual([]);
});

test('features do not import each other or the app, and design imports neither', () => {
  const repo = repoOf({
    [`${SRC}/features/inbox/inbox.tsx`]: `import '../audit/page.tsx';\nimport '../../app/routes.tsx';`,
    [`${SRC}/design/tag.tsx`]: `import type { Row } from '../features/inbox/row.tsx';`,
  });
  expect(webLayers.run(repo).map(({ file, line }) => `${file}:${line}`)).toEqual([
    `${SRC}/design/tag.tsx:1`,
    `${SRC}/features/inbox/inbox.tsx:1`,
    `${SRC}/features/inbox/inbox.tsx:2`,
  ]);
});
