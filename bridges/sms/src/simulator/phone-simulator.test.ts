import type { Bytes } from '@baton/kernel';
import { describe, expect, it } from 'vitest';
import type { CarrierEvent } from '../carriers/carrier.ts';
import { countingRng, memoryDrawer, SteppedTime } from '../carriers/fixtures/surroundings.ts';
import { PhoneBook } from './phone-book.ts';
import { PhoneSimulator } from './phone-simulator.ts';

const ROSA = '+12025550143';
const TEXT = { to: ROSA, text: 'You have a message.', reference: 'e_1' };
const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1]);

async function open(
  options: {
    readonly rows?: Map<string, Bytes>;
    readonly time?: SteppedTime;
    readonly isDown?: () => boolean;
  } = {},
) {
  const { rows = new Map<string, Bytes>(), time = new SteppedTime(), isDown = () => false } = options;
  const book = await PhoneBook.open(memoryDrawer(rows));
  const events: CarrierEvent[] = [];
  const simulator = new PhoneSimulator({
    book,
    clock: time,
    wait: time,
    rng: countingRng,
    scan: null,
    number: '+12025550100',
    async deliver(event) {
      if (isDown()) throw new Error('not committed');
      events.push(event);
    },
  });
  simulator.start();
  const states = () => events.flatMap((event) => (event.t === 'report' ? [event.state] : []));
  return { book, simulator, events, states, time, rows };
}

describe('the simulated carrier', () => {
  it('brings a text to its phone and says so, step by step', async () => {
    const { simulator, states, book, time } = await open();
    expect(await simulator.send(TEXT)).toMatchObject({ ok: true, state: 'waiting' });
    expect(book.phones()).toMatchObject([{ number: ROSA, mode: 'normal' }]);
    await time.pass(400);
    expect(states()).toEqual(['sent']);
    await time.pass(400);
    expect(states()).toEqual(['sent', 'delivered']);
    expect(book.texts()).toMatchObject([{ direction: 'out', text: TEXT.text, state: 'delivered' }]);
    await time.pass(60_000);
    expect(states()).toHaveLength(2);
  });

  it('lets a phone be slow, off, out of reach or blocked', async () => {
    const { simulator, states, time, events } = await open();
    await simulator.setMode(ROSA, 'slow');
    await simulator.send(TEXT);
    await time.pass(14_000);
    expect(states()).toEqual([]);
    await time.pass(20_000);
    expect(states()).toEqual(['sent', 'delivered']);

    events.length = 0;
    await simulator.setMode(ROSA, 'off');
    await simulator.send(TEXT);
    await time.pass(600_000);
    expect(states()).toEqual(['sent']);
    await simulator.setMode(ROSA, 'normal');
    await time.pass(1000);
    expect(states()).toEqual(['sent', 'delivered']);

    events.length = 0;
    await simulator.setMode(ROSA, 'fails');
    await simulator.send(TEXT);
    await time.pass(1000);
    expect(events).toMatchObject([{ t: 'report', state: 'failed', code: 'carrier.unreachable' }]);

    await simulator.setMode(ROSA, 'opted-out');
    expect(await simulator.send(TEXT)).toEqual({ ok: false, code: 'carrier.opted-out', isPassing: false });
  });

  it('brings an answer with its picture, and repeats it until it is taken', async () => {
    let isDown = true;
    const { simulator, events, time, book } = await open({ isDown: () => isDown });
    await simulator.write({ number: ROSA, text: 'Look at this', media: [JPEG] });
    await time.pass(20_000);
    expect(events).toEqual([]);
    expect(book.texts()).toMatchObject([{ direction: 'in', state: 'waiting' }]);
    isDown = false;
    await time.pass(5000);
    expect(events).toMatchObject([
      { t: 'text', from: ROSA, to: '+12025550100', text: 'Look at this', media: [{ mime: 'image/jpeg' }] },
    ]);
    expect(book.texts()).toMatchObject([{ state: 'delivered' }]);
    const [event] = events;
    const media = event?.t === 'text' ? event.media[0] : undefined;
    expect(media && (await simulator.fetchMedia(media))).toMatchObject({
      ok: true,
      bytes: JPEG,
      ending: 'jpg',
    });
    await time.pass(60_000);
    expect(events).toHaveLength(1);
  });

  it('goes on after a restart, with the same ids', async () => {
    let isDown = true;
    const first = await open({ isDown: () => isDown });
    await first.simulator.write({ number: ROSA, text: 'Are you there?', media: [] });
    await first.simulator.send(TEXT);
    await first.time.pass(100);
    first.simulator.stop();
    const ids = first.book.texts().map(({ id }) => id);
    isDown = false;
    const second = await open({ rows: first.rows, time: first.time });
    await second.time.pass(5000);
    expect(new Set(second.events.map(({ id }) => id))).toEqual(new Set(ids));
    expect(second.events).toHaveLength(3);
    expect(second.states()).toEqual(['sent', 'delivered']);
    expect(second.book.texts().map(({ id }) => id)).toEqual(ids);
    await second.simulator.write({ number: ROSA, text: 'Again', media: [] });
    expect(second.book.texts().map(({ n }) => n)).toEqual([
      ...new Set(second.book.texts().map(({ n }) => n)),
    ]);
  });

  it('fetches nothing but its own pictures', async () => {
    const { simulator } = await open();
    for (const url of [
      'https://example.org/a.jpg',
      'file:///etc/passwd',
      'simulator:none',
      'simulator:../texts/1',
    ])
      expect(await simulator.fetchMedia({ url, mime: 'image/jpeg' })).toMatchObject({ ok: false });
  });

  it('keeps e-mails in its mailbox', async () => {
    const { simulator, book } = await open();
    const mail = {
      to: 'rosa@example.org',
      subject: 'Your invitation',
      text: 'Open https://baton.example/p#x',
    };
    expect(await simulator.send(mail)).toEqual({ ok: true, isPassing: false });
    expect(book.mails()).toMatchObject([mail]);
    await book.clear();
    expect([book.mails(), book.texts(), book.phones()]).toEqual([[], [], []]);
  });
});
