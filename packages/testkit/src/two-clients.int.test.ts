import type { TimelineMessage } from '@baton/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPractice, type Practice } from './practice.ts';
import { startTestServer, type TestServer } from './test-server.ts';
import { until } from './until.ts';

let server: TestServer;
let practice: Practice;

beforeAll(async () => {
  server = await startTestServer();
  practice = await createPractice(server, {
    people: [
      { name: 'Maria Lopez', jobs: ['nurse'] },
      { name: 'James Chen', jobs: ['physician'] },
    ],
  });
}, 60_000);

afterAll(async () => {
  await practice?.close();
  await server?.stop();
});

describe('two clients over a real server', () => {
  it('exchange a sealed message and its receipts', async () => {
    const [maria, james] = practice.people as [Practice['people'][0], Practice['people'][0]];
    const thread = await maria.session.conversations.startDirect(james.account);
    await thread.send({ text: 'Bed 4 needs you', files: [], mentions: [], replyTo: null, as: null });
    const list = await until(james.session.conversations.list, (rows) => rows[0]?.unread === 1);
    expect(list[0]).toMatchObject({
      kind: 'direct',
      title: 'Maria Lopez',
      preview: { text: 'Bed 4 needs you' },
    });
    const seen = await james.session.conversations.open(thread.id);
    const timeline = await until(seen.timeline, ({ items }) => items.some((item) => item.type === 'message'));
    const message = timeline.items.find((item): item is TimelineMessage => item.type === 'message');
    expect(message).toMatchObject({ text: 'Bed 4 needs you', mine: false });
    seen.markOpened(message?.seq ?? 0);
    await until(thread.timeline, ({ items }) =>
      items.some((item) => item.type === 'message' && item.state === 'opened'),
    );
    expect(maria.session.alarms.read()).toEqual([]);
    expect(james.session.alarms.read()).toEqual([]);
  });
});
