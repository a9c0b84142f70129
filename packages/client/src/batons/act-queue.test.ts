import { batonOfMessage } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import { ClientError, offlineError } from '../failure.ts';
import { idOf } from '../fixtures/ids.ts';
import { createManualTime } from '../fixtures/manual-time.ts';
import { createMemoryStore } from '../fixtures/memory-store.ts';
import { prefixRange } from '../ports/store.ts';
import { Lanes } from '../sync/lanes.ts';
import type { OutboxRow } from '../tables/records.ts';
import { type Act, ActQueue } from './act-queue.ts';

const CONV = idOf('conversation', 1);
const MESSAGE = idOf('message', 1);
const BATON = batonOfMessage(idOf('message', 9), 0);

function createDevice() {
  const store = createMemoryStore();
  const time = createManualTime();
  const lanes = new Lanes();
  const performed: Act[] = [];
  const refused: string[] = [];
  let online = true;
  let answer: (act: Act) => Promise<void> = async () => {};
  const open = () =>
    new ActQueue({
      store,
      clock: time,
      timers: time,
      locks: { run: (name, task) => lanes.run(name, task) },
      isOnline: () => online,
      perform: async (act) => {
        await answer(act);
        performed.push(act);
      },
      refused: (_act, error) => refused.push(error.code),
      changed: () => {},
    });
  return {
    store,
    time,
    performed,
    refused,
    open,
    setOnline: (value: boolean) => {
      online = value;
    },
    answerWith: (next: typeof answer) => {
      answer = next;
    },
  };
}

const sent = (more: Partial<OutboxRow>): OutboxRow => ({
  v: 1,
  order: 1,
  id: MESSAGE,
  conv: CONV,
  createdAt: 1,
  notBefore: 1,
  class: { kind: 'message', contract: 'fyi', to: [], withinMs: null, replyTo: null },
  as: null,
  content: {
    t: 'message',
    text: 'Hold it',
    attachments: [],
    mentions: [],
    quote: null,
    template: null,
    request: null,
  },
  files: [],
  asked: null,
  answers: [],
  attempted: true,
  failure: null,
  committed: null,
  ...more,
});

describe('acts on batons', () => {
  it('outlive the client that was killed between message and answer', async () => {
    const device = createDevice();
    const before = device.open();
    await device.store.write(before.followUp(sent({ answers: [BATON] })));
    // Killed here: nothing was performed.
    const after = device.open();
    after.kick();
    await after.idle();
    expect(device.performed).toEqual([{ t: 'answer', baton: BATON, conv: CONV, message: MESSAGE }]);
    expect(await device.store.list('acts', prefixRange(''))).toEqual([]);
  });

  it('wait for the connection, marked as pending', async () => {
    const device = createDevice();
    const queue = device.open();
    device.setOnline(false);
    await queue.add({ t: 'acknowledge', baton: BATON, readBack: true });
    await queue.idle();
    expect(queue.isPending(BATON)).toBe(true);
    device.setOnline(true);
    queue.kick();
    await queue.idle();
    expect(queue.isPending(BATON)).toBe(false);
    expect(device.performed).toHaveLength(1);
  });

  it('are tried again after what passes by itself, and given up after a refusal that is for good', async () => {
    const device = createDevice();
    const queue = device.open();
    let tries = 0;
    device.answerWith(async () => {
      tries += 1;
      if (tries === 1) throw offlineError('baton');
    });
    await queue.add({ t: 'acknowledge', baton: BATON, readBack: false });
    await queue.idle();
    expect(device.performed).toEqual([]);
    await device.time.advance(2000);
    await queue.idle();
    expect(device.performed).toHaveLength(1);
    device.answerWith(() => Promise.reject(new ClientError('baton.ended', 'baton')));
    await queue.add({ t: 'acknowledge', baton: BATON, readBack: false });
    await queue.idle();
    expect(device.refused).toEqual(['baton.ended']);
    expect(await device.store.list('acts', prefixRange(''))).toEqual([]);
  });

  it('follow from edits and from got-it, and from no other reaction', () => {
    const queue = createDevice().open();
    const target = idOf('message', 4);
    const edit = { t: 'edit', target, text: 'b', mentions: [] } as const;
    expect(queue.followUp(sent({ content: { ...edit, mentions: [] } }))).toHaveLength(1);
    const reaction = { t: 'reaction', target, reaction: 'got-it', on: true } as const;
    expect(queue.followUp(sent({ content: reaction }))).toHaveLength(1);
    expect(queue.followUp(sent({ content: { ...reaction, on: false } }))).toEqual([]);
    expect(queue.followUp(sent({ content: { ...reaction, reaction: 'thanks' } }))).toEqual([]);
    expect(queue.followUp(sent({}))).toEqual([]);
  });

  it('say nothing in their keys of what is done', async () => {
    const queue = createDevice().open();
    const target = idOf('message', 4);
    const [write] = queue.followUp(
      sent({ content: { t: 'reaction', target, reaction: 'got-it', on: true } }),
    );
    expect(write?.key).toMatch(/^[0-9]{16}\/m_/);
  });
});
