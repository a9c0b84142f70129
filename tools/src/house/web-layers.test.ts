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

test("the patient's page has its own folder, the media and packages", () => {
  const repo = repoOf({
    [`${SRC}/patient/main.ts`]: `import './start.tsx'; import { render } from 'preact'; import '../media/picture.ts';`,
    [`${SRC}/patient/start.tsx`]: `import type { PatientDoor } from '@baton/client';`,
    [`${SRC}/media/picture.ts`]: `import type { OutgoingFile } from '@baton/client';`,
    [`${SRC}/features/inbox/inbox.tsx`]: `import '../../media/picture.ts';`,
  });
  expect(webLayers.run(repo)).toEqual([]);
});

test("the patient's page takes nothing of the staff's, and the staff nothing of it; media takes of neither", () => {
  const repo = repoOf({
    [`${SRC}/patient/main.ts`]: `import '../design/tag.tsx';\nimport { Modal } from '@mantine/core';\nimport 'react';\nimport '../features/inbox/inbox.tsx';`,
    [`${SRC}/media/picture.ts`]: `import '../patient/main.ts';\nimport 'preact';\nimport '../design/tag.tsx';`,
    [`${SRC}/features/inbox/inbox.tsx`]: `import '../../patient/main.ts';`,
    [`${SRC}/design/tag.tsx`]: '',
  });
  expect(webLayers.run(repo).map(({ file, line }) => `${file}:${line}`)).toEqual([
    `${SRC}/features/inbox/inbox.tsx:1`,
    ...[1, 2, 3].map((line) => `${SRC}/media/picture.ts:${line}`),
    ...[1, 2, 3, 4].map((line) => `${SRC}/patient/main.ts:${line}`),
  ]);
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
