import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  batonOfEvent,
  batonOfMessage,
  ID_KINDS,
  type IdKind,
  MAX_BATONS_PER_MESSAGE,
  makeId,
  messageOfBaton,
  parseBatonId,
} from './index.ts';

const random = fc.uint8Array({ minLength: 16, maxLength: 16 });
const index = fc.integer({ min: 0, max: MAX_BATONS_PER_MESSAGE - 1 });

describe('names of batons', () => {
  it('hold the message and the place of its owner', () => {
    fc.assert(
      fc.property(random, index, (bytes, place) => {
        const message = makeId('message', bytes);
        const baton = batonOfMessage(message, place);
        expect(baton).toBe(`${message}.${place}`);
        expect(parseBatonId(baton)).toBe(baton);
        expect(messageOfBaton(baton)).toEqual({ message, index: place });
      }),
    );
  });

  it('are an event id where there is no message', () => {
    fc.assert(
      fc.property(random, (bytes) => {
        const baton = batonOfEvent(makeId('event', bytes));
        expect(parseBatonId(baton)).toBe(baton);
        expect(messageOfBaton(baton)).toBeNull();
      }),
    );
  });

  it('have one spelling', () => {
    const message = makeId('message', new Uint8Array(16).fill(7));
    const refused = [
      '',
      '.',
      '.0',
      message,
      `${message}.`,
      `${message}.12`,
      `${message}.00`,
      `${message}.01`,
      `${message}.-1`,
      `${message}.1.`,
      `${message}.1.1`,
      `${message}.0x1`,
      `${message}. 1`,
      `${message}.1 `,
      `${message}.1\n`,
      `${message}\n.1`,
      `${message}..1`,
      ` ${message}.1`,
      `${message.slice(0, -1)}.1`,
      `${message.slice(0, -1)}B.1`,
      `${message},1`,
    ];
    for (const text of refused) expect(parseBatonId(text), JSON.stringify(text)).toBeNull();
    for (let place = 0; place < MAX_BATONS_PER_MESSAGE; place++)
      expect(parseBatonId(`${message}.${place}`)).not.toBeNull();
  });

  it('are of messages and events, and of nothing else', () => {
    const kinds = Object.keys(ID_KINDS) as IdKind[];
    const bytes = new Uint8Array(16).fill(9);
    const alone = kinds.filter((kind) => parseBatonId(makeId(kind, bytes)) !== null);
    const placed = kinds.filter((kind) => parseBatonId(`${makeId(kind, bytes)}.0`) !== null);
    expect(alone).toEqual(['event']);
    expect(placed).toEqual(['message']);
  });

  it('refuse a place that no message has', () => {
    const message = makeId('message', new Uint8Array(16));
    for (const place of [-1, 0.5, MAX_BATONS_PER_MESSAGE, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => batonOfMessage(message, place)).toThrow(RangeError);
  });

  it('whatever text parses is its own name', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'em_.019AQgwz-'), maxLength: 30 }), (text) => {
        const baton = parseBatonId(text);
        if (baton === null) return;
        const named = messageOfBaton(baton);
        expect(named === null ? baton : batonOfMessage(named.message, named.index)).toBe(text);
      }),
    );
  });
});
